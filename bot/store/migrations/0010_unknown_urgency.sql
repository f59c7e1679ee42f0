-- What states no urgency is unknown: it is listed with the urgent ones. What looked like no medical
-- picture has a name of its own.
DROP INDEX readings_urgent;
CREATE INDEX readings_urgent ON readings (case_id)
    WHERE question IS NULL AND urgency IN ('critical', 'urgent', 'not_stated');
UPDATE readings SET scored_urgency = 'not_medical' WHERE scored_urgency = 'not_stated';

-- Who is on duty: by a weekly plan in the clinic's time, or as they said of themselves for a while.
CREATE TABLE duty (
    user_id    INTEGER PRIMARY KEY REFERENCES people (user_id),
    plan       TEXT NOT NULL DEFAULT '[]',
    said       INTEGER,
    said_until REAL,
    CHECK ((said IS NULL) = (said_until IS NULL))
) STRICT;

-- Whose pending answers the next shift may open: those of people of the same ward.
ALTER TABLE people ADD COLUMN ward TEXT;
CREATE INDEX people_of_ward ON people (ward COLLATE NOCASE) WHERE ward IS NOT NULL;

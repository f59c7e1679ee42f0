-- What `/stats` counts, in the order of time: it reads this index alone.
CREATE INDEX readings_by_time ON readings (
    asked_at, case_id, question IS NULL, status, urgency, ended_at, model, tier, duration_s
);
-- The words that stand in `case_words`, to look up those that begin like a typed one.
CREATE VIRTUAL TABLE case_vocabulary USING fts5vocab(case_words, instance);

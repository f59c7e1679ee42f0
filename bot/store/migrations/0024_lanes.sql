-- Which messages call an alarm again: they have a lane of their own, as SMS and files do.
ALTER TABLE outbox ADD COLUMN calls_again INTEGER NOT NULL DEFAULT 0;

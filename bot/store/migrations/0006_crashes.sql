-- Crashes are counted apart from failures: what dies with the program or in a power cut is rarely to
-- blame for it. Of an update, `attempts` counts beginnings, so those that did not fail were crashes.
ALTER TABLE readings ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;

-- Sessions that expire, and people whom the bot has not let in. Whoever is here already, is.
ALTER TABLE sessions ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET seen_at = unixepoch();
CREATE INDEX sessions_of_person ON sessions (user_id);
ALTER TABLE people ADD COLUMN is_member INTEGER NOT NULL DEFAULT 0;
UPDATE people SET is_member = 1;
CREATE INDEX newcomers ON people (user_id) WHERE NOT is_member;

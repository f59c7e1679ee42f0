-- When the allowance of bytes of a phone's session is full again, so that a restart does not fill it.
ALTER TABLE sessions ADD COLUMN full_at INTEGER NOT NULL DEFAULT 0;

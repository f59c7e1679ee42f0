-- Telephone numbers of people, and the messages that go to them as SMS.
CREATE TABLE phones (
    user_id INTEGER PRIMARY KEY REFERENCES people,
    chat_id INTEGER NOT NULL UNIQUE,
    number TEXT NOT NULL,
    code_sha256 BLOB NOT NULL,
    code_until REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    proven_at REAL,
    is_stopped INTEGER NOT NULL DEFAULT 0,
    wants_daily INTEGER NOT NULL DEFAULT 0,
    helped_at REAL,
    pin_salt BLOB,
    pin_digest BLOB,
    pin_tries INTEGER NOT NULL DEFAULT 0,
    pin_locked_until REAL
) STRICT;

-- Numbers that are nobody's any more, of which the gateway was not told yet.
CREATE TABLE numbers_taken_back (
    chat_id INTEGER PRIMARY KEY
) STRICT;

ALTER TABLE outbox ADD COLUMN is_sms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN unless_here INTEGER;

-- Numbers, which are chats too, and what goes to them and comes from them as SMS.
ALTER TABLE people ADD COLUMN is_number INTEGER NOT NULL DEFAULT 0;

CREATE TABLE numbers (
    number TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL UNIQUE REFERENCES people
) STRICT;

CREATE TABLE sms_out (
    message_id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    parts INTEGER NOT NULL,
    token TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    line TEXT,
    handle TEXT,
    sends INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    was_refused INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    handed_at INTEGER,
    due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sms_out_due ON sms_out (due_at) WHERE state IN ('waiting', 'handed', 'sent');
CREATE INDEX sms_out_by_time ON sms_out (created_at);

CREATE TABLE sms_in (
    digest BLOB PRIMARY KEY,
    received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sms_lines (
    name TEXT PRIMARY KEY,
    begun_at INTEGER NOT NULL
) STRICT;

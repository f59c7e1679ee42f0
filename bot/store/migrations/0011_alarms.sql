-- A case that looked critical or urgent: it rings until somebody takes it, or until it needs nobody.
CREATE TABLE alarms (
    case_id   INTEGER PRIMARY KEY REFERENCES cases (case_id),
    state     TEXT NOT NULL CHECK (state IN ('ringing', 'taken', 'quiet')),
    urgency   TEXT NOT NULL CHECK (urgency IN ('critical', 'urgent')),
    round     INTEGER NOT NULL,
    raised_at REAL NOT NULL,
    calls     INTEGER NOT NULL,
    due_at    REAL NOT NULL,
    taken_by  INTEGER REFERENCES people (user_id),
    taken_at  REAL,
    CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    CHECK (state <> 'ringing' OR taken_by IS NULL),
    CHECK (state <> 'taken' OR taken_by IS NOT NULL)
) STRICT;
CREATE INDEX alarms_ringing ON alarms (due_at) WHERE state = 'ringing';
CREATE INDEX alarms_of_taker ON alarms (taken_by) WHERE state = 'taken';

-- The first who may sign it off and has looked at it, other than whoever sent it.
ALTER TABLE cases ADD COLUMN seen_by INTEGER REFERENCES people (user_id);
ALTER TABLE cases ADD COLUMN seen_at REAL;

-- An edit of a message that may still be on its way, by that message's key.
ALTER TABLE outbox ADD COLUMN edits_key TEXT;
CREATE INDEX outbox_alarms ON outbox (reading_id) WHERE role = 'alarm' AND status = 'waiting';

-- Two more roles: an alarm, which changes once somebody takes it, and the question for an outcome.
CREATE TABLE messages_with_roles (
    chat_id    INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    reading_id INTEGER NOT NULL REFERENCES readings (reading_id),
    role       TEXT NOT NULL CHECK (role IN (
        'picture', 'question', 'received', 'answer', 'notice', 'review', 'alarm', 'outcome'
    )),
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
INSERT INTO messages_with_roles SELECT chat_id, message_id, reading_id, role FROM messages;
DROP TABLE messages;
ALTER TABLE messages_with_roles RENAME TO messages;
CREATE INDEX messages_of_reading ON messages (reading_id, role);

-- Times are Unix seconds in UTC. Status words are bot.domain.cases.CaseStatus.

CREATE TABLE people (
    user_id           INTEGER PRIMARY KEY,
    chat_id           INTEGER NOT NULL,
    name              TEXT NOT NULL,
    role              TEXT NOT NULL CHECK (role IN ('health_worker', 'supervisor', 'admin')),
    language          TEXT NOT NULL,
    enrolled_at       REAL NOT NULL,
    accepted_terms_at REAL,
    revoked_at        REAL
) STRICT;

CREATE TABLE invites (
    code_sha256 TEXT PRIMARY KEY,
    role        TEXT NOT NULL CHECK (role IN ('health_worker', 'supervisor', 'admin')),
    created_at  REAL NOT NULL,
    created_by  INTEGER REFERENCES people (user_id),
    expires_at  REAL NOT NULL,
    used_by     INTEGER REFERENCES people (user_id),
    used_at     REAL
) STRICT, WITHOUT ROWID;

-- Every update as it came, committed before it is confirmed to the server.
CREATE TABLE updates (
    update_id   INTEGER PRIMARY KEY,
    chat_id     INTEGER NOT NULL,
    body        TEXT NOT NULL,
    received_at REAL NOT NULL,
    ready_at    REAL NOT NULL,
    status      TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'done', 'failed')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    handled_at  REAL
) STRICT;
CREATE INDEX updates_waiting ON updates (update_id) WHERE status = 'waiting';
CREATE INDEX updates_waiting_in_chat ON updates (chat_id, update_id) WHERE status = 'waiting';
CREATE INDEX updates_handled ON updates (handled_at) WHERE handled_at IS NOT NULL;
CREATE INDEX updates_of_album ON updates (json_extract(body, '$.message.media_group_id'))
    WHERE json_extract(body, '$.message.media_group_id') IS NOT NULL;

CREATE TABLE cases (
    case_id           INTEGER PRIMARY KEY AUTOINCREMENT,
    sender_id         INTEGER NOT NULL REFERENCES people (user_id),
    chat_id           INTEGER NOT NULL,
    message_id        INTEGER NOT NULL,
    media_group_id    TEXT,
    created_at        REAL NOT NULL,
    caption           TEXT NOT NULL,
    patient_reference TEXT,
    age_years         REAL,
    sex               TEXT,
    indication        TEXT,
    reviewed_by       INTEGER REFERENCES people (user_id),
    reviewed_at       REAL,
    review_agrees     INTEGER,
    review_note       TEXT,
    CHECK ((reviewed_at IS NULL) = (review_agrees IS NULL))
) STRICT;
CREATE INDEX cases_by_sender ON cases (sender_id, case_id);
CREATE INDEX cases_by_time ON cases (created_at);
CREATE INDEX cases_of_album ON cases (chat_id, media_group_id) WHERE media_group_id IS NOT NULL;
CREATE INDEX cases_unreviewed ON cases (case_id) WHERE reviewed_at IS NULL;

CREATE TABLE pictures (
    case_id    INTEGER NOT NULL REFERENCES cases (case_id),
    ordinal    INTEGER NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    sha256     TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width_px   INTEGER NOT NULL,
    height_px  INTEGER NOT NULL,
    note       TEXT,
    PRIMARY KEY (case_id, ordinal)
) STRICT, WITHOUT ROWID;

-- The queue: a case's first reading (no question) and every follow-up question is one row.
CREATE TABLE readings (
    reading_id       INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id          INTEGER NOT NULL REFERENCES cases (case_id),
    question         TEXT,
    asked_by         INTEGER NOT NULL REFERENCES people (user_id),
    chat_id          INTEGER NOT NULL,
    message_id       INTEGER NOT NULL,
    language         TEXT NOT NULL,
    asked_at         REAL NOT NULL,
    status           TEXT NOT NULL DEFAULT 'waiting'
                     CHECK (status IN ('waiting', 'reading', 'answered', 'failed', 'cancelled')),
    ready_at         REAL NOT NULL,
    attempt          INTEGER NOT NULL DEFAULT 0,
    failures         INTEGER NOT NULL DEFAULT 0,
    lease_expires_at REAL,
    claimed_at       REAL,
    ended_at         REAL,
    failure          TEXT,
    text             TEXT,
    urgency          TEXT,
    model            TEXT,
    tier             TEXT,
    practice         INTEGER,
    duration_s       REAL,
    prompt_tokens    INTEGER,
    answer_tokens    INTEGER,
    truncated        INTEGER,
    CHECK ((status = 'reading') = (lease_expires_at IS NOT NULL)),
    CHECK ((status = 'answered') = (text IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX readings_first ON readings (case_id) WHERE question IS NULL;
CREATE INDEX readings_of_case ON readings (case_id, reading_id);
CREATE UNIQUE INDEX readings_asked ON readings (chat_id, message_id) WHERE question IS NOT NULL;
CREATE INDEX readings_waiting ON readings (reading_id) WHERE status = 'waiting';
CREATE INDEX readings_leased ON readings (lease_expires_at) WHERE status = 'reading';
CREATE INDEX readings_open_of_person ON readings (asked_by, reading_id)
    WHERE status IN ('waiting', 'reading');
CREATE INDEX readings_ended ON readings (ended_at) WHERE status = 'answered';
CREATE INDEX readings_urgent ON readings (case_id)
    WHERE question IS NULL AND urgency IN ('critical', 'urgent');

CREATE TRIGGER readings_legal_transition BEFORE UPDATE OF status ON readings
WHEN OLD.status <> NEW.status AND (OLD.status || '>' || NEW.status) NOT IN (
    'waiting>reading', 'waiting>cancelled',
    'reading>answered', 'reading>waiting', 'reading>failed', 'reading>cancelled',
    'failed>waiting'
)
BEGIN
    SELECT RAISE(ABORT, 'illegal transition of a reading');
END;

-- Which message of which chat belongs to which reading: a text that replies to one finds it here.
CREATE TABLE messages (
    chat_id    INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    reading_id INTEGER NOT NULL REFERENCES readings (reading_id),
    role       TEXT NOT NULL
               CHECK (role IN ('picture', 'question', 'received', 'answer', 'notice', 'review')),
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_of_reading ON messages (reading_id, role);

CREATE TABLE outbox (
    outbox_id       INTEGER PRIMARY KEY AUTOINCREMENT,
    key             TEXT NOT NULL UNIQUE,
    chat_id         INTEGER NOT NULL,
    text            TEXT NOT NULL,
    buttons         TEXT NOT NULL,
    reply_to        INTEGER,
    reading_id      INTEGER REFERENCES readings (reading_id),
    role            TEXT,
    picture         TEXT,
    file_name       TEXT,
    file            BLOB,
    edits           INTEGER,
    edits_received  INTEGER NOT NULL DEFAULT 0,
    created_at      REAL NOT NULL,
    ready_at        REAL NOT NULL,
    status          TEXT NOT NULL DEFAULT 'waiting'
                    CHECK (status IN ('waiting', 'sent', 'undeliverable')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    message_id      INTEGER,
    ended_at        REAL,
    failure         TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (outbox_id) WHERE status = 'waiting';
CREATE INDEX outbox_waiting_in_chat ON outbox (chat_id, outbox_id) WHERE status = 'waiting';
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE ended_at IS NOT NULL;

-- Words of captions, patient references, questions and answers; rowid is the case's id.
CREATE VIRTUAL TABLE case_words USING fts5 (
    caption, patient_reference, answers,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

-- What somebody set right in a case: each version of a field, as text.
CREATE TABLE corrections (
    correction_id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id       INTEGER NOT NULL REFERENCES cases (case_id),
    field         TEXT NOT NULL CHECK (field IN (
        'reference', 'age', 'sex', 'side', 'caption', 'indication', 'pictures', 'withdrawn'
    )),
    old           TEXT,
    new           TEXT,
    corrected_by  INTEGER NOT NULL REFERENCES people (user_id),
    corrected_at  REAL NOT NULL
) STRICT;
CREATE INDEX corrections_of_case ON corrections (case_id, correction_id);

-- What somebody was asked to type to correct a case. The next question takes its place.
CREATE TABLE awaited_corrections (
    user_id  INTEGER PRIMARY KEY REFERENCES people (user_id),
    case_id  INTEGER NOT NULL REFERENCES cases (case_id),
    awaited  TEXT NOT NULL CHECK (awaited IN ('reference', 'age', 'patient')),
    asked_at REAL NOT NULL
) STRICT;

-- Readings that were made before a correction. The newest is in `readings`.
CREATE TABLE earlier_readings (
    earlier_id      INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id         INTEGER NOT NULL REFERENCES cases (case_id),
    text            TEXT NOT NULL,
    model           TEXT NOT NULL,
    tier            TEXT,
    practice        INTEGER NOT NULL,
    known_release   INTEGER NOT NULL,
    urgency         TEXT NOT NULL,
    duration_s      REAL NOT NULL,
    prompt_tokens   INTEGER NOT NULL,
    answer_tokens   INTEGER NOT NULL,
    truncated       INTEGER NOT NULL,
    scored_urgency  TEXT,
    scored_margin   REAL,
    answered_at     REAL NOT NULL,
    replaced_at     REAL NOT NULL,
    last_message_id INTEGER,
    reviewed_by     INTEGER REFERENCES people (user_id),
    review_agrees   INTEGER,
    review_note     TEXT
) STRICT;
CREATE INDEX earlier_readings_of_case ON earlier_readings (case_id, earlier_id);

-- The side that a picture shows, as somebody said later.
ALTER TABLE cases ADD COLUMN side TEXT CHECK (side IN ('left', 'right'));
-- A case that should not be there stays, and is withdrawn.
ALTER TABLE cases ADD COLUMN withdrawn_at REAL;
ALTER TABLE cases ADD COLUMN withdrawn_by INTEGER REFERENCES people (user_id);
ALTER TABLE cases ADD COLUMN withdrawn_reason TEXT;

-- A reading that was made without a correction that matters to it.
ALTER TABLE readings ADD COLUMN outdated INTEGER NOT NULL DEFAULT 0;

-- A reading may be made again: the answer before it is kept in `earlier_readings`.
DROP TRIGGER readings_legal_transition;
CREATE TRIGGER readings_legal_transition BEFORE UPDATE OF status ON readings
WHEN OLD.status <> NEW.status AND (OLD.status || '>' || NEW.status) NOT IN (
    'waiting>reading', 'waiting>cancelled',
    'reading>answered', 'reading>waiting', 'reading>failed', 'reading>cancelled',
    'failed>waiting', 'answered>waiting'
)
BEGIN
    SELECT RAISE(ABORT, 'illegal transition of a reading');
END;

-- To tell that the same picture was sent before.
CREATE INDEX pictures_by_sha256 ON pictures (sha256);

-- What waits for a sign-off: nothing that was withdrawn does.
DROP INDEX cases_unreviewed;
CREATE INDEX cases_unreviewed ON cases (case_id)
    WHERE reviewed_at IS NULL AND withdrawn_at IS NULL;

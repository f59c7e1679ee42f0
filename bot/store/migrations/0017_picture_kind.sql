-- What kind of picture a case shows, as its file, its caption or somebody says; NULL if nobody does.
ALTER TABLE cases ADD COLUMN kind TEXT CHECK (kind IN (
    'chest', 'bone', 'ct', 'mri', 'skin', 'ultrasound', 'other'
));

-- It can be corrected too.
CREATE TABLE corrections_with_kind (
    correction_id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id       INTEGER NOT NULL REFERENCES cases (case_id),
    field         TEXT NOT NULL CHECK (field IN (
        'reference', 'age', 'sex', 'side', 'kind', 'caption', 'indication', 'pictures', 'withdrawn'
    )),
    old           TEXT,
    new           TEXT,
    corrected_by  INTEGER NOT NULL REFERENCES people (user_id),
    corrected_at  REAL NOT NULL
) STRICT;
INSERT INTO corrections_with_kind SELECT * FROM corrections;
DROP TABLE corrections;
ALTER TABLE corrections_with_kind RENAME TO corrections;
CREATE INDEX corrections_of_case ON corrections (case_id, correction_id);

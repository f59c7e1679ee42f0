-- Cases on their way out: kept until nothing of them is left elsewhere, so that a crash forgets none.
CREATE TABLE doomed (
    case_id INTEGER PRIMARY KEY REFERENCES cases (case_id),
    scope   TEXT NOT NULL CHECK (scope IN ('pictures', 'case', 'forgotten'))
) STRICT;
CREATE INDEX cases_by_reference ON cases (patient_reference COLLATE NOCASE, case_id)
    WHERE patient_reference IS NOT NULL;
-- When the clock was last looked at: one that jumped ages nothing.
CREATE TABLE clock (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    seen_at REAL NOT NULL
) STRICT;

-- What became of the patient of a case, as somebody said last; earlier words are in the audit log.
ALTER TABLE cases ADD COLUMN outcome TEXT
    CHECK (outcome IN ('done_here', 'referred', 'died', 'lost'));
ALTER TABLE cases ADD COLUMN outcome_by INTEGER REFERENCES people (user_id);
ALTER TABLE cases ADD COLUMN outcome_at REAL;
ALTER TABLE cases ADD COLUMN referred_to TEXT;

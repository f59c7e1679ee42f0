-- A reading of a case's film together with an older one of the same patient. In the queue it is a
-- question about the newer case. It is deleted with whichever of the two cases goes first.
CREATE TABLE comparisons (
    reading_id      INTEGER PRIMARY KEY REFERENCES readings (reading_id) ON DELETE CASCADE,
    prior_case_id   INTEGER NOT NULL REFERENCES cases (case_id),
    prior_picture   TEXT NOT NULL,
    current_picture TEXT NOT NULL
) STRICT;
CREATE INDEX comparisons_of_prior ON comparisons (prior_case_id);

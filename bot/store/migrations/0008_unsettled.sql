-- Has a row while words of deleted cases may stand in `case_words` still, marked as deleted.
CREATE TABLE unsettled (
    one INTEGER PRIMARY KEY CHECK (one = 1)
) STRICT;

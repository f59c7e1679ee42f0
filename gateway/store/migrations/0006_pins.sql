-- PINs that lock phones' sessions.
CREATE TABLE pins (
    token_sha256 BLOB PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    salt BLOB NOT NULL,
    digest BLOB NOT NULL,
    wrong_tries INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL DEFAULT 0,
    open_until INTEGER NOT NULL,
    may_enter INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The table of cases that are to be deleted, by the name that the code has for it.
ALTER TABLE doomed RENAME TO pending_deletions;

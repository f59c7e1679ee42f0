-- A reload of the tab in which a PIN was given asks for none.
ALTER TABLE pins ADD COLUMN pass_sha256 BLOB;
ALTER TABLE pins ADD COLUMN is_locked INTEGER NOT NULL DEFAULT 0;

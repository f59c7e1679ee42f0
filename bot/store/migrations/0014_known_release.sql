-- Whether the weights that answered were known to be a release of Google's. Nobody looked before.
ALTER TABLE readings ADD COLUMN known_release INTEGER NOT NULL DEFAULT 0;

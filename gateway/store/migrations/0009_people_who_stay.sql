-- People who were never let in do not stay for ever. Of whoever is here already, all do.
ALTER TABLE people ADD COLUMN stays INTEGER NOT NULL DEFAULT 0;
UPDATE people SET stays = 1;
CREATE INDEX strangers ON people (joined_at) WHERE NOT stays;

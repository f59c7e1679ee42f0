-- What the gateway was last told of a person: 1 may use the bot, 0 may not, NULL nothing yet.
ALTER TABLE people ADD COLUMN told_may_use INTEGER;

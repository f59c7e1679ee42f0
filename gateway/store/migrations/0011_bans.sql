-- Who may not be in a group, and whom the bot has shut out: nothing reaches them any more.
CREATE TABLE bans (
    group_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    UNIQUE (group_id, user_id)
) STRICT;
CREATE INDEX bans_of_person ON bans (user_id);
ALTER TABLE people ADD COLUMN is_shut_out INTEGER NOT NULL DEFAULT 0;
UPDATE people SET is_shut_out = 1
WHERE user_id > 0 AND stays AND NOT is_member
    AND user_id NOT IN (SELECT user_id FROM sessions) AND user_id NOT IN (SELECT user_id FROM members);

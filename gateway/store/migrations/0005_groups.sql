-- Groups, kept beside the people under negative ids, and who is in them.
CREATE TABLE members (
    group_id INTEGER NOT NULL REFERENCES people,
    user_id INTEGER NOT NULL REFERENCES people,
    joined_at INTEGER NOT NULL,
    UNIQUE (group_id, user_id)
) STRICT;
CREATE INDEX groups_of_person ON members (user_id);
ALTER TABLE messages ADD COLUMN author_id INTEGER;
ALTER TABLE messages ADD COLUMN service TEXT;

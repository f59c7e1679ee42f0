-- Messages that are pinned.
ALTER TABLE messages ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX pinned_in_chat ON messages (chat_id, message_id) WHERE is_pinned;

-- Keyboards, quotes, protected content, webhooks, what a bot says of itself.
ALTER TABLE messages ADD COLUMN keyboard TEXT;
ALTER TABLE messages ADD COLUMN quote TEXT;
ALTER TABLE messages ADD COLUMN link_preview TEXT;
ALTER TABLE messages ADD COLUMN is_protected INTEGER NOT NULL DEFAULT 0;
CREATE INDEX keyboards_of_chat ON messages (chat_id, message_id) WHERE keyboard IS NOT NULL;

CREATE TABLE webhook (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    url TEXT NOT NULL,
    secret_token TEXT,
    certificate TEXT,
    last_error_date INTEGER,
    last_error_message TEXT
) STRICT;

CREATE TABLE profile (
    key TEXT NOT NULL,
    language_code TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key, language_code)
) STRICT;

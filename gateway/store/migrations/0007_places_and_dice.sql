-- Places, contacts and dice; where a webhook's address is, and how often it may be called.
ALTER TABLE messages ADD COLUMN content TEXT;
ALTER TABLE webhook ADD COLUMN ip_address TEXT;
ALTER TABLE webhook ADD COLUMN max_connections INTEGER NOT NULL DEFAULT 40;

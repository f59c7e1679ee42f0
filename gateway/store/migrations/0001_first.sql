-- The first release.
CREATE TABLE people (
    user_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    language_code TEXT,
    joined_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_sha256 BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES people,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE files (
    file_id TEXT PRIMARY KEY,
    file_unique_id TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE,
    size_bytes INTEGER NOT NULL,
    media TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE messages (
    message_id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES people,
    from_bot INTEGER NOT NULL,
    date INTEGER NOT NULL,
    edit_date INTEGER,
    text TEXT NOT NULL,
    entities TEXT NOT NULL,
    media TEXT,
    media_group_id TEXT,
    reply_to_id INTEGER,
    buttons TEXT,
    forward_origin TEXT,
    reaction TEXT,
    client_id TEXT,
    client_part INTEGER,
    UNIQUE (chat_id, client_id, client_part)
) STRICT;
CREATE INDEX messages_of_chat ON messages (chat_id, message_id);

CREATE TABLE message_files (
    file_id TEXT NOT NULL REFERENCES files,
    message_id INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
    PRIMARY KEY (file_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_files_of_message ON message_files (message_id);

CREATE TABLE updates (
    update_id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    message_id INTEGER
) STRICT;
CREATE INDEX updates_of_message ON updates (message_id);

CREATE TABLE events (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES people,
    kind TEXT NOT NULL,
    message_id INTEGER,
    body TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_of_chat ON events (chat_id, event_id);

CREATE TABLE callback_queries (
    query_id TEXT PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES people,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE commands (
    scope TEXT NOT NULL,
    language_code TEXT NOT NULL,
    commands TEXT NOT NULL,
    PRIMARY KEY (scope, language_code)
) STRICT;

CREATE TABLE polling (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    allowed_updates TEXT NOT NULL
) STRICT;
INSERT INTO polling VALUES (1, '[]');

-- Ids that start from the hour of the clock never go back, even when this database was lost and
-- the bot's was not: the bot would take new updates for ones it has seen.
INSERT INTO sqlite_sequence (name, seq) VALUES ('updates', unixepoch());

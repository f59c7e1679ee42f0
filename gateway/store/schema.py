"""The database's schema: append-only migrations, each atomic with `user_version`.

A later release adds to the end; nothing that was released is ever changed.
"""

import sqlite3

MIGRATIONS = (
    # 1: the first release.
    """
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
    """,
    # 2: keyboards, quotes, protected content, webhooks, what a bot says of itself.
    """
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
    """,
    # 3: sessions that expire, and people whom the bot has not let in. Whoever is here already, is.
    """
    ALTER TABLE sessions ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
    UPDATE sessions SET seen_at = unixepoch();
    CREATE INDEX sessions_of_person ON sessions (user_id);
    ALTER TABLE people ADD COLUMN is_member INTEGER NOT NULL DEFAULT 0;
    UPDATE people SET is_member = 1;
    CREATE INDEX newcomers ON people (user_id) WHERE NOT is_member;
    """,
    # 4: an edit finds the event of the edit before it without reading all of a chat's.
    """
    CREATE INDEX events_of_message ON events (message_id) WHERE message_id IS NOT NULL;
    """,
    # 5: groups, kept beside the people under negative ids, and who is in them.
    """
    CREATE TABLE members (
        group_id INTEGER NOT NULL REFERENCES people,
        user_id INTEGER NOT NULL REFERENCES people,
        joined_at INTEGER NOT NULL,
        UNIQUE (group_id, user_id)
    ) STRICT;
    CREATE INDEX groups_of_person ON members (user_id);
    ALTER TABLE messages ADD COLUMN author_id INTEGER;
    ALTER TABLE messages ADD COLUMN service TEXT;
    """,
    # 6: PINs that lock phones' sessions.
    """
    CREATE TABLE pins (
        token_sha256 BLOB PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
        salt BLOB NOT NULL,
        digest BLOB NOT NULL,
        wrong_tries INTEGER NOT NULL DEFAULT 0,
        next_try_at INTEGER NOT NULL DEFAULT 0,
        open_until INTEGER NOT NULL,
        may_enter INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    """,
    # 7: places, contacts and dice; where a webhook's address is, and how often it may be called.
    """
    ALTER TABLE messages ADD COLUMN content TEXT;
    ALTER TABLE webhook ADD COLUMN ip_address TEXT;
    ALTER TABLE webhook ADD COLUMN max_connections INTEGER NOT NULL DEFAULT 40;
    """,
    # 8: a reload of the tab in which a PIN was given asks for none.
    """
    ALTER TABLE pins ADD COLUMN pass_sha256 BLOB;
    ALTER TABLE pins ADD COLUMN is_locked INTEGER NOT NULL DEFAULT 0;
    """,
    # 9: people who were never let in do not stay for ever. Of whoever is here already, all do.
    """
    ALTER TABLE people ADD COLUMN stays INTEGER NOT NULL DEFAULT 0;
    UPDATE people SET stays = 1;
    CREATE INDEX strangers ON people (joined_at) WHERE NOT stays;
    """,
    # 10: messages that are pinned.
    """
    ALTER TABLE messages ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX pinned_in_chat ON messages (chat_id, message_id) WHERE is_pinned;
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database to the newest schema.

    Raises:
        sqlite3.Error: If a migration fails; the database is then as it was before it.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;"
            )
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

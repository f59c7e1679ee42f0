"""SQL of messages."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from gateway.schemas.limits import ENTITIES_MAX
from gateway.schemas.records import (
    ChatId,
    Draft,
    FileId,
    Media,
    Message,
    MessageId,
    Person,
    StoredFile,
)
from gateway.store import rows, stored_files
from pictures import corners
from storage.database import Row, Transaction, Value

_SELECT = """
    SELECT messages.*, people.user_id, people.name, people.language_code, people.is_member,
        people.is_shut_out, people.is_number,
        authors.name AS author_name, authors.language_code AS author_language_code,
        authors.is_member AS author_is_member,
        NOT EXISTS (
            SELECT 1 FROM updates
            WHERE updates.message_id = messages.message_id AND updates.kind = 'message'
        ) AS delivered
    FROM messages JOIN people ON people.user_id = messages.chat_id
    LEFT JOIN people AS authors ON authors.user_id = messages.author_id
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A message as the database has it, and the one that it answers."""

    row: Row
    replied: Row | None

    def message(self) -> Message:
        """Read it; that takes the longer the more it holds, and may be done in any thread."""
        return rows.message(self.row, rows.message(self.replied) if self.replied else None)


def insert(
    tx: Transaction,
    person: Person,
    draft: Draft,
    *,
    from_bot: bool,
    client: tuple[str, int] | None = None,
    author: Person | None = None,
) -> Message:
    """Store a message sent now.

    Reading it back would cost as much as storing it, so the answer is made of what was stored.

    Args:
        client: The id its sender gave it, and its place in its album.
        author: Who of a group sent it.
    """
    client_id, client_part = client or (None, None)
    cursor = tx.run(
        """
        INSERT INTO messages (
            chat_id, from_bot, date, text, entities, media, media_group_id, reply_to_id,
            buttons, forward_origin, client_id, client_part, keyboard, quote, link_preview,
            is_protected, has_spoiler, is_caption_above, film_corners, service, content, author_id
        ) VALUES (
            :chat_id, :from_bot, :now, :text, :entities, :media, :media_group_id, :reply_to_id,
            :buttons, :forward_origin, :client_id, :client_part, :keyboard, :quote, :link_preview,
            :is_protected, :has_spoiler, :is_caption_above, :film_corners, :service, :content,
            :author_id
        )
        """,
        chat_id=person.chat_id,
        from_bot=from_bot,
        now=tx.now,
        text=draft.text,
        entities=rows.dump_entities(draft.entities),
        media=rows.dump_media(_media(draft)),
        media_group_id=draft.media_group_id,
        reply_to_id=draft.reply_to_id,
        buttons=rows.dump_buttons(draft.buttons),
        forward_origin=rows.dump_record(draft.forward_origin),
        client_id=client_id,
        client_part=client_part,
        keyboard=rows.dump_record(draft.keyboard),
        quote=rows.dump_record(draft.quote),
        link_preview=None if draft.link_preview is None else rows.dump(draft.link_preview),
        is_protected=draft.is_protected,
        has_spoiler=draft.has_spoiler,
        is_caption_above=draft.is_caption_above,
        film_corners=None if draft.film_corners is None else corners.dump(draft.film_corners),
        service=None if draft.service is None else rows.dump(draft.service),
        content=None if draft.content is None else rows.dump(draft.content),
        author_id=None if author is None else author.user_id,
    )
    message_id = MessageId(cursor.lastrowid or 0)
    _hold_files(tx, message_id, draft)
    replied = _replied(tx, person.chat_id, draft.reply_to_id)
    said = {field.name: getattr(draft, field.name) for field in fields(Draft)}
    return Message(
        **said | {"entities": draft.entities[:ENTITIES_MAX]},
        message_id=message_id,
        person=person,
        from_bot=from_bot,
        date=int(tx.now),
        client_id=client_id,
        reply_to=None if replied is None else rows.message(replied),
        author=author,
    )


def find(tx: Transaction, chat_id: ChatId, message_id: MessageId | None) -> Message | None:
    """A chat's message, with the message it answers."""
    found = look_up(tx, chat_id, message_id)
    return None if found is None else found.message()


def look_up(tx: Transaction, chat_id: ChatId, message_id: MessageId | None) -> Found | None:
    """A chat's message, not read yet."""
    row = tx.one(
        _SELECT + "WHERE messages.chat_id = :chat_id AND message_id = :message_id",
        chat_id=chat_id,
        message_id=message_id,
    )
    return None if row is None else _found(tx, row)


def of_client(tx: Transaction, chat_id: ChatId, client_id: str) -> list[Message]:
    """The messages of a chat that were already sent under this id of their sender's."""
    if not _has_of_client(tx, chat_id, client_id):
        return []
    found = tx.all(
        _SELECT + "WHERE messages.chat_id = :chat_id AND client_id = :client_id"
        " ORDER BY message_id",
        chat_id=chat_id,
        client_id=client_id,
    )
    return [_found(tx, row).message() for row in found]


def after(tx: Transaction, chat_id: ChatId, message_id: int, limit: int) -> list[Found]:
    """A chat's messages after one, oldest first."""
    found = tx.all(
        _SELECT + "WHERE messages.chat_id = :chat_id AND message_id > :message_id"
        " ORDER BY message_id LIMIT :limit + 0",
        chat_id=chat_id,
        message_id=message_id,
        limit=limit,
    )
    return [_found(tx, row) for row in found]


def before(tx: Transaction, chat_id: ChatId, message_id: int, limit: int) -> list[Found]:
    """The newest of a chat's messages before one, oldest first."""
    found = tx.all(
        _SELECT + "WHERE messages.chat_id = :chat_id AND message_id < :message_id"
        " ORDER BY message_id DESC LIMIT :limit + 0",
        chat_id=chat_id,
        message_id=message_id,
        limit=limit,
    )
    return [_found(tx, row) for row in reversed(found)]


def keyboard(tx: Transaction, chat_id: ChatId, viewer: Person) -> Message | None:
    """The newest message of a chat that said what stands in the place of a person's keyboard."""
    row = tx.one(
        _SELECT + "WHERE messages.chat_id = :chat_id AND keyboard IS NOT NULL"
        " AND COALESCE(json_extract(keyboard, '$.only_for'), :viewer) = :viewer"
        " ORDER BY message_id DESC LIMIT 1",
        chat_id=chat_id,
        viewer=viewer.user_id,
    )
    return None if row is None else rows.message(row)


def pinned(tx: Transaction, chat_id: ChatId) -> Message | None:
    """The newest message of a chat that is pinned."""
    row = tx.one(
        _SELECT + "WHERE messages.chat_id = :chat_id AND is_pinned"
        " ORDER BY message_id DESC LIMIT 1",
        chat_id=chat_id,
    )
    return None if row is None else rows.message(row)


def pin(tx: Transaction, message_id: MessageId, *, is_pinned: bool) -> bool:
    """Pin a message, or no longer; False if it was so already."""
    cursor = tx.run(
        "UPDATE messages SET is_pinned = :is_pinned"
        " WHERE message_id = :message_id AND is_pinned <> :is_pinned",
        is_pinned=is_pinned,
        message_id=message_id,
    )
    return cursor.rowcount > 0


def unpin_all(tx: Transaction, chat_id: ChatId) -> None:
    """Let no message of a chat be pinned."""
    tx.run(
        "UPDATE messages SET is_pinned = 0 WHERE chat_id = :chat_id AND is_pinned", chat_id=chat_id
    )


def edit(tx: Transaction, message_id: MessageId, draft: Draft) -> Message:
    """Give a message new text, media and buttons.

    Args:
        message_id: A message that is there.
        draft: What it says from now on.
    """
    tx.run(
        """
        UPDATE messages
        SET text = :text, entities = :entities, media = :media, buttons = :buttons,
            link_preview = :link_preview, has_spoiler = :has_spoiler,
            is_caption_above = :is_caption_above, edit_date = :now
        WHERE message_id = :message_id
        """,
        text=draft.text,
        entities=rows.dump_entities(draft.entities),
        media=rows.dump_media(_media(draft)),
        buttons=rows.dump_buttons(draft.buttons),
        link_preview=None if draft.link_preview is None else rows.dump(draft.link_preview),
        has_spoiler=draft.has_spoiler,
        is_caption_above=draft.is_caption_above,
        now=tx.now,
        message_id=message_id,
    )
    tx.run("DELETE FROM message_files WHERE message_id = :id", id=message_id)
    _hold_files(tx, message_id, draft)
    return _fetch(tx, message_id)


def react(tx: Transaction, message_id: MessageId, emoji: str | None) -> None:
    """Put the bot's reaction on a message, or take it away."""
    tx.run(
        "UPDATE messages SET reaction = :emoji WHERE message_id = :message_id",
        emoji=emoji,
        message_id=message_id,
    )


def delete(tx: Transaction, chat_id: ChatId, message_id: MessageId) -> bool:
    """Remove a message; False if there is none."""
    cursor = tx.run(
        "DELETE FROM messages WHERE chat_id = :chat_id AND message_id = :message_id",
        chat_id=chat_id,
        message_id=message_id,
    )
    return cursor.rowcount > 0


def delete_chat(tx: Transaction, chat_id: ChatId) -> list[StoredFile]:
    """Remove all messages of a chat.

    Returns:
        The files that only these messages held; their rows are gone.
    """
    tx.run("DELETE FROM events WHERE chat_id = :chat_id", chat_id=chat_id)
    return _delete_where(tx, "chat_id = :chat_id", chat_id=chat_id)


def forget(tx: Transaction, message_ids: Sequence[MessageId]) -> list[StoredFile]:
    """Remove messages of any chats for good.

    Returns:
        The files that only these messages held; their rows are gone.
    """
    chosen = "message_id IN (SELECT value FROM json_each(:ids))"
    tx.run(
        f"DELETE FROM events WHERE chat_id IN (SELECT chat_id FROM messages WHERE {chosen})"
        f" AND {chosen}",
        ids=rows.dump(message_ids),
    )
    return _delete_where(tx, chosen, ids=rows.dump(message_ids))


def _delete_where(tx: Transaction, condition: str, **values: Value) -> list[StoredFile]:
    held = tx.all(
        "SELECT DISTINCT file_id FROM message_files JOIN messages USING (message_id)"
        f" WHERE {condition}",
        **values,
    )
    tx.run(f"DELETE FROM messages WHERE {condition}", **values)
    gone = (stored_files.forget_unheld(tx, row["file_id"]) for row in held)
    return [file for file in gone if file is not None]


def _hold_files(tx: Transaction, message_id: MessageId, draft: Draft) -> None:
    tx.run_many(
        "INSERT INTO message_files VALUES (:file_id, :message_id)",
        [{"file_id": file_id, "message_id": message_id} for file_id in _file_ids(draft)],
    )


def _fetch(tx: Transaction, message_id: MessageId) -> Message:
    [row] = tx.all(_SELECT + "WHERE message_id = :id", id=message_id)
    return _found(tx, row).message()


def _has_of_client(tx: Transaction, chat_id: ChatId, client_id: str) -> bool:
    """Whether there are any, by a glance at one index: nearly always there are none."""
    row = tx.one(
        "SELECT 1 FROM messages WHERE chat_id = :chat_id AND client_id = :client_id LIMIT 1",
        chat_id=chat_id,
        client_id=client_id,
    )
    return row is not None


def _found(tx: Transaction, row: Row) -> Found:
    return Found(row, _replied(tx, row["chat_id"], row["reply_to_id"]))


def _replied(tx: Transaction, chat_id: ChatId, reply_to_id: MessageId | None) -> Row | None:
    if not reply_to_id:
        return None
    return tx.one(
        _SELECT + "WHERE messages.chat_id = :chat_id AND message_id = :message_id",
        chat_id=chat_id,
        message_id=reply_to_id,
    )


def _media(draft: Draft) -> Media | None:
    return draft.document or draft.photo


def _file_ids(draft: Draft) -> list[FileId]:
    if draft.document is not None:
        thumbnail = draft.document.thumbnail
        return [draft.document.file_id, *([thumbnail.file_id] if thumbnail else [])]
    return [size.file_id for size in draft.photo or ()]

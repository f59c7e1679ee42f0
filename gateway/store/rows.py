"""Records as columns, nested ones as JSON text, and back.

Knows the schema's column formats. Must not know queries.
"""

import json
import sqlite3
from dataclasses import asdict
from typing import Any

from gateway.schemas.entities import Entity
from gateway.schemas.limits import ENTITIES_MAX
from gateway.schemas.records import (
    Button,
    Buttons,
    Command,
    Document,
    FileKind,
    ForwardOrigin,
    Keyboard,
    Media,
    Message,
    Person,
    PhotoSize,
    Quote,
    StoredFile,
)
from pictures import corners


def dump(value: object) -> str:
    """Write JSON the way it is stored."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def dump_media(media: Media | None) -> str | None:
    """Write a photo as a list of its sizes, a document as an object."""
    if media is None:
        return None
    if isinstance(media, Document):
        return dump(asdict(media))
    return dump([asdict(size) for size in media])


def load_media(text: str | None) -> Media | None:
    """Read what `dump_media` wrote."""
    if text is None:
        return None
    media = json.loads(text)
    if isinstance(media, list):
        return tuple(PhotoSize(**size) for size in media)
    kind = FileKind(media.get("kind", FileKind.DOCUMENT))  # the first release knew no other
    thumbnail = _optional_record(media.get("thumbnail"))
    return Document(**media | {"kind": kind, "thumbnail": thumbnail})


def _optional_record(size: dict[str, Any] | None) -> PhotoSize | None:
    return None if size is None else PhotoSize(**size)


def dump_entities(entities: tuple[Entity, ...]) -> str:
    """Write entities without their empty fields."""
    return dump(
        [{key: value for key, value in asdict(e).items() if value is not None} for e in entities]
    )


def dump_buttons(buttons: Buttons | None) -> str | None:
    """Write rows of buttons."""
    return None if buttons is None else dump([[asdict(b) for b in row] for row in buttons])


def dump_record(record: ForwardOrigin | Quote | Keyboard | None) -> str | None:
    """Write a record as an object."""
    return None if record is None else dump(asdict(record))


def dump_commands(commands: tuple[Command, ...]) -> str:
    """Write a list of commands."""
    return dump([asdict(command) for command in commands])


def load_commands(text: str) -> tuple[Command, ...]:
    """Read what `dump_commands` wrote."""
    return tuple(Command(**command) for command in json.loads(text))


def person(row: sqlite3.Row) -> Person:
    """Read a person from a row with its columns."""
    return Person(
        user_id=row["user_id"],
        name=row["name"],
        language_code=row["language_code"] or None,
        is_member=bool(row["is_member"]),
        is_shut_out=bool(row["is_shut_out"]),
        is_number=bool(row["is_number"]),
    )


def message(row: sqlite3.Row, reply_to: Message | None = None) -> Message:
    """Read a message from a row of `messages` joined with its person."""
    media = load_media(row["media"])
    return Message(
        message_id=row["message_id"],
        person=person(row),
        from_bot=bool(row["from_bot"]),
        date=row["date"],
        edit_date=row["edit_date"],
        text=row["text"],
        entities=tuple(Entity(**e) for e in json.loads(row["entities"])[:ENTITIES_MAX]),
        photo=media if isinstance(media, tuple) else None,
        document=media if isinstance(media, Document) else None,
        media_group_id=row["media_group_id"],
        reply_to_id=row["reply_to_id"],
        reply_to=reply_to,
        buttons=_optional(row["buttons"], _buttons),
        forward_origin=_optional(row["forward_origin"], lambda o: ForwardOrigin(**o)),
        quote=_optional(row["quote"], _quote),
        keyboard=_optional(row["keyboard"], _keyboard),
        link_preview=_optional(row["link_preview"], dict),
        is_protected=bool(row["is_protected"]),
        has_spoiler=bool(row["has_spoiler"]),
        is_caption_above=bool(row["is_caption_above"]),
        film_corners=None if row["film_corners"] is None else corners.parse(row["film_corners"]),
        service=_optional(row["service"], dict),
        content=_optional(row["content"], dict),
        author=None if row["author_id"] is None else _author(row),
        reaction=row["reaction"],
        client_id=row["client_id"],
        delivered=bool(row["delivered"]),
    )


def stored_file(row: sqlite3.Row) -> StoredFile:
    """Read a file from a row of `files`."""
    media = load_media(row["media"])
    if media is None:  # the column is NOT NULL
        raise ValueError("a file without its media")
    return StoredFile(
        file_id=row["file_id"],
        file_unique_id=row["file_unique_id"],
        path=row["path"],
        size_bytes=row["size_bytes"],
        media=media,
    )


def _buttons(rows: Any) -> Buttons:
    return tuple(tuple(_button(button) for button in row) for row in rows)


def _button(record: dict[str, Any]) -> Button:
    beside = record.get("picture_of")
    return Button(**record | {"picture_of": beside and tuple(beside)})


def _keyboard(record: Any) -> Keyboard:
    return Keyboard(**record | {"rows": tuple(map(tuple, record["rows"]))})


def _quote(record: Any) -> Quote:
    return Quote(**record | {"entities": tuple(Entity(**span) for span in record["entities"])})


def _author(row: sqlite3.Row) -> Person:
    return Person(
        user_id=row["author_id"],
        name=row["author_name"],
        language_code=row["author_language_code"],
        is_member=bool(row["author_is_member"]),
    )


def _optional(text: str | None, make: Any) -> Any:
    return None if text is None else make(json.loads(text))

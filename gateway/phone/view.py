"""A message as the phone's page sees it.

Knows the JSON of the phone chat. Must not know HTTP.
"""

from gateway.schemas.entities import nested
from gateway.schemas.objects import JsonObject, entity
from gateway.schemas.records import (
    Button,
    Document,
    Keyboard,
    Message,
    Person,
    Photo,
    Quote,
    thumbnail_of,
)


def message(stored: Message, viewer: Person | None = None) -> JsonObject:
    """A stored message as the phone's JSON; `outgoing` is what the phone's owner sent.

    Args:
        viewer: Whose phone it is; only in a group can it be another person's message.
    """
    author, shown = stored.author, stored.keyboard
    return {
        "message_id": stored.message_id,
        "date": stored.date,
        "edit_date": stored.edit_date,
        "outgoing": not stored.from_bot and (author is None or author == viewer),
        "chat": group(stored.person) if stored.person.is_group else None,
        "author": author and author.name,
        "service": stored.service,
        "client_id": stored.client_id,
        "media_group_id": stored.media_group_id,
        "text": stored.text,
        "entities": [entity(span) for span in nested(stored.entities)],
        "reply_to": stored.reply_to and _quote(stored.reply_to, stored.quote),
        "photo": stored.photo and _photo(stored.photo),
        "document": stored.document and _document(stored.document),
        "buttons": stored.buttons and [[_button(b) for b in row] for row in stored.buttons],
        "keyboard": keyboard(shown) if shown is not None and shown.is_for(viewer) else None,
        "protected": stored.is_protected,
        "covered": stored.has_spoiler,
        "caption_above": stored.is_caption_above,
        "film_corners": stored.film_corners,
        "reaction": stored.reaction,
        "state": "delivered" if stored.delivered else "sent",
    }


def group(chat: Person) -> JsonObject:
    """Which group a message is in."""
    return {"chat_id": chat.chat_id, "title": chat.name}


def pinned(stored: Message) -> JsonObject:
    """The message that stands above the chat."""
    return _quote(stored, None)


def keyboard(shown: Keyboard) -> JsonObject:
    """What stands in the place of a phone's keyboard; without rows, nothing does any more."""
    return {
        "rows": [list(row) for row in shown.rows],
        "force_reply": shown.force_reply,
        "one_time": shown.one_time,
        "placeholder": shown.placeholder,
    }


def _quote(replied: Message, quote: Quote | None) -> JsonObject:
    thumbnail = replied.thumbnail
    return {
        "message_id": replied.message_id,
        "text": replied.text if quote is None else quote.text,
        "photo": replied.photo is not None,
        "thumb_id": thumbnail and thumbnail.file_id,
        "author": replied.author and replied.author.name,
    }


def _photo(photo: Photo) -> JsonObject:
    largest = photo[-1]
    return {
        "thumb_id": thumbnail_of(photo).file_id,
        "file_id": largest.file_id,
        "width": largest.width,
        "height": largest.height,
    }


def _document(document: Document) -> JsonObject:
    return {
        "file_id": document.file_id,
        "file_name": document.file_name,
        "mime_type": document.mime_type,
        "file_size": document.file_size,
        "thumb_id": document.thumbnail and document.thumbnail.file_id,
    }


def _button(button: Button) -> JsonObject:
    told = {
        "url": button.url,
        "style": button.style,
        "disabled": button.other and True,
        "pictured": button.picture_of and True,
    }
    more = {key: value for key, value in told.items() if value is not None}
    return {"text": button.text, "data": button.data or "", **more}

"""What a bot puts under a message, or in the place of the phone's keyboard.

Source: Bot API, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove, ForceReply. Must
not know messages.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from gateway.bot_api.formatting.building import checked_link
from gateway.errors import BadRequest
from gateway.schemas.entities import cleaned
from gateway.schemas.records import Button, Buttons, ChatId, Keyboard, MessageId

T = TypeVar("T")

_DATA_MAX_BYTES = 64
_PLACEHOLDER_MAX_CHARS = 64
_ID_END = 1 << 53
_PICTURE_OF = "edgerad_picture_of"
_LOOKS = frozenset({"text", "style", "icon_custom_emoji_id", _PICTURE_OF})
_STYLES = frozenset({"danger", "success", "primary"})


def inline_buttons(markup: Mapping[str, object]) -> Buttons | None:
    """The inline keyboard.

    Args:
        markup: A `reply_markup`.

    Returns:
        Rows of buttons; None if there are none.

    Raises:
        BadRequest: If it is no keyboard.
    """
    return _rows(markup.get("inline_keyboard"), "inline keyboard", _inline_button)


def keyboard(markup: Mapping[str, object]) -> Keyboard | None:
    """What takes the place of the phone's keyboard.

    Args:
        markup: A `reply_markup`.

    Returns:
        None if it stays as it is.

    Raises:
        BadRequest: If it is no keyboard.
    """
    placeholder = cleaned(str(markup.get("input_field_placeholder") or ""))
    if len(placeholder) > _PLACEHOLDER_MAX_CHARS:
        raise BadRequest("input field placeholder is too long")
    if markup.get("remove_keyboard") is True:
        return Keyboard()
    if markup.get("force_reply") is True:
        return Keyboard(force_reply=True, placeholder=placeholder or None)
    rows = _rows(markup.get("keyboard"), "keyboard", _reply_button)
    if rows is None:
        return None
    one_time = markup.get("one_time_keyboard") is True
    return Keyboard(rows=rows, one_time=one_time, placeholder=placeholder or None)


def _rows(
    rows: object, what: str, read: Callable[[object], T | None]
) -> tuple[tuple[T, ...], ...] | None:
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequest(f"can't parse {what}: rows must be Arrays")
    made = ([read(item) for item in row] for row in rows)
    kept = (tuple(each for each in row if each is not None) for row in made)
    return tuple(row for row in kept if row) or None


def _inline_button(item: object) -> Button:
    """One button; of a kind that is not here, it is kept as it is, and cannot be pressed."""
    given = item if isinstance(item, dict) else {}
    text, style = _words(given.get("text")), given.get("style")
    if not text:
        raise BadRequest("can't parse inline keyboard button: Text buttons must have a text")
    button = Button(
        text=text,
        style=style if style in _STYLES else None,
        picture_of=_picture_of(given.get(_PICTURE_OF)),
    )
    data, url = _words(given.get("callback_data")), _words(given.get("url"))
    if url:
        return replace(button, url=_checked_url(url))
    if data is not None:
        if not 1 <= len(data.encode()) <= _DATA_MAX_BYTES:
            raise BadRequest("BUTTON_DATA_INVALID")
        return replace(button, data=data)
    other = _kinds(given)
    if not other:
        raise BadRequest(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    return replace(button, other=other)


def _picture_of(given: object) -> tuple[ChatId, MessageId] | None:
    if not isinstance(given, dict):
        return None
    return ChatId(_id(given.get("chat_id"))), MessageId(_id(given.get("message_id")))


def _id(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or abs(given) >= _ID_END:
        raise BadRequest(f"can't parse {_PICTURE_OF}: chat_id and message_id must be Integers")
    return given


def _checked_url(url: str) -> str:
    checked = checked_link(url)
    if not checked:
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return checked


def _reply_button(item: object) -> str | None:
    """What a button sends; None for one of a kind that is not here, which is left out."""
    text = _words(item.get("text")) if isinstance(item, dict) else item
    if not isinstance(text, str) or not text:
        raise BadRequest('can\'t parse keyboard button: Field "text" must be of type String')
    return None if isinstance(item, dict) and _kinds(item) else cleaned(text)


def _kinds(item: Mapping[str, object]) -> dict[str, object]:
    """What a button says of its kind, beside its looks."""
    return {
        kind: value
        for kind, value in item.items()
        if kind not in _LOOKS and value is not None and value is not False
    }


def _words(value: object) -> str | None:
    """A string, also where a client wrote a number, as Telegram takes it."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return json.dumps(value)
    return value if isinstance(value, str) else None

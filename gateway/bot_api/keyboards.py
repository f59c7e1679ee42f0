"""What a bot puts under a message, or in the place of the phone's keyboard.

Source: Bot API, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove, ForceReply. Must
not know messages.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from gateway.bot_api.formatting.building import checked_link
from gateway.errors import BadRequest
from gateway.schemas.entities import cleaned
from gateway.schemas.records import Button, Buttons, Keyboard

T = TypeVar("T")

_DATA_MAX_BYTES = 64
_PLACEHOLDER_MAX_CHARS = 64
_NOT_HERE = frozenset(
    {
        *("web_app", "login_url", "callback_game", "pay", "copy_text"),
        *("switch_inline_query", "switch_inline_query_current_chat"),
        *("switch_inline_query_chosen_chat", "request_users", "request_chat"),
        *("request_contact", "request_location", "request_poll", "request_managed_bot"),
    }
)


def inline_buttons(markup: Mapping[str, object]) -> Buttons | None:
    """The inline keyboard.

    Args:
        markup: A `reply_markup`.

    Returns:
        Rows of buttons; None if there are none.

    Raises:
        BadRequest: If it is no keyboard, or one that this server does not have.
    """
    return _rows(markup.get("inline_keyboard"), "inline keyboard", _inline_button)


def keyboard(markup: Mapping[str, object]) -> Keyboard | None:
    """What takes the place of the phone's keyboard.

    Args:
        markup: A `reply_markup`.

    Returns:
        None if it stays as it is.

    Raises:
        BadRequest: If it is no keyboard, or one that this server does not have.
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


def _rows(rows: object, what: str, read: Callable[[object], T]) -> tuple[tuple[T, ...], ...] | None:
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequest(f"can't parse {what}: rows must be Arrays")
    return tuple(tuple(read(item) for item in row) for row in rows if row) or None


def _inline_button(item: object) -> Button:
    text = item.get("text") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(text, str) or not text:
        raise BadRequest("can't parse inline keyboard button: Text buttons must have a text")
    _check_kind(item)
    data, url = item.get("callback_data"), item.get("url")
    if isinstance(url, str) and url:
        return Button(text=text, url=_checked_url(url))
    if not isinstance(data, str):
        raise BadRequest(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if not 1 <= len(data.encode()) <= _DATA_MAX_BYTES:
        raise BadRequest("BUTTON_DATA_INVALID")
    return Button(text=text, data=data)


def _checked_url(url: str) -> str:
    checked = checked_link(url)
    if not checked:
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return checked


def _reply_button(item: object) -> str:
    if isinstance(item, dict):
        _check_kind(item)
        item = item.get("text")
    if not isinstance(item, str) or not item:
        raise BadRequest('can\'t parse keyboard button: Field "text" must be of type String')
    return cleaned(item)


def _check_kind(item: dict[object, object]) -> None:
    if any(item.get(kind) not in (None, False) for kind in _NOT_HERE):
        raise BadRequest("can't parse keyboard button: this server has no buttons of this kind")

"""Markup that bots write, as a plain text with entities.

Knows Telegram's HTML and MarkdownV2 with their errors. Source: Bot API, section "Formatting
options"; the wording of errors is tdlib's (td/telegram/MessageEntity.cpp).
"""

from collections.abc import Sequence

from gateway.bot_api.formatting.html import parse_html
from gateway.bot_api.formatting.markdown import parse_markdown
from gateway.errors import BadRequest
from gateway.schemas.entities import (
    FORMATTING,
    Entity,
    nested,
    trimmed,
    utf16_length,
    with_automatic,
)

Formatted = tuple[str, tuple[Entity, ...]]


def format_text(
    text: str, parse_mode: str, given: Sequence[dict[str, object]] | None = None
) -> Formatted:
    """Make a plain text with entities of what a bot wrote.

    Args:
        text: With markup, where there is a parse mode.
        parse_mode: `HTML`, `MarkdownV2`, in any case, or empty.
        given: The entities, as an alternative to a parse mode.

    Returns:
        The text without white space at its ends, and its entities, automatic ones included.

    Raises:
        BadRequest: If the markup is wrong.
    """
    mode = parse_mode.lower()
    if mode == "html":
        plain, entities = parse_html(text)
    elif mode == "markdownv2":
        plain, entities = parse_markdown(text)
    elif mode:
        raise BadRequest("unsupported parse_mode")
    else:
        plain, entities = text, _given_entities(text, given or ())
    plain, entities = trimmed(plain, nested(entities))
    return plain, with_automatic(plain, entities)


def _given_entities(text: str, given: Sequence[dict[str, object]]) -> tuple[Entity, ...]:
    size = utf16_length(text)
    made = []
    for item in given:
        entity = _given_entity(item)
        if entity.offset < 0 or entity.length < 0 or entity.end > size:
            raise BadRequest(
                f"entity beginning at UTF-16 offset {entity.offset} ends after the"
                f" end of the text at UTF-16 offset {entity.end}"
            )
        if entity.type in FORMATTING:
            made.append(entity)
    return tuple(made)


def _given_entity(item: dict[str, object]) -> Entity:
    kind, offset, length = item.get("type"), item.get("offset"), item.get("length")
    if not isinstance(kind, str) or not isinstance(offset, int) or not isinstance(length, int):
        raise BadRequest("can't parse MessageEntity: type, offset and length are needed")
    url, language, emoji = (
        value if isinstance(value := item.get(key), str) else None
        for key in ("url", "language", "custom_emoji_id")
    )
    return Entity(
        type=kind, offset=offset, length=length, url=url, language=language, custom_emoji_id=emoji
    )

"""Markup that bots write, as a plain text with entities.

Knows Telegram's HTML, MarkdownV2 and older Markdown with their errors. Source: Bot API, section
"Formatting options"; the wording of errors is tdlib's (td/telegram/MessageEntity.cpp).
"""

from collections.abc import Callable, Sequence

from gateway.bot_api.formatting.building import checked_link
from gateway.bot_api.formatting.html import parse_html
from gateway.bot_api.formatting.markdown import parse_markdown
from gateway.bot_api.formatting.markdown_v2 import parse_markdown_v2
from gateway.bot_api.parameters import as_integer
from gateway.errors import BadRequest
from gateway.schemas.automatic import automatic_entities
from gateway.schemas.entities import FORMATTING, Entity, cleaned_with, sound, utf16_length
from gateway.schemas.limits import ENTITIES_MAX, TEXT_MAX_CHARS
from gateway.schemas.overlaps import settled, trimmed, without_blank

Formatted = tuple[str, tuple[Entity, ...]]

_MARKED_UP_MAX_CHARS = 65_536
_PARSERS: dict[str, Callable[[str], Formatted]] = {
    "html": parse_html,
    "markdown": parse_markdown,
    "markdownv2": parse_markdown_v2,
}


def format_text(
    text: str, parse_mode: str = "", given: Sequence[dict[str, object]] | None = None
) -> Formatted:
    """Make a plain text with entities of what a bot wrote.

    Args:
        text: As it came, with markup where there is a parse mode.
        parse_mode: `HTML`, `MarkdownV2`, `Markdown`, in any case, or empty.
        given: The entities, as an alternative to a parse mode.

    Returns:
        The text without white space at its ends, and its entities, automatic ones included.

    Raises:
        BadRequest: If the markup is wrong, or far too long.
    """
    if len(text) > _MARKED_UP_MAX_CHARS:
        raise BadRequest("message is too long")
    text = sound(text)
    if parse_mode:
        parse = _PARSERS.get(parse_mode.lower())
        if parse is None:
            raise BadRequest("unsupported parse_mode")
        plain, marked = parse(text)
    else:
        plain, marked = text, _given_entities(text, given or ())
    if len(plain.strip()) > TEXT_MAX_CHARS:
        raise BadRequest("message is too long")
    plain, entities = cleaned_with(plain, settled(marked))
    plain, kept = trimmed(plain, settled(without_blank(plain, entities)))
    whole = without_blank(plain, settled(kept, automatic_entities(plain)))
    return plain, tuple(whole[:ENTITIES_MAX])


def _given_entities(text: str, given: Sequence[dict[str, object]]) -> tuple[Entity, ...]:
    size = utf16_length(text)
    made = []
    for item in given:
        entity = _given_entity(item)
        if not 0 <= entity.offset <= size:
            raise BadRequest(
                f"entity begins after the end of the text at UTF-16 offset {entity.offset}"
            )
        if entity.length < 0 or entity.end > size:
            raise BadRequest(
                f"entity beginning at UTF-16 offset {entity.offset} ends after the"
                f" end of the text at UTF-16 offset {entity.end}"
            )
        if entity.type in FORMATTING:
            made.append(entity)
    return tuple(made)


def _given_entity(item: dict[str, object]) -> Entity:
    kind = item.get("type")
    offset, length = as_integer(item.get("offset")), as_integer(item.get("length"))
    if not isinstance(kind, str) or offset is None or length is None:
        raise BadRequest("can't parse MessageEntity: type, offset and length are needed")
    url, language, emoji = (
        value if isinstance(value := item.get(key), str) else None
        for key in ("url", "language", "custom_emoji_id")
    )
    if kind == "text_link":
        url = checked_link(url or "")
        if not url:
            raise BadRequest("entity URL is invalid: Wrong HTTP URL")
    return Entity(
        type=kind, offset=offset, length=length, url=url, language=language, custom_emoji_id=emoji
    )

"""Telegram's HTML. Offsets in errors are of bytes, as tdlib counts them."""

import html
import re
from dataclasses import dataclass, replace

from gateway.bot_api.formatting.building import Building, ParseError
from gateway.schemas.entities import Entity

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
}
_PIECE = re.compile(
    r"(?P<text>[^<&]+)"
    r"|(?P<reference>&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)"
    r"|(?P<ampersand>&)"
    r"|</(?P<end>[^\s>]*)\s*>"
    r"|<(?P<start>[^\s>]*)(?P<attributes>(?:\s+[^\s=>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*>"
)
_ATTRIBUTE = re.compile(r"([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_LANGUAGE = "language-"


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    at_byte: int


def parse_html(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Take the tags out of a text.

    Args:
        text: With HTML as bots may write it.

    Returns:
        The plain text and its entities.

    Raises:
        ParseError: At a tag that is unknown, not closed, or closed in the wrong order.
    """
    building = Building()
    open_tags: list[_Tag] = []
    at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            what = "end" if text.startswith("</", at) else "start"
            raise ParseError(f"Unclosed {what} tag at byte offset {_byte(text, at)}")
        if piece["end"] is not None:
            _close(building, open_tags, _Tag(piece["end"].lower(), _byte(text, at)))
        elif piece["start"] is not None:
            tag = _Tag(piece["start"].lower(), _byte(text, at))
            _open(building, tag, _attributes(piece["attributes"]))
            open_tags.append(tag)
        else:
            building.add(html.unescape(piece[0]) if piece["reference"] else piece[0])
        at = piece.end()
    if open_tags:
        raise ParseError(f'Can\'t find end tag corresponding to start tag "{open_tags[-1].name}"')
    return building.text, _merge_code_in_pre(building.done)


def _open(building: Building, tag: _Tag, attributes: dict[str, str]) -> None:
    kind = _TYPES.get(tag.name)
    if kind is None:
        raise ParseError(f'Unsupported start tag "{tag.name}" at byte offset {tag.at_byte}')
    if tag.name == "span" and attributes.get("class") != "tg-spoiler":
        raise ParseError(f'Tag "span" must have class "tg-spoiler" at byte offset {tag.at_byte}')
    if tag.name == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    language = attributes.get("class", "") if tag.name in {"code", "pre"} else ""
    building.start(
        kind,
        url=attributes.get("href") if tag.name == "a" else None,
        language=language.removeprefix(_LANGUAGE) if language.startswith(_LANGUAGE) else None,
    )


def _close(building: Building, open_tags: list[_Tag], tag: _Tag) -> None:
    if not open_tags:
        raise ParseError(f"Unexpected end tag at byte offset {tag.at_byte}")
    opened = open_tags.pop()
    if tag.name and tag.name != opened.name:
        raise ParseError(
            f'Unmatched end tag at byte offset {tag.at_byte}, expected "</{opened.name}>", found'
            f' "</{tag.name}>"'
        )
    span = building.open[-1]
    if opened.name != "a":
        building.end()
    elif url := span.url or building.since(span).strip():
        building.end(url=url)
    else:
        building.drop()


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(text)
    }


def _merge_code_in_pre(entities: list[Entity]) -> tuple[Entity, ...]:
    """A `code` that fills its `pre` gives it its language; nowhere else has a `code` one."""
    places = {(e.offset, e.length): e for e in entities if e.type == "pre"}
    languages = {
        (e.offset, e.length): e.language
        for e in entities
        if e.type == "code" and (e.offset, e.length) in places
    }
    merged = []
    for entity in entities:
        place = (entity.offset, entity.length)
        if entity.type == "pre":
            merged.append(replace(entity, language=languages.get(place) or entity.language))
        elif entity.type != "code":
            merged.append(entity)
        elif place not in places:
            merged.append(replace(entity, language=None))
    return tuple(merged)


def _byte(text: str, at: int) -> int:
    return len(text[:at].encode())

"""The entities that Telegram finds in a text by itself: commands, mentions, tags, addresses.

Source: tdlib, td/telegram/MessageEntity.cpp (find_entities); telephone numbers are found on
Telegram's servers: here, those that are written with their country's code. Must not know markup.
"""

import re
import unicodedata
from collections.abc import Iterator

from gateway.schemas.entities import Entity, utf16_offsets
from gateway.schemas.limits import ENTITIES_MAX
from gateway.schemas.links import Span, addresses, app_links
from gateway.schemas.overlaps import settled

_TAG = r"[\w\u200c\u00b7\u0d80-\u0dff]"
_PATTERNS = {
    "mention": re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)"),
    "bot_command": re.compile(
        r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:(?!@)|@[A-Za-z0-9_]{3,32})(?![\w/<>])"
    ),
    "hashtag": re.compile(
        rf"(?<!{_TAG})#(?=[^\W\d_]|{_TAG}*?[^\W\d_]){_TAG}{{1,256}}+(?!{_TAG}*#)"
    ),
    "cashtag": re.compile(rf"(?<!{_TAG})(?<!\$)\$(?:1INCH|[A-Z]{{1,8}})(?!{_TAG}|\$)"),
    "phone_number": re.compile(r"(?<![\w+])\+\d(?:[ .()\-]{0,2}\d){6,14}(?![\w+])", re.ASCII),
}
_MENTION_MIN_CHARS = 4
_SHORT_NAMES = frozenset({"gif", "vid", "pic"})
_NUMBER_LIKE = frozenset({"No", "Nl"})


def automatic_entities(text: str) -> tuple[Entity, ...]:
    """Find what nobody marked.

    Returns:
        Entities that do not overlap, of those that would the first; as many as a message may have.
    """
    offsets = utf16_offsets(text)
    found = [
        Entity(type=kind, offset=offsets[start], length=offsets[end] - offsets[start])
        for kind, (start, end) in _found(text)
    ]
    return settled((), found)[:ENTITIES_MAX]


def _found(text: str) -> Iterator[tuple[str, Span]]:
    plain = _without_odd_numbers(text)
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(plain if kind.endswith("tag") else text):
            if kind != "mention" or _is_name(match[0][1:]):
                yield kind, match.span()
    for span in app_links(text):
        yield "url", span
    for span, is_email in addresses(text):
        yield ("email" if is_email else "url"), span


def _is_name(name: str) -> bool:
    return len(name) >= _MENTION_MIN_CHARS or name.lower() in _SHORT_NAMES


def _without_odd_numbers(text: str) -> str:
    """Fractions and Roman numerals are letters to `re`, and end a tag: put a space there."""
    if text.isascii():
        return text
    return "".join(" " if unicodedata.category(char) in _NUMBER_LIKE else char for char in text)

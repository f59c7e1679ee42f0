"""Formatting of a text: spans in UTF-16 code units, as the Bot API counts them.

Knows what an entity is, how entities nest, and which ones Telegram finds by itself. Must not know
any markup that they came from or go to.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One formatted span of a text.

    Args:
        type: The Bot API's name, such as `bold`.
        offset: Where it starts, in UTF-16 code units.
        length: How long it is, in UTF-16 code units.
        url: Where a `text_link` leads.
        language: Programming language of a `pre`.
        custom_emoji_id: Of a `custom_emoji`.
    """

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None

    @property
    def end(self) -> int:
        """The first UTF-16 code unit after it."""
        return self.offset + self.length


# Outer types first: where two entities cover the same span, this is how they nest.
NESTING = (
    "expandable_blockquote",
    "blockquote",
    "spoiler",
    "text_link",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "custom_emoji",
    "pre",
    "code",
    "bot_command",
    "url",
)
FORMATTING = frozenset(NESTING) - {"bot_command", "url"}

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_AUTOMATIC = re.compile(
    r"(?P<url>(?<![\w@/])https?://[^\s<>\"']*[\w/#=&])"
    r"|(?P<bot_command>(?<![\w/<>.:])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?\b(?!/))",
)


def cleaned(text: str) -> str:
    """Text from outside: bare line ends, no control characters, nothing that UTF-8 cannot say."""
    sound = text.replace("\r\n", "\n").encode("utf-16-le", errors="surrogatepass")
    return _CONTROL.sub(" ", sound.decode("utf-16-le", errors="replace"))


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text has."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf16_index(text: str, offset: int) -> int:
    """The index in `text` of a UTF-16 offset; inside a pair, that of the pair's character."""
    return len(text.encode("utf-16-le")[: 2 * offset].decode("utf-16-le", errors="ignore"))


def automatic_entities(text: str) -> tuple[Entity, ...]:
    """The commands and links that Telegram marks in a text by itself."""
    return tuple(
        Entity(
            type=match.lastgroup or "",
            offset=utf16_length(text[: match.start()]),
            length=utf16_length(match[0]),
        )
        for match in _AUTOMATIC.finditer(text)
    )


def with_automatic(text: str, entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Add the automatic entities wherever no code, link or other automatic one stands."""
    given = tuple(entities)
    taken = [e for e in given if e.type in {"code", "pre", "text_link", "url", "bot_command"}]
    found = [
        auto
        for auto in automatic_entities(text)
        if not any(e.offset < auto.end and auto.offset < e.end for e in taken)
    ]
    return nested((*given, *found))


def nested(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Sort entities outer first, and cut those that overlap only in part, so that all nest."""
    waiting = sorted(entities, key=_order)
    settled: list[Entity] = []
    while waiting:
        entity = waiting.pop(0)
        if entity.length <= 0:
            continue
        around = [e for e in settled if e.offset <= entity.offset < e.end]
        end = min((e.end for e in around), default=entity.end)
        if entity.end > end:
            rest = replace(entity, offset=end, length=entity.end - end)
            waiting = sorted([*waiting, rest], key=_order)
            entity = replace(entity, length=end - entity.offset)
        settled.append(entity)
    return tuple(sorted(settled, key=_order))


def trimmed(text: str, entities: Iterable[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """Take the white space off both ends of a text, and move its entities along."""
    kept = text.strip()
    start = utf16_length(text) - utf16_length(text.lstrip())
    size = utf16_length(kept)
    moved = []
    for entity in entities:
        offset = max(entity.offset - start, 0)
        end = min(entity.end - start, size)
        if end > offset:
            moved.append(replace(entity, offset=offset, length=end - offset))
    return kept, tuple(moved)


def _order(entity: Entity) -> tuple[int, int, int]:
    rank = NESTING.index(entity.type) if entity.type in NESTING else len(NESTING)
    return entity.offset, -entity.length, rank

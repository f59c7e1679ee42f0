"""Formatting of a text: spans in UTF-16 code units, as the Bot API counts them.

Knows what an entity is, in which order entities stand, and how units are counted. Must not know
any markup that they came from or go to.
"""

import bisect
import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate


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


QUOTES = frozenset({"blockquote", "expandable_blockquote"})
VERBATIM = frozenset({"pre", "code"})
SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
AUTOMATIC = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
)
FORMATTING = QUOTES | VERBATIM | {*SPLITTABLE, "text_link", "custom_emoji"}

# Outer types first: where two entities cover the same span, this is how they nest.
_NESTING = {
    kind: rank
    for rank, kind in enumerate(
        (*sorted(QUOTES), "pre", "code", "text_link", *sorted(AUTOMATIC), *SPLITTABLE)
    )
}

_DROPPED = re.compile("[\r\u2028-\u202e]")  # each one is one UTF-16 code unit
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def cleaned(text: str) -> str:
    """Text from outside: no control characters, nothing that UTF-8 cannot say."""
    return _CONTROL.sub(" ", _DROPPED.sub("", sound(text)))


def cleaned_with(text: str, entities: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """Clean a text, and move its entities along with what is dropped."""
    offsets = utf16_offsets(text)
    gone = [offsets[match.start()] for match in _DROPPED.finditer(text)]

    def moved(offset: int) -> int:
        return offset - bisect.bisect_left(gone, offset)

    return cleaned(text), [
        replace(e, offset=moved(e.offset), length=moved(e.end) - moved(e.offset)) for e in entities
    ]


def sound(text: str) -> str:
    """Text from outside without anything that UTF-8 cannot say: halves of pairs are replaced."""
    return text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text has."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf16_offsets(text: str) -> Sequence[int]:
    """How many UTF-16 code units stand before each index of a text, its end included."""
    if not text or max(text) <= "\uffff":
        return range(len(text) + 1)
    return list(accumulate((1 + (char > "\uffff") for char in text), initial=0))


def utf16_index(text: str, offset: int) -> int:
    """The index in `text` of a UTF-16 offset; inside a pair, that of the pair's character."""
    return len(text.encode("utf-16-le")[: 2 * offset].decode("utf-16-le", errors="ignore"))


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Entities in Telegram's order: by where they start, outer ones first."""
    return sorted(entities, key=_order)


def nested(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Sort entities outer first, and cut those that overlap only in part, so that all nest."""
    whole = tuple(e for e in entities if e.length > 0)
    if _stand_apart(whole):
        return whole
    waiting = [(_order(e), number, e) for number, e in enumerate(whole)]
    heapq.heapify(waiting)
    settled: list[Entity] = []
    ends: list[int] = []  # of those around, the innermost last
    while waiting:
        _, number, entity = heapq.heappop(waiting)
        while ends and ends[-1] <= entity.offset:
            ends.pop()
        if ends and entity.end > ends[-1]:
            rest = replace(entity, offset=ends[-1], length=entity.end - ends[-1])
            heapq.heappush(waiting, (_order(rest), number, rest))
            entity = replace(entity, length=ends[-1] - entity.offset)
        ends.append(entity.end)
        settled.append(entity)
    return tuple(in_order(settled))


def _stand_apart(entities: Sequence[Entity]) -> bool:
    """Whether they stand one after the other, as a text's nearly always do."""
    end = 0
    for entity in entities:
        if entity.offset < end:
            return False
        end = entity.end
    return True


def _order(entity: Entity) -> tuple[int, int, int]:
    return entity.offset, -entity.length, _NESTING.get(entity.type, len(_NESTING))

"""How entities may overlap, and what becomes of those that overlap otherwise or hold nothing.

Code stands alone; links, mentions and commands hold no other of their kind; the five styles are cut
wherever anything else starts or ends. Source: tdlib, td/telegram/MessageEntity.cpp (fix_entities,
split_entities, remove_invalid_entities). Must not know any markup.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.schemas.entities import (
    QUOTES,
    SPLITTABLE,
    VERBATIM,
    Entity,
    in_order,
    utf16_index,
    utf16_length,
)

_SPACES = "\n "
_HIDING = VERBATIM | {"text_link"}  # what these say is not lost where they cover white space alone


def settled(entities: Iterable[Entity], found: Iterable[Entity] = ()) -> tuple[Entity, ...]:
    """Make entities overlap as they may.

    Args:
        found: Further ones, which Telegram finds by itself: they give way to the others.

    Returns:
        What is left of them, in Telegram's order.
    """
    whole = in_order(e for e in entities if e.length > 0)
    quotes = _apart(e for e in whole if e.type in QUOTES)
    solid = _apart(e for e in whole if e.type not in QUOTES and e.type not in SPLITTABLE)
    solid = _beside(solid, quotes)
    free = [
        e
        for e in _beside(_apart(in_order(found)), quotes)
        if not any(e.offset < other.end and other.offset < e.end for other in solid)
    ]
    others = in_order([*solid, *free, *quotes])
    styles = _Splitter(e for e in whole if e.type in SPLITTABLE).split_by(others)
    return tuple(in_order([*others, *styles]))


def trimmed(text: str, entities: Sequence[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """Take the white space off both ends of a text, as far as no entity starts with it.

    Returns:
        The text, and its entities moved along.
    """
    text = text.rstrip(_SPACES)
    size = utf16_length(text)
    kept = [replace(e, length=min(e.end, size) - e.offset) for e in entities if e.offset < size]
    first = utf16_index(text, kept[0].offset) if kept else len(text)
    start = min(len(text) - len(text.lstrip(_SPACES)), first)
    return text[start:], tuple(replace(e, offset=e.offset - start) for e in kept)


def without_blank(text: str, entities: Iterable[Entity]) -> list[Entity]:
    """Let styles start at a letter, and drop those that cover white space alone."""
    units = memoryview(text.encode("utf-16-le")).cast("H")
    blank = [unit in {10, 32} for unit in units]
    ordered = in_order(entities)
    kept = []
    for entity in ordered:
        if entity.type in _HIDING:
            kept.append(entity)
            continue
        stops = [e.offset for e in ordered if e.type in _HIDING and _holds(entity, e)]
        stop = min([*stops, entity.end])
        start = next((at for at in range(entity.offset, stop) if not blank[at]), stop)
        if not all(blank[start : entity.end]):
            kept.append(replace(entity, offset=start, length=entity.end - start))
    return in_order(kept)


def _holds(outer: Entity, inner: Entity) -> bool:
    return outer.offset <= inner.offset and inner.end <= outer.end


def _apart(entities: Iterable[Entity]) -> list[Entity]:
    """Of sorted entities that overlap, the first."""
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _beside(entities: Iterable[Entity], quotes: Sequence[Entity]) -> list[Entity]:
    """The entities that each quote holds whole or not at all."""
    return [e for e in entities if not any(_crosses(e, quote) for quote in quotes)]


def _crosses(entity: Entity, quote: Entity) -> bool:
    if quote.end <= entity.offset or entity.end <= quote.offset:
        return False
    return quote.end < entity.end or entity.offset < quote.offset


class _Splitter:
    """Merges styles of a kind that touch, and cuts them where something else starts or ends."""

    def __init__(self, styles: Iterable[Entity]) -> None:
        self._waiting = deque(styles)
        self._open: dict[str, tuple[int, int]] = {}
        self._done: list[Entity] = []

    def split_by(self, others: Iterable[Entity]) -> list[Entity]:
        """The styles, cut at the borders of others; within code there is none."""
        around: list[Entity] = []
        for other in others:
            self._leave(around, other.offset)
            self._advance(other.offset)
            around.append(other)
        self._leave(around, 1 << 62)
        self._advance(1 << 62)
        return self._done

    def _leave(self, around: list[Entity], offset: int) -> None:
        while around and offset >= around[-1].end:
            left = around.pop()
            known = len(self._done)
            self._advance(left.end)
            if left.type in VERBATIM:
                del self._done[known:]

    def _advance(self, end: int) -> None:
        while self._waiting and self._waiting[0].offset < end:
            style = self._waiting.popleft()
            opened = self._open.get(style.type)
            if opened and style.offset <= opened[1]:
                self._open[style.type] = opened[0], max(opened[1], style.end)
            else:
                self._flush(style.offset)
                self._open[style.type] = style.offset, style.end
        self._flush(end)

    def _flush(self, offset: int) -> None:
        for kind in SPLITTABLE:
            start, end = self._open.get(kind, (offset, offset))
            if start >= offset:
                continue
            cut = min(end, offset)
            self._done.append(Entity(type=kind, offset=start, length=cut - start))
            if end <= offset:
                del self._open[kind]
            else:
                self._open[kind] = offset, end

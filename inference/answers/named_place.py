"""Where an answer says that a chest's finding is: one side, one zone, or nothing.

Knows which words count. Must not know pictures. What is denied, normal, of something else than a
chest film, or named in two places that differ, gives no place: a mark in the wrong lung is worse
than none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from inference.answers.folding import composed, folded, sentences, unmarked
from inference.answers.negation import Standing, standing
from inference.answers.place_words import (
    ADVICE,
    CHEST,
    ELSEWHERE,
    FINDING,
    JOINED,
    NORMAL,
    ORIENTATION,
    OTHER_VIEW,
    SIDES,
    ZONES,
)
from pictures.places import Place, Side, Zone

_T = TypeVar("_T")

LONGEST_CHARS = 20_000
"""A longer text is no answer to a prompt of ours."""
_NORMAL_CHARS = 60
_SAID = frozenset({Standing.AFFIRMED, Standing.DOUBTED})
_WITHIN = {Zone.APEX: Zone.UPPER, Zone.BASE: Zone.LOWER, Zone.COSTOPHRENIC: Zone.BASE}
"""A zone that lies in a larger one: a text that names both means the smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """The sides and zones of one sentence's findings."""

    sides: frozenset[Side]
    zones: frozenset[Zone]


def named_place(text: str) -> Place | None:
    """Where the findings of a chest film are, by its text.

    Args:
        text: Findings and impression, as the model wrote them.

    Returns:
        None where no one place is named: none at all, or several that differ.
    """
    if len(text) > LONGEST_CHARS:
        return None
    whole = composed(text)
    plain = unmarked(folded(whole))
    if not CHEST.search(plain) or OTHER_VIEW.search(plain) or ORIENTATION.search(plain):
        return None
    return _together(list(_mentions(whole)))


def _mentions(text: str) -> Iterator[_Mention]:
    """What the sentences say that name a finding, each sentence by itself."""
    for sentence in sentences(text):
        plain = ELSEWHERE.sub(_blank, unmarked(folded(sentence.text)))
        if ADVICE.match(plain) or not any(
            _is_said(plain, found) for found in FINDING.finditer(plain)
        ):
            continue
        sides = frozenset(_in(plain, SIDES))
        if not sides:
            continue
        joined = Side.BOTH in sides or (len(sides) > 1 and JOINED.search(plain) is not None)
        yield _Mention(
            sides=frozenset({Side.BOTH}) if joined else sides,
            zones=frozenset(_in(plain, ZONES)),
        )


def _together(mentions: Sequence[_Mention]) -> Place | None:
    """The one place that all mean; zones apart count where one sentence names them together."""
    sides = {side for mention in mentions for side in mention.sides}
    if len(sides) != 1:
        return None
    named = {mention.zones for mention in mentions if mention.zones}
    zone = _smallest(frozenset[Zone]().union(*named))
    if zone is None and len(named) > 1:
        return None
    return Place(side=sides.pop(), zone=zone)


def _in(plain: str, patterns: Mapping[_T, re.Pattern[str]]) -> Iterator[_T]:
    for thing, pattern in patterns.items():
        if any(_is_place(plain, found) for found in pattern.finditer(plain)):
            yield thing


def _smallest(zones: frozenset[Zone]) -> Zone | None:
    """The zone that lies in all the others; None where they lie apart."""
    return next((zone for zone in zones if zones <= set(_around(zone))), None)


def _around(zone: Zone | None) -> Iterator[Zone]:
    while zone is not None:
        yield zone
        zone = _WITHIN.get(zone)


def _is_said(plain: str, found: re.Match[str]) -> bool:
    return standing(plain, found.start(), found.end()) in _SAID


def _is_place(plain: str, found: re.Match[str]) -> bool:
    """Whether something is said to be there: it is neither denied nor called normal."""
    after = plain[found.end() : found.end() + _NORMAL_CHARS]
    ends = FINDING.search(after)
    if NORMAL.search(after[: ends.start()] if ends else after):
        return False
    return _is_said(plain, found)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])

"""Numbers as people type and say them: `45`, `1,5`, `2 1/2`, `forty-five`, `talatin da biyar`.

Knows nothing of what is counted: `quantities` has the units.
"""

from dataclasses import dataclass, replace

from bot.captions import words
from bot.captions.tokens import Line

_FRACTIONS = {2, 3, 4, 12}
_TEEN = "sha"
_TEENS_FRENCH = {60, 80}
"""In French a teen follows: `soixante-douze`, `quatre-vingt-onze`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in the tokens from its place to `end`.

    Args:
        is_spoken: It is written as words.
    """

    value: float
    end: int
    is_spoken: bool = False


def number_at(line: Line, place: int) -> Number | None:
    """The number that begins at a place, None where none does."""
    whole = _spoken(line, place)
    if line.number(place) is not None:
        whole = _mixed(line, place) or _decimal(line, place)
    return None if whole is None else _with_half(line, whole)


def _with_half(line: Line, whole: Number) -> Number:
    """`3 and a half` years, `two and half` years."""
    after = whole.end + 1 + (line.word(whole.end + 1) in words.ARTICLES)
    is_half = line.word(whole.end) in words.AND and line.word(after) in words.HALVES
    return replace(whole, value=whole.value + 0.5, end=after + 1) if is_half else whole


def is_part(line: Line, place: int) -> bool:
    """Whether digits belong to a longer number: `1/2`, `38.5`."""
    return (
        line.glued(place)
        and line.mark(place - 1) in {".", "/", ","}
        and (line.number(place - 2) is not None and line.glued(place - 1))
    )


def fraction_at(line: Line, place: int) -> float | None:
    """`1/2`, `3/4` and `9/12`, which stand behind a whole number."""
    part, whole = line.number(place), line.number(place + 2)
    glued = line.mark(place + 1) == "/" and line.glued(place + 1) and line.glued(place + 2)
    if not glued or part is None or whole not in _FRACTIONS or not 0 < part < whole:
        return None
    return None if line.glued(place + 3) and line.mark(place + 3) == "/" else part / whole


def _mixed(line: Line, place: int) -> Number | None:
    """`2 1/2`, `2-1/2`, `1 9/12`."""
    dash = line.mark(place + 1) == "-"
    start = place + 1 + dash
    part = fraction_at(line, start)
    if part is None or (line.glued(start) and not dash):
        return None
    return Number(value=(line.number(place) or 0) + part, end=start + 3)


def _decimal(line: Line, place: int) -> Number:
    joint = line.mark(place + 1) in {".", ","} and line.glued(place + 1)
    if joint and line.glued(place + 2) and line.number(place + 2) is not None:
        text = f"{line.number(place)}.{line.tokens[place + 2].text}"
        return Number(value=float(text), end=place + 3)
    return Number(value=float(line.number(place) or 0), end=place + 1)


def _spoken(line: Line, place: int) -> Number | None:
    total, end = words.NUMBERS.get(line.word(place)), place + 1
    if line.mark(end) == "'" and line.word(end + 1) == "in":  # `arba'in`
        total, end = words.NUMBERS.get(f"{line.word(place)}in"), end + 2
    if total is None:
        return None
    after = _joint_end(line, end)
    if line.word(place) == "quatre" and line.word(after) in {"vingt", "vingts"}:
        total, end = 80, after + 1
        after = _joint_end(line, end)
    more = words.NUMBERS.get(line.word(after), 0)
    teens = total in _TEENS_FRENCH and 10 <= more < 20
    if line.word(end) == _TEEN and total == 10 and 0 < more < 10:
        return Number(value=total + more, end=after + 1, is_spoken=True)
    if total >= 20 and total % 10 == 0 and (0 < more < 10 or teens):
        total, end = total + more, after + 1
        last = words.NUMBERS.get(line.word(_joint_end(line, end)), 0)
        if more == 10 and 7 <= last < 10:  # `soixante-dix-sept`
            total, end = total + last, _joint_end(line, end) + 1
    return Number(value=total, end=end, is_spoken=True)


def _joint_end(line: Line, place: int) -> int:
    """Behind what joins tens and ones: `forty-five`, `vingt et un`, `goma sha biyu`."""
    while line.mark(place) == "-" or line.word(place) in words.AND | {_TEEN}:
        place += 1
    return place

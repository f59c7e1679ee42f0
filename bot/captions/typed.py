"""An age typed as an answer, where a bare number or duration is one."""

from bot.captions import words
from bot.captions.bare_ages import MAX_YEARS
from bot.captions.quantities import LEAST_BARE_M_YEARS, Unit, quantity_at
from bot.captions.tokens import Line

_LEADS = words.ABOUT | words.AGE_CUES | words.PRONOUNS.keys() | words.SUBJECTS_VERB | {"de"}
_CLOSING = ".!?,"


def age_typed(text: str) -> float | None:
    """The age in a text that is nothing but an age, and perhaps a sex."""
    line = Line(text)
    start, end = _inner(line)
    if start >= end:
        return None
    quantity = quantity_at(line, start)
    if quantity is not None:
        return _checked(quantity.years) if quantity.end == end else None
    number = line.number(start)
    if number is None:
        return None
    if end == start + 1:
        return _checked(number)
    months = line.word(start + 1) == "m" and line.tokens[start + 1].text == "m"
    if end == start + 2 and months and line.glued(start + 1) and number < LEAST_BARE_M_YEARS:
        return number / Unit.MONTHS.value
    return None


def doubtful_m(text: str) -> int | None:
    """The number of a typed answer such as `18 M`: months, or the years of a man?"""
    line = Line(text)
    start, end = _inner(line)
    number = line.number(start)
    if end != start + 2 or line.word(start + 1) != "m" or number is None:
        return None
    return number if 0 < number < LEAST_BARE_M_YEARS and age_typed(text) is None else None


def _inner(line: Line) -> tuple[int, int]:
    """Without the words before an age, and the signs and the sex behind it."""
    start, end = 0, len(line)
    while start < end and (line.word(start) in _LEADS or line.mark(start) in {"~", "≈", ":"}):
        start += 1
    while end > start and line.mark(end - 1) and line.mark(end - 1) in _CLOSING:
        end -= 1
    while end > start + 1 and (line.word(end - 1) in words.PERSON or line.word(end - 1) == "f"):
        end -= 1
        while end > start and line.mark(end - 1) and line.mark(end - 1) in ",/":
            end -= 1
    return start, end


def _checked(years: float) -> float | None:
    return float(years) if 0 < years <= MAX_YEARS else None

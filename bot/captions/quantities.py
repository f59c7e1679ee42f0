"""Numbers with their units: `45 ans`, `8/12`, `1y6m`, `shekara 40`, and what belongs to them.

Knows units as they are misspelt, too: `6 moths`, `45 yaers`.
"""

from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from bot.captions import words
from bot.captions.numbers import Number, fraction_at, is_part, number_at
from bot.captions.persons import is_newborn_before, person_after, person_before
from bot.captions.tokens import Line
from bot.captions.vocabulary import is_listed, is_misspelt

LEAST_BARE_M_YEARS = 25
"""From here on `45m` is a man; below, it may be months."""
MONTHS_MATTER_YEARS = 2
"""Below, an age is said in months."""
LEAST_ADULT_YEARS = 15
MOST_MONTHS = 60
MISSPELT_CHARS = 4
"""Shorter words are too like others."""


class Unit(Enum):
    """What a number counts, with how many go into a year."""

    YEARS = 1.0
    MONTHS = 12.0
    WEEKS = 365.25 / 7
    DAYS = 365.25
    HOURS = 365.25 * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit, in the tokens from `start` to `end`.

    Args:
        is_age: Its own words say that it is one: `45 years old`, `2 y/o`, `shekarunsa 44`.
    """

    start: int
    end: int
    years: float
    unit: Unit
    is_age: bool = False


_UNITS = (
    (words.YEARS, Unit.YEARS),
    (words.MONTHS, Unit.MONTHS),
    (words.WEEKS, Unit.WEEKS),
    (words.DAYS, Unit.DAYS),
    (words.HOURS, Unit.HOURS),
)
_UNITS_BEFORE = (
    (words.YEARS_BEFORE, Unit.YEARS),
    (words.MONTHS_BEFORE, Unit.MONTHS),
    (words.WEEKS_BEFORE, Unit.WEEKS),
    (words.DAYS_BEFORE, Unit.DAYS),
)
_PARTS = {12: Unit.MONTHS, 52: Unit.WEEKS, 7: Unit.DAYS}
WITH = words.listed("with who has having presenting avec qui ayant presente com que c in")


def quantity_at(line: Line, place: int) -> Quantity | None:
    """The number with its unit that begins at a place, years and months together as one."""
    first = _simple(line, place)
    if first is None or first.unit not in {Unit.YEARS, Unit.MONTHS, Unit.WEEKS}:
        return first
    whole = _with_half(line, first)
    if whole is not None:
        return whole
    return _with_months(line, first) if first.unit is Unit.YEARS else _with_less(line, first)


def _with_less(line: Line, months: Quantity) -> Quantity:
    """`2 mois 10 jours`, `5 weeks and 3 days`: the rest belongs to it, and is not counted."""
    between = months.end + (line.word(months.end) in words.AND)
    rest = _simple(line, between) if line.number(between) is not None else None
    smaller = rest is not None and rest.unit.value > months.unit.value
    joined = between > months.end or months.is_age or line.ends(rest.end if rest else between)
    return replace(months, end=rest.end) if rest and smaller and joined else months


def _simple(line: Line, place: int) -> Quantity | None:
    before = unit_said(line.word(place), _UNITS_BEFORE)
    if before is not None:
        return _behind_unit(line, place, before)
    start = _day_number(line, place)
    if start is not None:
        return _day_of_life(line, place, start)
    number = None if is_part(line, place) else number_at(line, place)
    return None if number is None else _part(line, place) or _counted(line, place, number)


def _behind_unit(line: Line, place: int, unit: Unit) -> Quantity | None:
    """`shekara 40`, `wata biyu`, `kwanaki: 3`."""
    start = place + 1 + (line.mark(place + 1) in {":", "="})
    number = number_at(line, start) if line.is_free(start) else None
    if number is None:
        return None
    return Quantity(
        start=place,
        end=old_end(line, number.end),
        years=number.value / unit.value,
        unit=unit,
        is_age=old_end(line, number.end) > number.end
        or line.word(place) in words.POSSESSED.keys() | words.MY_AGE
        or line.mark(place + 1) == ":",
    )


def _day_number(line: Line, place: int) -> int | None:
    """Where the number of a day of life stands: `D5`, `day 3` of a newborn, `DOL 4`."""
    word, start = line.word(place), place + 1
    of_life = old_end(line, start + 1) > start + 1
    if word in words.DAY_OF_LIFE:
        return start + (line.mark(start) in {":", "-", "=", "#"})
    if line.word(start) in words.CARRIES and line.word(start + 1) in words.OF_LIFE:
        return start + 2 if word in words.DAY else None  # `day of life 4`
    added = line.mark(start) == "+" and line.glued(start) and line.glued(start + 1)
    if word in {"d", "j"} and added and old_end(line, start + 2) > start + 2:
        return start + 1  # `J+3 de vie`
    if word in {"d", "j"} and (line.glued(start) or of_life):
        return start  # `bot.captions.codes` has taken those after an operation
    if word == "h" and line.glued(start) and is_newborn_before(line, place):
        return start
    newborn = word in words.DAY and not words.NEWBORN.isdisjoint(line.typed)
    return start if newborn or (of_life and word in words.DAY | {"h"}) else None


def _day_of_life(line: Line, place: int, start: int) -> Quantity | None:
    """`D5`, `J2`, `day 3`, and `H6 de vie`."""
    number = line.number(start)
    if number is None or not line.is_free(start):
        return None
    unit = Unit.HOURS if line.word(place) == "h" else Unit.DAYS
    return Quantity(
        start=place,
        end=old_end(line, start + 1),
        years=number / unit.value,
        unit=unit,
        is_age=True,
    )


def _part(line: Line, place: int) -> Quantity | None:
    """`8/12`, `3/52`, `6/7`."""
    number, whole = line.number(place), line.number(place + 2)
    unit = _PARTS.get(whole or 0)
    glued = line.mark(place + 1) == "/" and line.glued(place + 1) and line.glued(place + 2)
    is_longer = line.glued(place + 3) and (line.mark(place + 3) == "/")
    if not glued or unit is None or number is None or is_longer or number > 36:
        return None
    end = place + 3
    return Quantity(
        start=place,
        end=old_end(line, end),
        years=number / unit.value,
        unit=unit,
        is_age=old_end(line, end) > end and _is_old_of_person(line, old_end(line, end)),
    )


def _counted(line: Line, place: int, number: Number) -> Quantity | None:
    end = _unit_start(line, number.end)
    word = line.word(end)
    if word == "y" and line.mark(end + 1) in {"/", "."} and line.word(end + 2) == "o":
        return Quantity(start=place, end=end + 3, years=number.value, unit=Unit.YEARS, is_age=True)
    unit = _unit_at(line, place, end)
    if unit is None or (number.is_spoken and len(word) == 1):
        return None
    after = _dotted_end(line, end)
    old = old_end(line, after)
    of_adult = unit is Unit.YEARS and number.value >= LEAST_ADULT_YEARS
    led = of_adult and line.word(place - 1) in words.ARTICLES  # `a 31yr old midwife`
    return Quantity(
        start=place,
        end=old,
        years=number.value / unit.value,
        unit=unit,
        is_age=word == "yo" or (old > after and (led or _is_old_of_person(line, old))),
    )


def _unit_start(line: Line, end: int) -> int:
    """Where the unit of a number stands: behind a dash, and `3rd` before `day of life`."""
    if line.word(end) in words.ORDINALS | {""} and line.mark(end) in {"", "°"} and line.glued(end):
        is_day = line.word(end + 1) in words.DAYS and old_end(line, end + 2) > end + 2
        return end + is_day
    return end + (line.mark(end) in {"-", "_"} and line.glued(end) and line.glued(end + 1))


def _unit_at(line: Line, place: int, end: int) -> Unit | None:
    word, glued = line.word(end), line.glued(end)
    if len(word) == 1 and not glued and word in {"d", "j", "w"} and not line.ends(end + 1):
        return None  # `3 d` is days, `45 j k` is not
    if word == "a" and (glued or (line.tokens[end].is_capital and line.ends(end + 1))):
        return Unit.YEARS
    old = old_end(line, end + 1) > end + 1
    if word == "m" and (
        (old and (line.number(place) or 0) < MOST_MONTHS) or _is_months(line, place, end)
    ):
        return Unit.MONTHS
    lived = old_end(line, end + 1) > end + 1 or is_newborn_before(line, place)
    if word == "h" and glued and lived:
        return Unit.HOURS
    return unit_said(word, _UNITS)


def _dotted_end(line: Line, unit: int) -> int:
    """Behind a unit, and behind its full stop where the age goes on: `45 yrs. old`, `45 ans. H`."""
    after = unit + 2
    if line.mark(unit + 1) != "." or not line.glued(unit + 1) or line.ends(after):
        return unit + 1
    word = line.word(after)
    is_person = word in words.PERSON | words.LETTERS.keys() and not aged_person(line, after)
    goes_on = is_person or old_end(line, after) > after
    return after if goes_on or _months_at(line, after) is not None else unit + 1


def _is_months(line: Line, place: int, end: int) -> bool:
    """Whether a bare *m* behind a number is months: the patient stands in another word."""
    if (line.number(place) or 0) >= LEAST_BARE_M_YEARS or not line.glued(end):
        return False
    before, after = person_before(line, place), person_after(line, end + 1)
    return bool(before) or (bool(after) and after != "m")


@lru_cache(maxsize=4096)
def unit_said(word: str, units: tuple[tuple[frozenset[str], Unit], ...] = _UNITS) -> Unit | None:
    """The unit that a word is, also where a letter of it is missing, doubled or out of place."""
    exact = next((unit for known, unit in units if word in known), None) if word else None
    if exact is not None or len(word) < MISSPELT_CHARS or is_listed(word):
        return exact
    return next((unit for known, unit in units if _is_misspelt(word, known)), None)


def _is_misspelt(word: str, known: frozenset[str]) -> bool:
    return any(
        len(right) >= MISSPELT_CHARS and right[0] == word[0] and is_misspelt(word, right)
        for right in known
    )


def aged_person(line: Line, place: int) -> bool:
    """Whether a word for somebody has an age of its own behind it: `cough 3 weeks. F 45`."""
    after = place + 1 + bool(line.mark(place + 1))
    after += line.word(after) in words.CARRIES | words.ABOUT | {"aged"}
    number = number_at(line, after)
    if number is None or line.word(number.end) in words.NUMBER_UNITS:
        return False
    unit = unit_said(line.word(number.end))
    return unit is Unit.YEARS or (unit is None and not number.is_spoken)


def old_end(line: Line, end: int) -> int:
    """Where `old` behind a unit ends, or `of age`."""
    dash = line.mark(end) == "-" and line.word(end + 1) in words.OLD
    if line.word(end + dash) in words.OLD:
        return end + dash + 1
    if line.word(end) in words.CARRIES and line.word(end + 1) in words.OF_LIFE:
        return end + 2
    if line.mark(end + 1) == "'" and line.word(end) == "d" and line.word(end + 2) == "age":
        return end + 3
    return end


def _is_old_of_person(line: Line, end: int) -> bool:
    """Whether `45 years old` is said of somebody, and not of a fracture."""
    after = end + (line.mark(end) == "-")
    who = words.PERSON | words.LETTERS.keys() | words.PRONOUNS.keys() | words.FIRST_PERSON
    goes_on = words.AND | WITH | words.GOES_ON | words.BY_SOMEBODY | words.SUBJECTS_VERB
    named = line.word(after) == "b" and line.word(after + 2) == "o"  # `b/o Grace`
    return line.ends(end) or named or line.word(after) in who | goes_on


def _with_half(line: Line, whole: Quantity) -> Quantity | None:
    """`2 ans et demi`, `1 year and a half`, `2 yrs 1/2`."""
    between = whole.end + (line.word(whole.end) in words.AND or line.mark(whole.end) in {"&", "+"})
    after = between + (line.word(between) in words.ARTICLES and between > whole.end)
    if line.word(after) in words.HALVES:
        return _joined(whole, 0.5 / whole.unit.value, after + 1)
    tail = number_at(line, between)
    if tail is not None and 0 < tail.value < 1 and not tail.is_spoken:  # `2 ans ½`
        return _joined(whole, tail.value / whole.unit.value, tail.end)
    part = fraction_at(line, between)
    is_half = part is not None and line.number(between + 2) != Unit.MONTHS.value
    return _joined(whole, (part or 0) / whole.unit.value, between + 3) if is_half else None


def _with_months(line: Line, years: Quantity) -> Quantity | None:
    """`1 year 6 months`, `1y6m`; None where the months may be of a cough."""
    between, joined = years.end, False
    if line.mark(between) == "-" or line.mark(between) in {"&", "+"}:
        joined, between = line.mark(between) != "-", between + 1
    elif line.word(between) in words.AND:
        joined, between = True, between + 1
    apart = line.mark(between) == ","
    months = _months_at(line, between + apart)
    if months is None or months.unit is not Unit.MONTHS:
        return years
    count = round(months.years * 12)
    touching = line.glued(between) and not line.mark(between)
    units = (line.word(years.end - 1), line.word(months.end - 1))
    alike = units in {("a", "m"), ("y", "m")} and years.years < LEAST_ADULT_YEARS  # `4a 6m toux`
    clear = alike or _is_clear(line, months.end)
    if count < 12 and not apart and (joined or touching or clear):
        return _joined(years, count / Unit.MONTHS.value, months.end)
    if years.years >= MONTHS_MATTER_YEARS:
        return years
    return Quantity(start=years.start, end=months.end, years=0, unit=Unit.YEARS)


def _months_at(line: Line, place: int) -> Quantity | None:
    found = _simple(line, place)
    if found is not None or line.number(place) is None:
        return found
    if line.word(place + 1) != "m" or not line.glued(place + 1):
        return None
    years = (line.number(place) or 0) / Unit.MONTHS.value
    return Quantity(start=place, end=place + 2, years=years, unit=Unit.MONTHS)


def _joined(whole: Quantity, more_years: float, end: int) -> Quantity:
    return replace(whole, end=end, years=whole.years + more_years)


def _is_clear(line: Line, end: int) -> bool:
    """Whether what follows months shows that they are of an age."""
    person = person_after(line, end)
    labelled = line.word(end) in {"sex", "sexe", "sexo", "gender", "jinsi"}
    old = line.word(end + (line.mark(end) == "-")) in words.OLD
    if line.word(end) in words.OLD or line.mark(end) == "-" or line.word(end - 1) in words.OLD:
        old = True
    happened = line.word(end) in words.ACUTE  # `2yrs 3mths swallowed coin`
    return old or happened or labelled or bool(person) or line.ends(end) or line.word(end) in WITH

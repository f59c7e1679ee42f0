"""Numbers with their units: `45 ans`, `8/12`, `1y6m`, `shekara 40`, and what belongs to them."""

from dataclasses import dataclass
from enum import Enum

from bot.captions import words
from bot.captions.persons import person_after, person_before
from bot.captions.tokens import Line

LEAST_BARE_M_YEARS = 25
"""From here on `45m` is a man; below, it may be months."""
MONTHS_MATTER_YEARS = 2
"""Below, an age is said in months."""


class Unit(Enum):
    """What a number counts, with how many go into a year."""

    YEARS = 1.0
    MONTHS = 12.0
    WEEKS = 365.25 / 7
    DAYS = 365.25


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
    if first is None or first.unit is not Unit.YEARS:
        return first
    return _with_months(line, first)


def _simple(line: Line, place: int) -> Quantity | None:
    before = _unit(line.word(place), _UNITS_BEFORE)
    if before is not None:
        start = place + 1 + (line.mark(place + 1) in {":", "="})
        number = line.number(start)
        if number is None or not line.is_free(start):
            return None
        is_age = line.word(place) in words.POSSESSED or line.mark(place + 1) == ":"
        return Quantity(
            start=place, end=start + 1, years=number / before.value, unit=before, is_age=is_age
        )
    if line.word(place) in {"d", "j"} and line.glued(place + 1):
        return _day_of_life(line, place)
    if line.word(place) in {"day", "jour", "dia"} and _is_of_life(line, place):
        return _day_of_life(line, place)
    if line.number(place) is None or is_part(line, place):
        return None
    part = _part(line, place)
    return part if part is not None else _decimal(line, place)


def is_part(line: Line, place: int) -> bool:
    """Whether digits belong to a longer number: `1/2`, `38.5`."""
    return (
        line.glued(place)
        and line.mark(place - 1) in {".", "/", ","}
        and (line.number(place - 2) is not None and line.glued(place - 1))
    )


def _is_of_life(line: Line, place: int) -> bool:
    """`day 2 of life`, and `day 2` of a newborn."""
    newborn = not words.NEWBORN.isdisjoint(line.typed)
    return newborn or old_end(line, place + 2) > place + 2


def _day_of_life(line: Line, place: int) -> Quantity | None:
    """`D5`, `J2` of a newborn; `bot.captions.codes` has taken those after an operation."""
    number = line.number(place + 1)
    if number is None or not line.is_free(place + 1):
        return None
    end = old_end(line, place + 2)
    return Quantity(
        start=place, end=end, years=number / Unit.DAYS.value, unit=Unit.DAYS, is_age=True
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


def _decimal(line: Line, place: int) -> Quantity | None:
    value, end = float(line.number(place) or 0), place + 1
    tail = line.number(place + 2)
    if (
        line.mark(end) in {".", ","}
        and line.glued(end)
        and line.glued(end + 1)
        and tail is not None
    ):
        value, end = float(f"{line.number(place)}.{line.tokens[place + 2].text}"), place + 3
    dash = line.mark(end) == "-" and line.glued(end) and line.glued(end + 1)
    end += dash
    if line.word(end) == "y" and line.mark(end + 1) in {"/", "."} and line.word(end + 2) == "o":
        return Quantity(start=place, end=end + 3, years=value, unit=Unit.YEARS, is_age=True)
    unit = _unit(line.word(end), _UNITS)
    if unit is None and line.word(end) == "a" and line.glued(end):
        unit = Unit.YEARS
    if unit is None and line.word(end) == "m" and _is_months(line, place, end):
        unit = Unit.MONTHS
    if unit is None:
        return None
    short = len(line.word(end)) == 1 and not line.glued(end) and line.word(end) in {"d", "j", "w"}
    if short and not line.ends(end + 1):
        return None  # `3 d` is days, `45 j k` is not
    after = end + 1 + (line.mark(end + 1) == "." and line.glued(end + 1) and not line.ends(end + 2))
    is_age = line.word(end) == "yo" or _is_old_of_person(line, old_end(line, after))
    is_age = is_age and (line.word(end) == "yo" or old_end(line, after) > after)
    return Quantity(
        start=place, end=old_end(line, after), years=value / unit.value, unit=unit, is_age=is_age
    )


def _is_months(line: Line, place: int, end: int) -> bool:
    """Whether a bare *m* behind a number is months: the patient stands in another word."""
    if (line.number(place) or 0) >= LEAST_BARE_M_YEARS or not line.glued(end):
        return False
    before, after = person_before(line, place), person_after(line, end + 1)
    return bool(before) or (bool(after) and after != "m")


def _unit(word: str, units: tuple[tuple[frozenset[str], Unit], ...]) -> Unit | None:
    return next((unit for known, unit in units if word in known), None) if word else None


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
    known = line.word(after) in words.PERSON | words.LETTERS.keys() | WITH
    return line.ends(end) or known


def _with_months(line: Line, years: Quantity) -> Quantity | None:
    """`1 year 6 months`, `1y6m`, `2 ans et demi`; None where the months may be of a cough."""
    between, joined = years.end, False
    if line.mark(between) == "-" or line.mark(between) in {"&", "+"}:
        joined, between = line.mark(between) != "-", between + 1
    elif line.word(between) in words.AND:
        joined, between = True, between + 1
    if line.word(between) == "a" and line.word(between + 1) in words.HALVES:
        return Quantity(start=years.start, end=years.end, years=0, unit=Unit.YEARS)
    if line.word(between) in words.HALVES:
        return _joined(years, 6, between + 1)
    apart = line.mark(between) == ","
    months = _months_at(line, between + apart)
    if months is None or months.unit is not Unit.MONTHS:
        return years
    count = round(months.years * 12)
    touching = line.glued(between) and not line.mark(between)
    clear = _is_clear(line, months.end)
    if count < 12 and not apart and (joined or touching or clear):
        return _joined(years, count, months.end)
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


def _joined(years: Quantity, months: int, end: int) -> Quantity:
    whole = years.years + months / Unit.MONTHS.value
    return Quantity(start=years.start, end=end, years=whole, unit=Unit.YEARS, is_age=years.is_age)


def _is_clear(line: Line, end: int) -> bool:
    """Whether what follows months shows that they are of an age."""
    person = person_after(line, end)
    labelled = line.word(end) in {"sex", "sexe", "sexo", "gender", "jinsi"}
    old = line.word(end + (line.mark(end) == "-")) in words.OLD
    if line.word(end) in words.OLD or line.mark(end) == "-" or line.word(end - 1) in words.OLD:
        old = True
    return old or labelled or bool(person) or line.ends(end) or line.word(end) in WITH

"""Numbers of a caption that are no age: findings, measures, beds, months of a treatment."""

from bot.captions import identifiers, words
from bot.captions.persons import is_child_letter, is_newborn_before
from bot.captions.quantities import old_end, unit_said
from bot.captions.tokens import Line, Role

LONGEST_TREATMENT_MONTHS = 24
LEAST_AGE_GLUED = 15
"""`M6` and `F3` are codes, `M45` and `F32` are patients."""


def find_codes(line: Line) -> None:
    """Give the role of a code to what is one."""
    for place in range(len(line)):
        if line.is_free(place):
            _take_period(line, place)
            _code_at(line, place)


def _code_at(line: Line, place: int) -> None:
    word = line.word(place)
    if word in words.BEDS:
        _take_bed(line, place)
    elif word and line.glued(place + 1) and line.number(place + 1) is not None:
        _take_glued(line, place)
    elif word in words.VITALS and not _is_other_word(line, place):
        _take_vital(line, place + 1, place)
    elif word in words.UNITS_BEFORE and line.number(place + 1) is not None:
        _take_unit_before(line, place)
    elif word in words.TWINS:
        _take_twin(line, place + 1)
    elif line.mark(place + 1) == "/" and line.glued(place + 1) and line.glued(place + 2):
        _take_slashed(line, place)
    elif line.number(place) is not None:
        _take_measure(line, place)


def _take_bed(line: Line, place: int) -> None:
    """`lit M 4`, `Bed no. 12`, `salle 3`."""
    end = place + 1
    while line.word(end) in identifiers.NUMBER_WORDS or (
        line.mark(end) and line.mark(end) in ".:°#-"
    ):
        if line.mark(end) == "." and not line.glued(end + 1) and end == place + 1:
            return  # `male ward. 29 yrs`
        end += 1
    if len(line.word(end)) == 1 and line.number(end + 1) is not None:
        end += 1
    if line.number(end) is not None and unit_said(line.word(end + 1)) is None:
        line.give(Role.CODE, place, end + 1)


def _take_period(line: Line, place: int) -> None:
    """`LMP 8/12`, `DDR: 02/05`: a date, and no age."""
    if line.word(place) not in words.LAST_PERIOD:
        return
    start = place + 1 + (line.mark(place + 1) in {":", "=", "-"})
    dated = line.mark(start + 1) in {"/", "-", "."} and line.glued(start + 1)
    if dated and line.number(start) is not None and line.number(start + 2) is not None:
        line.give(Role.CODE, start, start + 3)


def _take_twin(line: Line, start: int) -> None:
    """`twin 2`, `twin (2)`: which of them; not `twins 3/12 old`."""
    number = start + (line.mark(start) in {"(", "#"})
    if line.number(number) is not None and line.mark(number + 1) != "/":
        line.give(Role.CODE, number, number + 1)


def _take_glued(line: Line, place: int) -> None:
    """`T4`, `M6`, `CD4 210`, `G3P2`."""
    word, number = line.word(place), line.number(place + 1) or 0
    end = place + 2
    while line.glued(end) and (line.word(end) or line.number(end) is not None or _adds(line, end)):
        end += 1
    may_be_person = word in words.LETTERS and end == place + 2
    followed = word in words.LETTERS and end == place + 3 and line.word(place + 2) in words.YEARS
    controlled = any(line.word(before) in words.CONTROLS for before in range(place - 2, place))
    treated = number <= LONGEST_TREATMENT_MONTHS and _is_treated(line)
    if followed or (may_be_person and number >= LEAST_AGE_GLUED and not (controlled or treated)):
        return
    if word in _UNIT_WORDS or (len(word) > 2 and word not in words.VITALS):
        return  # `shekara40`, `wata8`, `ref2231`
    lived = old_end(line, end) > end or (_is_newborn(line) and not _is_of_course(line, end))
    if word in {"d", "j", "dol", "h"} and lived:
        return  # the day of its life
    line.give(Role.CODE, place, end)
    if word in words.VITALS:
        _take_vital(line, end, place)


def _adds(line: Line, place: int) -> bool:
    """`P2+0`."""
    return line.mark(place) == "+" and line.glued(place + 1) and line.number(place + 1) is not None


_UNIT_WORDS = (
    words.YEARS_BEFORE | words.MONTHS_BEFORE | words.WEEKS_BEFORE | words.DAYS_BEFORE | words.PERSON
) - frozenset({"t"})


def _is_treated(line: Line) -> bool:
    """Whether months of a treatment are counted somewhere: `MDR TB, M18`."""
    return not words.TREATED.isdisjoint(line.typed)


def _is_newborn(line: Line) -> bool:
    return bool(line.typed & words.NEWBORN) and not line.typed & words.AFTER_OPERATION


def _is_other_word(line: Line, place: int) -> bool:
    """`y/o 56`, `grávida 30 semanas`: no measures."""
    of_old = line.word(place) == "o" and line.mark(place - 1) == "/" and line.glued(place)
    counted = line.word(place) in words.PREGNANT and unit_said(line.word(place + 2)) is not None
    return of_old or counted


def _take_vital(line: Line, start: int, cue: int) -> None:
    """`BP 120/80`, `T° 38,5`, `SpO2: 88%`."""
    end = start
    while line.mark(end) and line.mark(end) in ":=.°~<>-a":
        end += 1
    if line.number(end) is None or (line.word(cue) == "pa" and line.mark(end + 1) != "/"):
        return
    if line.mark(end + 1) == "/" and line.number(end + 2) is None:
        return  # `PA 33/F`
    end += 1
    while line.glued(end) and (
        (line.mark(end) and line.mark(end) in "/.,%+") or line.number(end) is not None
    ):
        end += 1
    while line.mark(end - 1) and line.mark(end - 1) in "/.,+":
        end -= 1
    line.give(Role.CODE, cue, end)


def _is_glued_code(line: Line, place: int) -> bool:
    return line.glued(place + 1) and line.number(place + 1) is not None


def _take_unit_before(line: Line, place: int) -> None:
    """`month 5`, `mês 8`, `day 3`: of a treatment or after an operation."""
    after = line.word(place + 2 + (line.word(place + 2) in words.CARRIES))
    if not _is_day_lived(line, place) and after not in words.OF_LIFE | words.YEARS | words.MONTHS:
        line.give(Role.CODE, place, place + 2)


def _is_day_lived(line: Line, place: int) -> bool:
    """`newborn, day 3`; not `newborn, day 3 of antibiotics`, `newborn, antibiotics day 3`."""
    of_newborn = line.word(place - 1) in words.NEWBORN
    led = of_newborn or line.begins(place)
    alone = line.ends(place + 2) or (of_newborn and not _is_of_course(line, place + 2))
    return led and alone and line.word(place) in words.DAYS and _is_newborn(line)


def _is_of_course(line: Line, place: int) -> bool:
    """Whether what follows a day is counted by it: a treatment, a stay, an illness."""
    counted = line.word(place) in words.BEFORE_DURATION | words.CARRIES | words.AFTER_OPERATION
    led = line.word(place) in words.BEFORE_COURSE and line.word(place + 1) in words.COURSES
    return counted or led or line.word(place) in words.COURSES


def _take_slashed(line: Line, place: int) -> None:
    """`F/U`, `c/o`, `h/o`."""
    is_child = is_child_letter(line, place + 2)
    if f"{line.word(place)}{line.word(place + 2)}" in words.SLASHED and not is_child:
        line.give(Role.CODE, place, place + 3)


def _take_measure(line: Line, place: int) -> None:
    """`12 kg`, `39,5°`, `88 %`, `20/40`, `x 3`."""
    end = place + 1
    while (
        line.glued(end)
        and line.mark(end) in {".", ",", "/"}
        and line.glued(end + 1)
        and (line.number(end + 1) is not None)
    ):
        end += 2
    sign = line.mark(end)
    pregnant = end == place + 3 and line.mark(place + 1) == "/" and line.number(place + 2) == 40
    tobacco = line.word(end) == "pa" and any(
        line.word(before) in words.HABITS for before in range(place - 3, place)
    )
    letter = len(line.word(end)) == 1 and not line.glued(end)
    if sign == "°" and line.word(end + 1) in words.DAYS and old_end(line, end + 2) > end + 2:
        return  # `2° dia de vida`
    lived = old_end(line, end + 1) > end + 1 or is_newborn_before(line, place)
    alone = line.begins(place) and line.ends(end + 1) and not line.typed.isdisjoint(words.NEWBORN)
    of_life = (lived or alone) and line.word(end) in words.HOURS | {"h"}
    counted = line.word(end) in words.NUMBER_UNITS and not letter and not _is_glued_code(line, end)
    hours = line.word(end) == "h" and line.glued(end) and line.mark(end + 1) != "/"
    if hours and _is_glued_code(line, end):  # `14h30`
        line.give(Role.CODE, place, end + 2)
        return
    day_of_life = line.word(end + 1) in words.DAYS and old_end(line, end + 2) > end + 2
    if of_life or (day_of_life and line.word(end) in words.ORDINALS):
        return
    if sign == "°" and line.glued(end + 1) and line.number(end + 1) is not None:
        end += 1  # `38°5`
    if counted or hours or pregnant or tobacco or (sign and sign in "%°"):
        line.give(Role.CODE, place, end + (1 if not pregnant else 0))

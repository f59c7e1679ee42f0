"""The patient's age, told from durations and from all other numbers of a caption.

Must not guess: what can be meant two ways ("M 3 weeks cough", "cough, 3 years", two ages) is none.
Below 25 a bare *m* means months, and only beside another word for the patient: `F 6m`, `enft 8m`.
"""

from collections.abc import Iterator

from bot.captions import words
from bot.captions.persons import (
    is_said_in_hausa,
    is_sex_letter,
    person_after,
    person_before,
    skip_about,
)
from bot.captions.quantities import LEAST_BARE_M_YEARS, WITH, Quantity, Unit, is_part, quantity_at
from bot.captions.tokens import Line, Role

MAX_YEARS = 120
SAME_YEARS = 0.001
SURELY_AGE_YEARS = 15
"""Nobody coughs for longer: `45 ans toux` begins with an age."""
MOST_BARE_F_YEARS = 94
"""Above, it is a fever: `101F`."""
MOST_CHILD_YEARS = 18
LEAST_GESTATION_WEEKS = 20
TIMES = "×"  # noqa: RUF001 - the sign is meant
_FILMS = words.listed("xr cxr xray xrays ray rx rxt")
_FEVERS = words.listed("fever fievre febre temp zazzabi")


def find_age(line: Line) -> float | None:
    """The age in years that a caption tells, None where it tells none, or more than one."""
    ages = [age for age in _ages(line) if 0 < age <= MAX_YEARS]
    is_clear = ages and max(ages) - min(ages) < SAME_YEARS
    return ages[0] if is_clear and not _tells_of_caregiver(line) else None


def _tells_of_caregiver(line: Line) -> bool:
    """Whether somebody else's age is told too: whose is the other one?"""
    return any(
        role is Role.AGE and person_before(line, place) in words.CAREGIVER
        for place, role in enumerate(line.roles)
    )


def _ages(line: Line) -> Iterator[float]:
    place = 0
    while place < len(line):
        quantity = quantity_at(line, place) if line.is_free(place) else None
        if quantity is None:
            if line.is_free(place) and line.number(place) is not None and _is_bare_age(line, place):
                line.give(Role.AGE, place, place + 1)
                yield float(line.number(place) or 0)
            place += 1
            continue
        role = _role_of(line, quantity)
        line.give(role, quantity.start, quantity.end)
        if role is Role.AGE:
            yield quantity.years
        place = quantity.end


def _role_of(line: Line, quantity: Quantity) -> Role:
    start, end = quantity.start, quantity.end
    short = quantity.unit is not Unit.YEARS
    pregnant = short and line.word(end) in words.PREGNANT
    is_range = line.mark(start - 1) == "-" and line.number(start - 2) is not None  # `50-60 years`
    of_other = _is_of_companion(line, quantity) or _is_gestation(line, quantity)
    if quantity.years == 0 or is_range or of_other:
        return Role.DOUBT
    if _is_duration_before(line, start):
        return Role.DURATION
    if quantity.is_age and not is_said_in_hausa(line, start):
        return Role.AGE if _may_be_old(line, quantity) else Role.DOUBT
    if is_said_in_hausa(line, start) or _is_cued(line, start):
        return Role.AGE
    if pregnant or _is_duration_after(line, end):
        return Role.DURATION
    return _role_by_person(line, quantity) or _role_by_place(line, quantity)


def _is_of_companion(line: Line, quantity: Quantity) -> bool:
    """`woman with 3 yr old child`: whose age is it?"""
    before = quantity.start - 1
    while line.word(before) in words.ARTICLES:
        before -= 1
    accompanied = line.word(before) in WITH and line.word(before - 1) in words.PERSON
    return accompanied and person_after(line, quantity.end) in words.YOUNG


def _is_gestation(line: Line, quantity: Quantity) -> bool:
    """`preterm 32 weeks`: how long it was carried."""
    weeks = quantity.years * Unit.WEEKS.value
    premature = not words.PREMATURE.isdisjoint(line.typed)
    return premature and quantity.unit is Unit.WEEKS and weeks >= LEAST_GESTATION_WEEKS


def _may_be_old(line: Line, quantity: Quantity) -> bool:
    """`fracture 2 years old` is none of a patient."""
    if line.word(quantity.end - 1) not in words.OLD:
        return True
    before = quantity.start - 1
    beside = person_before(line, quantity.start) or person_after(line, quantity.end)
    led = line.begins(quantity.start) or line.word(before) in words.ARTICLES | words.SUBJECTS_VERB
    return bool(beside) or led or line.word(before) in words.ABOUT


def _role_by_person(line: Line, quantity: Quantity) -> Role | None:
    before, after = person_before(line, quantity.start), person_after(line, quantity.end)
    years = quantity.unit is Unit.YEARS
    whole = years or line.ends(quantity.end) or line.word(quantity.end) in WITH
    if before in words.PREGNANT and not years:
        return Role.DURATION
    if before:
        is_subject = before in words.PRONOUNS
        months_of_child = before in words.YOUNG and quantity.unit is Unit.MONTHS
        of_child = before in words.YOUNG and line.word(quantity.start - 1) in words.CARRIES
        young = before in words.NEWBORN or months_of_child or of_child
        return Role.AGE if whole or (not is_subject and (after or young)) else Role.DOUBT
    if after and not _is_of_symptom(line, quantity, years=years):
        return Role.AGE
    return None


def _is_of_symptom(line: Line, quantity: Quantity, *, years: bool) -> bool:
    """Whether a word that is nobody stands directly before: `cough 3 weeks F 45`."""
    before = skip_about(line, quantity.start)
    while line.word(before) in words.ARTICLES:
        before -= 1
    word = line.word(before)
    if not word or line.role(before) or line.begins(quantity.start):
        return False
    return not (years and quantity.years >= SURELY_AGE_YEARS and word not in words.HABITS)


def _role_by_place(line: Line, quantity: Quantity) -> Role:
    begins = line.begins(skip_about(line, quantity.start) + 1)
    ends = line.ends(quantity.end) or line.word(quantity.end) in WITH
    if quantity.unit is not Unit.YEARS:
        is_young = bool(line.typed & words.NEWBORN)
        return Role.AGE if begins and ends and is_young else Role.DURATION
    chronic = _is_habit_near(line, quantity)
    first = _is_first(line, quantity.start)
    if first and ends:
        return Role.AGE
    if begins and quantity.years >= SURELY_AGE_YEARS and not chronic:
        return Role.AGE
    return Role.DOUBT


def _is_first(line: Line, start: int) -> bool:
    """Whether nothing of the patient's illness stands before."""
    return all(
        line.role(place) in {Role.REFERENCE, Role.PRIVATE} or line.mark(place)
        for place in range(skip_about(line, start) + 1)
    )


def _is_habit_near(line: Line, quantity: Quantity) -> bool:
    near = [*range(quantity.start - 3, quantity.start), *range(quantity.end, quantity.end + 2)]
    return any(line.word(place) in words.HABITS for place in near)


def _is_duration_before(line: Line, start: int) -> bool:
    before = skip_about(line, start)
    word = line.word(before)
    if line.mark(before) == TIMES:
        return True
    if word == "a" and line.word(before - 1) == "y":
        return True  # `il y a 3 ans`
    if word in {"a", "age", "l"} or line.mark(before) == "'":  # `depuis l'âge de 5 ans`
        return False
    if word == "de" and line.word(before - 1) == "age":
        return _is_since_age(line, before - 1)
    if word in words.AGE_CUES:
        return _is_since_age(line, before)
    return word in words.BEFORE_DURATION


def _is_since_age(line: Line, cue: int) -> bool:
    """`had TB at age 5`, `depuis l'âge de 5 ans`: an age, but of another day."""
    before = cue - 1
    while line.word(before) in {"l", "the"} or line.mark(before) == "'":
        before -= 1
    return line.word(before) in {"at", "a", "since", "from", "depuis", "des", "desde", "tun"}


def _is_cued(line: Line, start: int) -> bool:
    """`Age: 6 mois`, `âgé de 52 ans`."""
    before = skip_about(line, start)
    while line.mark(before) in {":", "=", "."} or line.word(before) in words.CARRIES:
        before -= 1
    return line.word(before) in words.AGE_CUES and not _is_since_age(line, before)


def _is_duration_after(line: Line, end: int) -> bool:
    word = line.word(end)
    if word in {"de", "of", "d"} and line.word(end + 1) in {"sexe", "sexo", "sex", "age", "idade"}:
        return False
    return word.startswith("smok") or word in words.AFTER_DURATION


def _is_bare_age(line: Line, place: int) -> bool:
    """Whether a number without a unit is an age: `M 45`, `45F`, `girl 14`, `Age: 66`."""
    number = line.number(place) or 0
    if not 0 < number <= MAX_YEARS or is_part(line, place) or _goes_on(line, place):
        return False
    if _is_duration_before(line, place):
        return False
    if _is_cued(line, place):
        return True
    return _follows_sex(line, place, number) or _precedes_sex(line, place, number)


def _goes_on(line: Line, place: int) -> bool:
    """Whether digits begin a longer number: `38.5`, `120/80`."""
    joint = line.mark(place + 1)
    touching = line.glued(place + 1) and line.glued(place + 2)
    is_joint = bool(joint) and joint in ".,/-"
    return touching and is_joint and line.number(place + 2) is not None


def _follows_sex(line: Line, place: int, number: int) -> bool:
    before, after = person_before(line, place), line.word(place + 1)
    sexed = words.SEXES.keys() | words.LETTERS.keys() | words.PRONOUNS.keys()
    if before not in sexed or before in words.CAREGIVER:
        return False
    if line.mark(place - 1) == "/" and line.glued(place) and line.glued(place - 1):
        return True  # `F/9`
    if line.ends(place + 1) or after in WITH or line.role(place + 1) is Role.CODE:
        letter = line.word(place - 1) in words.LETTERS
        return number >= 10 or not letter or line.begins(place - 1)  # not `fibrose F 3`
    if not after or line.glued(place + 1) or line.role(place + 1) is not None:
        return False
    return number <= MOST_CHILD_YEARS if before in words.YOUNG_SEXED else number >= 10


def _precedes_sex(line: Line, place: int, number: int) -> bool:
    parted = bool(line.mark(place + 1)) and line.mark(place + 1) in "/,"
    after = place + 1 + parted
    word = line.word(after)
    if line.role(after) is not None or line.word(place - 1) in _FEVERS:
        return False
    beside = line.glued(after) or parted
    led = word in words.SEXES and line.word(place - 1) in {"am", "is", "a", "of", "aged"}
    begins = line.begins(place) or line.role(place - 1) is Role.DURATION or led
    filmed = line.word(place - 1) in _FILMS  # `xray 70 M`; not `tube 60 M`
    last = filmed and number >= LEAST_BARE_M_YEARS and line.ends(after + 1)
    shouted = after < len(line) and line.tokens[after].is_capital
    if not (begins or (number >= SURELY_AGE_YEARS and beside) or (last and shouted)):
        return False
    return word in words.SEXES or (
        word in words.LETTERS
        and is_sex_letter(line, after)
        and _may_be_beside(word, number, parted=parted)
    )


def _may_be_beside(letter: str, number: int, *, parted: bool) -> bool:
    """Whether a number and a letter are age and sex: not `6m`, `24h`, `101F`."""
    if letter == "h":
        return parted
    least = LEAST_BARE_M_YEARS if letter == "m" and not parted else 1
    return least <= number <= MOST_BARE_F_YEARS

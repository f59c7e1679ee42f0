"""The patient's age, told from durations and from all other numbers of a caption.

Must not guess: what can be meant two ways ("M 3 weeks cough", "cough, 3 years", two ages) is none.
Below 25 a bare *m* means months, and only beside another word for the patient: `F 6m`, `enft 8m`.
"""

from collections.abc import Iterator

from bot.captions import words
from bot.captions.bare_ages import (
    LEAST_MOTHER_YEARS,
    MAX_YEARS,
    MOST_CHILD_YEARS,
    bare_age,
)
from bot.captions.cues import is_cued, is_duration_after, is_duration_before
from bot.captions.persons import (
    is_newborn_before,
    is_own,
    is_said_in_hausa,
    of_own_kin,
    person_after,
    person_before,
    skip_about,
)
from bot.captions.quantities import WITH, Quantity, Unit, aged_person, quantity_at
from bot.captions.tokens import Line, Role
from bot.captions.vocabulary import is_known

SAME_YEARS = 0.001
SURELY_AGE_YEARS = 15
"""Nobody coughs for longer: `45 ans toux` begins with an age."""
MOST_PUPIL_YEARS = 30
LEAST_ACUTE_YEARS = 8
"""Fewer years beside an accident may be how long ago it was."""
LEAST_BABY_MONTHS = 7
"""Fewer months at the beginning of a caption may be a complaint's."""
_TODDLER_MONTHS = frozenset(range(13, 24)) - {18}
LEAST_GESTATION_WEEKS = 20
_NEAR = 7
_WOMEN = words.FEMALE | {"f"}


def find_age(line: Line) -> float | None:
    """The age in years that a caption tells, None where it tells none, or more than one."""
    doubts: list[Quantity] = []
    told = [(place, age) for place, age in _ages(line, doubts) if 0 < age <= MAX_YEARS]
    if not told:
        return _age_among_doubts(line, doubts)
    of_mother = any(
        line.word(place) in words.MOTHERS and is_own(line, place) for place in range(len(line))
    )
    nursing = not line.typed.isdisjoint(words.WIVES) and not line.typed.isdisjoint(words.NURSE)
    if of_mother or nursing:  # `lactating mother 34 yrs, baby 5 days old`
        of_others = [place for place, age in told if age < LEAST_MOTHER_YEARS]
    else:
        of_others = [place for place, _ in told if _is_of_caregiver(line, place)]
    ages = [age for place, age in told if place not in of_others]
    is_clear = ages and max(ages) - min(ages) < SAME_YEARS
    first = min(place for place, _ in told)
    of_child = is_clear and ages[0] < MOST_CHILD_YEARS and first not in of_others
    return ages[0] if is_clear and (of_child or of_mother or not of_others) else None


def _age_among_doubts(line: Line, doubts: list[Quantity]) -> float | None:
    """The only years in doubt, where they are no complaint's: `an old man here 70 years`."""
    years = [each for each in doubts if each.unit is Unit.YEARS and each.years > 0]
    if len(years) != 1 or years[0].is_age:
        return None
    only = years[0]
    told = _is_behind_sex(line, only) or _is_acute(line, only) or _is_of_smoker(line, only)
    if _is_range(line, only.start) or not told:
        return None
    line.give(Role.AGE, only.start, only.end)
    return only.years


def _is_behind_sex(line: Line, quantity: Quantity) -> bool:
    place = skip_about(line, quantity.start)
    while line.word(place) in words.HERE or line.role(place) is Role.PRIVATE:
        place -= 1
    old = quantity.years >= SURELY_AGE_YEARS
    return old and place < quantity.start - 1 and line.word(place) in words.SEXES


def _is_of_smoker(line: Line, quantity: Quantity) -> bool:
    """`drain J1, 27 ans, fumeur`: the years have a thought of their own, and no habit before it."""
    alone = line.begins(quantity.start) and line.mark(quantity.end) == ","
    smoker = line.word(quantity.end + 1) in words.SMOKERS
    before = range(quantity.start - 3, quantity.start)
    habit = any(line.word(place) in words.HABITS for place in before)
    return alone and smoker and quantity.years >= SURELY_AGE_YEARS and not habit


def _is_acute(line: Line, quantity: Quantity) -> bool:
    """`Fell from tree. 9 years. Left arm`: what is told so has just happened."""
    pictured = line.tokens[quantity.start].pictured
    alone = pictured or (line.begins(quantity.start) and line.ends(quantity.end))
    happened = not line.typed.isdisjoint(words.ACUTE)
    told = alone and happened and quantity.years >= LEAST_ACUTE_YEARS
    return told and line.typed.isdisjoint(words.OF_OLD | words.OLD)


def _is_of_caregiver(line: Line, place: int) -> bool:
    """Whether an age is somebody else's: `mother 22`, `mother HIV+ 28 yrs`; not `my mother 60`."""
    if of_own_kin(line, place):
        return False
    if person_before(line, place) in words.CAREGIVER | words.GRANDPARENTS:
        return True
    before = place - 1
    while before > place - _NEAR and not (line.mark(before) and line.mark(before) in ",;.:("):
        if line.word(before) in words.CAREGIVER:
            return not is_own(line, before) and line.word(before + 1) not in words.CARRIES
        if line.word(before) in words.PERSON or line.word(before) in words.LETTERS:
            return False
        before -= 1
    return False


def _ages(line: Line, doubts: list[Quantity]) -> Iterator[tuple[int, float]]:
    """The ages with their places; quantities that may be one are added to those in doubt."""
    place = 0
    while place < len(line):
        quantity = quantity_at(line, place) if line.is_free(place) else None
        if quantity is None:
            bare = bare_age(line, place) if line.is_free(place) else None
            if bare is not None:
                yield place, bare
            place += 1
            continue
        role = _role_of(line, quantity)
        line.give(role, quantity.start, quantity.end)
        if role is Role.DOUBT:
            doubts.append(quantity)
        if role is Role.AGE:
            yield quantity.start, quantity.years
        place = quantity.end


def _role_of(line: Line, quantity: Quantity) -> Role:
    start = quantity.start
    of_other = _is_of_companion(line, quantity) or _is_gestation(line, quantity)
    of_other = of_other or line.word(_led_by(line, start)) in words.AGAINST
    added = line.mark(start - 1) == "+" and line.number(start - 2) is not None  # `30+4 weeks`
    if quantity.years == 0 or added or _is_range(line, start) or of_other:
        return Role.DOUBT
    if is_duration_before(line, start):
        return Role.DURATION
    if quantity.is_age and not is_said_in_hausa(line, start):
        return Role.AGE if _may_be_old(line, quantity) else Role.DOUBT
    if is_said_in_hausa(line, start) or is_cued(line, start):
        return Role.AGE
    return _role_by_what_follows(line, quantity) or (
        _role_by_person(line, quantity) or _role_by_place(line, quantity)
    )


def _role_by_what_follows(line: Line, quantity: Quantity) -> Role | None:
    """`3 years ago`, `32 weeks pregnant`, `M 2 yrs on ART`."""
    end, short = quantity.end, quantity.unit is not Unit.YEARS
    pregnant = short and line.word(end) in words.PREGNANT
    if pregnant or (is_duration_after(line, end) and not _is_of_somebody_ill(line, quantity)):
        return Role.DURATION
    return Role.DOUBT if _is_of_illness(line, quantity) else None


def _is_of_illness(line: Line, quantity: Quantity) -> bool:
    """`F 5 yrs HTN`, `M 2 yrs on ART`: a few years may be the patient's, or the illness's."""
    few = quantity.unit is Unit.YEARS and quantity.years < SURELY_AGE_YEARS
    after = quantity.end + (line.word(quantity.end) in words.TREATED_ON)
    return few and line.word(after) in words.LONG_ILLNESS


def _is_range(line: Line, start: int) -> bool:
    """`50-60 years`, `65 or 70 yrs`."""
    joins = line.mark(start - 1) == "-" or line.word(start - 1) in words.UP_TO
    return joins and line.number(start - 2) is not None and line.is_free(start - 2)


def _led_by(line: Line, start: int) -> int:
    """The place of the word that leads to a number: `hit by a 40 year old man`."""
    before = skip_about(line, start)
    while line.word(before) in words.ARTICLES:
        before -= 1
    return before


def _is_of_somebody_ill(line: Line, quantity: Quantity) -> bool:
    """`patient 48 yrs HIV`: nobody has been treated for so long."""
    old = quantity.unit is Unit.YEARS and quantity.years >= SURELY_AGE_YEARS
    before = person_before(line, quantity.start)
    is_person = before in words.PERSON | words.LETTERS.keys()
    return old and is_person and line.word(quantity.end) in words.AFTER_AGE


def _is_of_companion(line: Line, quantity: Quantity) -> bool:
    """`woman with 3 yr old child`: whose age is it?"""
    before = quantity.start - 1
    while line.word(before) in words.ARTICLES:
        before -= 1
    if line.word(before) in words.CARRIES and _is_of_parent(line, quantity, before - 1):
        return True
    accompanied = line.word(before) in WITH and line.word(before - 1) in words.PERSON
    return accompanied and person_after(line, quantity.end) in words.YOUNG


def _is_of_parent(line: Line, quantity: Quantity, child: int) -> bool:
    """`baby of 19 year old primip`, `daughter of 45 yr old farmer`; not `girl of 15 years`."""
    after = person_after(line, quantity.end)
    if quantity.unit is not Unit.YEARS or after not in words.PERSON - words.YOUNG:
        return False
    infant = line.word(child) in words.INFANTS | words.NEWBORN
    old = line.word(quantity.end - 1) in words.OLD and after not in words.OF_WOMEN
    grown = quantity.years > MOST_CHILD_YEARS and line.word(child) in words.YOUNG and old
    return grown or (infant and quantity.years >= LEAST_MOTHER_YEARS)


def _is_gestation(line: Line, quantity: Quantity) -> bool:
    """`preterm 32 weeks`: how long it was carried."""
    weeks = quantity.years * Unit.WEEKS.value
    premature = not words.PREMATURE.isdisjoint(line.typed)
    baby = person_after(line, quantity.end) in words.INFANTS | words.NEWBORN
    baby = baby or not line.typed.isdisjoint(words.NEWBORN | words.TWINS)
    is_long = quantity.unit is Unit.WEEKS and weeks >= LEAST_GESTATION_WEEKS
    woman = line.word(quantity.end) == "f" or person_before(line, quantity.start) in _WOMEN
    of_woman = woman and line.typed.isdisjoint(words.YOUNG | words.NEWBORN)
    return is_long and (premature or of_woman or (baby and not quantity.is_age))


def _may_be_old(line: Line, quantity: Quantity) -> bool:
    """`fracture 2 years old` is none of a patient."""
    if line.word(quantity.end - 1) not in words.OLD:
        return True
    before = quantity.start - 1
    beside = person_before(line, quantity.start) or person_after(line, quantity.end)
    led = line.begins(quantity.start) or line.word(before) in words.ARTICLES | words.SUBJECTS_VERB
    return bool(beside) or led or line.word(before) in words.ABOUT | words.BEFORE_PERSON


def _role_by_person(line: Line, quantity: Quantity) -> Role | None:
    before, after = person_before(line, quantity.start), person_after(line, quantity.end)
    years = quantity.unit is Unit.YEARS
    if after and _is_own_age_behind(line, quantity.end, years=years):
        after = ""
    whole = years or line.ends(quantity.end) or line.word(quantity.end) in WITH
    if before in words.PREGNANT and not years:
        return Role.DURATION
    has = before in words.PRONOUNS and line.word(quantity.start - 1) in words.HAVING
    if has and not line.ends(quantity.end):
        return Role.DOUBT
    if before:
        is_subject = before in words.PRONOUNS or before in words.FIRST_PERSON
        months_of_child = before in words.YOUNG and quantity.unit is Unit.MONTHS
        beside = line.word(quantity.start - 1) in words.INFANTS | words.CARRIES
        ill = line.word(quantity.end) in words.COMPLAINED
        weeks_of_baby = quantity.unit is Unit.WEEKS and before in words.INFANTS
        weeks_of_baby = weeks_of_baby and beside and not ill
        of_child = before in words.YOUNG and line.word(quantity.start - 1) in words.CARRIES
        hours_of_baby = quantity.unit is Unit.HOURS and is_newborn_before(line, quantity.start)
        of_baby = weeks_of_baby or (hours_of_baby and not ill)
        old = line.word(quantity.end - 1) in words.OLD
        of_baby = of_baby or (old and line.word(quantity.end) not in words.INJURIES)
        young = before in words.NEWBORN or months_of_child or of_baby or of_child
        return Role.AGE if whole or (not is_subject and (after or young)) else Role.DOUBT
    of_child = after in words.YOUNG and years and line.glued(quantity.end - 1)  # `legs 9yr girl`
    if after and (of_child or not _is_of_symptom(line, quantity, years=years)):
        return Role.AGE
    return None


def _is_own_age_behind(line: Line, end: int, *, years: bool) -> bool:
    """Whether whoever follows a duration has an age: `cough 3 weeks, F 45`."""
    person = end
    while person < end + 3 and not line.word(person):
        person += 1
    own = range(person + 1, person + 4)
    counted = (quantity_at(line, place) for place in own if line.number(place) is not None)
    in_years = any(each is not None and each.unit is Unit.YEARS for each in counted)
    return aged_person(line, person) and (in_years or not years)


def _is_of_symptom(line: Line, quantity: Quantity, *, years: bool) -> bool:
    """Whether a word that is nobody stands directly before: `cough 3 weeks F 45`."""
    before = _led_by(line, quantity.start)
    word = line.word(before)
    if not word or line.role(before) or line.begins(quantity.start):
        return False
    return not (years and quantity.years >= SURELY_AGE_YEARS and word not in words.HABITS)


def _role_by_place(line: Line, quantity: Quantity) -> Role:
    begins = line.begins(skip_about(line, quantity.start) + 1)
    ends = line.ends(quantity.end) or line.word(quantity.end) in WITH
    if quantity.unit is not Unit.YEARS:
        is_young = bool(line.typed & (words.NEWBORN | words.TWINS)) or _is_babys(line, quantity)
        is_young = is_young or _is_toddlers(line, quantity)
        return Role.AGE if begins and ends and is_young else Role.DURATION
    chronic = _is_habit_near(line, quantity)
    named = line.role(quantity.start - 1) is Role.PRIVATE and line.word(quantity.start - 1)
    if named and line.tokens[quantity.start - 1].is_capital:
        return Role.AGE  # `this is John 14 yrs`
    first = _is_first(line, quantity.start)
    of_pupil = _is_of_pupil(line, quantity) or _is_of_child_of(line, quantity)
    if ends and (first or (begins and of_pupil)):
        return Role.AGE
    if begins and quantity.years >= SURELY_AGE_YEARS and not chronic:
        return Role.AGE
    return Role.DOUBT


def _is_babys(line: Line, quantity: Quantity) -> bool:
    """`18 mois, PB 108`; not `3 months, weight loss`, which may be the loss's."""
    after = quantity.end + bool(line.mark(quantity.end))
    if quantity.unit is not Unit.MONTHS or not _is_first(line, quantity.start):
        return False
    complained = line.word(after) in words.COMPLAINED | words.COURSES
    long = quantity.years * Unit.MONTHS.value >= LEAST_BABY_MONTHS
    return not complained and (long or bool(line.typed & words.WEIGHED))


def _is_toddlers(line: Line, quantity: Quantity) -> bool:
    """`enf qui boite, 13 mois`: a complaint is told in rounder months."""
    months = round(quantity.years * Unit.MONTHS.value)
    told = quantity.unit is Unit.MONTHS and months in _TODDLER_MONTHS
    return told and not line.typed.isdisjoint(words.YOUNG)


def _is_of_pupil(line: Line, quantity: Quantity) -> bool:
    """`élève internat, 12 ans`; not `student, asthma, 12 years`, nor `pupil epileptic, 10 yrs`."""
    end = quantity.start - 1
    start = end
    while start > 0 and line.word(start - 1):
        start -= 1
    said = [line.word(place) for place in range(start, end)]
    is_pupil = not words.PUPILS.isdisjoint(said)
    others = [word for word in said if word not in words.PUPILS]
    return quantity.years <= MOST_PUPIL_YEARS and is_pupil and not any(map(is_known, others))


def _is_of_child_of(line: Line, quantity: Quantity) -> bool:
    """`grand daughter of chief, 3 yrs`: the thought before it is of a child, and begins."""
    led = range(min(3, quantity.start))
    child = any(
        line.word(place) in words.YOUNG | {"fils", "son"} and line.word(place + 1) in words.CARRIES
        for place in led
    )
    marks = sum(line.mark(place) not in {"", "'"} for place in range(quantity.start))
    return child and marks == 1


def _is_first(line: Line, start: int) -> bool:
    """Whether nothing of the patient's illness stands before."""
    return all(
        line.role(place) in {Role.REFERENCE, Role.PRIVATE} or line.mark(place)
        for place in range(skip_about(line, start) + 1)
    )


def _is_habit_near(line: Line, quantity: Quantity) -> bool:
    near = [*range(quantity.start - 3, quantity.start), *range(quantity.end, quantity.end + 2)]
    return any(line.word(place) in words.HABITS for place in near)

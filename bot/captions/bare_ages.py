"""Ages without a unit: `M 45`, `45F`, `girl 14`, `Age: 66`, `(47)(F)`, a number behind somebody.

Must not guess: measures, beds and fevers are numbers as well.
"""

from bot.captions import identifiers, words
from bot.captions.cues import is_cued, is_duration_before, labelled_unit
from bot.captions.numbers import Number, is_part, number_at
from bot.captions.persons import is_sex_letter, of_own_kin, person_before, skip_about
from bot.captions.quantities import LEAST_BARE_M_YEARS, WITH, aged_person
from bot.captions.tokens import Line, Role

MAX_YEARS = 120
MOST_BARE_F_YEARS = 94
"""Above, it is a fever: `101F`."""
MOST_CHILD_YEARS = 18
LEAST_ALONE_YEARS = 15
MOST_ALONE_YEARS = 99
LEAST_OVER_YEARS = 50
LEAST_SPOKEN_YEARS = 16
LEAST_MOTHER_YEARS = 12
LEAST_BESIDE_YEARS = 3
_FERTILE_YEARS = range(14, 50)
_FEVER_DEGREES = range(35, 43)
_FILMS = words.listed("xr cxr xray xrays ray rx rxt")
_FEVERS = words.listed("fever fievre febre temp temperature zazzabi hot t")
_WHO = words.PERSON - words.RELATIVES - words.PREGNANT | words.PRONOUNS.keys() | identifiers.TITLES
_OWN = _WHO - words.CAREGIVER


def bare_age(line: Line, place: int) -> float | None:
    """The age in a number without a unit: `M 45`, `45F`, `girl 14`, `Age: 66`, `age six`."""
    number = number_at(line, place)
    if number is None or not 0 < number.value <= MAX_YEARS or is_part(line, place):
        return None
    if _goes_on(line, place) or is_duration_before(line, place):
        return None
    if line.mark(place - 1) == "+" and line.number(place - 2) is None and line.role(place - 2):
        return None  # `40 wks+2`
    if not (is_cued(line, place) or _is_beside_person(line, place, number)):
        return None
    years = number.value / labelled_unit(line, place).value
    line.give(Role.AGE, place, number.end)
    return years


def _is_beside_person(line: Line, place: int, number: Number) -> bool:
    whole = int(number.value)
    if number.value != whole:
        return False
    if number.is_spoken:
        alone = _stands_alone(line, place, number.end, whole)
        return alone or _is_spoken_of(line, place, number)
    return (
        _is_bracketed(line, place)
        or _is_repeated(line, place, whole)
        or _follows_sex(line, place, whole)
        or _precedes_sex(line, place, whole)
        or _stands_alone(line, place, number.end, whole)
        or _is_of_patient(line, place, whole)
        or _is_before_parity(line, place, whole)
        or _is_said_short_in_hausa(line, place, whole)
    )


def _is_of_patient(line: Line, place: int, number: int) -> bool:
    """`pt 45 F goitre`: the letter tells that it is an age."""
    after = place + 1
    letter = line.word(after) in words.LETTERS and line.tokens[after].is_capital
    told = letter and not line.glued(after) and is_sex_letter(line, after)
    of_adult = LEAST_ALONE_YEARS <= number <= MOST_BARE_F_YEARS
    return told and of_adult and line.word(place - 1) in words.PATIENTS


def _is_before_parity(line: Line, place: int, number: int) -> bool:
    """`infertility, 32, P0+2`."""
    alone = line.begins(place) and line.mark(place + 1) == ","
    parity = line.word(place + 2) in words.PARITY and line.role(place + 2) is Role.CODE
    return alone and parity and number in _FERTILE_YEARS


def _is_said_short_in_hausa(line: Line, place: int, number: int) -> bool:
    """`mace yar 31`: the years are left out."""
    said = line.word(place - 1) in {"dan", "yar"} and not line.tokens[place - 1].is_capital
    return said and number >= LEAST_ALONE_YEARS and line.ends(place + 1)


def _is_spoken_of(line: Line, place: int, number: Number) -> bool:
    """`girl of about ten`, `she is sixty`; not `male thirty percent burns`."""
    linked = line.word(place - 1) in words.ABOUT | words.CARRIES | words.SUBJECTS_VERB
    linked = linked or line.mark(place - 1) in {".", ","}
    whose = words.SEXES.keys() | words.PRONOUNS.keys() | words.FIRST_PERSON | words.YOUNG
    before = person_before(line, place)
    beside = before == line.word(place - 1) and number.value >= LEAST_SPOKEN_YEARS
    sexed = beside and before in words.SEXES.keys() | words.LETTERS.keys()
    return line.ends(number.end) and (sexed or (linked and before in whose))


def _is_bracketed(line: Line, place: int) -> bool:
    """`my patient Josephine (24)`, `old man (82)`; not `husband (55)`."""
    if line.mark(place - 1) != "(" or line.mark(place + 1) != ")":
        return False
    of_twin = line.word(place - 2) in words.TWINS
    before = person_before(line, place)
    return before in words.PERSON and before not in words.CAREGIVER and not of_twin


def _is_repeated(line: Line, place: int, number: int) -> bool:
    """`Sixty-two (62)`."""
    if line.mark(place - 1) != "(":
        return False
    before = (number_at(line, start) for start in range(max(0, place - 4), place - 1))
    return any(
        each is not None and each.end == place - 1 and each.value == number for each in before
    )


def _stands_alone(line: Line, place: int, end: int, number: int) -> bool:
    """`Mr Bature (driver). 38. chest tight`, `woman 70+ from the village`."""
    if not LEAST_ALONE_YEARS <= number <= MOST_ALONE_YEARS or line.typed.isdisjoint(_OWN):
        return False
    if not any(line.word(before) in _OWN for before in range(place)):
        return False
    feverish = number in _FEVER_DEGREES and not _FEVERS.isdisjoint(line.typed)
    over = line.mark(end) == "+" and line.glued(end) and not line.glued(end + 1)
    if over and number >= LEAST_OVER_YEARS:
        return line.role(place - 1) is None and line.word(place - 1) not in words.VITALS
    parted = bool(line.mark(place - 1)) and line.mark(place - 1) in ",.;" and line.ends(end)
    return parted and not line.glued(place) and not feverish and not _is_measured(line, place)


def _is_measured(line: Line, place: int) -> bool:
    """Whether the thought before a number is a measure's: `BP high, 90`."""
    before = place - 2
    while before >= 0 and not (line.mark(before) and line.mark(before) in ",.;"):
        if line.word(before) in words.VITALS | words.BEDS or line.role(before) is Role.CODE:
            return True
        before -= 1
    return False


def _goes_on(line: Line, place: int) -> bool:
    """Whether digits begin a longer number: `38.5`, `120/80`."""
    joint = line.mark(place + 1)
    touching = line.glued(place + 1) and line.glued(place + 2)
    is_joint = bool(joint) and joint in ".,/-"
    return touching and is_joint and line.number(place + 2) is not None


def _follows_sex(line: Line, place: int, number: int) -> bool:
    """Whether who is so old stands before: `M 45`, `girl 14 fever`, `she is 61`."""
    before, after = person_before(line, place), line.word(place + 1)
    ranged = after in words.UP_TO and line.number(place + 2) is not None  # `65 or 70 yrs`
    rough = ranged or words.ROUGHLY & {after, line.word(place + 2)}  # `70 e tal`
    if (
        rough
        or after in words.DEVICES
        or not (_is_sexed(line, place, before) or _is_somebody(line, place, number, before))
    ):
        return False
    if _is_before_sex(line, place + 1):
        return number >= LEAST_BESIDE_YEARS
    if line.mark(place - 1) == "/" and line.glued(place) and line.glued(place - 1):
        return True  # `F/9`
    if line.ends(place + 1) or after in WITH or line.role(place + 1) is Role.CODE:
        letter = line.word(place - 1) in words.LETTERS
        return number >= 10 or not letter or line.begins(place - 1)  # not `fibrose F 3`
    if not after or line.glued(place + 1) or line.role(place + 1) is not None:
        return False
    return number <= MOST_CHILD_YEARS if before in words.YOUNG_SEXED else number >= 10


def _is_sexed(line: Line, place: int, before: str) -> bool:
    """Whether the word before a number tells who the patient is."""
    if before in words.KIN and of_own_kin(line, place):
        return True
    sexed = words.SEXES.keys() | words.LETTERS.keys() | words.PRONOUNS.keys() | words.FIRST_PERSON
    return before in sexed and before not in words.CAREGIVER


def _is_somebody(line: Line, place: int, number: int, before: str) -> bool:
    """Whether a word for anybody tells an age: `pt is 55`, `farmer 49 male`, `female pt 47`."""
    if before not in words.PERSON or before in words.CAREGIVER:
        return False
    about, ends = skip_about(line, place), line.ends(place + 1)
    worker = number >= LEAST_ALONE_YEARS and before in words.WORKERS
    child = before in words.CHILDREN_BARE and 1 < number < MOST_CHILD_YEARS
    ends = ends or (line.word(about) == "of" and child and line.word(place + 1) in WITH)
    patient = line.word(about) in identifiers.PATIENT_REFERENCE
    sexed_patient = patient and line.word(about - 1) in words.SEXES
    is_said = line.word(about) == "s" and line.mark(about - 1) == "'"  # `pt's 52`
    said = is_said or line.word(about) in words.SUBJECTS_VERB or _is_before_sex(line, place + 1)
    return said or (ends and (worker or child or sexed_patient))


def _is_before_sex(line: Line, place: int) -> bool:
    return line.word(place) in words.SEXES and line.role(place) is None and not line.glued(place)


def _precedes_sex(line: Line, place: int, number: int) -> bool:
    after = _behind_signs(line, place, number)
    parted = after > place + 1
    word = line.word(after)
    if line.role(after) is not None or line.word(place - 1) in _FEVERS:
        return False
    of_pregnancy = word in words.OF_WOMEN and number < LEAST_MOTHER_YEARS  # `2ª gestação`
    counted = line.number(place - 2) is not None and line.role(place - 2) is None
    counted = counted and line.mark(place - 1) != "."  # `Case 1. 34 F`
    counted = counted and not line.glued(after)  # `88, 85, man`; not `14:30, 39M`
    of_device = not words.DEVICES.isdisjoint({line.word(place - 1), line.word(after + 1)})
    if of_pregnancy or counted or of_device:
        return False
    now = line.word(place - 1) in words.ABOUT
    listed = line.mark(place + 1) == "," and not now  # `CTR 60, woman`
    beside = line.glued(after) or (parted and not listed)
    led = word in words.SEXES and line.word(place - 1) in {"am", "is", "a", "of", "aged"}
    said = line.word(place - 1) in words.SAYS
    begins = line.begins(place) or line.role(place - 1) is Role.DURATION or led or said
    filmed = line.word(place - 1) in _FILMS  # `xray 70 M`; not `tube 60 M`
    last = filmed and number >= LEAST_BARE_M_YEARS and line.ends(after + 1)
    shouted = after < len(line) and line.tokens[after].is_capital
    if not (begins or (number >= LEAST_ALONE_YEARS and beside) or (last and shouted)):
        return False
    return word in words.SEXES or (
        word in words.LETTERS
        and is_sex_letter(line, after)
        and _may_be_beside(word, number, parted=parted)
    )


def _behind_signs(line: Line, place: int, number: int) -> int:
    """Behind what parts an age from its sex: `45/F`, `(47)(F)`, `45-M`, `41. woman`."""
    after = place + 1
    led = line.begins(place) or line.word(place - 1) in words.SAYS
    if line.mark(after) == "." and number >= 10 and led:
        letter = line.word(after + 1) in words.LETTERS and line.ends(after + 2)
        sexed = (line.word(after + 1) in words.SEXES or letter) and not aged_person(line, after + 1)
        return after + sexed  # not `1. woman`
    if line.mark(after) == ")" and line.mark(place - 1) != "(":
        return after  # `(yayansa 33), namiji, 27`
    signs = "/,|_;)([]" + ("-" if number >= LEAST_ALONE_YEARS else "")
    while after < place + 4 and line.mark(after) and line.mark(after) in signs:
        after += 1
    return after


def _may_be_beside(letter: str, number: int, *, parted: bool) -> bool:
    """Whether a number and a letter are age and sex: not `6m`, `24h`, `101F`."""
    if letter == "h":
        return parted
    least = LEAST_BARE_M_YEARS if letter == "m" and not parted else 1
    return least <= number <= MOST_BARE_F_YEARS

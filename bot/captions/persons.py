"""Who stands beside a number of a caption: a word for the patient, or a letter for the sex."""

from bot.captions import identifiers, words
from bot.captions.tokens import Line, Role

_CONNECTORS = ",;:(/-–—='.[|_*"  # noqa: RUF001 - dashes of any length
_LINKS = words.ABOUT | words.listed(
    "de is am aged of d est tem com c mai ce cikin ai suis get na ne di ss"
)
_AFTER_LINKS = words.listed("old de do da sexe sexo sex of d year sch school little small")
_HAUSA_AGED = words.listed("dan dana yar mai diyar ita shi")
_HAUSA_HAS = words.listed("ina yana tana yake take")
_MOST_LINKS = 6
_CHILDREN = {"m": "boy", "f": "girl"}


def person_before(line: Line, start: int) -> str:
    """The word for the patient that an age follows, empty where there is none."""
    if is_said_in_hausa(line, start):
        return line.word(start - 1)
    place = _skip_links(line, start)
    word = line.word(place)
    if line.role(place) is not None or not word:
        return ""
    if word == "a":  # `elle a`, `le patient a`; `il y a` is a duration
        place, word = place - 1, line.word(place - 1)
        known = words.PERSON | words.PRONOUNS.keys()
        return word if word in known or (word in words.KIN and is_own(line, place)) else ""
    if word in words.LETTERS or is_child_letter(line, place):
        return _sexed_before(line, place)
    if word in words.PRONOUNS or word in words.FIRST_PERSON:
        return word if word == "tenho" or is_subject(line, place) else ""
    is_known = word in words.PERSON | words.CAREGIVER
    is_known = is_known or (word in words.KIN and is_own(line, place))
    return word if is_known and not _is_led_by_somebody(line, place) else ""


def _sexed_before(line: Line, place: int) -> str:
    """A letter for the sex, or the child that it is of: `M/C/5 yrs`."""
    if is_child_letter(line, place):
        return _CHILDREN.get(line.word(place - 2), "")
    young = line.mark(place - 1) == "." and line.word(place - 2) == "j"  # `j.h.`: jeune homme
    return line.word(place) if young or is_sex_letter(line, place) else ""


def _is_led_by_somebody(line: Line, place: int) -> bool:
    """`raped by man 43 yrs`, `last child 3 years`, `child of woman 33 years`: not the patient."""
    before = place - 1
    while line.word(before) in words.ARTICLES:
        before -= 1
    youngest = line.word(before) in words.LAST and line.word(place) in words.YOUNG
    child_of = line.word(before) in words.CARRIES and line.word(before - 1) in words.YOUNG
    return youngest or child_of or line.word(before) in words.AGAINST


def is_own(line: Line, place: int) -> bool:
    """Whether a word for kin is of the patient: `my mother`, `grand-mère`, `grandma`."""
    before = place - 1 - (line.mark(place - 1) == "-")
    led = before
    while line.word(led) in words.ARTICLES | words.MY | words.OF_SOMEBODY | words.GRAND:
        led -= 1
    of_somebody = any(line.word(each) in words.OF_SOMEBODY for each in range(led + 1, place))
    if line.word(led) in words.BY_SOMEBODY or of_somebody:
        return False
    if line.word(place) in words.GRANDPARENTS or line.word(before) in words.MY | words.GRAND:
        return True
    if line.word(place + 1) in words.NURSING:
        return True
    if _is_of_first(line, place):
        return True
    shown = line.word(before) in words.ARTICLES and line.word(before - 1) in words.SHOWN
    return shown or (
        line.word(place) in identifiers.KIN_TITLES and line.role(place + 1) is Role.PRIVATE
    )


def _is_of_first(line: Line, place: int) -> bool:
    """`chief's wife 60 yrs`, as a caption begins; not `patient's wife`."""
    if line.word(place - 1) != "s" or line.mark(place - 2) != "'":
        return False
    whose = line.word(place - 3)
    return place == 3 and whose not in words.PATIENTS


def _skip_links(line: Line, start: int) -> int:
    """Go back over signs, small words and a name, none of which part an age from its person."""
    place = skip_about(line, start)
    for _ in range(_MOST_LINKS):
        while line.role(place) in {Role.PRIVATE, Role.REFERENCE}:
            place -= 1
        mark, word = line.mark(place), line.word(place)
        if line.role(place) is not None:
            break
        parted = line.tokens[place + 1].breaks if place >= 0 else True
        joins = bool(mark) and mark in _CONNECTORS and not parted
        if not (joins or word in _LINKS or (word == "s" and line.mark(place - 1) == "'")):
            break
        place -= 1
    return place


def person_after(line: Line, end: int) -> str:
    """The word for the patient that follows an age, empty where there is none."""
    place = end
    while line.mark(place) and line.mark(place) in ",/(-:[|_;" and place < end + 2:
        place += 1
    while line.word(place) in _AFTER_LINKS:
        place += 1
    word = line.word(place)
    if line.role(place) is not None:
        return ""
    if word in words.LETTERS:
        return word if is_sex_letter(line, place) else ""
    return word if word in words.PERSON else ""


def of_own_kin(line: Line, start: int) -> bool:
    """Whether an age is of somebody whom the sender calls his own: `my mother 60 yrs`."""
    place = _skip_links(line, start)
    return is_own(line, place - (line.word(place) == "a"))


def is_newborn_before(line: Line, place: int) -> bool:
    """Whether a newborn stands directly before a number: `neonate 6 hrs`, `nouveau né 36h`."""
    passed = words.SEXES.keys() | words.LETTERS.keys() | words.CARRIES
    while line.word(place - 1) in passed:
        place -= 1
    before = place - 2 - (line.mark(place - 2) == "-")
    born = line.word(place - 1) in {"ne", "nee"} and line.word(before) == "nouveau"
    return born or line.word(place - 1) in words.NEWBORN | words.INFANTS


def is_subject(line: Line, place: int) -> bool:
    """Whether a pronoun is said to be or to have something: `she is`, `elle a`, `he's`."""
    return line.word(place + 1) in words.SUBJECTS_VERB or line.mark(place + 1) == "'"


def is_said_in_hausa(line: Line, start: int) -> bool:
    """Whether Hausa says that a number is an age: `dan shekara 40`, `tana da shekara 26`."""
    unit = line.word(start)
    if unit not in words.UNITS_FIRST:
        return False
    start -= line.word(start - 1) in {"ne", "ce"}
    before, first = line.word(start - 1), line.word(start - 2)
    has = before == "da" and first in _HAUSA_HAS
    pregnant = before in {"ciki", "biyu"} and first in {"mai", "juna", "da"}
    return before in _HAUSA_AGED or has or (pregnant and unit in words.YEARS_BEFORE)


def is_sex_letter(line: Line, place: int) -> bool:
    """Whether an F, M or H is one of a sex, and not `F/U`, `M. tuberculosis`, `24 h`."""
    token = line.tokens[place]
    if line.role(place) is not None or (token.word == "h" and not _is_shown_h(line, place)):
        return False
    if not line.glued(place + 1) or is_child_letter(line, place + 2):
        return True
    mark, word = line.mark(place + 1), line.word(place + 2)
    if mark == "." and (_is_behind_age(line, place) or _is_labelled(line, place)):
        return True
    if mark == "." and token.word == "m" and word:
        return line.tokens[place + 2].is_capital
    abbreviated = word in words.LETTERS or f"{token.word}{word}" in words.SLASHED
    return mark != "'" and not (mark == "/" and abbreviated)


def _is_labelled(line: Line, place: int) -> bool:
    """`sexe: m. coma`."""
    before = place - 1
    while line.mark(before) and line.mark(before) in ":=-.":
        before -= 1
    return line.word(before) in words.SEX_LABELS


def _is_behind_age(line: Line, place: int) -> bool:
    """`39, M.`, `14 yrs. M.`."""
    before = place - 1 - bool(line.mark(place - 1))
    counted = line.word(before) in words.YEARS | words.MONTHS | words.WEEKS | words.DAYS
    listed = counted and line.mark(place - 1) == ","  # `25 ans, M. tuberculosis`
    if listed or line.word(place + 2) in words.ORGANISMS:
        return False
    return line.number(before - counted) is not None


def _is_shown_h(line: Line, place: int) -> bool:
    """Whether an H is a man's: a small one only before an age, and behind no number."""
    if line.word(place - 1) == "a":  # `à H12`: the hour
        return False
    if line.tokens[place].is_capital:
        return True
    after = place + 1 + bool(line.mark(place + 1))
    return line.begins(place) and line.number(after) is not None


def is_child_letter(line: Line, place: int) -> bool:
    """Whether a C is of a child: `M/C/5 yrs`, `F/Ch 18 months`; not `M/C/S`."""
    if line.word(place) not in words.CHILD_LETTERS or line.word(place - 2) not in _CHILDREN:
        return False
    if line.mark(place - 1) not in {"/", "."} or not line.glued(place):
        return False
    after = place + 1
    while line.mark(after) and line.mark(after) in "/.,-: ":
        after += 1
    return line.number(after) is not None


def skip_about(line: Line, start: int) -> int:
    """The place before a number and what makes it rough: `about`, `environ`, `~`."""
    before = start - 1
    while line.word(before) in words.ABOUT or line.mark(before) in {"~", "≈", "±"}:
        before -= 1
    return before

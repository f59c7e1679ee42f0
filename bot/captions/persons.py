"""Who stands beside a number of a caption: a word for the patient, or a letter for the sex."""

from bot.captions import words
from bot.captions.tokens import Line, Role

_CONNECTORS = ",;:(/-='."
_LINKS = words.ABOUT | words.listed("de is am aged of d est tem com c mai ce cikin")
_AFTER_LINKS = words.listed("old de do da sexe sexo sex of d year")
_HAUSA_AGED = words.listed("dan yar mai diyar")
_HAUSA_HAS = words.listed("ina yana tana yake take")
_MOST_LINKS = 6


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
        return word if word in words.PERSON | words.PRONOUNS.keys() else ""
    if word in words.LETTERS:
        young = line.mark(place - 1) == "." and line.word(place - 2) == "j"  # `j.h.`: jeune homme
        return word if young or is_sex_letter(line, place) else ""
    if word in words.PRONOUNS:
        return word if is_subject(line, place) else ""
    return word if word in words.PERSON | words.CAREGIVER else ""


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
    while line.mark(place) and line.mark(place) in ",/(-:" and place < end + 2:
        place += 1
    while line.word(place) in _AFTER_LINKS:
        place += 1
    word = line.word(place)
    if line.role(place) is not None:
        return ""
    if word in words.LETTERS:
        return word if is_sex_letter(line, place) else ""
    return word if word in words.PERSON else ""


def is_subject(line: Line, place: int) -> bool:
    """Whether a pronoun is said to be or to have something: `she is`, `elle a`, `he's`."""
    return line.word(place + 1) in words.SUBJECTS_VERB or line.mark(place + 1) == "'"


def is_said_in_hausa(line: Line, start: int) -> bool:
    """Whether Hausa says that a number is an age: `dan shekara 40`, `tana da shekara 26`."""
    if line.word(start) not in words.UNITS_FIRST:
        return False
    before, first = line.word(start - 1), line.word(start - 2)
    has = before == "da" and first in _HAUSA_HAS
    pregnant = before in {"ciki", "biyu"} and first in {"mai", "juna", "da"}
    return before in _HAUSA_AGED or has or (pregnant and line.word(start) in words.YEARS_BEFORE)


def is_sex_letter(line: Line, place: int) -> bool:
    """Whether an F, M or H is one of a sex, and not `F/U`, `M. tuberculosis`, `24 h`."""
    token = line.tokens[place]
    if line.role(place) is not None or (token.word == "h" and not token.is_capital):
        return False
    if not line.glued(place + 1):
        return True
    mark, word = line.mark(place + 1), line.word(place + 2)
    if mark == "." and token.word == "m" and word:
        return line.tokens[place + 2].is_capital
    abbreviated = word in words.LETTERS or f"{token.word}{word}" in words.SLASHED
    return mark != "'" and not (mark == "/" and abbreviated)


def skip_about(line: Line, start: int) -> int:
    """The place before a number and what makes it rough: `about`, `environ`, `~`."""
    before = start - 1
    while line.word(before) in words.ABOUT or line.mark(before) in {"~", "≈", "±"}:
        before -= 1
    return before

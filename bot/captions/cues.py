"""The words around a number that say that it is an age, or how long something has lasted."""

from bot.captions import words
from bot.captions.persons import skip_about
from bot.captions.quantities import Unit, unit_said
from bot.captions.tokens import Line

TIMES = "×"  # noqa: RUF001 - the sign is meant
_MOST_LINKS = 6
_LABEL_LINKS = words.listed("in en em is the")


def is_duration_before(line: Line, start: int) -> bool:
    """Whether what stands before a number says how long: `for 3 years`, `il y a 3 ans`."""
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


def is_cued(line: Line, start: int) -> bool:
    """`Age: 6 mois`, `âgé de 52 ans`, `Age (yrs): 34`."""
    cue = _cue(line, start)
    return cue is not None and not _is_since_age(line, cue)


def _cue(line: Line, start: int) -> int | None:
    """Where the word stands that says that an age follows."""
    before = skip_about(line, start)
    for _ in range(_MOST_LINKS):
        if line.role(before) is not None:
            return None
        word, mark = line.word(before), line.mark(before)
        if word in words.AGE_CUES and (word not in words.YEARS or line.begins(before)):
            return before
        if word == "o" and line.mark(before - 1) == "/" and line.word(before - 2) == "y":
            return before  # `y/o 56`
        links = word in words.CARRIES or word in _LABEL_LINKS or unit_said(word) is not None
        if not (links or (mark and mark in ":=.-/()")):
            return None
        before -= 1
    return None


def labelled_unit(line: Line, place: int) -> Unit:
    """The unit that a label names for a number behind it: `Age in months: 7`, `âge (mois) 7`."""
    cue = _cue(line, place)
    named = (unit_said(line.word(each)) for each in range(place if cue is None else cue, place))
    return next((unit for unit in named if unit is not None), Unit.YEARS)


def is_duration_after(line: Line, end: int) -> bool:
    """Whether what follows a number with its unit says how long: `3 years ago`, `of cough`."""
    word = line.word(end)
    if word in {"de", "of", "d"} and line.word(end + 1) in {"sexe", "sexo", "sex", "age", "idade"}:
        return False
    return word.startswith("smok") or word in words.AFTER_DURATION

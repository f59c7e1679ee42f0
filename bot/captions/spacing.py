"""Words that are typed without the space between them: `45yrsold`, `52yrsM`, `HospNo`.

Knows only what numbers of an age or a record stand beside; other long words stay whole.
"""

import re
from collections.abc import Iterable
from functools import cache

from bot.captions import identifiers, words

SHORTEST_UNIT_CHARS = 2
_NUMBERED = identifiers.NUMBER_WORDS - frozenset({"n"}) | frozenset({"id"})


def parts(word: str, *, counted: bool) -> tuple[int, ...]:
    """How long the words are that a word is made of, nothing where it is one.

    Args:
        word: As words are compared, in lower case without accents.
        counted: A number touches it from before: it may begin with a unit.
    """
    found = (_behind_number() if counted else _announcing()).fullmatch(word)
    return tuple(len(group) for group in found.groups() if group) if found else ()


@cache
def _behind_number() -> re.Pattern[str]:
    units = words.YEARS | words.MONTHS | words.WEEKS | words.DAYS
    unit = _any(unit for unit in units if len(unit) >= SHORTEST_UNIT_CHARS)
    old = _any(words.OLD)
    who = _any(words.SEXES.keys() | words.LETTERS.keys() | words.YOUNG | words.TYPED_ON)
    return re.compile(f"({unit})(?:({old})({who})?|({who}))")


@cache
def _announcing() -> re.Pattern[str]:
    cues = (
        identifiers.STRONG_REFERENCE
        | identifiers.WEAK_REFERENCE
        | identifiers.PATIENT_REFERENCE
        | identifiers.PHONES
    )
    return re.compile(f"({_any(cues)})({_any(_NUMBERED)})")


def _any(choices: Iterable[str]) -> str:
    return "|".join(sorted((each for each in choices if each.isalpha()), key=len, reverse=True))

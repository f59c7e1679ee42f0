"""What an indication names that the prompt has a line for, in four languages.

Knows words alone. Whether it is denied ("not pregnant") is not asked: the lines are worded so that
they do no harm then.
"""

import re
from enum import Enum

from inference.answers.folding import composed, folded


class Circumstance(Enum):
    """What changes what to look for."""

    PREGNANCY = "pregnancy"
    TUBES = "tubes"
    TRAUMA = "trauma"


_NAMED = {
    Circumstance.PREGNANCY: (
        r"pregnan\w*|antenatal|anc|g\d ?p\d\w*|gravid\w*|enceinte|grossesse|gestante|gestacao"
        r"|juna biyu|mai ciki|da ciki"
    ),
    Circumstance.TUBES: (
        r"tubes?|ett|ngt|ogt|intubat\w*|drains?|chest drain|icd|cathet\w*|cvc|cvl|picc|uvc|uac"
        r"|(?:central|umbilical) lines?|tracheostomy|pacemaker|sondes?|intube\w*|voie centrale|vvc"
        r"|drainage|pose de drain|sondas?|cateter\w*|drenos?|entubad\w*|intubad\w*|bututu\w*"
    ),
    Circumstance.TRAUMA: (
        r"trauma\w*|polytrauma\w*|fell|falls?|fallen|accident\w*|rta|rtc|mva|injur\w*|stab\w*"
        r"|gun ?shot|gsw|assault\w*|beaten|kicked|crush\w*|fractur\w*|chute|tombe[er]?|avp"
        r"|blesse\w*|coups?|plaie|queda|caiu|acidente|ferid\w*|facada|atropelad\w*|hatsari|fadi"
        r"|fado|rauni|karaya"
    ),
}
_WORDS = {circumstance: re.compile(rf"\b(?:{words})\b") for circumstance, words in _NAMED.items()}


def circumstances(indication: str) -> tuple[Circumstance, ...]:
    """What of these it names, each once."""
    text = folded(composed(indication))
    return tuple(each for each, words in _WORDS.items() if words.search(text))

"""Which views a caption names, in order: `CXR PA + lateral`, or of the skin `near, far with ruler`.

Knows words in the bot's four languages. `PA 120/80` is a blood pressure, so PA and AP count only in
capitals and before no number; `lat` may be a malleolus', so each view stands beside another, or a
word for a film.
"""

import re
import unicodedata
from collections.abc import Sequence

from inference.contract import PictureKind, View

_FILM = re.compile(
    r"\b(?:cxr|rxt?|x-?rays?|xrays?|films?|views?|chest|thorax|torax|radio\w*|incidence|raio-?x"
    r"|hoton?|profil|perfil)\b|\b(?:pa|ap)\b.*\blat(?:eral\w*)?\b|\blat(?:eral\w*)?\b.*\b(?:pa|ap)\b",
    re.DOTALL,
)
_CHEST = re.compile(
    r"\b(?:(?P<PA>PA)|(?P<AP>AP))\b(?!\W*\d)|\b(?P<LATERAL>(?i:lateral\w*|lat|profil|perfil))\b"
)
_SKIN = re.compile(
    r"\b(?:(?P<RULER>ruler|scale|regle|regua|rula)"
    r"|(?P<NEAR>near|close(?:-?up)?|macro|de pres|gros plan|de perto|kusa)"
    r"|(?P<FAR>far|distance|overview|de loin|vue d'ensemble|de longe|nesa))\b",
    re.IGNORECASE,
)


def views_said(caption: str, kind: PictureKind, pictures: int) -> tuple[View | None, ...]:
    """The views that a caption names, one for each picture.

    Args:
        kind: Of the pictures; views are known of chests and of skin.
        pictures: How many there are.

    Returns:
        Empty unless it names as many as there are pictures: which is which is not guessed.
    """
    plain = _without_accents(caption)
    if kind is PictureKind.SKIN:
        found = _named(_SKIN, plain)
    elif kind is PictureKind.CHEST and _FILM.search(plain.lower()):
        found = _named(_CHEST, plain)
    else:
        found = ()
    return found if len(found) == pictures else ()


def _named(words: re.Pattern[str], caption: str) -> tuple[View, ...]:
    names: Sequence[str | None] = [match.lastgroup for match in words.finditer(caption)]
    return tuple(View(name) for name in names if name is not None)


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))

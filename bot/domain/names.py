"""Names that people give themselves: when two read alike, and how the second is told apart."""

import unicodedata
from collections.abc import Collection

NAME_MAX_CHARS = 64
_LOOK_ALIKE = str.maketrans(
    "аеіорсухјѕӏкмнтвηοιυνρτκχαεβ01i",  # noqa: RUF001 - Cyrillic, Greek, digits
    "aelopcyxjslkmhtbnoluvptkxaeboll",
)


def distinct(name: str, taken: Collection[str]) -> str:
    """A name that reads like no other: with a number behind it, where somebody has it.

    Args:
        name: As its owner wrote it.
        taken: The names of the others.
    """
    known = {_read(other) for other in taken}
    number, made = 1, name
    while _read(made) in known:
        number += 1
        mark = f" ({number})"
        made = name[: NAME_MAX_CHARS - len(mark)].rstrip() + mark
    return made


def _read(name: str) -> str:
    """What a hurried reader sees: letters and digits, without case, accents and look-alikes."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LOOK_ALIKE)
    return "".join(char for char in plain if char.isalnum())

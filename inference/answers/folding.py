"""Text made comparable: without accents and case, one character for each, so that places stay.

Knows characters and sentences. Must not know what the words mean.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_ALIKE = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\u0060", "'")  # apostrophes
    | dict.fromkeys("\t\u00a0\u202f\u2009", " ")
    | {"\u0253": "b", "\u0257": "d", "\u0199": "k", "\u01b4": "y"}  # Hausa's hooked letters
    | {"\u0181": "b", "\u018a": "d", "\u0198": "k", "\u01b3": "y"}
    | {"\uff1a": ":", "\u0153": "o", "\u0152": "o", "\u00e6": "e", "\u2011": "-"}
)
_MARKS = str.maketrans(dict.fromkeys("*_`#>", " "))
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|dr|mr|mrs|ca|approx|vs|resp|fig|p\.ex|env)\.$")
_END = re.compile(r"[.!?](?=[*_)\]\"\u201d\u00bb]*(?:\s|$))[*_)\]\"\u201d\u00bb]*|\n+|;(?=\s)")


def composed(text: str) -> str:
    """Text in which an accented letter is one character, as `folded` needs it."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Lower case without accents.

    Args:
        text: As `composed` makes it.

    Returns:
        A text of the same length; a place in one is that place in the other.
    """
    alike = text.translate(_ALIKE)
    return "".join(unicodedata.normalize("NFD", char)[0].lower()[:1] or " " for char in alike)


def unmarked(plain: str) -> str:
    """Text whose Markdown is spaces, each in its place."""
    return plain.translate(_MARKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence and where it stands in its text."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends in its text."""
        return self.start + len(self.text)


def sentences(text: str) -> Iterator[Sentence]:
    """Cut a text into sentences, a line's end being one too; together they are the text."""
    start = 0
    for match in _END.finditer(text):
        if _ABBREVIATED.search(text[start : match.end()].lower()):
            continue
        yield Sentence(start=start, text=text[start : match.end()])
        start = match.end()
    if start < len(text):
        yield Sentence(start=start, text=text[start:])

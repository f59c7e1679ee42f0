"""A caption as a line of tokens, each of which is given one role at most.

Knows how people type: signs that nobody sees, accents, letters and digits that touch, missing
spaces (`spacing`). Must not know what any word means.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import accumulate

from bot.captions.spacing import parts


class Role(Enum):
    """What a token was found to be; a token without a role is a word of the indication."""

    REFERENCE = auto()  # the patient's record number, or its cue
    PRIVATE = auto()  # anything else that identifies somebody
    CODE = auto()  # a finding, a measure, a bed, a date: its numbers and letters mean nothing else
    DURATION = auto()
    AGE = auto()
    SEX = auto()
    DOUBT = auto()  # what may be an age or a duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A run of letters, a run of digits, or one sign.

    Args:
        text: As typed.
        word: In lower case without accents, as words are compared.
        start: Its place in the line's text.
        end: Where it ends.
        glued: Whether it touches the token before it.
        breaks: Whether a new line was begun before it.
        pictured: Whether an emoji stands before it.
    """

    text: str
    word: str
    start: int
    end: int
    glued: bool
    breaks: bool
    pictured: bool

    @property
    def is_number(self) -> bool:
        """Whether it is a run of digits."""
        return self.text.isdecimal()

    @property
    def is_word(self) -> bool:
        """Whether it is a run of letters."""
        return self.text.isalpha() or self.text in SEX_SIGNS

    @property
    def is_mark(self) -> bool:
        """Whether it is a sign."""
        return not (self.is_number or self.is_word)

    @property
    def is_capital(self) -> bool:
        """Whether it begins as names do."""
        return self.text[0].isupper()


SEX_SIGNS = "♀♂"

_ORDINALS = str.maketrans({"º": "°", "№": "n°", "ª": "", "’": "'", "‘": "'", "ʼ": "'", "`": "'"})  # noqa: RUF001
_HALVED = re.compile(r"(\d*) ?([½¼¾])")
_QUARTERS = {"½": ".5", "¼": ".25", "¾": ".75"}
_LETTERS = str.maketrans({"ɗ": "d", "ɓ": "b", "ƙ": "k", "ƴ": "y", "œ": "oe", "ß": "ss"})
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\s\w]|_")
_UNSEEN = {"Cf", "Cc"}
_VARIANTS = range(0xFE00, 0xFE10)  # of a picture, in colour or not
_HIDDEN = {Role.REFERENCE, Role.PRIVATE}


def normalised(text: str) -> str:
    """A text as one would read it aloud: compatibility forms composed, unseen signs taken out."""
    decimal = _HALVED.sub(lambda match: (match[1] or " 0") + _QUARTERS[match[2]], text)
    composed = unicodedata.normalize("NFKC", decimal.translate(_ORDINALS))
    return "".join(
        char
        for char in composed
        if char in "\n\r\t"
        or (unicodedata.category(char) not in _UNSEEN and ord(char) not in _VARIANTS)
    )


def folded(text: str) -> str:
    """A word as words are compared: in lower case, without accents."""
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


class Line:
    """The tokens of a text, and the roles that were found for them.

    Args:
        typed: Anything a person may type.
    """

    def __init__(self, typed: str) -> None:
        self.text = normalised(typed)
        self.tokens = tuple(_tokens(self.text))
        self.roles: list[Role | None] = [None] * len(self.tokens)
        self.typed = frozenset(token.word for token in self.tokens)
        self._words = [token.word if token.is_word else "" for token in self.tokens]
        self._marks = [token.text if token.is_mark else "" for token in self.tokens]

    def __len__(self) -> int:
        return len(self.tokens)

    def word(self, place: int) -> str:
        """The word at a place, empty where there is none."""
        return self._words[place] if 0 <= place < len(self._words) else ""

    def mark(self, place: int) -> str:
        """The sign at a place, empty where there is none."""
        return self._marks[place] if 0 <= place < len(self._marks) else ""

    def number(self, place: int) -> int | None:
        """The number at a place, None where there is none."""
        inside = 0 <= place < len(self.tokens)
        return int(self.tokens[place].text) if inside and self.tokens[place].is_number else None

    def glued(self, place: int) -> bool:
        """Whether a token touches the one before it."""
        return 0 < place < len(self) and self.tokens[place].glued

    def role(self, place: int) -> Role | None:
        """The role of a token, None where it has none."""
        return self.roles[place] if 0 <= place < len(self) else None

    def is_free(self, place: int) -> bool:
        """Whether there is a token without a role."""
        return 0 <= place < len(self) and self.roles[place] is None

    def give(self, role: Role, start: int, end: int) -> None:
        """Give tokens a role, in place of any they had."""
        self.roles[start:end] = [role] * (end - start)

    def ends(self, place: int) -> bool:
        """Whether a thought ends before this place: a sign that parts, a new line, the end."""
        if place >= len(self) or self.tokens[place].breaks:
            return True
        if self.role(place) in _HIDDEN or self.is_dash(place):
            return True
        mark = self.mark(place)
        decimal = self.glued(place + 1) and self.number(place + 1) is not None
        return bool(mark) and (mark in ',;:()!?+&|="«»“”[]_' or (mark == "." and not decimal))

    def begins(self, place: int) -> bool:
        """Whether a thought begins at this place."""
        if place <= 0 or self.tokens[place].breaks:
            return True
        before = place - 1
        parted = bool(self.mark(before)) and self.mark(before) in ',;:.(+&)!?|="«»“”[]_'
        return parted or self.is_dash(before) or self.role(before) in {*_HIDDEN, Role.CODE}

    def is_dash(self, place: int) -> bool:
        """Whether a dash or a stroke stands alone, as between thoughts."""
        dash = self.mark(place)
        if dash == "/":
            return not (self.glued(place) or self.glued(place + 1))
        return bool(dash) and dash in "-–—" and not (self.glued(place) and self.glued(place + 1))  # noqa: RUF001

    def without(self, *roles: Role, gap: str) -> str:
        """The text without the tokens of some roles."""
        kept, at = [], 0
        for token, role in zip(self.tokens, self.roles, strict=True):
            if role in roles:
                kept += [self.text[at : token.start], gap]
                at = token.end
        return "".join([*kept, self.text[at:]])


def _is_picture(char: str) -> bool:
    is_symbol = unicodedata.category(char[0]) in {"So", "Sk"} and char not in SEX_SIGNS
    return is_symbol and not char.isascii() and char != "°"


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    end, pictured = 0, False
    for match in _TOKEN.finditer(text):
        if _is_picture(match[0]):
            pictured = True
            continue
        between = text[end : match.start()]
        glued = bool(found) and between == ""
        token = Token(
            text=match[0],
            word=folded(match[0]),
            start=match.start(),
            end=match.end(),
            glued=glued,
            breaks="\n" in between or "\r" in between,
            pictured=pictured,
        )
        found += _spaced(token, counted=glued and found[-1].is_number)
        end, pictured = match.end(), False
    return found


def _spaced(token: Token, *, counted: bool) -> list[Token]:
    """A token, or the tokens of words that were typed without a space."""
    lengths = parts(token.word, counted=counted) if len(token.word) == len(token.text) else ()
    if len(lengths) < 2:
        return [token]
    ends = list(accumulate(lengths))
    return [
        replace(
            token,
            text=token.text[end - length : end],
            word=token.word[end - length : end],
            start=token.start + end - length,
            end=token.start + end,
            glued=token.glued and end == length,
            breaks=token.breaks and end == length,
            pictured=token.pictured and end == length,
        )
        for length, end in zip(lengths, ends, strict=True)
    ]

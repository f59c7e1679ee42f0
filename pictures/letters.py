"""The letters that EdgeRad draws with, in a font of its own: no machine needs to have one.

Knows which letters the font has: those of every language of the bot, Hausa's too. Must not know
what is drawn.
"""

import io
import unicodedata
from functools import cache
from pathlib import Path

from PIL import ImageFont

_FILE = Path(__file__).with_suffix(".ttf")
_PROBE_PX = 16
_NO_CHARACTER = "\uffff"


@cache
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """The font at a size; its file is read once, so that a confined process can go on drawing."""
    return ImageFont.truetype(io.BytesIO(_bytes()), size_px, layout_engine=ImageFont.Layout.BASIC)


def fitting(text: str, largest_px: int, smallest_px: int, room_px: float) -> ImageFont.FreeTypeFont:
    """The font as large as a text fits into a room on one line, within two sizes."""
    longest_px = font(largest_px).getlength(shown(text))
    fits_px = largest_px if longest_px <= room_px else int(largest_px * room_px / longest_px)
    return font(max(smallest_px, fits_px))


def shown(text: str) -> str:
    """Text as the font draws it: on one line, with a question mark for a letter that it lacks."""
    whole = unicodedata.normalize("NFC", " ".join(text.split()))
    seen = (char for char in whole if unicodedata.category(char)[0] != "C")
    return "".join(char if has(char) else "?" for char in seen)


@cache
def has(char: str) -> bool:
    """Whether the font has a letter: for one that it lacks it would draw an empty box."""
    return char.isspace() or _drawn(char) != _drawn(_NO_CHARACTER)


def _drawn(char: str) -> tuple[tuple[int, int], bytes]:
    mask = font(_PROBE_PX).getmask(char)
    return mask.size, bytes(mask)


@cache
def _bytes() -> bytes:
    return _FILE.read_bytes()

"""A chest film with a place marked on it: an outline, the patient's sides, and what the mark means.

Knows where zones lie on a frontal film, roughly. Must not know what the film shows: it draws where
somebody's words point, and looks for nothing but whether the film stands upright. Runs only in a
disposable process.
"""

import math
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from pictures import letters, raster
from pictures.errors import NotAFrontalFilm
from pictures.places import MarkWords, Place, Side, Zone

LONGEST_PX = 1280
_INK, _UNDER, _PAPER = (255, 214, 0), (0, 0, 0), (16, 16, 16)
_RED, _LIGHT = (198, 40, 40), (255, 255, 255)
_ACROSS = 0.8
"""Length of a word over all of a film, as a share of its diagonal."""
_BAND = 0.07
"""Height of a band of words, as a share of the picture's longer side."""
_SMALLEST_PX = 9
_POINTS = 72
_BELLY_LIGHTER = 0.22

_RIGHT_LUNG: dict[Zone | None, tuple[float, float, float, float]] = {
    None: (0.10, 0.08, 0.49, 0.86),
    Zone.UPPER: (0.14, 0.08, 0.48, 0.38),
    Zone.MIDDLE: (0.10, 0.32, 0.48, 0.60),
    Zone.LOWER: (0.07, 0.52, 0.49, 0.86),
    Zone.APEX: (0.20, 0.07, 0.46, 0.26),
    Zone.HILUM: (0.30, 0.34, 0.50, 0.60),
    Zone.BASE: (0.08, 0.62, 0.48, 0.88),
    Zone.COSTOPHRENIC: (0.04, 0.62, 0.30, 0.88),
}
"""Left, top, right and bottom on the film, in shares of it: the patient's right lung, which is at
the left of the picture. The other lung is its mirror image."""


def marked(image: Image.Image, place: Place, words: MarkWords) -> Image.Image:
    """Draw where a place is, with words above and below the film.

    Args:
        image: An upright frontal film, mode RGB.

    Returns:
        A new picture, at most `LONGEST_PX` on the film's longer side.

    Raises:
        NotAFrontalFilm: It does not look like one that stands upright: sides would be wrong.
    """
    if not _stands_upright(image):
        raise NotAFrontalFilm
    film = raster.fit(image, LONGEST_PX, Image.Resampling.BILINEAR).convert("RGB")
    for side in _sides(place.side):
        _outline(film, side, place.zone)
    if words.across:
        _write_across(film, words.across)
    return _with_words(film, words)


def load_letters() -> None:
    """Load the font now: once confined, a child can open no file to import it from."""
    film = Image.new("RGB", (32, 32))
    film.paste((255, 255, 255), (0, 24, 32, 32))
    marked(film, Place(side=Side.BOTH), MarkWords(right="R", left="L", label="label", across="X"))


def _stands_upright(image: Image.Image) -> bool:
    """Whether what lies below is lighter than where lungs would be, as a belly is.

    On 88 drawn films the difference was .38 to .63 of the spread of greys upright, at most .12 when
    they lay on a side and .25 upside down; on four real ones .23 to .68, -.42 to .07, at most .21.
    """
    side_px = 48
    small = image.convert("L").resize((side_px, side_px), Image.Resampling.BOX)
    greys = np.asarray(small, dtype=np.float32)  # [row, column]
    lungs = greys[8:28, [*range(8, 18), *range(30, 40)]]
    belly = greys[38:46, 8:40]
    ordered = np.sort(greys, axis=None)
    spread = ordered[len(ordered) * 95 // 100] - ordered[len(ordered) * 5 // 100]
    return bool(belly.mean() - lungs.mean() > _BELLY_LIGHTER * spread)


def _sides(side: Side) -> tuple[Side, ...]:
    return (Side.RIGHT, Side.LEFT) if side is Side.BOTH else (side,)


def _outline(film: Image.Image, side: Side, zone: Zone | None) -> None:
    """An ellipse, dark under light, so that it shows on any grey; what is in it stays free."""
    pen = ImageDraw.Draw(film)
    points = [(x * film.width, y * film.height) for x, y in _ellipse(side, zone)]
    width_px = max(2, max(film.size) // 250)
    pen.line(points, fill=_UNDER, width=3 * width_px, joint="curve")
    pen.line(points, fill=_INK, width=width_px, joint="curve")


def _ellipse(side: Side, zone: Zone | None) -> Iterator[tuple[float, float]]:
    left, top, right, bottom = _RIGHT_LUNG[zone]
    if side is Side.LEFT:
        left, right = 1 - right, 1 - left
    for step in range(_POINTS + 1):
        angle = 2 * math.pi * step / _POINTS
        x = (left + right) / 2 + (right - left) / 2 * math.cos(angle)
        y = (top + bottom) / 2 + (bottom - top) / 2 * math.sin(angle)
        yield x, y


def _write_across(film: Image.Image, word: str) -> None:
    """A word from the lower left to the upper right, red under white."""
    longest_px = math.hypot(*film.size)
    font = letters.fitting(word, film.height // 5, _SMALLEST_PX, _ACROSS * longest_px)
    edge_px = max(1, int(font.size) // 12)
    shown = letters.shown(word)
    box = (math.ceil(font.getlength(shown)) + 4 * edge_px, 2 * int(font.size))
    angle = math.degrees(math.atan2(film.height, film.width))
    for colour, width_px in ((_LIGHT, edge_px), (_RED, 0)):
        flat = Image.new("L", box)
        middle = (box[0] / 2, box[1] / 2)
        ImageDraw.Draw(flat).text(middle, shown, 255, font, "mm", stroke_width=width_px)
        leant = flat.rotate(angle, Image.Resampling.BILINEAR, expand=True)
        at = ((film.width - leant.width) // 2, (film.height - leant.height) // 2)
        film.paste(colour, (*at, at[0] + leant.width, at[1] + leant.height), leant)


def _with_words(film: Image.Image, words: MarkWords) -> Image.Image:
    band_px = max(2 * _SMALLEST_PX, round(max(film.size) * _BAND))
    whole = Image.new("RGB", (film.width, film.height + 2 * band_px), _PAPER)
    whole.paste(film, (0, band_px))
    pen = ImageDraw.Draw(whole)
    edge_px = band_px // 4
    room_px = film.width - 2 * edge_px
    sides_font = _font(band_px, room_px / 2 - edge_px, words.right, words.left)
    top, bottom = band_px // 2, band_px + film.height + band_px // 2
    pen.text((edge_px, top), letters.shown(words.right), _INK, sides_font, "lm")
    pen.text((film.width - edge_px, top), letters.shown(words.left), _INK, sides_font, "rm")
    label_font = _font(band_px, room_px, words.label)
    pen.text((film.width // 2, bottom), letters.shown(words.label), _INK, label_font, "mm")
    return whole


def _font(band_px: int, room_px: float, *texts: str) -> FreeTypeFont:
    """Letters as large as each text fits in the room on one line."""
    fonts = (letters.fitting(text, band_px * 5 // 9, _SMALLEST_PX, room_px) for text in texts)
    return min(fonts, key=lambda font: font.size)

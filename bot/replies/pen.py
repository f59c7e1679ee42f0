"""A pen that draws rows of bars, one under the other, for a phone's screen.

Knows how to draw. Must not know what the figures mean. An urgency is told by a colour and by a
pattern, for whoever cannot tell the colours apart. Pillow is loaded with the first pen: until then
the bot's process does without it, and it decodes no picture ever.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inference.contract import Urgency

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH_PX = 720
"""Shown on a phone at about half of that: letters are large."""
MOST_PX = 6000
ROW_PX = 48
BAR_PX = 28
LEFT_PX = 270
RIGHT_PX = 70
EDGE_PX = 16
TITLE_PX = 64
AXIS_PX = 48
LARGE_PX, LETTERS_PX, SMALL_PX, SMALLEST_PX = 24, 20, 16, 11
SWATCH_PX = 26
STEP_PX = 10
COLOURS = {
    Urgency.CRITICAL: "#c62828",
    Urgency.URGENT: "#ef6c00",
    Urgency.NOT_STATED: "#b08900",
    Urgency.ROUTINE: "#2e7d32",
    Urgency.NOT_MEDICAL: "#757575",
}
OTHER = "#37474f"
INK, GREY, PAPER = "#212121", "#9e9e9e", "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of a row, from one share of the widest to another.

    Args:
        fill: The urgency that it stands for, None for any.
        height: Its share of a row's usual height.
    """

    start: float = 0.0
    end: float
    fill: Urgency | None = None
    height: float = 1.0


class Pen:
    """Draws one row under the other."""

    def __init__(self) -> None:
        from PIL import Image, ImageDraw  # noqa: PLC0415 - only here, and large

        from pictures import letters  # noqa: PLC0415 - likewise

        self._new, self._on = Image.new, ImageDraw.Draw
        self._letters = letters
        self._image = Image.new("RGB", (WIDTH_PX, MOST_PX), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._y = 0

    def png(self) -> bytes:
        """All that was drawn."""
        encoded = io.BytesIO()
        self._image.crop((0, 0, WIDTH_PX, min(self._y, MOST_PX))).save(
            encoded, "PNG", optimize=True
        )
        return encoded.getvalue()

    def title(self, text: str) -> None:
        """Begin a panel."""
        middle = (WIDTH_PX / 2, self._y + TITLE_PX / 2)
        self._write(middle, text, LARGE_PX, WIDTH_PX - 2 * EDGE_PX, "mm")
        self._y += TITLE_PX

    def row(self, label: Sequence[str], value: str, *bars: Bar) -> None:
        """Draw bars over each other, with words at both ends; a second line of a label is small."""
        middle = self._y + ROW_PX / 2
        self._label(label, middle)
        right: float = LEFT_PX
        for bar in bars:
            half = BAR_PX * bar.height / 2
            left, right = _x(bar.start), max(_x(bar.end), right)
            end = max(_x(bar.end), left + 2)
            self._fill((round(left), round(middle - half), round(end), round(middle + half)), bar)
        self._write((right + 8, middle), value, LETTERS_PX, WIDTH_PX - right - 12, "lm")
        self._y += ROW_PX

    def whisker(self, low: float, high: float) -> None:
        """Draw an interval over the row that was drawn last, in black on white."""
        middle = self._y - ROW_PX / 2
        for colour, width in ((PAPER, 6), (INK, 2)):
            self._draw.line((_x(low), middle, _x(high), middle), colour, width)
            for x in (_x(low), _x(high)):
                self._draw.line((x, middle - 7, x, middle + 7), colour, width)

    def axis(self, ticks: Mapping[float, str]) -> None:
        """End a panel."""
        self._draw.line((LEFT_PX, self._y, _x(1), self._y), GREY)
        for share, name in ticks.items():
            self._draw.line((_x(share), self._y, _x(share), self._y + 6), GREY)
            self._write((_x(share), self._y + 10), name, SMALL_PX, LEFT_PX, "mt")
        self._y += AXIS_PX

    def legend(self, names: Mapping[Urgency | None, str]) -> None:
        """Tell what the patterns stand for, in as many lines as that takes."""
        x = EDGE_PX
        font = self._letters.font(SMALL_PX)
        for fill, name in names.items():
            width = SWATCH_PX + 8 + round(font.getlength(self._letters.shown(name))) + 20
            if x > EDGE_PX and x + width > WIDTH_PX:
                x, self._y = EDGE_PX, self._y + SWATCH_PX + 8
            box = (x, self._y, x + SWATCH_PX, self._y + SWATCH_PX)
            self._fill(box, Bar(end=1, fill=fill))
            place = (x + SWATCH_PX + 8, self._y + SWATCH_PX / 2)
            self._write(place, name, SMALL_PX, WIDTH_PX - place[0] - EDGE_PX, "lm")
            x += width
        self._y += SWATCH_PX + EDGE_PX

    def _label(self, label: Sequence[str], middle: float) -> None:
        room, offsets = LEFT_PX - 10 - EDGE_PX, (0,) if len(label) == 1 else (-9, 11)
        sizes = (LETTERS_PX, SMALL_PX)
        for text, offset, size_px in zip(label, offsets, sizes, strict=False):
            self._write((LEFT_PX - 10, middle + offset), text, size_px, room, "rm")

    def _write(
        self, at: tuple[float, float], text: str, size_px: int, room_px: float, anchor: str
    ) -> None:
        font = self._letters.fitting(text, size_px, SMALLEST_PX, room_px)
        shown = self._letters.shown(text)
        while len(shown) > 1 and font.getlength(shown) > room_px:
            shown = f"{shown[:-2]}…"
        self._draw.text(at, shown, INK, font, anchor=anchor)

    def _fill(self, box: tuple[int, int, int, int], bar: Bar) -> None:
        """Fill a box with the colour and the pattern of what a bar stands for."""
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        colour = OTHER if bar.fill is None else COLOURS[bar.fill]
        tile = self._new("RGB", (width, height), colour)
        if bar.fill in _PATTERNS:
            _PATTERNS[bar.fill](self._on(tile), width, height, colour)
        self._image.paste(tile, (left, top))


def _x(share: float) -> float:
    return LEFT_PX + share * (WIDTH_PX - LEFT_PX - RIGHT_PX)


def _stripes(pen: "ImageDraw", width: int, height: int, _colour: str) -> None:
    for x in range(-height, width, STEP_PX):
        pen.line((x, height, x + height, 0), PAPER, 2)


def _dots(pen: "ImageDraw", width: int, height: int, _colour: str) -> None:
    for x in range(STEP_PX // 2, width, STEP_PX):
        for y in range(STEP_PX // 2, height, STEP_PX):
            pen.ellipse((x - 2, y - 2, x + 2, y + 2), PAPER)


def _lines(pen: "ImageDraw", width: int, height: int, _colour: str) -> None:
    for y in range(STEP_PX // 2, height, STEP_PX):
        pen.line((0, y, width, y), PAPER, 2)


def _hollow(pen: "ImageDraw", width: int, height: int, colour: str) -> None:
    pen.rectangle((0, 0, width - 1, height - 1), PAPER, colour, 3)


_PATTERNS = {
    Urgency.URGENT: _stripes,
    Urgency.NOT_STATED: _dots,
    Urgency.ROUTINE: _lines,
    Urgency.NOT_MEDICAL: _hollow,
}

"""A join card to print: how to get into the Wi-Fi, the link, and the link as a QR code.

Knows paper. Must not know invites or networks.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import segno
from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from machine.faults import Fault
from pictures import letters
from storage.durable import replace

DPI = 300
SIZE_PX = (1240, 1748)
"""A6, four of which fit a sheet of A4."""

MARGIN_PX = 90
QR_PX = 900
LARGEST_PX, SMALLEST_PX = 64, 20
FORMATS = {".png": "PNG", ".pdf": "PDF"}


class CannotDraw(Fault):
    """There is no card of this name or with these words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card says.

    Args:
        link: What the phone shall open.
        wifi: The Wi-Fi's name; None leaves room for a pen.
        role: What the person who joins may do.
        until: When the invite ends, by the clinic's clock.
    """

    link: str
    wifi: str | None
    role: str
    until: datetime

    def lines(self) -> Iterator[tuple[str, int]]:
        """What stands above the code, each line with its largest height in pixels."""
        yield "EdgeRad", LARGEST_PX + 26
        yield f"1.  Wi-Fi:  {self.wifi or '_' * 20}", LARGEST_PX
        yield "2.  Scan, or open / Scannez, ou ouvrez", LARGEST_PX
        yield self.link, LARGEST_PX

    def notes(self) -> Iterator[tuple[str, int]]:
        """What stands below it."""
        until = f"{self.until:%d/%m/%Y %H:%M}"
        yield f"One {self.role}, once, until {until}", 40
        yield f"Une seule personne, une seule fois, avant le {until}", 40


def check_card(target: Path, wifi: str | None) -> None:
    """Make sure that a card can be drawn, before there is an invite to lose.

    Raises:
        CannotDraw: With what to do.
    """
    if target.suffix.lower() not in FORMATS:
        raise CannotDraw(f"{target}: name a card .png or .pdf.")
    if not target.parent.is_dir():
        raise CannotDraw(f"There is no folder {target.parent} for the card.")
    if wifi is not None and not (wifi.isprintable() and letters.shown(wifi) == wifi):
        raise CannotDraw(f"The card cannot write {wifi!r}: leave --wifi out, and use a pen.")


def save_card(card: Card, target: Path) -> None:
    """Draw a card and write it, for its owner alone: whoever has the code can join.

    Args:
        target: A `.png` or `.pdf` file; one of that name is replaced.
    """
    image = io.BytesIO()
    draw_card(card).save(image, FORMATS[target.suffix.lower()], dpi=(DPI, DPI), resolution=DPI)
    replace(target, [image.getvalue()])


def draw_card(card: Card) -> Image.Image:
    """Draw a card.

    Returns:
        A picture in grey, `SIZE_PX` large.
    """
    page = Image.new("L", SIZE_PX, 255)
    pen = ImageDraw.Draw(page)
    pen.rectangle((20, 20, SIZE_PX[0] - 21, SIZE_PX[1] - 21), outline=160, width=2)
    top = _write(pen, card.lines(), MARGIN_PX)
    code = _qr(card.link)
    page.paste(code, ((SIZE_PX[0] - code.width) // 2, top + 10))
    _write(pen, card.notes(), top + code.height + 40)
    return page


def _write(pen: ImageDraw.ImageDraw, lines: Iterator[tuple[str, int]], top: int) -> int:
    """Write lines one below the other, each as large as fits.

    Returns:
        Where the next one would begin.
    """
    for words, largest_px in lines:
        font = _font_that_fits(pen, words, largest_px)
        pen.text((MARGIN_PX, top), words, fill=0, font=font)
        top += round(largest_px * 1.6)
    return top


def _font_that_fits(pen: ImageDraw.ImageDraw, words: str, largest_px: int) -> FreeTypeFont:
    width_px = SIZE_PX[0] - 2 * MARGIN_PX
    sizes = range(largest_px, SMALLEST_PX, -2)
    fonts = (letters.font(size) for size in sizes)
    return next(
        (font for font in fonts if pen.textlength(words, font) <= width_px),
        letters.font(SMALLEST_PX),
    )


def _qr(link: str) -> Image.Image:
    code = segno.make_qr(link, error="M")
    image = io.BytesIO()
    code.save(image, kind="png", scale=QR_PX // code.symbol_size()[0])
    return Image.open(image).convert("L")

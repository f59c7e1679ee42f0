"""A join card to print: how to get into the Wi-Fi, the link, and the link as a QR code.

Knows paper. Must not know invites or networks.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import segno
from PIL import Image, ImageDraw
from segno import helpers

from inference.contract import Language
from machine.faults import Fault
from pictures import letters
from storage.durable import replace

DPI = 300
SIZE_PX = (1240, 1748)
"""A6, four of which fit a sheet of A4."""

MARGIN_PX = 90
QR_PX = 900
BESIDE_WIFI_QR_PX = 560
WIFI_QR_PX = 400
LARGEST_PX, SMALLEST_PX = 64, 20
FORMATS = {".png": "PNG", ".pdf": "PDF"}


class CannotDraw(Fault):
    """There is no card of this name or with these words."""


_SCAN = MappingProxyType(
    {
        Language.ENGLISH: "Scan, or open:",
        Language.FRENCH: "Scannez, ou ouvrez :",
        Language.PORTUGUESE: "Leia o código, ou abra:",
        Language.HAUSA: "Ɗauki hoton lambar, ko buɗe:",
    }
)
_FOR_ONE = MappingProxyType(
    {
        Language.ENGLISH: "For one {role}, once, until {until}",
        Language.FRENCH: "Pour une personne ({role}), une fois, avant le {until}",
        Language.PORTUGUESE: "Para uma pessoa ({role}), uma vez, até {until}",
        Language.HAUSA: "Don mutum ɗaya ({role}), sau ɗaya, har {until}",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wifi:
    """The Wi-Fi that phones use.

    Args:
        name: Its SSID.
        password: None if people are told it; else a code on the card has it.
    """

    name: str
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card says.

    Args:
        link: What the phone shall open.
        wifi: None leaves room for a pen.
        role: What the person who joins may do, in the card's language.
        until: When the invite ends, by the clinic's clock.
        language: Of its words.
    """

    link: str
    wifi: Wifi | None
    role: str
    until: datetime
    language: Language = Language.ENGLISH

    @property
    def wifi_code(self) -> str | None:
        """What a phone's camera joins the Wi-Fi by."""
        if self.wifi is None or self.wifi.password is None:
            return None
        wifi = helpers.make_wifi_data(self.wifi.name, self.wifi.password, "WPA")
        return str(wifi)

    def title(self) -> Iterator[tuple[str, int]]:
        """What stands on top, each line with its largest height in pixels."""
        yield "EdgeRad", LARGEST_PX + 26
        yield f"1.  Wi-Fi:  {'_' * 20 if self.wifi is None else self.wifi.name}", LARGEST_PX

    def lines(self) -> Iterator[tuple[str, int]]:
        """What stands above the link's code."""
        yield f"2.  {_SCAN[self.language]}", LARGEST_PX
        yield self.link, LARGEST_PX

    def notes(self) -> Iterator[tuple[str, int]]:
        """What stands below it."""
        yield (
            _FOR_ONE[self.language].format(role=self.role, until=f"{self.until:%d/%m/%Y %H:%M}"),
            40,
        )


def check_card(target: Path, wifi: Wifi | None) -> None:
    """Make sure that a card can be drawn, before there is an invite to lose.

    Raises:
        CannotDraw: With what to do.
    """
    if target.suffix.lower() not in FORMATS:
        raise CannotDraw(f"{target}: name a card .png or .pdf.")
    if not target.parent.is_dir():
        raise CannotDraw(f"There is no folder {target.parent} for the card.")
    name = "" if wifi is None else wifi.name
    if not name.isprintable() or letters.shown(name) != name:
        raise CannotDraw(f"The card cannot write {name!r}: leave --wifi out, and use a pen.")


def save_card(card: Card, target: Path) -> None:
    """Draw a card and write it, for its owner alone: whoever has the code can join.

    Args:
        target: A `.png` or `.pdf` file; one of that name is replaced.
    """
    save_page(draw_card(card), target)


def save_page(page: Image.Image, target: Path) -> None:
    """Write what was drawn, in the size that it is printed in, for its owner alone.

    Args:
        target: A `.png` or `.pdf` file; one of that name is replaced.
    """
    image = io.BytesIO()
    page.save(image, FORMATS[target.suffix.lower()], dpi=(DPI, DPI), resolution=DPI)
    replace(target, [image.getvalue()])


def blank_page() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A page with a line around it to cut along, and what draws on it."""
    page = Image.new("L", SIZE_PX, 255)
    pen = ImageDraw.Draw(page)
    pen.rectangle((20, 20, SIZE_PX[0] - 21, SIZE_PX[1] - 21), outline=160, width=2)
    return page, pen


def draw_card(card: Card) -> Image.Image:
    """Draw a card.

    Returns:
        A picture in grey, `SIZE_PX` large.
    """
    page, pen = blank_page()
    top = write_lines(pen, card.title(), MARGIN_PX)
    if card.wifi_code is not None:
        top = _paste(page, _qr(card.wifi_code, WIFI_QR_PX), top)
    top = write_lines(pen, card.lines(), top)
    side = QR_PX if card.wifi_code is None else BESIDE_WIFI_QR_PX
    top = _paste(page, _qr(card.link, side), top)
    write_lines(pen, card.notes(), top)
    return page


def _paste(page: Image.Image, code: Image.Image, top: int) -> int:
    """Put a code in the middle.

    Returns:
        Where the next line would begin.
    """
    page.paste(code, ((page.width - code.width) // 2, top + 10))
    return top + code.height + 40


def write_lines(pen: ImageDraw.ImageDraw, lines: Iterator[tuple[str, int]], top: int) -> int:
    """Write lines one below the other, each as large as fits.

    Returns:
        Where the next one would begin.
    """
    for words, largest_px in lines:
        font = letters.fitting(words, largest_px, SMALLEST_PX, SIZE_PX[0] - 2 * MARGIN_PX)
        pen.text((MARGIN_PX, top), words, fill=0, font=font)
        top += round(largest_px * 1.6)
    return top


def _qr(words: str, side_px: int) -> Image.Image:
    code = segno.make_qr(words, error="M")
    image = io.BytesIO()
    code.save(image, kind="png", scale=side_px // code.symbol_size()[0])
    return Image.open(image).convert("L")

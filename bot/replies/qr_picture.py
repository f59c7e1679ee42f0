"""QR codes as a picture, and under each what can be typed instead.

Knows how to draw them. Must not know what they lead to. Pillow is loaded with the first.
"""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

WIDTH_PX = 720
QUIET_MODULES = 4
"""The white margin that a QR code must have (ISO/IEC 18004)."""
ADDRESS_PX, CODE_PX = 40, 72
MARGIN_PX = 32
SMALLEST_PX = 16


def invite(link: str, address: str, code: str) -> bytes:
    """Draw an invite.

    Args:
        link: What a phone that scans it opens.
        address: What is typed instead, then the code.

    Returns:
        A PNG, black on white.
    """
    return _png([_drawn(link, ((address, ADDRESS_PX), (code, CODE_PX)))])


def addresses(*named: tuple[str, str]) -> bytes:
    """Draw addresses on the internet, one under the other.

    Args:
        named: What each is called, and the address.

    Returns:
        A PNG, black on white.
    """
    return _png(
        [_drawn(address, ((name, ADDRESS_PX), (address, ADDRESS_PX))) for name, address in named]
    )


def _drawn(link: str, under: tuple[tuple[str, int], ...]) -> "Image.Image":
    """A QR code, with lines of a height each under it."""
    import segno  # noqa: PLC0415 - only here
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only here, and large

    from pictures import letters  # noqa: PLC0415 - likewise

    qr = segno.make_qr(link, error="M")
    scale = WIDTH_PX // qr.symbol_size(border=QUIET_MODULES)[0]
    drawn = io.BytesIO()
    qr.save(drawn, kind="png", scale=scale, border=QUIET_MODULES)
    with Image.open(drawn) as square:
        height = square.height + sum(size_px + MARGIN_PX for _, size_px in under) + MARGIN_PX
        page = Image.new("L", (WIDTH_PX, height), 255)
        page.paste(square.convert("L"), ((WIDTH_PX - square.width) // 2, 0))
        top = square.height
    pen = ImageDraw.Draw(page)
    for words, size_px in under:
        middle = (WIDTH_PX // 2, top + size_px // 2)
        font = letters.fitting(words, size_px, SMALLEST_PX, WIDTH_PX - 2 * MARGIN_PX)
        pen.text(middle, letters.shown(words), 0, font, anchor="mm")
        top += size_px + MARGIN_PX
    return page


def _png(parts: list["Image.Image"]) -> bytes:
    """One under the other."""
    from PIL import Image  # noqa: PLC0415 - only here, and large

    page = Image.new("L", (WIDTH_PX, sum(part.height for part in parts)), 255)
    top = 0
    for part in parts:
        page.paste(part, (0, top))
        top += part.height
    encoded = io.BytesIO()
    page.save(encoded, "PNG", optimize=True)
    return encoded.getvalue()

"""An invite as a picture: its link as a QR code, and under it what can be typed instead.

Knows how to draw it. Must not know who is invited. Pillow is loaded with the first invite.
"""

import io

WIDTH_PX = 720
QUIET_MODULES = 4
"""The white margin that a QR code must have (ISO/IEC 18004)."""
ADDRESS_PX, CODE_PX = 40, 72
MARGIN_PX = 32
SMALLEST_PX = 16


def draw(link: str, address: str, code: str) -> bytes:
    """Draw an invite.

    Args:
        link: What a phone that scans it opens.
        address: What is typed instead, then the code.

    Returns:
        A PNG, black on white.
    """
    import segno  # noqa: PLC0415 - only here
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only here, and large

    from pictures import letters  # noqa: PLC0415 - likewise

    qr = segno.make_qr(link, error="M")
    scale = WIDTH_PX // qr.symbol_size(border=QUIET_MODULES)[0]
    drawn = io.BytesIO()
    qr.save(drawn, kind="png", scale=scale, border=QUIET_MODULES)
    with Image.open(drawn) as square:
        height = square.height + ADDRESS_PX + CODE_PX + 3 * MARGIN_PX
        page = Image.new("L", (WIDTH_PX, height), 255)
        page.paste(square.convert("L"), ((WIDTH_PX - square.width) // 2, 0))
        top = square.height
    pen = ImageDraw.Draw(page)
    for words, size_px in ((address, ADDRESS_PX), (code, CODE_PX)):
        middle = (WIDTH_PX // 2, top + size_px // 2)
        font = letters.fitting(words, size_px, SMALLEST_PX, WIDTH_PX - 2 * MARGIN_PX)
        pen.text(middle, letters.shown(words), 0, font, anchor="mm")
        top += size_px + MARGIN_PX
    encoded = io.BytesIO()
    page.save(encoded, "PNG", optimize=True)
    return encoded.getvalue()

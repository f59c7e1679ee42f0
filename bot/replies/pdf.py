"""A PDF file: pages with lines of text, boxes and pictures at places, in EdgeRad's own font.

Knows the file format (ISO 32000-1), as much of it as a page of text and photos needs. Must not know
what a page says. Text can be searched and copied. A picture is put in as the JPEG that it is:
nothing is decoded here.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pictures.picture import Rendition
from pictures.typeface import EM, Typeface, typeface

A4_PT = (595.28, 841.89)
SKEW = 0.2
"""How far letters in italics lean: the font has none of its own."""
BOLDER = 0.035
"""How much thicker bold letters are drawn, as a share of their size."""
INK = "0 0 0"
RED = "0.78 0.1 0.1"
GREY = "0.45 0.45 0.45"

_FONT, _PAGES, _CATALOG = 3, 2, 1

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How letters look."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    colour: str = INK


PLAIN = Style()


@dataclass(slots=True)
class Page:
    """What is on a page; places are in points from its lower left corner."""

    pictures: list[Rendition] = field(default_factory=list)
    _drawn: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float, style: Style = PLAIN) -> float:
        """Write on one line from its left end; returns where its right end is."""
        face = typeface()
        width = face.width(text) * size / EM
        mode = f"2 Tr {size * BOLDER:.2f} w {style.colour} RG" if style.bold else "0 Tr"
        lean = SKEW if style.italic else 0
        codes = "".join(f"{face.glyph(char):04x}" for char in text)
        self._drawn.append(
            f"BT /F1 {size:.2f} Tf {style.colour} rg {mode} 1 0 {lean} 1 {x:.2f} {y:.2f} Tm "
            f"<{codes}> Tj ET"
        )
        if style.struck:
            middle = y + size * 0.28
            self.line((x, middle), (x + width, middle), size * 0.07, style.colour)
        return x + width

    def line(self, start: Point, end: Point, width: float = 0.5, colour: str = INK) -> None:
        """Draw a line."""
        (x, y), (to_x, to_y) = start, end
        self._drawn.append(f"{colour} RG {width:.2f} w {x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, colour: str = INK) -> None:
        """Draw a frame."""
        self._drawn.append(f"{colour} RG 1 w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def picture(self, picture: Rendition, x: float, y: float, width: float, height: float) -> None:
        """Put a picture into a box, from its lower left corner."""
        name = f"/P{len(self.pictures)}"
        self.pictures.append(picture)
        self._drawn.append(f"q {width:.2f} 0 0 {height:.2f} {x:.2f} {y:.2f} cm {name} Do Q")

    def across(self, text: str, x: float, y: float, width: float, height: float) -> None:
        """Write a word across a box, from its lower left to its upper right, red under white."""
        face = typeface()
        longest = (width**2 + height**2) ** 0.5
        cos, sin = width / longest, height / longest
        size = min(0.8 * longest * EM / face.width(text), height / 4)
        room = (longest - face.width(text) * size / EM) / 2
        at_x, at_y = x + room * cos + size * sin / 3, y + room * sin - size * cos / 3
        codes = "".join(f"{face.glyph(char):04x}" for char in text)
        place = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {at_x:.2f} {at_y:.2f} Tm <{codes}> Tj"
        for mode in (f"2 Tr {size / 6:.2f} w 1 1 1 RG", f"2 Tr {size / 20:.2f} w {RED} RG"):
            self._drawn.append(f"BT /F1 {size:.2f} Tf {RED} rg {mode} {place} ET")

    @property
    def content(self) -> bytes:
        """What a reader is to draw."""
        return "\n".join(self._drawn).encode("ascii")


def document(pages: Sequence[Page], *, title: str, language: str) -> bytes:
    """Write a file.

    Args:
        title: What a reader shows over it.
        language: A code such as `fr`, for whoever has it read aloud.
    """
    face = typeface()
    objects: dict[int, bytes] = {}
    objects[_FONT] = _dictionary(
        "/Type /Font /Subtype /Type0 /BaseFont /EdgeRad /Encoding /Identity-H"
        f" /DescendantFonts [{_FONT + 1} 0 R] /ToUnicode {_FONT + 4} 0 R"
    )
    objects[_FONT + 1] = _dictionary(
        "/Type /Font /Subtype /CIDFontType2 /BaseFont /EdgeRad /CIDToGIDMap /Identity"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /FontDescriptor {_FONT + 2} 0 R /W [0 [{' '.join(map(str, face.advances))}]]"
    )
    objects[_FONT + 2] = _dictionary(
        "/Type /FontDescriptor /FontName /EdgeRad /Flags 4 /ItalicAngle 0 /StemV 80"
        f" /FontBBox [-1000 -1000 2000 1200] /Ascent {face.ascent} /Descent {face.descent}"
        f" /CapHeight 729 /FontFile2 {_FONT + 3} 0 R"
    )
    objects[_FONT + 3] = _stream(face.file, f"/Length1 {len(face.file)}")
    objects[_FONT + 4] = _stream(_characters(face))
    kids = [_add_page(objects, page) for page in pages]
    objects[_PAGES] = _dictionary(
        f"/Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}]"
    )
    objects[_CATALOG] = _dictionary(
        f"/Type /Catalog /Pages {_PAGES} 0 R /Lang ({language})"
        " /ViewerPreferences << /DisplayDocTitle true >>"
    )
    about = max(objects) + 1
    objects[about] = _dictionary(f"/Title <{_utf16(title)}> /Producer (EdgeRad)")
    return _file(objects, about)


def _add_page(objects: dict[int, bytes], page: Page) -> int:
    first = max(objects) + 1
    names = []
    for number, picture in enumerate(page.pictures):
        objects[first + number] = _jpeg(picture)
        names.append(f"/P{number} {first + number} 0 R")
    content = max(objects) + 1
    objects[content] = _stream(page.content)
    width, height = A4_PT
    objects[content + 1] = _dictionary(
        f"/Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {width} {height}] /Contents {content} 0 R"
        f" /Resources << /Font << /F1 {_FONT} 0 R >> /XObject << {' '.join(names)} >> >>"
    )
    return content + 1


def _jpeg(picture: Rendition) -> bytes:
    about = (
        "/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8"
        f" /Width {picture.width_px} /Height {picture.height_px} /Filter /DCTDecode"
        f" /Length {len(picture.data)}"
    )
    return _dictionary(about) + b"\nstream\n" + picture.data + b"\nendstream"


def _dictionary(entries: str) -> bytes:
    return f"<< {entries} >>".encode("ascii")


def _stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data, 9)
    about = _dictionary(f"/Length {len(packed)} /Filter /FlateDecode {entries}")
    return about + b"\nstream\n" + packed + b"\nendstream"


def _characters(face: Typeface) -> bytes:
    """Which character each glyph stands for, so that text can be searched and copied."""
    chars = {glyph: char for char, glyph in sorted(face.glyphs.items(), reverse=True)}
    rows = [f"<{glyph:04x}> <{_utf16(char)[4:]}>" for glyph, char in sorted(chars.items())]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    listed = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /EdgeRad def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{listed}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _utf16(text: str) -> str:
    """A text string in hexadecimal, behind its byte order mark."""
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex()


def _file(objects: Mapping[int, bytes], about: int) -> bytes:
    """The objects one behind the other, then where each begins."""
    written = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number in sorted(objects):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    at, count = len(written), len(objects) + 1
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    written += f"xref\n0 {count}\n0000000000 65535 f \n{rows}".encode()
    written += f"trailer\n<< /Size {count} /Root {_CATALOG} 0 R /Info {about} 0 R >>\n".encode()
    return bytes(written + f"startxref\n{at}\n%%EOF\n".encode())

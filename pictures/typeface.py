"""The font's own tables: numbers and widths of its letters, for whoever puts it into a file.

Knows TrueType (Apple's reference manual: `cmap` format 4, `hmtx`). Must not know what is written.
`pictures.letters` draws with the same file; nothing here needs Pillow.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("letters.ttf")
EM = 1000
"""Widths are thousandths of a letter's size, as PDF has them."""
MISSING = 0
"""The glyph of a character that a font lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """A font.

    Args:
        glyphs: Number of each character's glyph.
        advances: Width of each glyph by its number, the last for all after it.
        ascent: How far letters reach above their line; `descent`, below it, is negative.
    """

    file: bytes
    glyphs: Mapping[str, int]
    advances: tuple[int, ...]
    ascent: int
    descent: int

    def glyph(self, char: str) -> int:
        """Number of a character's glyph, `MISSING` for one that the font lacks."""
        return self.glyphs.get(char, MISSING)

    def advance(self, glyph: int) -> int:
        """Width of a glyph."""
        return self.advances[min(glyph, len(self.advances) - 1)]

    def width(self, text: str) -> int:
        """Width of a text on one line."""
        return sum(self.advance(self.glyph(char)) for char in text)


@cache
def typeface() -> Typeface:
    """EdgeRad's own font; its file is read once."""
    return _parsed(_FILE.read_bytes())


def _parsed(file: bytes) -> Typeface:
    tables = dict(_tables(file))
    units_per_em: int
    (units_per_em,) = struct.unpack_from(">H", file, tables["head"] + 18)
    ascent, descent = struct.unpack_from(">hh", file, tables["hhea"] + 4)
    (count,) = struct.unpack_from(">H", file, tables["hhea"] + 34)
    metrics = struct.iter_unpack(">Hh", file[tables["hmtx"] : tables["hmtx"] + 4 * count])

    def scaled(units: int) -> int:
        return round(units * EM / units_per_em)

    return Typeface(
        file=file,
        glyphs=dict(_glyphs(file, tables["cmap"])),
        advances=tuple(scaled(advance) for advance, _ in metrics),
        ascent=scaled(ascent),
        descent=scaled(descent),
    )


def _tables(file: bytes) -> Iterator[tuple[str, int]]:
    """Name and place of each table."""
    (count,) = struct.unpack_from(">H", file, 4)
    for number in range(count):
        tag, _sum, offset, _length = struct.unpack_from(">4sIII", file, 12 + 16 * number)
        yield tag.decode(), offset


def _glyphs(file: bytes, cmap: int) -> Iterator[tuple[str, int]]:
    """Each character that the font has, with its glyph; segments as format 4 lays them out."""
    (_, _, offset) = struct.unpack_from(">HHI", file, cmap + 4)
    start = cmap + offset
    (doubled,) = struct.unpack_from(">H", file, start + 6)
    rows = [start + 14, *(start + 16 + doubled * row for row in (1, 2, 3))]
    for at in range(0, doubled, 2):
        last, first, delta, ranges = (struct.unpack_from(">H", file, row + at)[0] for row in rows)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if ranges:
                place = rows[3] + at + ranges + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", file, place)
                if glyph == MISSING:
                    continue
            yield chr(code), (glyph + delta) & 0xFFFF

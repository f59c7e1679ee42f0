"""What becomes of each file of a folder: a table and a contact sheet.

    python -m pictures.corpus FOLDER [--sheet SHEET.png]

Every file goes through the confined process, as one that somebody sends. Knows files and tables.
Must not decode anything itself but what that process made.
"""

import argparse
import asyncio
import io
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from pictures.errors import PictureProcessingError, UnsupportedFormat
from pictures.picture import Picture, PictureNote
from pictures.process import PictureProcess

_TILE_PX = 160
_LABEL_PX = 14
_COLUMNS = 10
_TILES = 2_000
_LABEL_CHARS = 26
_AT_HAND = 16
"""Files that are read in before one of them has its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of a file.

    Args:
        name: Its path within the folder.
        refused: Why, in words, and what it seems to be; empty if it was accepted.
        size: Width and height in pixels.
        greys: Mean, first and last percentile of its greys, of 255.
        note: What a reader is told of how it was read.
        tile: A small copy.
    """

    name: str
    refused: str = ""
    size: tuple[int, int] = (0, 0)
    greys: tuple[float, float, float] = (0, 0, 0)
    note: str = ""
    tile: Image.Image | None = None


async def rows(pictures: PictureProcess, folder: Path) -> AsyncIterator[Row]:
    """Try every file of a folder, and of the folders in it.

    Args:
        pictures: Decodes as many at once as it was made for.

    Yields:
        A row for each, in the order of their names.
    """
    paths = await asyncio.to_thread(_files, folder)
    for first in range(0, len(paths), _AT_HAND):
        tried = (_row(pictures, path, folder) for path in paths[first : first + _AT_HAND])
        for row in await asyncio.gather(*tried):
            yield row


def table(found: Sequence[Row]) -> str:
    """The rows in Markdown, with their sums below."""
    lines = ["| File | Becomes | Mean, p1, p99 | Note |", "|---|---|---|---|"]
    for row in found:
        name = row.name.replace("|", "\\|")
        if row.refused:
            lines.append(f"| {name} | refused: {row.refused} | | |")
        else:
            mean, low, high = row.greys
            became = f"{row.size[0]} × {row.size[1]}"  # noqa: RUF001 - the sign is meant
            lines.append(f"| {name} | {became} | {mean:.0f}, {low:.0f}, {high:.0f} | {row.note} |")
    return "\n".join([*lines, "", sums(found)])


def sums(found: Sequence[Row]) -> str:
    """How many were accepted, and how many refused for what."""
    why = Counter(row.refused for row in found if row.refused)
    refused = "".join(f"; refused, {reason}: {count}" for reason, count in why.most_common())
    return f"{len(found)} files; accepted: {sum(not row.refused for row in found)}{refused}"


def sheet(found: Sequence[Row]) -> Image.Image:
    """Small copies of the accepted ones beside each other, with their names."""
    shown = [row for row in found if row.tile is not None][:_TILES]
    down = max(1, -(-len(shown) // _COLUMNS))
    page = Image.new("RGB", (_COLUMNS * _TILE_PX, down * (_TILE_PX + _LABEL_PX)), "dimgray")
    draw = ImageDraw.Draw(page)
    for place, row in enumerate(shown):
        left, top = place % _COLUMNS * _TILE_PX, place // _COLUMNS * (_TILE_PX + _LABEL_PX)
        if row.tile is not None:
            page.paste(row.tile, (left, top))
        draw.text((left + 2, top + _TILE_PX), row.name[-_LABEL_CHARS:], "white")
    return page


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def _row(pictures: PictureProcess, path: Path, folder: Path) -> Row:
    name = str(path.relative_to(folder))
    data = await asyncio.to_thread(path.read_bytes)
    try:
        return _accepted(name, *await _pictures(pictures, data))
    except UnsupportedFormat as error:
        return Row(name=name, refused=f"seems to be {error.seems or 'no picture'}")
    except PictureProcessingError as error:
        return Row(name=name, refused=str(error).rstrip("."))


async def _pictures(pictures: PictureProcess, data: bytes) -> tuple[Picture, str]:
    try:
        return await pictures.prepare(data), ""
    except UnsupportedFormat as error:
        if error.seems != "ZIP":
            raise
    series = await pictures.series(data)
    middle = series.slices[len(series.slices) // 2]
    return middle.picture, f"series of {series.total}"


def _accepted(name: str, picture: Picture, more: str) -> Row:
    with Image.open(io.BytesIO(picture.data)) as image:
        greys = np.asarray(image.convert("L"))
        tile = image.convert("RGB")
    tile.thumbnail((_TILE_PX, _TILE_PX))
    low, high = np.percentile(greys, (1, 99))
    return Row(
        name=name,
        size=(picture.width_px, picture.height_px),
        greys=(float(greys.mean()), float(low), float(high)),
        note=", ".join(part for part in (more, _told(picture.note)) if part),
        tile=tile,
    )


def _told(note: PictureNote | None) -> str:
    told = {} if note is None else asdict(note)
    return ", ".join(f"{what} {value}" for what, value in told.items() if value)


async def _main(folder: Path, contact_sheet: Path) -> None:
    found = []
    async with PictureProcess() as pictures:
        async for row in rows(pictures, folder):
            found.append(row)
            print(f"{len(found)} {row.name}", file=sys.stderr)  # noqa: T201 - how far it is
    print(table(found))  # noqa: T201 - the answer
    await asyncio.to_thread(sheet(found).save, contact_sheet)


def main() -> None:
    """Parse the command line, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m pictures.corpus", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sheet", type=Path, default=Path("contact-sheet.png"))
    given = parser.parse_args()
    asyncio.run(_main(given.folder, given.sheet))


if __name__ == "__main__":
    main()

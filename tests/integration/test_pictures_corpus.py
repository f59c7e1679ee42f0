"""A folder of files is tried at once: what becomes of each stands in a table and on a sheet."""

from pathlib import Path

import pydicom.data

from pictures import PictureProcess
from pictures.corpus import Row, rows, sheet, table
from tests.valid_files import odd_files, raster


async def tried(folder: Path) -> list[Row]:
    async with PictureProcess() as pictures:
        return [row async for row in rows(pictures, folder)]


async def test_each_file_has_its_row_and_what_is_accepted_its_place_on_the_sheet(
    tmp_path: Path,
) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "film.png").write_bytes(raster("PNG"))
    (tmp_path / "letter.txt").write_text("Dear doctor")
    (tmp_path / "more" / "film.dcm").write_bytes(odd_files()["no window"])
    found = await tried(tmp_path)
    written = table(found)
    assert "| film.png | 32 × 32 | " in written  # noqa: RUF001 - the sign is meant
    assert "| letter.txt | refused: seems to be text | | |" in written
    assert "| more/film.dcm | 32 × 32 | 128, 1, 254 | window_estimated True |" in written  # noqa: RUF001
    assert written.endswith("3 files; accepted: 2; refused, seems to be text: 1")
    page = sheet(found)
    assert page.size == (1600, 174)
    assert page.getpixel((16, 16)) != page.getpixel((159, 80))  # a picture, and the ground


async def test_pydicoms_own_pictures_are_read(tmp_path: Path) -> None:
    """Those of its wheel that hold a picture which is whole."""
    folder = Path(pydicom.data.__file__).parent / "test_files"
    for name in (
        "CT_small",
        "MR_small_RLE",
        "JPGExtended",
        "SC_rgb_jpeg_dcmtk",
        "examples_palette",
    ):
        (tmp_path / f"{name}.dcm").write_bytes((folder / f"{name}.dcm").read_bytes())
    found = await tried(tmp_path)
    assert [row.refused for row in found] == [""] * 5
    assert all(row.greys[2] - row.greys[1] > 100 for row in found)

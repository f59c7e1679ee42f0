"""What LibreOffice makes of a table in CSV: its cells' texts, and the formulas among them.

Needs LibreOffice Calc (Debian: libreoffice-calc-nogui). Knows nothing of what is in a table.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

SOFFICE = shutil.which("soffice")
WHY_NOT = "LibreOffice is not installed: apt install libreoffice-calc-nogui"
WITHIN_S = 120

_FILTER = "Text - txt - csv (StarCalc):{separators},34,76,1,,0,{as_text},true,,,,,true"
"""Quotes hold, UTF-8, from the first line on; numbers and dates are found, formulas are run."""

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An opened table.

    Args:
        texts: Of every cell that has one, row by row.
        formulas: Of every cell that is one.
    """

    texts: tuple[str, ...]
    formulas: tuple[str, ...]


def opened(table: bytes, separators: str, folder: Path, *, as_text: bool = False) -> Sheet:
    """Import a table as LibreOffice does where cells end at these separators.

    Args:
        separators: Their codes, such as `59/44` for semicolon and comma.
        folder: Empty, or used here before.
        as_text: Whether what is quoted is a text, also where it looks like a number.
    """
    source, made = folder / "table.csv", folder / "table.fods"
    source.write_bytes(table)
    made.unlink(missing_ok=True)
    assert SOFFICE is not None
    import_as = _FILTER.format(separators=separators, as_text=str(as_text).lower())
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "fods",
            f"--infilter={import_as}",
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=WITHIN_S,
    )
    cells = list(ET.parse(made).getroot().iter(f"{_TABLE}table-cell"))  # noqa: S314 - made here
    formulas = [cell.get(f"{_TABLE}formula") for cell in cells]
    return Sheet(
        texts=tuple(text for cell in cells if (text := _text_of(cell))),
        formulas=tuple(formula for formula in formulas if formula is not None),
    )


def _text_of(cell: ET.Element) -> str:
    return "\n".join(_line(paragraph) for paragraph in cell.findall(f"{_TEXT}p"))


def _line(element: ET.Element) -> str:
    """A paragraph's characters; ODF writes some white space as elements."""
    words = element.text or ""
    for part in element:
        if part.tag == f"{_TEXT}s":
            words += " " * int(part.get(f"{_TEXT}c", "1"))
        elif part.tag == f"{_TEXT}tab":
            words += "\t"
        else:
            words += _line(part)
        words += part.tail or ""
    return words

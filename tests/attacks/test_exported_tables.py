"""A caption that a spreadsheet would run as a formula, whatever it takes for the end of a cell."""

import csv
import io
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies import figures
from tests import spreadsheets
from tests.attacks.conftest import Note
from tests.unit.test_bot_replies import answered

ATTACKER = "in words, and by bots"

SIGNS = "=+-@"
LOOK_ALIKES = "＝＋－＠﹦−⁼"  # noqa: RUF001 - these are the attack
COMMAND = "cmd|'/c calc'!A1"
SEPARATORS = ",;\t|"
BEFORE = (
    *("", " ", "\t", "\r", "\n", "\ufeff", "fever;", "fever,", "fever|", "fever\t", "fever\n"),
    *('a";"', "fever; ", 'fever;"'),
)


TYPED = (
    *(f"{before}{sign}{COMMAND}" for before in BEFORE for sign in SIGNS + LOOK_ALIKES),
    *("fever; 38.5, cough - since Monday", "two  spaces", "00123", "03/04/2025", "1,5", "1e5"),
    *("TRUE", "first\nsecond\r\nthird", "Ɗan Ƙano", "naïve «été»"),
)
needs_libreoffice = pytest.mark.skipif(spreadsheets.SOFFICE is None, reason=spreadsheets.WHY_NOT)


def exported(*typed: str) -> str:
    cases = [
        replace(answered(), caption=each, patient_reference=each, sender_name=each)
        for each in typed
    ]
    return figures.table(cases, {}).decode("utf-8-sig")


def cells_of_any_spreadsheet(table: str) -> list[str]:
    """All that a program may take for a cell: by each separator, with quotes that hold or not."""
    found: list[str] = []
    for separator in SEPARATORS:
        for row in csv.reader(io.StringIO(table, newline=""), delimiter=separator):
            found += row
        for line in re.split(r"[\r\n]", table):
            found += line.split(separator)
    return found


def is_formula(cell: str) -> bool:
    start = re.sub(r'^[\s"\u200b\u2060\ufeff]+', "", cell)[:1]
    return start != "" and unicodedata.normalize("NFKC", start) in f"{SIGNS}\N{MINUS SIGN}"


@pytest.mark.parametrize("sign", SIGNS + LOOK_ALIKES)
@pytest.mark.parametrize("before", BEFORE)
def test_nothing_that_was_typed_begins_a_cell_as_a_formula(
    before: str, sign: str, outcome: Note
) -> None:
    table = exported(f"{before}{sign}{COMMAND}")
    assert not [cell for cell in cells_of_any_spreadsheet(table) if is_formula(cell)]
    outcome(
        "A caption, name or reference that a spreadsheet runs as a formula (`…;=cmd`,"
        " full width, tab, line break)",
        "no cell begins with one, whatever separates cells and whether quotes hold or not",
    )


@needs_libreoffice
@pytest.mark.parametrize("separators", ["44", "59", "59/44", "9"])
def test_libreoffice_finds_no_formula(tmp_path: Path, separators: str, outcome: Note) -> None:
    """Where decimals have a comma, spreadsheets cut a table of commas at semicolons."""
    table = exported(*TYPED).encode("utf-8-sig")
    assert spreadsheets.opened(table, separators, tmp_path).formulas == ()
    outcome(
        "The same, opened by LibreOffice: comma, semicolon or both, and tab",
        "no formula",
    )


@needs_libreoffice
@pytest.mark.parametrize("separators", ["44", "59/44"])
def test_libreoffice_shows_each_text_as_it_was_sent(tmp_path: Path, separators: str) -> None:
    """But for the quote before a formula's sign, and however a line ends."""
    table = exported(*TYPED).encode("utf-8-sig")
    texts = spreadsheets.opened(table, separators, tmp_path, as_text=True).texts
    shown = {words.replace("'", "") for words in texts}
    sent = {"\n".join(words.replace("'", "").splitlines()) for words in TYPED}
    assert sent - shown == set()


@needs_libreoffice
def test_libreoffice_does_run_formulas_where_nothing_is_in_their_way(tmp_path: Path) -> None:
    bare = b'"x";"=1+1"\r\n'
    assert spreadsheets.opened(bare, "59", tmp_path).formulas == ("of:=1+1",)


@given(typed=st.text(alphabet=f"{SIGNS}{LOOK_ALIKES}{SEPARATORS}\r\n \"'a1\ufeff", max_size=12))
def test_however_it_is_put_together(typed: str) -> None:
    assert not [cell for cell in cells_of_any_spreadsheet(exported(typed)) if is_formula(cell)]


def test_every_cell_is_quoted_and_the_words_stay() -> None:
    table = exported("fever; 38.5, cough - since Monday")
    assert '"fever; 38.5, cough - since Monday"' in table
    header, row = table.split("\r\n")[:2]
    assert header == ",".join(f'"{name}"' for name in figures.COLUMNS)
    assert row.startswith('"C-0042","')

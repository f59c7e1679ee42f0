"""A caption that a spreadsheet would run as a formula, whatever it takes for the end of a cell."""

import csv
import io
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies import figures
from tests.unit.test_bot_replies import answered

SIGNS = "=+-@"
LOOK_ALIKES = "＝＋－＠﹦−⁼"  # noqa: RUF001 - these are the attack
COMMAND = "cmd|'/c calc'!A1"
SEPARATORS = ",;\t|"
BEFORE = (
    *("", " ", "\t", "\r", "\n", "\ufeff", "fever;", "fever,", "fever|", "fever\t", "fever\n"),
    *('a";"', "fever; ", 'fever;"'),
)


def exported(typed: str) -> str:
    case = replace(answered(), caption=typed, patient_reference=typed, sender_name=typed)
    return figures.table([case], {}).decode("utf-8-sig")


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
def test_nothing_that_was_typed_begins_a_cell_as_a_formula(before: str, sign: str) -> None:
    table = exported(f"{before}{sign}{COMMAND}")
    assert not [cell for cell in cells_of_any_spreadsheet(table) if is_formula(cell)]


@given(typed=st.text(alphabet=f"{SIGNS}{LOOK_ALIKES}{SEPARATORS}\r\n \"'a1\ufeff", max_size=12))
def test_however_it_is_put_together(typed: str) -> None:
    assert not [cell for cell in cells_of_any_spreadsheet(exported(typed)) if is_formula(cell)]


def test_every_cell_is_quoted_and_the_words_stay() -> None:
    table = exported("fever; 38.5, cough - since Monday")
    assert '"fever; 38.5, cough - since Monday"' in table
    header, row = table.split("\r\n")[:2]
    assert header == ",".join(f'"{name}"' for name in figures.COLUMNS)
    assert row.startswith('"C-0042","')

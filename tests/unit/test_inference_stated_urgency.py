"""What stands under an urgency's heading is read with care: the table of such lines."""

from pathlib import Path

import pytest

from inference.answers.stated_urgency import read_urgency
from inference.contract import Urgency
from inference.parsing import parse_sections
from tests.urgency_lines import OUTSIDE, TABLE

LINES = [(line, urgency) for urgency, lines in TABLE.items() for line in lines]


@pytest.mark.parametrize(("line", "urgency"), LINES, ids=lambda each: str(each)[:50])
def test_a_line_of_the_table_is_read(line: str, urgency: Urgency) -> None:
    assert read_urgency(line) is urgency
    assert read_urgency(f"**{line}**") is urgency


@pytest.mark.parametrize(("line", "urgency"), LINES, ids=lambda each: str(each)[:50])
def test_a_line_is_read_so_within_an_answer(line: str, urgency: Urgency) -> None:
    answer = f"FINDINGS: Haze.\nURGENCY: {line}\nRECOMMENDATION: Review."
    assert parse_sections(answer).urgency is urgency


def test_the_docs_say_how_many_lines_there_are() -> None:
    alarming = sum(urgency.alarming for _, urgency in LINES)
    said = (Path(__file__).parents[2] / "docs" / "clinical.md").read_text()
    assert f"has {len(LINES)} in English" in said
    assert f"{alarming} that alarm,\n{len(LINES) - alarming} that do not" in said


def test_of_lines_it_was_not_made_with_as_many_alarm_as_the_docs_say() -> None:
    """Judged as a share: a line of these that is read wrong is not looked at."""
    said = [(read_urgency(line).alarming, alarms) for line, alarms in OUTSIDE]
    lost, alarming = said.count((False, True)), sum(alarms for _, alarms in said)
    docs = (Path(__file__).parents[2] / "docs" / "clinical.md").read_text()
    assert f"Of {len(OUTSIDE)} lines of somebody who tried to break it" in docs
    assert f"loses {lost} of {alarming} alarms and alarms at none of the rest" in docs
    assert (True, False) not in said


def test_no_line_that_it_was_made_with_stands_among_those_it_was_not() -> None:
    assert not {line for line, _ in LINES} & {line for line, _ in OUTSIDE}


def test_the_table_has_two_hundred_lines_and_more() -> None:
    assert len({line for line, _ in LINES}) >= 200


def test_of_two_stated_urgencies_the_graver_counts() -> None:
    assert parse_sections("URGENCY: routine\nURGENCY: critical").urgency is Urgency.CRITICAL
    assert parse_sections("URGENCY: maybe\nURGENCY: routine").urgency is Urgency.ROUTINE

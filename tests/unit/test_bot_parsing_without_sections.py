"""What the queue relies on: an answer without any section is a reading too."""

from inference.contract import Sections
from inference.parsing import parse_sections


def test_an_answer_without_headings_parses_to_nothing_and_raises_nothing() -> None:
    assert parse_sections("No abnormality.") == Sections()
    assert parse_sections("") == Sections()

"""Where an answer says that its finding is: a table of a hundred sentences, and what joins them."""

from pathlib import Path

import pytest

from inference.answers.named_place import named_place
from pictures.places import Place, Side, Zone

TABLE = Path(__file__).parents[1] / "data" / "places" / "sentences.tsv"
LANGUAGES = ("en", "fr", "pt", "ha")


def rows() -> list[tuple[str, str, str]]:
    """The language, the place and the text of each line."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [
        (language, place, text) for language, place, text in (line.split("\t") for line in lines)
    ]


def place_of(words: str) -> Place | None:
    if words == "-":
        return None
    side, _, zone = words.partition(" ")
    return Place(side=Side(side), zone=Zone(zone) if zone else None)


def test_the_table_has_a_hundred_sentences_in_every_language_of_the_answers() -> None:
    assert len(rows()) >= 100
    assert {language for language, _, _ in rows()} == set(LANGUAGES)


@pytest.mark.parametrize(("language", "words", "text"), rows())
def test_a_place_is_taken_as_it_is_written(language: str, words: str, text: str) -> None:
    assert named_place(text.replace("\\n", "\n")) == place_of(words), language


def test_a_text_too_long_for_an_answer_names_no_place() -> None:
    assert named_place("Right lung opacity. " * 900) is not None
    assert named_place("Right lung opacity. " * 1_100) is None

"""What a model wrote is filed where it belongs: a table of answers, and every word of any."""

import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.answers.thoughts import strip_thoughts
from inference.contract import Sections, Urgency
from inference.parsing import parse_sections
from tests.model_answers import ANSWERS, Answer, bare

PARTS = ("findings", "impression", "urgency_text", "recommendation", "rest", "disclaimer")
NAMES = {
    "findings": ["FINDINGS", "Findings", "Key Findings", "RÉSULTATS", "Achados", "HALLAZGOS"],
    "impression": ["IMPRESSION", "Overall Impression", "Conclusion", "Impressão", "IMPRESIÓN"],
    "recommendation": [
        "RECOMMENDATION",
        "Recommendations",
        "CONDUITE À TENIR",
        "Conduta",
        "Shawara",
    ],
}
FORMS = [
    "{}: ",
    "**{}:** ",
    "**{}**: ",
    "## {}\n",
    "**{}**\n",
    "1. {}: ",
    "- {}: ",
    "{} : ",
    "{} — ",
]
ASIDE = ["Lungs: {}.", "* {}", "**Heart:** {}", "- no {}", "{}; {}", "1. {}", "({})", "{}\n\n{}"]


PIECES = [
    *("FINDINGS:", "**IMPRESSION**", "URGENCY:", "RECOMMENDATION -", "## ", "1.", "*", "```json"),
    *("critical", "routine", "I am an AI.", "lungs", "findings", "a: b", "No effusion."),
    *("|", "{", '"', ":", "\n"),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.form)
def test_an_answer_is_filed_where_it_belongs(answer: Answer) -> None:
    parsed = parse_sections(answer.text)
    assert bare(parsed.findings) == bare(answer.f)
    assert bare(parsed.impression) == bare(answer.i)
    assert parsed.urgency is answer.u
    assert bare(parsed.recommendation) == bare(answer.r)
    assert bare(parsed.rest) == bare(answer.rest)
    assert bare(parsed.disclaimer) == bare(answer.about)


def test_the_table_of_answers_is_long_enough_to_mean_something() -> None:
    assert len({answer.text for answer in ANSWERS}) >= 80
    docs = (Path(__file__).parents[2] / "docs" / "clinical.md").read_text()
    assert f"Of the {len(ANSWERS)} answers in" in docs


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.form)
def test_no_growing_answer_loses_a_word_or_fails(answer: Answer) -> None:
    for end in range(0, len(answer.text), 9):
        parse_sections(answer.text[:end])


def counted() -> st.SearchStrategy[list[tuple[str, str, str, list[str]]]]:
    """Sections in a random order and form, each with words that stand nowhere else."""
    section = st.tuples(
        st.sampled_from(sorted(NAMES)),
        st.integers(0, 5),
        st.sampled_from(FORMS),
        st.lists(st.sampled_from(ASIDE), min_size=1, max_size=4),
    )
    return st.lists(section, min_size=1, max_size=5).map(_written)


def _written(
    sections: list[tuple[str, int, str, list[str]]],
) -> list[tuple[str, str, str, list[str]]]:
    number = 0
    written = []
    for section, name, form, lines in sections:
        words: list[str] = []
        body = []
        for line in lines:
            own = [f"wort{(number := number + 1)}x" for _ in range(line.count("{}"))]
            words += own
            body.append(line.format(*own))
        names = NAMES[section]
        heading = form.format(names[name % len(names)])
        written.append((section, heading, "\n".join(body), words))
    return written


@settings(deadline=None, max_examples=300)
@given(counted(), st.sampled_from(["\n", "\n\n", " "]), st.booleans(), st.booleans())
def test_every_word_stands_once_in_its_section(
    sections: list[tuple[str, str, str, list[str]]], gap: str, preamble: bool, decomposed: bool
) -> None:
    if gap == " ":  # in one line only headings in capitals are headings
        sections = [each for each in sections if each[1].rstrip(": ").isupper()]
    text = gap.join(f"{heading}{body}." for _, heading, body, _ in sections)
    text = f"vorspann1x.\n{text}" if preamble else text
    text = unicodedata.normalize("NFD", text) if decomposed else text
    parsed = parse_sections(text)
    shown = "\n".join(getattr(parsed, part) or "" for part in PARTS)
    for section, _, _, words in sections:
        for word in words:
            assert len(re.findall(rf"\b{word}\b", shown)) == 1
            assert word in (getattr(parsed, section) or "")
    assert ("vorspann1x" in (parsed.rest or "")) == preamble


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_no_word_is_lost_or_said_twice_however_they_come(pieces: list[str]) -> None:
    """Headings and one-word urgencies aside, a word stands as often as it was written, or once."""
    text = " ".join(pieces)
    parsed = parse_sections(text)
    shown = " ".join(getattr(parsed, part) or "" for part in PARTS).lower()
    for word in ("lungs", "effusion", "ai", "b"):
        written = len(re.findall(rf"\b{word}\b", text.lower()))
        stands = len(re.findall(rf"\b{word}\b", shown))
        assert stands <= written
        assert stands >= min(written, 1)


def test_a_known_name_in_running_text_is_no_heading() -> None:
    text = "FINDINGS: The finding: a haze. The impression is unclear, urgency - none."
    assert parse_sections(text).findings == text.removeprefix("FINDINGS: ")


def test_thoughts_are_never_filed() -> None:
    for text in (
        "<unused94>thought\nFINDINGS: air.",
        "thought\nThe user wants findings.",
        "<think>FINDINGS: air.</think>",
    ):
        assert parse_sections(text) == Sections()


def test_a_bare_thought_that_grows_is_not_taken_for_an_answer() -> None:
    thought = "thought\nThe user asks for a side.\n\nI look again."
    assert strip_thoughts(thought, growing=True) == ""
    answered = f"{thought}\n\nFINDINGS: On the right."
    assert strip_thoughts(answered, growing=True) == "FINDINGS: On the right."


def test_the_last_paragraph_answers_after_a_bare_thought() -> None:
    parsed = parse_sections("thought\nThe user asks for a side.\n\nIt is on the right.")
    assert parsed.rest == "It is on the right."
    assert parsed.urgency is Urgency.NOT_STATED


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "- ",
        " ",
        '{"',
        "|a",
        "_",
        "FINDINGS: ",
        "no pneumothorax ",
        "key overall ",
        "1) ",
        ": ",
    ],
)
def test_no_endless_run_of_anything_holds_the_parser_up(piece: str) -> None:
    """Ten times as much takes no more than some ten times as long: nothing grows by its square."""
    fewest_s = _takes_s(piece * 200)
    assert _takes_s(piece * 2000) < max(fewest_s, 0.002) * 60


def _takes_s(text: str) -> float:
    took = []
    for _ in range(3):
        started = time.process_time()
        parse_sections(text)
        took.append(time.process_time() - started)
    return min(took)


@pytest.mark.parametrize(
    "text",
    [
        "[FINDINGS] Free air. [IMPRESSION] Perforation. [URGENCY] Urgent [RECOMMENDATION] Refer.",
        (
            "<findings>Free air.</findings>\n<impression>Perforation.</impression>\n"
            "<urgency>Urgent</urgency><recommendation>Refer.</recommendation>"
        ),
    ],
    ids=["brackets", "tags"],
)
def test_a_heading_in_brackets_or_tags_is_one(text: str) -> None:
    parsed = parse_sections(text)
    assert bare(parsed.findings) == "Free air."
    assert bare(parsed.impression) == "Perforation."
    assert parsed.urgency is Urgency.URGENT
    assert bare(parsed.recommendation) == "Refer."
    assert parsed.rest is None


def test_other_brackets_and_tags_stay() -> None:
    assert parse_sections("See [image 1] and <b>this</b>.").rest == "See [image 1] and <b>this</b>."


@pytest.mark.parametrize(
    "text",
    [
        "URGENCY:\nImmediate action required\nRECOMMENDATION: drain.",
        "URGENCY:\nIMMEDIATE ACTION REQUIRED",
        "URGENCY LEVEL:\n**Immediate action**",
        "URGENCY\nImmediate action needed\n\nFINDINGS: Haze.",
        "URGENCY:\nAction required: immediately",
    ],
)
def test_an_urgency_on_a_line_of_its_own_is_no_heading(text: str) -> None:
    assert parse_sections(text).urgency is Urgency.CRITICAL

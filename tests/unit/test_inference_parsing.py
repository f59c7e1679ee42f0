"""The parser cuts what the model wrote and invents nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.answers.thoughts import strip_thoughts
from inference.contract import Sections, Urgency
from inference.parsing import parse_sections

HEADINGS = ["FINDINGS", "IMPRESSION", "URGENCY", "RECOMMENDATION"]
BODY = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=":：*_#>|-"),  # noqa: RUF001 - the full-width colon is a heading's too
    min_size=1,
    max_size=80,
).map(str.strip)
LINES = st.lists(
    st.one_of(st.sampled_from([f"{name}:" for name in HEADINGS]), BODY, st.just("urgent")),
    max_size=12,
)


def test_four_sections_are_cut_apart() -> None:
    text = (
        "FINDINGS: Opacity, right lower zone.\nNo effusion.\n\n"
        "IMPRESSION: Pneumonia.\nURGENCY: urgent\nRECOMMENDATION: Review today."
    )
    assert parse_sections(text) == Sections(
        findings="Opacity, right lower zone.\nNo effusion.",
        impression="Pneumonia.",
        urgency=Urgency.URGENT,
        recommendation="Review today.",
    )


@pytest.mark.parametrize(
    "heading",
    [
        "**FINDINGS:** ",
        "## Findings: ",
        "1. FINDINGS: ",
        "- findings:\n",
        "RÉSULTATS : ",
        "Achados: ",
        "findings:",
    ],
)
def test_a_heading_is_known_in_the_shapes_models_write_it(heading: str) -> None:
    assert parse_sections(f"{heading}Normal chest.").findings == "Normal chest."


@pytest.mark.parametrize("text", ["", "No headings here.", "findings without a colon"])
def test_text_without_headings_has_no_sections(text: str) -> None:
    assert parse_sections(text) == Sections(rest=text or None)


@pytest.mark.parametrize(
    ("stated", "urgency"),
    [
        ("urgent", Urgency.URGENT),
        ("**Urgent.**", Urgency.URGENT),
        ("CRITICAL", Urgency.CRITICAL),
        ("crítico", Urgency.CRITICAL),
        ("Rotina.", Urgency.ROUTINE),
        ("critique", Urgency.CRITICAL),
        ("routine\nMore words.", Urgency.ROUTINE),
        ("Critical (tension pneumothorax)", Urgency.CRITICAL),
        ("urgent - review today", Urgency.URGENT),
        ("urgent, not critical", Urgency.URGENT),
        ("routine, but urgent if febrile", Urgency.NOT_STATED),
        ("routine follow-up", Urgency.ROUTINE),
        ("not urgent", Urgency.ROUTINE),
        ("critical, urgent or routine", Urgency.NOT_STATED),
        ("urgent\nURGENCY: routine", Urgency.URGENT),
        ("urgent\nURGENCY: urgent", Urgency.URGENT),
        ("", Urgency.NOT_STATED),
    ],
)
def test_an_urgency_is_read_from_what_stands_under_its_heading(
    stated: str, urgency: Urgency
) -> None:
    assert parse_sections(f"URGENCY: {stated}").urgency is urgency


@given(st.text())
def test_any_text_is_parsed_without_an_error(text: str) -> None:
    parse_sections(text)


@given(LINES)
def test_a_growing_answer_parses_at_every_step(lines: list[str]) -> None:
    text = "\n".join(lines)
    for end in range(0, len(text), 7):
        parse_sections(text[:end])


@given(findings=BODY, impression=BODY)
def test_what_stands_under_a_heading_is_its_section(findings: str, impression: str) -> None:
    sections = parse_sections(f"FINDINGS: {findings}\nIMPRESSION: {impression}")
    assert (sections.findings or "") == unicodedata.normalize("NFC", findings)
    assert (sections.impression or "") == unicodedata.normalize("NFC", impression)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("<unused94>thought\nFirst …<unused95>FINDINGS: None.", "FINDINGS: None."),
        ("<unused94>a thought still being written", ""),
        ("FINDINGS: None.", "FINDINGS: None."),
        ("a<unused94>1<unused95>b<unused94>2<unused95>c", "abc"),
    ],
)
def test_thoughts_are_dropped(text: str, clean: str) -> None:
    assert strip_thoughts(text) == clean


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", " "])
def test_a_french_space_before_the_colon_hides_no_urgency(space: str) -> None:
    sections = parse_sections(f"RÉSULTATS{space}: Épanchement.\nURGENCE{space}:{space}critique")
    assert sections.findings == "Épanchement."
    assert sections.urgency is Urgency.CRITICAL

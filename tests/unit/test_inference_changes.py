"""What an answer says has changed since an older film: read where it is plain, else not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.answers.changes import Change, ComparedFinding, changes_in, without_unchanged
from inference.contract import Comparison, ReadRequest, Urgency
from inference.parsing import parse_answer_to

COMPARED = ReadRequest(
    request_id="r",
    pictures=(b"older", b"newer"),
    comparison=Comparison(prior="2026-05-03", current="2026-05-10"),
)


def found(text: str) -> dict[str, str]:
    return {each.finding: each.change for each in changes_in(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Consolidation: worsened", {"consolidation": "worsened"}),
        ("**Pleural effusion**: improved.", {"pleural effusion": "improved"}),
        ("- Edema: stable", {"oedema": "unchanged"}),
        ("1. PULMONARY OEDEMA - no change", {"oedema": "unchanged"}),
        ("Pneumothorax = No significant change.", {"pneumothorax": "unchanged"}),
        ("* Pneumonia: The pneumonia has worsened.", {"pneumonia": "worsened"}),
        ("Épanchement pleural : amélioré", {"pleural effusion": "improved"}),
        ("Œdème : inchangé", {"oedema": "unchanged"}),
        ("Pneumotórax: piorou", {"pneumothorax": "worsened"}),
        ("COMPARISON:\nConsolidation: worsened.", {"consolidation": "worsened"}),
        (
            "COMPARISON: Consolidation: worsened. Pleural effusion: improved.",
            {"consolidation": "worsened", "pleural effusion": "improved"},
        ),
        (
            "COMPARISON: consolidation improved, and pleural effusion unchanged.",
            {"consolidation": "improved", "pleural effusion": "unchanged"},
        ),
        ("Pneumonia has worsened.", {"pneumonia": "worsened"}),
        (
            "consolidation: improved; effusion: worsened; pneumonia: unchanged",
            {"consolidation": "improved", "pleural effusion": "worsened", "pneumonia": "unchanged"},
        ),
    ],
)
def test_a_plain_label_is_read(text: str, expected: dict[str, str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Consolidation: not improved",
        "Consolidation: improved or unchanged",
        "Consolidation: improved on the right, worsened on the left",
        "Consolidation: cannot be said to be stable",
        "Consolidation: present",
        "Consolidation:",
        "There is a consolidation.",
        "The patient has improved.",
        "COMPARISON: cannot compare.",
        "Consolidation worsened on the right only",
        "No consolidation: unchanged",
        "Consolidation: improved\nConsolidation: worsened",
        "Consolidation: worsened if compared with a normal film",
        "",
    ],
)
def test_what_is_not_plain_says_nothing(text: str) -> None:
    assert found(text) == {}


def test_every_finding_and_every_change_is_known_by_its_own_name() -> None:
    for finding in ComparedFinding:
        for change in Change:
            assert found(f"{finding}: {change}") == {finding: change}


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    changes_in(text)
    without_unchanged(text)


def test_a_finding_that_is_unchanged_is_not_taken_to_be_there() -> None:
    """Of a film without air in the pleura a model says `Pneumothorax: unchanged`."""
    said = parse_answer_to(COMPARED, "Consolidation: improved\nPneumothorax: unchanged")
    assert said.named is None
    assert said.rest == "Consolidation: improved\nPneumothorax: unchanged"


def test_the_newer_films_sections_are_read_as_in_any_reading() -> None:
    said = parse_answer_to(
        COMPARED,
        "FINDINGS: Opacity.\nIMPRESSION: Pneumonia.\nURGENCY: urgent\n"
        "RECOMMENDATION: SpO2.\nCOMPARISON:\nConsolidation: worsened.",
    )
    assert (said.findings, said.urgency, said.recommendation) == (
        "Opacity.",
        Urgency.URGENT,
        "SpO2.",
    )
    assert said.rest == "COMPARISON:\nConsolidation: worsened."


def test_a_pneumothorax_that_worsened_alarms() -> None:
    said = parse_answer_to(COMPARED, "Pneumothorax: worsened")
    assert said.named is not None
    assert said.named.urgency.alarming


def test_whatever_else_the_answer_names_alarms_as_in_any_other() -> None:
    said = parse_answer_to(COMPARED, "Edema: unchanged\nThere is a new tension pneumothorax.")
    assert said.named is not None

"""The net under a text: findings that are named alarm, those that are denied do not."""

from pathlib import Path

import pytest

from inference.answers.critical_findings import agreed_finding, named_finding
from inference.answers.negation import Standing, standing
from inference.contract import Urgency
from inference.parsing import parse_answer, parse_sections
from inference.practice.answers import QuestionTopic, follow_up, reading
from inference.practice.truth import Truth, every_truth
from tests.critical_sentences import HELD_BACK, OUTSIDE, TUNED_ON


@pytest.mark.parametrize(("sentence", "alarms"), TUNED_ON, ids=lambda each: str(each)[:60])
def test_a_sentence_of_the_table_alarms_or_does_not(sentence: str, alarms: bool) -> None:
    assert (named_finding(sentence) is not None) is alarms


@pytest.mark.parametrize(
    ("sentences", "least_precision", "least_recall"),
    [(HELD_BACK, 0.95, 0.95), (OUTSIDE, 0.90, 0.80)],
    ids=["held back", "from outside"],
)
def test_sentences_that_the_net_was_not_made_with_are_read_as_well_as_the_docs_say(
    sentences: list[tuple[str, bool]], least_precision: float, least_recall: float
) -> None:
    """Judged as a share: a sentence of these that is read wrong is not looked at."""
    said = [(named_finding(sentence) is not None, alarms) for sentence, alarms in sentences]
    right, alarming = said.count((True, True)), sum(alarms for _, alarms in said)
    precision, recall = right / sum(found for found, _ in said), right / alarming
    row = f"| {len(said)} ({alarming} alarm) | {precision:.2f} | {recall:.2f} |"
    assert row in (Path(__file__).parents[2] / "docs" / "clinical.md").read_text()
    assert precision >= least_precision
    assert recall >= least_recall


def test_the_docs_say_how_many_sentences_the_net_was_made_with() -> None:
    alarming = sum(alarms for _, alarms in TUNED_ON)
    row = f"| {len(TUNED_ON)} ({alarming} alarm) | 1.00 | 1.00 |"
    assert row in (Path(__file__).parents[2] / "docs" / "clinical.md").read_text()


def test_no_sentence_stands_in_two_tables() -> None:
    everything = [sentence for sentence, _ in TUNED_ON + HELD_BACK + OUTSIDE]
    assert len(everything) == len(set(everything)) >= 500


@pytest.mark.parametrize(
    ("sentence", "urgency"),
    [
        ("Large tension pneumothorax.", Urgency.CRITICAL),
        ("Small apical pneumothorax.", Urgency.URGENT),
        ("Small pneumothorax with shift of the mediastinum.", Urgency.CRITICAL),
        ("Small pneumothorax without shift of the mediastinum.", Urgency.URGENT),
        ("Large pleural effusion.", Urgency.URGENT),
        ("A tension pneumothorax cannot be excluded.", Urgency.URGENT),
        ("Possible free air.", Urgency.URGENT),
        ("Free air.", Urgency.CRITICAL),
    ],
)
def test_what_is_named_says_how_urgent_and_what_is_doubted_is_urgent(
    sentence: str, urgency: Urgency
) -> None:
    named = named_finding(sentence)
    assert named is not None
    assert named.urgency is urgency


def test_the_gravest_sentence_is_told() -> None:
    named = named_finding("Small pneumothorax. **Free air under the diaphragm.** Normal heart.")
    assert named is not None
    assert named.sentence == "Free air under the diaphragm."


@pytest.mark.parametrize(
    "text",
    [
        "**Pneumothorax:** No",
        "Pneumothorax:\nNone.",
        "No evidence of:\n- pneumothorax\n- free air",
        "| Pneumothorax | No |",
        "- **Pleura:** no effusion or pneumothorax",
    ],
)
def test_a_denial_counts_in_lists_labels_and_tables(text: str) -> None:
    assert named_finding(text) is None


@pytest.mark.parametrize("truth", every_truth(), ids=str)
def test_no_answer_of_the_practice_model_is_graver_than_it_states(truth: Truth) -> None:
    stated = parse_sections(reading(truth))
    if stated.named is not None:
        assert stated.urgency.or_graver(stated.named.urgency) is stated.urgency
    for topic in QuestionTopic:
        named = parse_answer(follow_up(truth, topic), "Which side?").named
        assert named is None or stated.urgency.or_graver(named.urgency) is stated.urgency


@pytest.mark.parametrize(
    ("answer", "agrees"),
    [
        ("Yes, on the right.", True),
        ("Oui.", True),
        ("Sim, \u00e0 direita.", True),
        ("No.", False),
        ("It is not seen.", False),
    ],
)
def test_a_yes_to_a_question_that_names_a_finding_names_it(answer: str, agrees: bool) -> None:
    assert (agreed_finding("Is there free air?", answer) is not None) is agrees
    assert agreed_finding("Which side?", answer) is None


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("no {x}", Standing.NEGATED),
        ("no shadow but {x}", Standing.AFFIRMED),
        ("{x} is not seen", Standing.NEGATED),
        ("{x} cannot be excluded", Standing.DOUBTED),
        ("if {x} develops", Standing.SUPPOSED),
        ("pas de {x}", Standing.NEGATED),
        ("n'est pas exclu: {x}", Standing.DOUBTED),
        ("sem {x}", Standing.NEGATED),
        ("ba a ga {x} ba", Standing.NEGATED),
        ("ba a ga ruwa ba, akwai {x}", Standing.AFFIRMED),
        ("no change in {x}", Standing.AFFIRMED),
        ("is there {x}?", Standing.SUPPOSED),
    ],
)
def test_a_sentence_affirms_denies_doubts_or_supposes(sentence: str, said: Standing) -> None:
    plain = sentence.format(x="air")
    start = plain.index("air")
    assert standing(plain, start, start + 3) is said


@pytest.mark.parametrize(
    "text",
    [
        "### Clinical History\n?pneumothorax\n\n### Findings\n- Lungs: clear",
        "**INDICATION:** Trauma, tension pneumothorax.\n**FINDINGS:** Lungs expanded.",
        "Antécédents : pneumothorax en 2019.\nRésultats : Poumons bien expansés.",
    ],
)
def test_what_the_model_repeats_of_the_history_raises_nothing(text: str) -> None:
    assert parse_sections(text).named is None


@pytest.mark.parametrize(
    "text",
    [
        "Indication: fall - there is a tension pneumothorax.",
        "CLINICAL HISTORY\nTension pneumothorax is seen on the right.",
        "Question\nTension pneumothorax is seen on the right.",
        "URGENCY: see below\nReason for urgency: tension pneumothorax.",
    ],
)
def test_what_is_found_behind_the_history_raises(text: str) -> None:
    named = parse_sections(text).named
    assert named is not None
    assert named.urgency is Urgency.CRITICAL


@pytest.mark.parametrize(
    "sentence",
    [
        "Large right pneumothorax and lung markings are absent on the right.",
        "Tension pneumothorax, and breath sounds are absent.",
        "Immediate surgical interventions are required.",
        "Motif : pneumothorax compressif visible \u00e0 droite.",
    ],
)
def test_what_is_said_beside_a_finding_makes_it_no_less_grave(sentence: str) -> None:
    named = named_finding(sentence)
    assert named is not None
    assert named.urgency is Urgency.CRITICAL

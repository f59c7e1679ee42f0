"""What the practice model is taught to say parses, and says its truth."""

import numpy as np
import pytest

from inference.answers.changes import Change, ComparedFinding, changes_in
from inference.contract import Urgency
from inference.parsing import parse_sections
from inference.practice.answers import (
    URGENCIES,
    QuestionTopic,
    comparison,
    follow_up,
    reading,
    understand,
)
from inference.practice.conversations import (
    QUESTIONS,
    draw_comparison,
    draw_conversation,
    draw_question,
)
from inference.practice.truth import Finding, Side, Size, Truth, Zone, every_truth

ALL = (None, *every_truth())


@pytest.mark.parametrize("truth", ALL, ids=str)
def test_every_answer_parses_into_four_sections_and_back_into_its_truth(
    truth: Truth | None,
) -> None:
    text = reading(truth)
    sections = parse_sections(text)
    assert sections.findings
    assert sections.impression
    assert sections.recommendation
    assert sections.urgency is (URGENCIES[truth.finding] if truth else Urgency.NOT_STATED)
    assert understand(text) == truth


def test_a_pneumothorax_is_critical_and_a_normal_film_is_routine() -> None:
    assert URGENCIES[Finding.PNEUMOTHORAX] is Urgency.CRITICAL
    assert URGENCIES[Finding.EFFUSION] is Urgency.URGENT
    assert URGENCIES[Finding.OPACITY] is Urgency.URGENT
    assert URGENCIES[Finding.NORMAL] is Urgency.ROUTINE


def test_what_is_no_drawn_film_is_said_to_be_unknown_and_not_to_be_routine() -> None:
    assert "I only know drawn films." in reading(None)
    assert "A clinician must read" in reading(None)


def test_an_answer_in_other_words_is_not_understood() -> None:
    with pytest.raises(ValueError, match="taught"):
        understand("FINDINGS: A small something on the left.")
    with pytest.raises(ValueError, match="taught"):
        understand("")


def test_answers_say_the_radiological_convention() -> None:
    truth = Truth(finding=Finding.OPACITY, side=Side.RIGHT, zone=Zone.UPPER, size=Size.SMALL)
    assert "the patient's right, at the left of the picture" in reading(truth)
    assert follow_up(truth, QuestionTopic.SIDE).startswith("On the right")
    assert follow_up(truth, QuestionTopic.ZONE) == "In the upper zone of the right lung."
    assert follow_up(truth, QuestionTopic.SIZE) == "It is small."
    assert follow_up(truth, QuestionTopic.PNEUMOTHORAX).startswith("No.")
    assert follow_up(truth, QuestionTopic.OPACITY).startswith("Yes.")


@pytest.mark.parametrize("topic", QuestionTopic)
def test_every_topic_has_questions_and_an_answer_for_every_truth(topic: QuestionTopic) -> None:
    assert QUESTIONS[topic]
    assert draw_question(np.random.default_rng(0), topic)
    for truth in ALL:
        assert follow_up(truth, topic).endswith(".")


def test_a_conversation_alternates_and_ends_with_an_answer() -> None:
    truth = every_truth()[3]
    messages = draw_conversation(np.random.default_rng(0), truth, pictures=2, follow_ups=2)
    roles = [message["role"] for message in messages]
    assert roles == ["system", *["user", "assistant"] * 3]
    kinds = [part["type"] for part in messages[1]["content"]]
    assert kinds == ["image", "image", "text"]
    assert messages[2]["content"] == [{"type": "text", "text": reading(truth)}]


EFFUSION = Truth(finding=Finding.EFFUSION, side=Side.LEFT, size=Size.SMALL)
LARGER = Truth(finding=Finding.EFFUSION, side=Side.LEFT, size=Size.LARGE)
CLEAR = Truth(finding=Finding.NORMAL)


@pytest.mark.parametrize(
    ("older", "newer", "said"),
    [
        (EFFUSION, LARGER, "Before: small. Now: large.\nPleural effusion: worsened."),
        (LARGER, EFFUSION, "Before: large. Now: small.\nPleural effusion: improved."),
        (LARGER, LARGER, "Before: large. Now: large.\nPleural effusion: unchanged."),
        (CLEAR, EFFUSION, "Before: none. Now: small.\nPleural effusion: worsened."),
        (EFFUSION, CLEAR, "Before: small. Now: none.\nPleural effusion: improved."),
        (CLEAR, CLEAR, "None of them on either film."),
        (CLEAR, Truth(finding=Finding.ENLARGED_HEART), "None of them on either film."),
        (None, EFFUSION, "Cannot compare."),
        (EFFUSION, None, "Cannot compare."),
    ],
)
def test_two_films_are_compared_and_the_newer_is_read(
    older: Truth | None, newer: Truth | None, said: str
) -> None:
    text = comparison(older, newer)
    assert text.startswith(reading(newer))
    assert text.endswith(f"COMPARISON:\n{said}")


def test_the_bot_reads_from_a_comparison_what_has_changed() -> None:
    (change,) = changes_in(comparison(EFFUSION, LARGER))
    assert (change.finding, change.change) == (ComparedFinding.EFFUSION, Change.WORSENED)
    assert changes_in(comparison(None, LARGER)) == ()
    assert changes_in(comparison(CLEAR, CLEAR)) == ()


def test_a_comparison_shows_the_older_film_first() -> None:
    messages = draw_comparison(np.random.default_rng(0), EFFUSION, LARGER)
    assert [part["type"] for part in messages[1]["content"]] == ["image", "image", "text"]
    assert messages[-1]["content"] == [{"type": "text", "text": comparison(EFFUSION, LARGER)}]

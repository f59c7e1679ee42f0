"""The urgency that is scored before the text, and what becomes of it beside the text's own."""

from dataclasses import replace

import pytest

from inference.contract import EngineInfo, Reading, ScoredUrgency, Urgency
from inference.parsing import parse_sections
from inference.urgency import LABELS, decide

CRITICAL, URGENT, NOT_STATED, ROUTINE, NOT_MEDICAL = Urgency


def reading(written: str, scored: Urgency | None) -> Reading:
    text = f"URGENCY: {written}"
    return Reading(
        text=text,
        sections=parse_sections(text),
        engine=EngineInfo(model="m", tier=None, practice=True),
        duration_s=1,
        prompt_tokens=1,
        answer_tokens=1,
        scored=None if scored is None else ScoredUrgency(urgency=scored, margin=1),
    )


def test_the_likeliest_label_wins_by_its_lead() -> None:
    scores = {CRITICAL: -3.0, URGENT: -1.0, ROUTINE: -2.5, NOT_MEDICAL: -9.0}
    assert decide(scores) == ScoredUrgency(urgency=URGENT, margin=1.5)


def test_of_two_labels_that_are_as_likely_the_graver_wins() -> None:
    scores = dict.fromkeys(LABELS, -1.0)
    assert decide(scores) == ScoredUrgency(urgency=CRITICAL, margin=0)


def test_every_urgency_that_can_be_stated_has_a_label_that_differs_from_the_first_letter_on() -> (
    None
):
    assert set(LABELS) == set(Urgency) - {NOT_STATED}
    assert len({label[0] for label in LABELS.values()}) == len(LABELS)


def test_what_is_unknown_stands_between_what_alarms_and_what_is_routine() -> None:
    assert [each for each in Urgency if each.alarming] == [CRITICAL, URGENT]
    assert ROUTINE.or_graver(NOT_STATED) is NOT_STATED
    assert NOT_STATED.or_graver(URGENT) is URGENT


def test_a_finding_that_is_named_raises_a_milder_text_and_lowers_none() -> None:
    mild = replace(reading("routine", None), sections=parse_sections("FINDINGS: Free air."))
    assert mild.urgency is CRITICAL
    assert mild.raised_by is not None
    grave = parse_sections("FINDINGS: Small pneumothorax.\nURGENCY: critical")
    assert replace(mild, sections=grave).urgency is CRITICAL
    assert replace(mild, sections=grave).raised_by is None


def test_what_was_told_of_a_case_is_never_lowered() -> None:
    assert replace(reading("routine", None), told=URGENT).urgency is URGENT
    assert replace(reading("routine", None), told=NOT_STATED).urgency is ROUTINE
    assert replace(reading("critical", None), told=URGENT).urgency is CRITICAL


def test_an_answer_alarms_beyond_an_earlier_one_only_as_something_graver() -> None:
    calm, urgent, critical = (reading(word, None) for word in ("routine", "urgent", "critical"))
    assert urgent.alarms_beyond(calm)
    assert critical.alarms_beyond(urgent)
    assert not urgent.alarms_beyond(urgent)
    assert not urgent.alarms_beyond(critical)
    assert not calm.alarms_beyond(None)
    assert urgent.alarms_beyond(None)


@pytest.mark.parametrize(
    ("written", "scored", "counts", "disputed"),
    [
        ("routine", None, ROUTINE, False),
        ("routine", ROUTINE, ROUTINE, False),
        ("routine", CRITICAL, CRITICAL, True),
        ("critical", ROUTINE, CRITICAL, True),
        ("urgent", CRITICAL, CRITICAL, True),
        ("critical", URGENT, CRITICAL, True),
        ("routine", NOT_MEDICAL, ROUTINE, True),
        ("not stated", ROUTINE, NOT_STATED, False),
        ("not stated", NOT_MEDICAL, NOT_STATED, False),
        ("not stated", URGENT, URGENT, False),
    ],
)
def test_an_alarm_of_either_counts_and_two_stated_that_differ_are_a_dispute(
    written: str, scored: Urgency | None, counts: Urgency, disputed: bool
) -> None:
    made = reading(written, scored)
    assert made.urgency is counts
    assert made.disputed is disputed

"""What the practice model is taught to say: the truth of a picture in words.

Knows the four sections and the follow-up questions. Must not know pixels or torch. None stands for
a picture that is no drawn film. Answers are English whatever language is asked for.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from inference.contract import Urgency
from inference.parsing import parse_sections
from inference.practice.truth import Finding, Side, Size, Truth, every_truth
from inference.urgency import LABELS, OPENING

_OPPOSITE = {Side.RIGHT: "left", Side.LEFT: "right"}
_NOT_A_FILM = "Not a drawn chest film: I only know drawn films."
_NO_URGENCY = "not stated"  # what was not read is not routine either

URGENCIES: Mapping[Finding, Urgency] = MappingProxyType(
    {
        Finding.NORMAL: Urgency.ROUTINE,
        Finding.OPACITY: Urgency.URGENT,
        Finding.EFFUSION: Urgency.URGENT,
        Finding.PNEUMOTHORAX: Urgency.CRITICAL,
        Finding.ENLARGED_HEART: Urgency.ROUTINE,
    }
)

_ADVICE = {
    Finding.NORMAL: "Treat what the patient complains of; the film asks for nothing.",
    Finding.OPACITY: "Examine the patient; send sputum for tuberculosis if there is a cough.",
    Finding.EFFUSION: "Examine the patient; an ultrasound shows how much fluid there is.",
    Finding.PNEUMOTHORAX: "Call a clinician at once; watch the breathing and the oxygen.",
    Finding.ENLARGED_HEART: "Measure the blood pressure; ask for an ultrasound of the heart.",
}


class QuestionTopic(Enum):
    """What a follow-up question is about."""

    SIDE = "side"
    ZONE = "zone"
    SIZE = "size"
    PNEUMOTHORAX = "pneumothorax"
    EFFUSION = "effusion"
    OPACITY = "opacity"
    HEART = "heart"
    NORMAL = "normal"
    URGENCY = "urgency"
    ADVICE = "advice"
    OTHER = "other"


def reading(truth: Truth | None) -> str:
    """The four sections for a picture.

    Args:
        truth: What the picture shows, None if it is no drawn film.

    Returns:
        The text the model is to answer with.
    """
    if truth is None:
        impression, urgency = "No reading.", _NO_URGENCY
        advice = "A clinician must read this picture; to practise, send a drawn film."
    else:
        impression, urgency = _impression(truth), str(URGENCIES[truth.finding])
        advice = _ADVICE[truth.finding]
    return (
        f"FINDINGS: {_findings(truth)}\nIMPRESSION: {impression}\n"
        f"URGENCY: {urgency}\nRECOMMENDATION: {advice}"
    )


def first_sight(truth: Truth | None) -> str:
    """The urgency alone, as the engine scores it before the text.

    Args:
        truth: What the picture shows, None if it is no drawn film.

    Returns:
        The opening and its label.
    """
    urgency = Urgency.NOT_MEDICAL if truth is None else URGENCIES[truth.finding]
    return f"{OPENING} {LABELS[urgency]}"


def understand(text: str) -> Truth | None:
    """Read a model's answer back, strictly: only the taught words count.

    Returns:
        What it says the picture shows; None for no drawn film.

    Raises:
        ValueError: If its findings are none of the taught ones.
    """
    findings = parse_sections(text).findings
    for truth in (None, *every_truth()):
        if findings == _findings(truth):
            return truth
    raise ValueError("not an answer that was taught")


def follow_up(truth: Truth | None, topic: QuestionTopic) -> str:
    """The answer to a follow-up question.

    Args:
        truth: What the picture shows, None if it is no drawn film.
    """
    if topic is QuestionTopic.OTHER:
        return "This practice model answers only about finding, side, zone, size and urgency."
    if truth is None:
        return _NOT_A_FILM
    if topic in _ASKED_FINDING:
        return _yes_or_no(truth, _ASKED_FINDING[topic])
    answers = {
        QuestionTopic.SIDE: _side(truth),
        QuestionTopic.ZONE: _zone(truth),
        QuestionTopic.SIZE: _size(truth),
        QuestionTopic.URGENCY: f"It is {URGENCIES[truth.finding]}.",
        QuestionTopic.ADVICE: _ADVICE[truth.finding],
    }
    return answers[topic]


def comparison(older: Truth | None, newer: Truth | None) -> str:
    """The reading of the newer of two films, and what has changed since the older.

    Args:
        older: What the older shows; of the same patient, so on the same side and in the same zone.
        newer: What the newer shows.
    """
    return f"{reading(newer)}\nCOMPARISON:\n{_change(older, newer)}"


def _change(older: Truth | None, newer: Truth | None) -> str:
    if older is None or newer is None:
        return "Cannot compare."
    shown = next((t for t in (newer, older) if t.finding in _COMPARED), None)
    if shown is None:
        return "None of them on either film."
    before, now = _extent(older), _extent(newer)
    trend = "unchanged" if before == now else "worsened" if now > before else "improved"
    return (
        f"Before: {_EXTENTS[before]}. Now: {_EXTENTS[now]}.\n{_COMPARED[shown.finding]}: {trend}."
    )


def _extent(truth: Truth) -> int:
    """0 where there is nothing to compare, then 1 and 2 by its size."""
    return 0 if truth.finding not in _COMPARED else 2 if truth.size is Size.LARGE else 1


_EXTENTS = ("none", "small", "large")  # said first: the change follows from them
_COMPARED = {
    Finding.OPACITY: "Consolidation",
    Finding.EFFUSION: "Pleural effusion",
    Finding.PNEUMOTHORAX: "Pneumothorax",
}

_ASKED_FINDING = {
    QuestionTopic.PNEUMOTHORAX: Finding.PNEUMOTHORAX,
    QuestionTopic.EFFUSION: Finding.EFFUSION,
    QuestionTopic.OPACITY: Finding.OPACITY,
    QuestionTopic.HEART: Finding.ENLARGED_HEART,
    QuestionTopic.NORMAL: Finding.NORMAL,
}


def _where(side: Side) -> str:
    """The radiological convention, said every time: staff learn it from the answers."""
    return f"the patient's {side}, at the {_OPPOSITE[side]} of the picture"


def _findings(truth: Truth | None) -> str:
    if truth is None:
        return _NOT_A_FILM
    if truth.side is None:
        if truth.finding is Finding.NORMAL:
            return "Both lungs are clear. The heart is of normal size."
        return "The heart is enlarged: more than half as wide as the chest. Both lungs are clear."
    place = {
        Finding.OPACITY: f"opacity in the {truth.zone} zone of the {truth.side} lung",
        Finding.EFFUSION: f"pleural effusion on the {truth.side}",
        Finding.PNEUMOTHORAX: f"pneumothorax on the {truth.side}",
    }
    return f"A {truth.size} {place[truth.finding]} ({_where(truth.side)})."


def _impression(truth: Truth) -> str:
    match truth.finding:
        case Finding.NORMAL:
            return "Normal chest film."
        case Finding.OPACITY:
            return f"Opacity of the {truth.side} {truth.zone} zone; infection is possible."
        case Finding.EFFUSION:
            return f"Pleural effusion on the {truth.side}."
        case Finding.PNEUMOTHORAX:
            return f"Pneumothorax on the {truth.side}."
        case Finding.ENLARGED_HEART:
            return "Enlarged heart."


def _side(truth: Truth) -> str:
    if truth.side is None:
        return "On neither side: both lungs are clear."
    return f"On the {truth.side}: {_where(truth.side)}."


def _zone(truth: Truth) -> str:
    if truth.side is None:
        return "In no zone: both lungs are clear."
    if truth.finding is Finding.OPACITY:
        return f"In the {truth.zone} zone of the {truth.side} lung."
    return f"Around the {truth.side} lung, in the pleural space."


def _size(truth: Truth) -> str:
    if truth.finding is Finding.ENLARGED_HEART:
        return "The heart is more than half as wide as the chest."
    if truth.size is None:
        return "There is nothing to measure: both lungs are clear."
    return f"It is {truth.size}."


def _yes_or_no(truth: Truth, asked: Finding) -> str:
    if truth.finding is asked:
        return f"Yes. {_impression(truth)}"
    return f"No. {_impression(truth)}"

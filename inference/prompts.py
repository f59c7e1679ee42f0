"""The one prompt builder: every engine and the practice model's training use it.

Knows the contract's request. Must not know tokenizers or engines. Changing a word here means
training the practice model again. What is the same for every patient stands before the pictures:
an engine that keeps the beginning of what it read last (llama.cpp, llama-server, vLLM) computes it
once, so on a CPU only what is said of the patient costs time.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, TypedDict

from inference.contract import (
    Comparison,
    Language,
    PatientContext,
    PictureKind,
    ReadRequest,
    Sex,
    View,
)
from inference.indication import Circumstance, circumstances

RADIOLOGIST = "You are an expert radiologist."
DERMATOLOGIST = "You are an expert dermatologist."

SECTIONS = (
    "Left is the patient's left. Answer in four short sections with these English names:\n"
    "FINDINGS: what the picture shows.\n"
    "IMPRESSION: what it means and how sure that is.\n"
    "URGENCY: one word: critical (minutes to an hour), urgent (hours to a day)"
    " or routine (days).\n"
    "RECOMMENDATION: danger signs to check now (SpO2, breathing, pulse, blood pressure,"
    " consciousness), what a rural clinic can do, refer now, today or this week. No doses.\n"
    "If it is no medical picture or cannot be read, say so in FINDINGS."
)

DESCRIBE: Mapping[PictureKind, str] = MappingProxyType(
    {
        PictureKind.CHEST: (
            "Describe lungs and pleura by side and zone, heart, mediastinum and bones."
        ),
        PictureKind.BONE: (
            "Describe bone and side, fracture, displacement, joint, growth plates, soft tissue."
        ),
        PictureKind.CT: (
            "Describe level and side, bleeding, mass, shift, fluid, free air and bone."
        ),
        PictureKind.MRI: "Describe level and side, mass, shift, fluid, swelling and cord or brain.",
        PictureKind.SKIN: (
            "Describe site, number, size, shape, colour, edge and surface. IMPRESSION: three to"
            " five possible causes, likeliest first. Never benign or routine alone: say what would"
            " make it urgent and when to look again."
        ),
        PictureKind.ULTRASOUND: (
            "It is one still frame. Describe organ and plane if they can be told, fluid, masses,"
            " stones and printed measurements."
        ),
        PictureKind.OTHER: (
            "Say which kind of picture and part of the body it is, what is abnormal and its side."
        ),
    }
)

COMPARE = (
    "The first film is older, the second newer, of one patient. Write the sections of the newer,"
    " then\n"
    "COMPARISON: of consolidation, oedema, pleural effusion, pneumonia and pneumothorax, each that"
    " either film shows: improved, unchanged or worsened. If view or quality forbid it: cannot"
    " compare."
)

_NAMES = {
    PictureKind.CHEST: "chest X-ray",
    PictureKind.BONE: "X-ray of bones",
    PictureKind.CT: "CT slice",
    PictureKind.MRI: "MRI slice",
    PictureKind.SKIN: "skin",
    PictureKind.ULTRASOUND: "ultrasound",
}
_VIEWS = {
    View.PA: "PA view",
    View.AP: "AP view",
    View.LATERAL: "lateral view",
    View.NEAR: "near",
    View.FAR: "from a distance",
    View.RULER: "with a ruler",
}
_BY_CIRCUMSTANCE = {
    Circumstance.PREGNANCY: "If pregnant: think of mother and fetus, avoid more radiation.",
    Circumstance.TUBES: "Tubes and lines: say where each tip ends, or that it cannot be seen.",
    Circumstance.TRAUMA: "Trauma: look for fractures, and for air or blood where none belongs.",
}
_NEONATE = "Neonate: look for air leaks, tube tips and bowel gas; a thymus is normal."
_CHILD = {
    PictureKind.CHEST: "Child: a thymus is normal; judge the heart by age.",
    PictureKind.BONE: "Child: growth plates are no fractures.",
}
_NEONATE_YEARS = 28 / 365.25
_CHILD_YEARS = 16
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

INDICATION_MAX_CHARS = 600
QUESTION_MAX_CHARS = 600

_LANGUAGE_NAMES = {
    Language.FRENCH: "French",
    Language.PORTUGUESE: "Portuguese",
    Language.HAUSA: "Hausa",
}
_KEEP_ENGLISH = "section names and the URGENCY word in English"
_BRIEFLY = (
    "Answer in one or two sentences from the picture; say so if it does not show it. No doses."
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LOOK_ALIKES = str.maketrans({"<": "\u2039", ">": "\u203a"})


class TextPart(TypedDict):
    """A piece of text in a chat message."""

    type: Literal["text"]
    text: str


class ImagePart(TypedDict):
    """The place of a picture in a chat message; pictures are taken in order."""

    type: Literal["image"]


class PromptMessage(TypedDict):
    """A chat message in the shape `apply_chat_template` takes."""

    role: Literal["system", "user", "assistant"]
    content: list[TextPart | ImagePart]


def build_messages(request: ReadRequest) -> list[PromptMessage]:
    """Turn a request into chat messages: system, pictures then text, earlier turns, question.

    Args:
        request: What to read; a follow-up question carries the first reading and its history.

    Returns:
        Messages whose last one is the user's.
    """
    pictures: list[TextPart | ImagePart] = [{"type": "image"} for _ in request.pictures]
    messages: list[PromptMessage] = [
        {"role": "system", "content": [_text(_instruction(request))]},
        {"role": "user", "content": [*pictures, _text("\n".join(_asked(request)))]},
    ]
    if request.question is None:
        return messages
    turns = [(t.question, t.answer) for t in request.history]
    answer = request.reading or ""
    for question, next_answer in [*turns, (request.question, "")]:
        messages.append({"role": "assistant", "content": [_text(harmless(answer, None))]})
        asked = _follow_up(question, request.language)
        messages.append({"role": "user", "content": [_text(asked)]})
        answer = next_answer
    return messages


def harmless(text: str, max_chars: int | None) -> str:
    """Text from outside, made safe to stand in a prompt.

    Args:
        max_chars: Cut there, None for no cut.

    Returns:
        Text in which no tokenizer control token (`<start_of_turn>`, `<start_of_image>` …) can be
        spelled and no control character stands.
    """
    clean = _CONTROL.sub(" ", text).translate(_LOOK_ALIKES).strip()
    return clean if max_chars is None else clean[:max_chars]


def _instruction(request: ReadRequest) -> str:
    """What is the same for every patient, from what all kinds share to what one alone has."""
    expert = DERMATOLOGIST if request.kind is PictureKind.SKIN else RADIOLOGIST
    last = [] if request.comparison is None else [COMPARE]
    return "\n".join([f"{expert} {SECTIONS}", DESCRIBE[request.kind], *last])


def _asked(request: ReadRequest) -> Iterator[str]:
    yield from _patient_lines(request.patient, request.kind)
    yield _pictures_line(request)
    if name := _LANGUAGE_NAMES.get(request.language):
        yield f"Write in {name}; {_KEEP_ENGLISH}."


def _patient_lines(patient: PatientContext, kind: PictureKind) -> Iterator[str]:
    if line := _patient_line(patient):
        yield line
    if kind is PictureKind.CHEST and _younger(patient, _NEONATE_YEARS):
        yield _NEONATE
    elif kind in _CHILD and _younger(patient, _CHILD_YEARS):
        yield _CHILD[kind]
    for circumstance in circumstances(patient.indication or ""):
        yield _BY_CIRCUMSTANCE[circumstance]


def _younger(patient: PatientContext, years: float) -> bool:
    return patient.age_years is not None and patient.age_years < years


def _pictures_line(request: ReadRequest) -> str:
    """As in: Read this picture: chest X-ray, AP view."""
    if request.comparison is not None:
        return _comparison_line(request.comparison)
    count, name = len(request.pictures), _NAMES.get(request.kind)
    one = "Read this picture" if count == 1 else f"Read these {count} pictures of one patient"
    views = [None if view is None else _VIEWS[view] for view in request.views]
    if count > 1:
        views = [view and f"picture {number} {view}" for number, view in enumerate(views, 1)]
    known = ", ".join(part for part in (name, *views) if part)
    return f"{one}: {known}." if known else f"{one}."


def _comparison_line(comparison: Comparison) -> str:
    prior, current = _day(comparison.prior), _day(comparison.current)
    return f"The first film is of {prior}, the second of {current}. What has changed?"


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _patient_line(patient: PatientContext) -> str:
    facts = []
    if patient.age_years is not None:
        facts.append(f"age {_age(patient.age_years)}")
    if patient.sex is not None:
        facts.append("sex female" if patient.sex is Sex.FEMALE else "sex male")
    if patient.indication:
        facts.append(f"indication: {harmless(patient.indication, INDICATION_MAX_CHARS)}")
    return f"Patient: {', '.join(facts)}." if facts else ""


def _age(age_years: float) -> str:
    if age_years * 365.25 < 1:
        hours = max(1, round(age_years * 365.25 * 24))
        return f"{hours} hours" if hours > 1 else "1 hour"
    if age_years * 12 < 1:
        days = round(age_years * 365.25)
        return f"{days} days" if days > 1 else "1 day"
    if age_years < 2:
        months = round(age_years * 12)
        return f"{months} months"
    return f"{int(age_years)} years"


def _follow_up(question: str, language: Language) -> str:
    asked = f"Question: {harmless(question, QUESTION_MAX_CHARS)}\n{_BRIEFLY}"
    if language in _LANGUAGE_NAMES:
        asked += f" Write in {_LANGUAGE_NAMES[language]}."
    return asked


def _text(text: str) -> TextPart:
    return {"type": "text", "text": text}

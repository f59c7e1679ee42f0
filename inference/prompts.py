"""The one prompt builder: every engine and the practice model's training use it.

Knows the contract's request. Must not know tokenizers or engines. Changing a word here means
training the practice model again.
"""

import re
from dataclasses import replace
from typing import Literal, TypedDict

from inference.contract import Language, PatientContext, ReadRequest, Sex

SYSTEM = "You are an expert radiologist."

INSTRUCTION = (
    "Read the picture and answer in four short sections:\n"
    "FINDINGS: what the picture shows, with side and zone.\n"
    "IMPRESSION: what it means.\n"
    "URGENCY: one word: critical, urgent or routine.\n"
    "RECOMMENDATION: what to do next.\n"
    "If it is not a medical picture or cannot be read, say so in FINDINGS."
)

TAUGHT_LANGUAGES = (Language.ENGLISH, Language.FRENCH)
"""What the practice model was trained to be asked for; it answers in English whichever it is."""

INDICATION_MAX_CHARS = 600
QUESTION_MAX_CHARS = 600

_LANGUAGE_NAMES = {
    Language.FRENCH: "French",
    Language.PORTUGUESE: "Portuguese",
    Language.HAUSA: "Hausa",
}
_KEEP_ENGLISH = " Keep the section names and the URGENCY word in English."
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
    first = _first_question(request.patient, request.language)
    messages: list[PromptMessage] = [
        {"role": "system", "content": [_text(SYSTEM)]},
        {"role": "user", "content": [*pictures, _text(first)]},
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


def as_taught(request: ReadRequest) -> ReadRequest:
    """A request in words that the practice model was trained on: others leave it confused.

    Returns:
        The request, in English where its language was not taught.
    """
    if request.language in TAUGHT_LANGUAGES:
        return request
    return replace(request, language=Language.ENGLISH)


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


def _first_question(patient: PatientContext, language: Language) -> str:
    lines = [_patient_line(patient), INSTRUCTION]
    if language in _LANGUAGE_NAMES:
        keep = _KEEP_ENGLISH if language not in TAUGHT_LANGUAGES else ""
        lines.append(f"Write each section's text in {_LANGUAGE_NAMES[language]}.{keep}")
    return "\n".join(line for line in lines if line)


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
    if age_years * 12 < 1:
        days = round(age_years * 365.25)
        return f"{days} days" if days > 1 else "1 day"
    if age_years < 2:
        months = round(age_years * 12)
        return f"{months} months"
    return f"{int(age_years)} years"


def _follow_up(question: str, language: Language) -> str:
    asked = f"Question: {harmless(question, QUESTION_MAX_CHARS)}\nAnswer briefly from the picture."
    if language in _LANGUAGE_NAMES:
        asked += f" Write in {_LANGUAGE_NAMES[language]}."
    return asked


def _text(text: str) -> TextPart:
    return {"type": "text", "text": text}

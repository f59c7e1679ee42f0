"""Conversations about a picture, as the bot has them: what is asked in which words, and answered.

Knows the prompt builder, questions in English and French, and what senders write of a patient. Must
not know pixels or torch.
"""

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np

from inference.contract import (
    Comparison,
    Language,
    PatientContext,
    PictureKind,
    ReadRequest,
    Sex,
    Turn,
    View,
)
from inference.practice.answers import (
    QuestionTopic,
    comparison,
    first_sight,
    follow_up,
    reading,
)
from inference.practice.truth import Truth
from inference.prompts import PromptMessage, build_messages

QUESTIONS: MappingProxyType[QuestionTopic, tuple[str, ...]] = MappingProxyType(
    {
        QuestionTopic.SIDE: (
            "Which side?", "Which side is it on?", "What side is the finding on?",
            "On which side is it?", "Is it on the right or on the left?", "Left or right?",
            "Right or left side?", "De quel côté ?", "C'est de quel côté ?",
            "À droite ou à gauche ?",
        ),
        QuestionTopic.ZONE: (
            "Which zone?", "In which zone is it?", "Where is it?", "Where exactly is it?",
            "Where in the lung?", "Which part of the lung?", "Is it upper, middle or lower?",
            "Quelle zone ?", "Où exactement ?", "Dans quelle partie du poumon ?",
        ),
        QuestionTopic.SIZE: (
            "How big is it?", "How large is it?", "What size is it?", "Which size?",
            "Is it large or small?", "Is it big?", "How much is there?", "Is it small?",
            "Quelle taille ?", "C'est grand ?", "Est-ce grand ou petit ?",
        ),
        QuestionTopic.PNEUMOTHORAX: (
            "Is there a pneumothorax?", "Any pneumothorax?", "Do you see a pneumothorax?",
            "Is the lung collapsed?", "Y a-t-il un pneumothorax ?",
        ),
        QuestionTopic.EFFUSION: (
            "Is there an effusion?", "Is there a pleural effusion?", "Any fluid?",
            "Is there fluid in the chest?", "Y a-t-il un épanchement ?",
        ),
        QuestionTopic.OPACITY: (
            "Is there an opacity?", "Any opacity in the lungs?", "Is it pneumonia?",
            "Do you see a shadow in the lung?", "Y a-t-il une opacité ?",
        ),
        QuestionTopic.HEART: (
            "Is the heart enlarged?", "Is the heart too big?", "Is the heart size normal?",
            "How is the heart?", "Le coeur est-il gros ?",
        ),
        QuestionTopic.NORMAL: (
            "Is it normal?", "Is this film normal?", "So nothing is wrong?",
            "Is everything normal?", "Est-ce normal ?",
        ),
        QuestionTopic.URGENCY: (
            "How urgent is it?", "Is it urgent?", "Can it wait?", "Is this an emergency?",
            "Est-ce urgent ?",
        ),
        QuestionTopic.ADVICE: (
            "What should I do?", "What next?", "What do I do now?", "What do you recommend?",
            "Que faire ?",
        ),
        QuestionTopic.OTHER: (
            "Hello", "Thank you", "Who are you?", "Are you sure?", "What is the dose?",
            "Is it cancer?", "Is there a fracture?", "How old is the patient?",
            "When was it taken?", "Can he go home?", "Merci", "Bonjour", "Can you explain?",
            "What is the weather?", "Is the child malnourished?", "Is it tuberculosis?",
        ),
    }
)  # fmt: skip

_INDICATIONS = (
    "cough", "fever", "cough and fever for 3 days", "chest pain", "short of breath",
    "trauma, fell from a tree", "weight loss, night sweats", "TB contact", "HIV positive, cough",
    "pre-employment", "routine check", "haemoptysis", "wheeze", "after drain", "oedema of the legs",
    "toux", "fièvre", "toux et fièvre depuis 3 jours", "douleur thoracique", "essoufflement",
    "perte de poids", "contrôle", "traumatisme", "suspicion de tuberculose", "what do you see?",
    "please read", "urgent please", "old TB, on treatment 2 months", "pneumonia?", "heart failure?",
    "pregnant 24 weeks", "enceinte", "ETT in place", "chest drain day 2", "tari da zazzabi",
    "mai ciki", "hatsari", "tosse e febre", "trauma", "grávida",
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyzéèàç       0123456789,.-/?"
_KINDS_OF_FILMS = (PictureKind.CHEST,) * 9 + tuple(PictureKind)
_KINDS_OF_OTHERS = (PictureKind.CHEST,) * 4 + tuple(PictureKind)
_CHEST_VIEWS = (None, None, View.PA, View.AP, View.LATERAL)
_NEAR_VIEWS = (None, View.NEAR, View.FAR, View.RULER)
_LANGUAGES = (Language.ENGLISH,) * 3 + tuple(Language)
_ASKED_MOST = (QuestionTopic.SIDE, QuestionTopic.ZONE, QuestionTopic.SIZE)


def draw_conversation(
    rng: np.random.Generator, truth: Truth | None, pictures: int = 1, follow_ups: int = 0
) -> list[PromptMessage]:
    """A first reading and follow-up questions, all answered.

    Args:
        rng: Source of all chance.
        truth: What the pictures show, None if they are no chest films.
        pictures: How many pictures of the patient.
        follow_ups: How many questions are asked after the reading.

    Returns:
        Messages whose last one is the assistant's, without the pictures.
    """
    turns = [_draw_turn(rng, truth) for _ in range(follow_ups)]
    asked = turns[-1].question if turns else None
    request = replace(
        draw_request(rng, truth, pictures),
        question=asked,
        reading=reading(truth) if turns else None,
        history=tuple(turns[:-1]),
    )
    return [*build_messages(request), _said(turns[-1].answer if turns else reading(truth))]


def draw_request(rng: np.random.Generator, truth: Truth | None, pictures: int = 1) -> ReadRequest:
    """A first reading as it is asked for: of what kind of picture, of whom, in which language.

    Args:
        rng: Source of all chance.
        truth: What the pictures show, None if they are no chest films; people name the kind of
            these less rightly.
        pictures: How many pictures of the patient.
    """
    kinds = _KINDS_OF_OTHERS if truth is None else _KINDS_OF_FILMS
    kind = kinds[rng.integers(len(kinds))]
    views = {PictureKind.CHEST: _CHEST_VIEWS, PictureKind.SKIN: _NEAR_VIEWS}.get(kind, (None,))
    return ReadRequest(
        request_id="training",
        pictures=(b"",) * pictures,
        patient=draw_patient(rng),
        language=_LANGUAGES[rng.integers(len(_LANGUAGES))],
        kind=kind,
        views=tuple(views[rng.integers(len(views))] for _ in range(pictures)),
    )


def draw_comparison(
    rng: np.random.Generator, older: Truth | None, newer: Truth | None
) -> list[PromptMessage]:
    """A newer film read beside an older one of the same patient.

    Args:
        rng: Source of all chance.
        older: What the first picture shows.
        newer: What the second shows.

    Returns:
        Messages whose last one is the assistant's, without the pictures.
    """
    today = date(2026, 1, 1) + timedelta(days=int(rng.integers(365)))
    request = replace(
        draw_request(rng, newer, pictures=2),
        kind=PictureKind.CHEST,
        comparison=Comparison(
            prior=(today - timedelta(days=int(rng.integers(1, 400)))).isoformat(),
            current=today.isoformat(),
        ),
    )
    return [*build_messages(request), _said(comparison(older, newer))]


def draw_first_sight(
    rng: np.random.Generator, truth: Truth | None, pictures: int = 1
) -> list[PromptMessage]:
    """A first reading of which only the urgency is said.

    Args:
        rng: Source of all chance.
        truth: What the pictures show, None if they are no chest films.
        pictures: How many pictures of the patient.

    Returns:
        Messages whose last one is the assistant's, without the pictures.
    """
    return [*build_messages(draw_request(rng, truth, pictures)), _said(first_sight(truth))]


def draw_patient(rng: np.random.Generator) -> PatientContext:
    """What a sender wrote of a patient: often nothing, sometimes anything.

    Args:
        rng: Source of all chance.

    Returns:
        The context; it tells nothing of the picture.
    """
    years = [rng.uniform(0, 0.07), rng.uniform(0, 3), rng.uniform(3, 95)]
    age = float(rng.choice(years, p=[0.05, 0.15, 0.8]))
    return PatientContext(
        age_years=age if rng.random() < 0.6 else None,
        sex=list(Sex)[rng.integers(2)] if rng.random() < 0.6 else None,
        indication=_draw_indication(rng) if rng.random() < 0.6 else None,
    )


def draw_question(rng: np.random.Generator, topic: QuestionTopic) -> str:
    """One wording of a question, typed as carelessly as on a phone.

    Args:
        rng: Source of all chance.
    """
    words = QUESTIONS[topic]
    question = words[rng.integers(len(words))]
    if rng.random() < 0.2:
        question = question.lower()
    if rng.random() < 0.2:
        question = question.rstrip(" ?")
    return question


def _said(answer: str) -> PromptMessage:
    return {"role": "assistant", "content": [{"type": "text", "text": answer}]}


def _draw_turn(rng: np.random.Generator, truth: Truth | None) -> Turn:
    topics = _ASKED_MOST if rng.random() < 0.5 else tuple(QuestionTopic)
    topic = topics[rng.integers(len(topics))]
    return Turn(question=draw_question(rng, topic), answer=follow_up(truth, topic))


def _draw_indication(rng: np.random.Generator) -> str:
    if rng.random() < 0.1:
        return "".join(rng.choice(list(_LETTERS), rng.integers(3, 30)))
    chosen = rng.choice(_INDICATIONS, rng.integers(1, 3), replace=False)
    return ", ".join(str(part) for part in chosen)

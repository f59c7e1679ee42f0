"""No message of the bot is longer than two screens of a phone, whatever a model wrote."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.cases import Case, CaseStatus, FollowUp, StoredPicture
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId, UserId
from bot.domain.messages import Reply
from bot.domain.pages import CasePage
from bot.domain.people import Person, Role
from bot.locale import Translator, translator
from bot.replies import cases, lists, reading, search
from bot.replies.markup import MOST_LINES, screen_lines
from inference.contract import (
    EngineInfo,
    Language,
    PatientContext,
    PictureKind,
    Reading,
    ScoredUrgency,
    Sex,
    Tier,
    Urgency,
)
from inference.parsing import parse_answer, parse_sections
from tests.model_answers import ANSWERS

ENGINES = (
    EngineInfo(model="medgemma-1.5-4b-it", tier=Tier.BIT4, practice=False),
    EngineInfo(model="practice", tier=Tier.CPU, practice=True),
)
SENTENCE = "There is a dense consolidation of the right upper zone with air bronchograms. "
LONGEST = (
    f"FINDINGS: {SENTENCE * 9}\n\nIMPRESSION: {SENTENCE * 4}\n\nURGENCY: critical\n\n"
    f"RECOMMENDATION:\n" + "".join(f"{n}. {SENTENCE}\n" for n in range(1, 9))
)
"""As many words as 400 tokens, and then some, in lists and paragraphs."""
TEXTS = (LONGEST, *sorted((answer.text for answer in ANSWERS), key=len)[-6:])
CASE = Case(
    case_id=CaseId(42),
    reading_id=ReadingId(7),
    sender_id=UserId(1),
    sender_name="Amina of the children's ward",
    chat_id=ChatId(1),
    message_id=MessageId(5),
    created_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    status=CaseStatus.ANSWERED,
    caption="F 32, cough and fever for three weeks, night sweats " * 8,
    patient_reference="2231",
    patient=PatientContext(age_years=32, sex=Sex.FEMALE, indication="cough, TB contact"),
    language=Language.ENGLISH,
    pictures=(
        StoredPicture(name="p", sha256="", media_type="image/png", width_px=99, height_px=99),
    ),
    kind=PictureKind.SKIN,
)
NOW = CASE.created_at
READER = Person(
    user_id=UserId(3),
    chat_id=ChatId(3),
    name="Musa",
    role=Role.SUPERVISOR,
    language=Language.ENGLISH,
    accepted_terms_at=None,
    revoked_at=None,
)


def made(text: str, engine: EngineInfo, question: str | None = None) -> Reading:
    sections = parse_sections(text) if question is None else parse_answer(text, question)
    return Reading(
        text=text,
        sections=sections,
        engine=engine,
        duration_s=38.2,
        prompt_tokens=300,
        answer_tokens=400,
        truncated=True,
        scored=ScoredUrgency(urgency=Urgency.URGENT, margin=1.0),
    )


def said(text: str, engine: EngineInfo, t: Translator) -> Iterator[Reply]:
    """All that the bot says with a model's words in it."""
    first = made(text, engine)
    case = replace(CASE, reading=first, answered_at=CASE.created_at)
    asked = FollowUp(
        reading_id=ReadingId(8),
        case_id=CASE.case_id,
        asked_by=UserId(1),
        chat_id=ChatId(1),
        message_id=MessageId(9),
        question="Is it tuberculosis, and what should I do now?",
        status=CaseStatus.ANSWERED,
        reading=made(text, engine, "Is it tuberculosis?"),
    )
    yield from reading.answer(case, first, t)
    yield from reading.follow_up_answer(case, asked.question, made(text, engine, "What?"), t)
    yield reading.growing(case, text, first.scored, engine, t)
    yield reading.urgent_notice(case, first, t)
    yield from cases.card(case, cases.Known(follow_ups=[asked] * 3), READER, t)
    yield lists.page(
        CasePage(cases=(case,) * lists.PAGE_CASES), lists.View.ALL, 900, READER, t, now=NOW
    )
    many = [replace(case, case_id=CaseId(number)) for number in range(1, 40)]
    yield lists.left_by_last_shift(many, replace(READER, ward="Ward 7"), NOW, t, before=30)
    yield search.found([case] * 5, "consolidation", 900, READER, t, now=NOW)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.model)
def test_no_message_with_a_models_words_is_longer_than_two_screens(
    engine: EngineInfo, language: Language
) -> None:
    t = translator(language)
    for text in TEXTS:
        for reply in said(text, engine, t):
            assert screen_lines(reply.text) <= MOST_LINES, text[:40]


def test_a_search_shows_every_case_that_it_offers() -> None:
    case = replace(CASE, reading=made(LONGEST, ENGINES[1]))
    several = [replace(case, case_id=CaseId(number)) for number in range(1, 6)]
    for language in Language:
        reply = search.found(several, "consolidation", 900, READER, translator(language), now=NOW)
        assert all(each.code in reply.text for each in several)


def test_a_list_shows_every_case_that_it_offers() -> None:
    case = replace(CASE, reading=made(LONGEST, ENGINES[1]))
    several = tuple(replace(case, case_id=CaseId(n)) for n in range(1, lists.PAGE_CASES + 1))
    for language in Language:
        t = translator(language)
        listed = CasePage(cases=several)
        reply = lists.page(listed, lists.View.ALL, 900, READER, t, now=NOW)
        assert all(each.code in reply.text for each in several)

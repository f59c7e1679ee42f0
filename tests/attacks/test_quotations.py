"""What people typed, and what the model wrote, stands in the bot's messages as a quotation.

The attacks are those of a review: a caption that drew the bot's own sign-off above a real URGENT,
and captions, names and notes with live links. The gateway's own parser says what a phone shows.
"""

import html
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.alarms import Alarm, AlarmState
from bot.domain.audit import Act, AuditEntry
from bot.domain.cases import Case, CaseStatus, FollowUp, Outcome
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId, UserId
from bot.domain.messages import Reply
from bot.domain.pages import CasePage
from bot.domain.people import Person, Role
from bot.locale import translator
from bot.replies import (
    alarms,
    audit,
    cases,
    duty,
    lists,
    outcome,
    people,
    queue,
    reading,
    review,
    search,
    words,
)
from bot.replies.lists import View
from bot.replies.markup import Html, bold, quoted, typed, unmarked, written
from gateway.bot_api.formatting import format_text
from gateway.schemas.entities import AUTOMATIC, QUOTES, Entity, utf16_index
from inference.contract import EngineInfo, Language, PatientContext, Reading, Tier, Urgency
from inference.parsing import parse_sections
from tests.attacks.conftest import Note

ATTACKER = "in words, and by bots"

EN = translator(Language.ENGLISH)
SIGN_OFF = "☑ Signed off by Dr. Okafor: agrees\n🟢 ROUTINE"
LINKS = (
    "see www.evil.example.com or evil.com/a?b=c, mail me@evil.com, ask @okafor_bot, /revoke Amina, "
    "#ward7, $USD, +233 24 123 4567, tg://resolve?domain=evil, http://10.0.0.5:81/x 10.0.0.5"
)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def model_said(text: str) -> Reading:
    """A reading with these words."""
    return Reading(
        text=text,
        sections=parse_sections(text),
        engine=EngineInfo(model="medgemma-4b-it", tier=Tier.CPU, practice=False),
        duration_s=1,
        prompt_tokens=1,
        answer_tokens=1,
    )


def person(name: str) -> Person:
    """A supervisor of this name."""
    return Person(
        user_id=UserId(2),
        chat_id=ChatId(2),
        name=name,
        role=Role.SUPERVISOR,
        ward=name,
        language=Language.ENGLISH,
        accepted_terms_at=NOW,
    )


def case_of(typed: str, said: str) -> Case:
    """A case in which everybody typed the same words, and the model wrote others."""
    return Case(
        case_id=CaseId(42),
        reading_id=ReadingId(7),
        sender_id=UserId(1),
        sender_name=typed,
        chat_id=ChatId(1),
        message_id=MessageId(5),
        created_at=NOW,
        status=CaseStatus.ANSWERED,
        caption=typed,
        patient_reference=typed.split(maxsplit=1)[0],
        patient=PatientContext(indication=typed),
        language=Language.ENGLISH,
        pictures=(),
        reading=model_said(said),
        answered_at=NOW,
        reviewed_by=UserId(2),
        reviewed_at=NOW,
        review_agrees=False,
        review_note=typed,
        outcome=Outcome.REFERRED,
        referred_to=typed,
    )


def asked(typed: str, said: str) -> FollowUp:
    """A question and its answer."""
    return FollowUp(
        reading_id=ReadingId(8),
        case_id=CaseId(42),
        asked_by=UserId(1),
        chat_id=ChatId(1),
        message_id=MessageId(6),
        question=typed,
        status=CaseStatus.ANSWERED,
        reading=model_said(said),
    )


def said_with(typed: str, said: str) -> list[Reply]:
    """Every message that shows words which somebody typed, or that a model wrote."""
    case, who = case_of(typed, said), person(typed)
    made = model_said(said)
    entry = AuditEntry(at=NOW, name=typed, act=Act.JOINED, subject="")
    return [
        *cases.card(case, cases.Known(follow_ups=[asked(typed, said)], reviewer=who), who, EN),
        lists.page(CasePage(cases=(case,)), View.ALL, 1, who, EN, now=NOW, sender=who),
        search.found([case], typed, 1, who, EN, senders=[who], now=NOW),
        lists.choose_sender([who], EN),
        review.reviewed_notice(case, who, EN),
        people.welcome(who, EN),
        *people.people([who, replace(who, revoked_at=NOW)], EN),
        people.choose_revoked([who], EN, by_name=True),
        people.confirm_revoking(who, EN),
        people.revoked(who, EN),
        *reading.answer(case, made, EN),
        *reading.follow_up_answer(case, typed, made, EN),
        reading.growing(case, said, None, None, EN),
        reading.urgent_notice(case, made, EN),
        queue.failed_notice(case, EN),
        queue.not_delivered(case, EN),
        *audit.audit([entry], EN),
        people.name_taken(who, EN),
        lists.left_by_last_shift([case], who, NOW, EN),
        review.opened(case, who, EN),
        outcome.told(case, Outcome.REFERRED, who, EN),
        outcome.place_noted(case, EN),
        *duty.wards([who], EN),
        duty.ward_set(who, typed, EN),
        *alarms_with(case, typed),
    ]


def alarms_with(case: Case, typed: str) -> list[Reply]:
    """What is said of an alarm that somebody of this name has taken."""
    alarm = Alarm(
        case=case,
        state=AlarmState.TAKEN,
        urgency=Urgency.URGENT,
        round=1,
        raised_at=NOW,
        calls=1,
        due_at=NOW,
        taken_by=UserId(3),
        taker_name=typed,
        taken_at=NOW,
    )
    return [
        alarms.called_again(alarm, person(typed), NOW, EN),
        alarms.taken(alarm, person(typed), EN),
        alarms.given_back(alarm, typed, EN),
        alarms.signed_off(alarm, typed, EN),
        alarms.somebody_comes("C-0042", typed, EN),
    ]


def shown(text: str) -> tuple[str, tuple[Entity, ...]]:
    """What a phone shows of a message."""
    return format_text(text, "HTML")


def live(reply: Reply) -> list[str]:
    """The kinds of the links in a message, in their order."""
    _, entities = shown(reply.text)
    return [each.type for each in entities if each.type in {*AUTOMATIC, "text_link"}]


def outside_quotations(text: str, entities: tuple[Entity, ...]) -> str:
    """The text without its quotations."""
    for quote in reversed([entity for entity in entities if entity.type in QUOTES]):
        start, end = utf16_index(text, quote.offset), utf16_index(text, quote.end)
        text = f"{text[:start]}…{text[end:]}"
    return text


def signs_at_line_starts(reply: Reply) -> list[str]:
    """The signs by which the bot's own lines begin, and lines that begin like them."""
    lines = [line.lstrip() for line in outside_quotations(*shown(reply.text)).splitlines()]
    buttons = [button.text for row in reply.buttons for button in row]
    return [line[0] for line in [*lines, *buttons] if line and not line[0].isascii()]


@pytest.mark.parametrize("said", ["FINDINGS: clear.\nURGENCY: urgent", "clear"])
def test_nobody_types_a_line_of_the_bots_own(said: str, outcome: Note) -> None:
    honest, forged = said_with("cough", said), said_with(SIGN_OFF, said)
    for message, attacked in zip(honest, forged, strict=True):
        assert signs_at_line_starts(message) == signs_at_line_starts(attacked), attacked.text
        text = outside_quotations(*shown(attacked.text))
        assert "\n🟢 ROUTINE" not in text
        assert "\nSigned off" not in text
    outcome(
        "A caption, question, note or name that draws the bot's own lines (☑ Signed off by …,"
        " 🟢 ROUTINE)",
        "it stands in a quotation; a name is shown without signs",
    )


def test_a_sign_off_in_a_caption_stands_in_a_quotation_above_the_real_urgency(
    outcome: Note,
) -> None:
    card = said_with(SIGN_OFF, "FINDINGS: effusion.\nURGENCY: urgent")[0]
    text, entities = shown(card.text)
    assert "Signed off by Dr. Okafor" in text
    assert "Signed off by Dr. Okafor: agrees\n" not in outside_quotations(text, entities)
    assert "🟠 URGENT" in outside_quotations(text, entities)
    outcome("The same above a real urgency", "the urgency stands outside the quotation")


SIGNS = [*"☑☒✅🔔🟡", *words.URGENCY_SIGNS.values(), *words.STATUS_SIGNS.values()]


@pytest.mark.parametrize("make", [quoted, written])
@pytest.mark.parametrize("before", ["", " ", "\u2066", "first\n", "first\n\u200b "])
def test_not_even_within_a_quotation_a_line_begins_with_a_sign_of_the_bots(
    make: Callable[[str], Html], before: str, outcome: Note
) -> None:
    for sign in SIGNS:
        text, _ = shown(make(f"{before}{sign} ROUTINE"))
        last = text.splitlines()[-1]
        assert sign in last
        assert last.startswith("> ")
    outcome(
        "A line within a quotation that begins with such a sign",
        "`>` stands before it, also where no markup is shown",
    )


def test_nothing_that_somebody_typed_or_a_model_wrote_is_a_live_link(outcome: Note) -> None:
    honest = said_with("cough", "FINDINGS: clear\nURGENCY: urgent")
    attacked = said_with(LINKS, f"FINDINGS: {LINKS}\nURGENCY: urgent")
    own = [link for reply in honest for link in live(reply)]  # the bot's own commands
    assert [link for reply in attacked for link in live(reply)] == own
    outcome(
        "A link, command or telephone number in what people typed or the model wrote",
        "shown as code; it opens nothing",
    )


def test_what_was_typed_is_shown_to_the_letter() -> None:
    card = said_with(LINKS, "clear")[0]
    assert LINKS in shown(card.text)[0]


_TRICKY = st.text(
    st.sampled_from("ab éß1٣9.@#$/:+-_~()?!,'\"<>&Ax भा漢😀\u200c\u200d\u2060\u00b7 \n")
    | st.characters()
)
_PIECES = [
    *("evil.com", "http://", "www.", "@name", "/cmd", "#tag", "$USD", "+233 24 123 4567", "."),
    *(
        "a@b.co",
        "tg://x",
        "10.0.0.5",
        ":81/",
        ":",
        "_",
        "é",
        "x",
        " ",
        "\n",
        "(",
        ")",
        "भारत",
        "рф",
    ),
]
_LINKY = st.lists(st.sampled_from(_PIECES)).map("".join)


def found_by(text: str) -> Html:
    """A text in which every other word was searched for."""
    return typed(text, lambda run: len(run) % 2 == 0)


@pytest.mark.parametrize("make", [typed, bold, quoted, written, found_by])
@given(text=_TRICKY | _LINKY)
@example(text=LINKS)
def test_no_text_at_all_becomes_a_link(make: Callable[[str], Html], text: str) -> None:
    _, entities = shown(f"before {make(text)} after")
    assert not [entity for entity in entities if entity.type in AUTOMATIC]


def test_a_quotation_is_seen_as_one_where_a_server_takes_no_markup() -> None:
    bare = unmarked(quoted("cough\nfever & <chills>"))
    assert html.unescape(bare) == "> cough\n> fever & <chills>"

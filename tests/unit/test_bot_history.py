"""Cases looked up by chat: lists, one case, search."""

import re
from dataclasses import replace

import pytest

from bot.domain.messages import Outgoing
from bot.domain.people import Role
from bot.replies.lists import PAGE_CASES
from bot.replies.reading import PRACTICE_BANNER
from inference.contract import EngineInfo, Tier
from tests.bot_conversation import OTHER, STALE, SUPERVISOR, WORKER, Conversation, buttons, words
from tests.bot_world import reading

ROUTINE = reading("FINDINGS: Clear lungs.\nIMPRESSION: Normal.\nURGENCY: routine")
CRITICAL = reading("FINDINGS: Air.\nIMPRESSION: Pneumothorax.\nURGENCY: critical")
NO_SUCH_CASE = "There is no such case. A number looks like this: C-0042. /cases lists them."


async def test_a_health_worker_lists_and_opens_only_their_own_cases(chat: Conversation) -> None:
    worker, other = await chat.enrol(WORKER), await chat.enrol(OTHER)
    own, others = await chat.case(worker), await chat.case(other)
    listed = words(await chat.types(worker, "/cases"))
    assert own.code in listed
    assert others.code not in listed
    for view in ("all", "urgent", "unreviewed", "today", "week"):
        assert others.code not in words(await chat.presses(worker, f"cases:{view}:0"))
    assert own.code in words(await chat.types(worker, f"/case {own.code}"))


async def test_somebody_elses_case_and_no_case_get_the_same_words(chat: Conversation) -> None:
    worker, other = await chat.enrol(WORKER), await chat.enrol(OTHER)
    others = await chat.case(other)
    answers = [await chat.types(worker, f"/case {code}") for code in (others.code, "C-9999", "?")]
    assert {words(answer) for answer in answers} == {NO_SUCH_CASE}
    await chat.presses(worker, f"case:{others.case_id}")
    await chat.presses(worker, "case:9999")
    assert chat.button_answers() == [STALE, STALE]


async def test_rows_of_a_list_and_of_a_search_have_the_film_of_their_case_beside_them(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(await chat.enrol(WORKER), CRITICAL)
    for text in ("/cases", "/search pneumothorax"):
        (said,) = await chat.types(supervisor, text)
        first = said.reply.buttons[0][0]
        assert first.picture_of == (case.chat_id, case.message_id)
        shown = re.sub(r"<.*?>", "", said.reply.text)
        assert f"\n{first.text} " in shown  # where the page finds the row that it stands for


async def test_a_supervisor_filters_lists_in_place(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker, other = await chat.enrol(WORKER), await chat.enrol(OTHER)
    old = await chat.case(worker)
    chat.clinic.clock.advance(10 * 86400)
    urgent, routine = await chat.case(worker), await chat.case(other, ROUTINE)
    await chat.presses(supervisor, f"agree:{urgent.case_id}")

    async def listed(data: str) -> set[str]:
        said = await chat.presses(supervisor, data, message_id=77)
        assert [message.edits for message in said] == [77]
        return set(re.findall(r"C-\d{4}", words(said)))

    assert await listed("cases:today:0") == {urgent.code, routine.code}
    assert await listed("cases:week:0") == {urgent.code, routine.code}
    assert await listed("cases:all:0") == {old.code, urgent.code, routine.code}
    assert await listed("cases:urgent:0") == {old.code, urgent.code}
    assert await listed("cases:unreviewed:0") == {old.code, routine.code}
    assert await listed(f"sender:{OTHER}:0") == {routine.code}
    senders = buttons(await chat.presses(supervisor, "senders"))
    assert {f"sender:{WORKER}:0", f"sender:{OTHER}:0"} <= set(senders)


async def test_a_page_says_where_one_is_and_marks_the_list_that_one_chose(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    for _ in range(PAGE_CASES + 2):
        await chat.case(worker, ROUTINE)
    said = await chat.types(supervisor, "/cases")
    assert f"Today · 10 cases · 1–{PAGE_CASES}" in words(said)  # noqa: RUF001 - a range
    assert marked(said) == ["• Today •"]
    (turned,) = await chat.presses(supervisor, older(said), message_id=77)
    assert turned.edits == 77
    assert "Today · 10 cases · 9–10" in turned.reply.text  # noqa: RUF001 - a range
    urgent = await chat.presses(supervisor, "cases:urgent:0")
    assert (marked(urgent), "–" in words(urgent)) == (["• Urgent •"], False)  # noqa: RUF001
    of_one = await chat.presses(supervisor, f"sender:{WORKER}:0")
    assert marked(of_one) == ["• By sender •"]


def marked(said: list[Outgoing]) -> list[str]:
    """The buttons of the lists that one is in."""
    rows = (row for message in said for row in message.reply.buttons)
    return [button.text for row in rows for button in row if button.text.startswith("•")]


@pytest.mark.parametrize("data", ["cases:all:5", "cases:all:5:0", "cases:all:9:7:x", "cases:all:x"])
async def test_a_button_of_before_or_a_forged_one_shows_a_page(
    chat: Conversation, data: str
) -> None:
    worker = await chat.enrol(WORKER)
    for _ in range(5):
        await chat.case(worker, ROUTINE)
    shown = re.findall(r"C-\d{4}", words(await chat.presses(worker, data)))
    assert shown
    assert shown == sorted(shown, reverse=True)


async def test_an_unknown_urgency_stands_above_routine_and_below_urgent(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    unknown = await chat.case(worker, reading("A hand."))
    urgent, critical = await chat.case(worker), await chat.case(worker, CRITICAL)
    routine = await chat.case(worker, ROUTINE)
    signed = await chat.case(worker, CRITICAL)
    await chat.presses(supervisor, f"agree:{signed.case_id}")
    shown = re.findall(r"C-\d{4}", words(await chat.types(supervisor, "/cases")))
    assert shown == [each.code for each in (critical, urgent, unknown, signed, routine)]


async def test_a_case_signed_off_between_two_pages_is_neither_lost_nor_in_the_way(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    urgent = [await chat.case(worker) for _ in range(PAGE_CASES + 2)]
    first = await chat.types(supervisor, "/cases")
    await chat.presses(supervisor, f"agree:{urgent[0].case_id}")
    rest = words(await chat.presses(supervisor, older(first)))
    assert re.findall(r"C-\d{4}", rest) == [urgent[1].code, urgent[0].code]


async def test_a_supervisor_finds_a_sender_by_a_part_of_the_name(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.enrol(WORKER)
    found, *other_lists = buttons(await chat.types(supervisor, "/cases sON 1"))
    assert found == f"sender:{WORKER}:0"
    assert "cases:today:0" in other_lists  # the way back
    assert buttons(await chat.types(supervisor, "/revoke son 1")) == [f"revoke:{WORKER}"]


async def test_a_name_that_nobody_has_is_said_to_be_nobodys(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.enrol(WORKER)
    said = await chat.types(supervisor, "/cases nobody")
    assert words(said) == "Nobody has this name."
    assert "senders" in buttons(said)  # the way to everybody
    said = await chat.types(supervisor, "/revoke nobody")
    assert words(said) == "There is nobody of that name whose access you could take away."
    assert buttons(said) == []


async def test_a_choice_among_very_many_people_fits_under_one_message(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    for number in range(100, 200):
        await chat.clinic.enrol(number)
    for text in ("/revoke", "/cases amina"):
        said = await chat.types(supervisor, text)
        assert len(buttons(said)) <= 100
        assert "type a part of the name" in words(said)


async def test_a_long_list_is_paged_without_a_gap(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    cases = [await chat.case(worker) for _ in range(19)]
    said = await chat.types(worker, "/cases")
    seen = re.findall(r"C-\d{4}", words(said))
    while older := [data for data in buttons(said) if data.startswith("cases:all:")][-1:]:
        if older == ["cases:all:0"]:
            break
        said = await chat.presses(worker, older[0])
        seen += re.findall(r"C-\d{4}", words(said))
    assert seen == [case.code for case in reversed(cases)]


@pytest.mark.parametrize("typed", ["C-0001", "c1", "1", "c 1"])
async def test_a_card_shows_all_of_a_case_with_its_pictures(chat: Conversation, typed: str) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(await chat.enrol(WORKER), caption="M 45 <cough>")
    _told, picture, card = await chat.types(supervisor, f"/case {typed}")
    assert picture.picture == case.pictures[0].name
    for part in ("C-0001", "Person 1", "M 45 &lt;cough&gt;", "Pneumothorax.", "Not reviewed yet."):
        assert part in card.reply.text
    assert buttons([card]) == ["agree:1", "disagree:1", "outcome:1", "correct:1", "report:1"]


async def test_a_text_that_replies_to_a_card_is_a_question_on_the_case(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.types(worker, "/case 1")
    said = await chat.types(worker, "Which side?", reply_to=await chat.last_message_id())
    assert "Question on case C-0001 received" in words(said)


@pytest.mark.parametrize(
    "sought", ["pneumothorax", "PNEUMO", "toux", "Toux séche", "left drain", 'toux "']
)
async def test_words_find_cases_by_caption_and_answer(chat: Conversation, sought: str) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(await chat.enrol(WORKER), caption="toux sèche")
    said = await chat.types(supervisor, f"/search {sought}")
    assert case.code in words(said)
    assert buttons(said) == [f"case:{case.case_id}"]


@pytest.mark.parametrize(
    "sought",
    ['"', "a OR b", "NEAR(", "*", "toux NOT x", "caption:toux", "'; DROP TABLE", "(((", "-x"],
)
async def test_words_are_never_taken_for_a_query_language(chat: Conversation, sought: str) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.case(await chat.enrol(WORKER), caption="toux")
    said = words(await chat.types(supervisor, f"/search {sought}"))
    assert "0 cases found" in said or "Search for what?" in said


async def test_hits_of_the_practice_model_stand_under_its_banner(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    practice = EngineInfo(model="practice", tier=Tier.CPU, practice=True)
    await chat.case(supervisor, replace(ROUTINE, engine=practice))
    for text in ("/search normal", "/case 1", "/cases"):
        said = await chat.types(supervisor, text)
        assert said[-1].reply.text.startswith(f"<b>{PRACTICE_BANNER}</b>")


async def test_a_search_for_a_name_offers_the_cases_of_those_who_are_called_so(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.case(await chat.enrol(WORKER))
    said = await chat.types(supervisor, f"/search person {WORKER}")
    assert buttons(said) == [f"sender:{WORKER}:0"]
    assert "0 cases found" in words(said)


async def test_what_presses_stands_first_and_no_case_is_lost_or_twice(
    chat: Conversation,
) -> None:
    """What looks urgent and waits for a supervisor presses for a week, the gravest first."""
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    long_ago = await chat.case(worker, CRITICAL)
    chat.clinic.clock.advance(8 * 86400)
    signed, waiting = await chat.case(worker, CRITICAL), await chat.case(worker, CRITICAL)
    await chat.presses(supervisor, f"agree:{signed.case_id}")
    newer = [await chat.case(worker) for _ in range(PAGE_CASES + 1)]
    said = await chat.presses(supervisor, "cases:urgent:0")
    first = [case.code for case in (waiting, *newer[:1:-1])]
    assert re.findall(r"C-\d{4}", words(said)) == first
    rest = [case.code for case in (*newer[1::-1], signed, long_ago)]
    said = await chat.presses(supervisor, older(said))
    assert re.findall(r"C-\d{4}", words(said)) == rest


def older(said: list[Outgoing]) -> str:
    """The data of the button that shows the next page."""
    return next(
        button.data
        for message in said
        for row in message.reply.buttons
        for button in row
        if "Older" in button.text
    )

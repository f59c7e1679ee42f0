"""What people can do by chat: join, choose, look up, sign off, count, invite, revoke; by role."""

import csv
import io
import re
from dataclasses import replace

import pytest

from bot.domain.ids import UserId
from bot.domain.people import Person, Role
from bot.replies.buttons import Action
from bot.replies.cases import PAGE_CASES
from bot.replies.commands import Command
from bot.replies.reading import PRACTICE_BANNER
from inference.contract import EngineInfo, Language, Tier
from tests.bot_conversation import Conversation, buttons, words
from tests.bot_world import reading

WORKER, OTHER, SUPERVISOR, ADMIN, STRANGER = 1, 2, 3, 4, 99
ROUTINE = reading("FINDINGS: Clear lungs.\nIMPRESSION: Normal.\nURGENCY: routine")
CRITICAL = reading("FINDINGS: Air.\nIMPRESSION: Pneumothorax.\nURGENCY: critical")
NOT_ALLOWED = "This is for supervisors."
STALE = "This button is no longer valid."


async def enrol(chat: Conversation, who: int, role: Role = Role.HEALTH_WORKER) -> Person:
    person = await chat.clinic.enrol(who, role, name=f"Person {who}")
    await chat.delivered()
    return person


async def invite_code(chat: Conversation, supervisor: Person, role: str = "health_worker") -> str:
    said = words(await chat.presses(supervisor, f"invite:{role}"))
    found = re.search(r"<code>(\w+)</code>", said)
    assert found is not None
    return found[1]


# Joining


async def test_a_code_enrols_welcomes_and_shows_the_terms_before_anything_else(
    chat: Conversation,
) -> None:
    code = await invite_code(chat, await enrol(chat, SUPERVISOR, Role.SUPERVISOR))
    said = await chat.types(STRANGER, f"/start {code}")
    assert "Welcome, Person 99." in words(said)
    assert "health worker" in words(said)
    assert buttons(said) == ["terms"]

    assert "Before your first case" in words(await chat.types(STRANGER, "/cases"))
    accepted = await chat.presses(STRANGER, "terms", message_id=901)
    assert [message.edits for message in accepted] == [901, None]
    assert accepted[0].reply.buttons == ()
    assert "0 cases" in words(await chat.types(STRANGER, "/cases"))


async def test_the_terms_are_accepted_once_and_the_first_time_stays(chat: Conversation) -> None:
    worker = await enrol(chat, WORKER)
    chat.clinic.clock.advance(3600)
    await chat.presses(worker, "terms")
    found = await chat.clinic.store.people.find(worker.user_id)
    assert found is not None
    assert found.accepted_terms_at == worker.accepted_terms_at


async def test_starting_again_is_harmless(chat: Conversation) -> None:
    code = await invite_code(chat, await enrol(chat, SUPERVISOR, Role.SUPERVISOR))
    await chat.types(STRANGER, f"/start {code}")
    await chat.presses(STRANGER, "terms")
    for text in ("/start", f"/start {code}"):
        said = await chat.types(STRANGER, text)
        assert "Welcome" in words(said)
        assert buttons(said) == []


async def test_a_used_an_expired_and_an_unknown_code_are_told_apart(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    used, expired = await invite_code(chat, supervisor), await invite_code(chat, supervisor)
    await chat.types(OTHER, f"/start {used}")
    assert "used already" in words(await chat.types(STRANGER, f"/start {used}"))
    chat.clinic.clock.advance(25 * 3600)
    assert "has expired" in words(await chat.types(STRANGER, f"/start {expired}"))
    assert "not known" in words(await chat.types(STRANGER, "/start WRONG"))
    assert await chat.clinic.store.people.find(_id(STRANGER)) is None


async def test_a_stranger_is_told_how_to_join_and_nothing_more(chat: Conversation) -> None:
    said = words(await chat.types(STRANGER, "/start", language_code="en"))
    assert said.startswith("To join you need an invite.")
    for text in ("hello", "/cases", "/help", "/case 1", "/nonsense"):
        assert words(await chat.types(STRANGER, text)) == (
            "This assistant is for enrolled staff only. Ask your supervisor for an invite."
        )
    assert await chat.presses(STRANGER, "case:1") == []


async def test_a_newcomer_is_spoken_to_in_the_language_of_the_phone(chat: Conversation) -> None:
    code = await invite_code(chat, await enrol(chat, SUPERVISOR, Role.SUPERVISOR))
    asked = words(await chat.types(STRANGER, "/start", language_code="fr-CD"))
    assert asked.startswith("Pour vous inscrire")
    said = words(await chat.types(STRANGER, f"/start {code}", language_code="fr"))
    assert "agent de santé" in said
    assert "Avant votre premier cas" in said


# Language and help


async def test_a_chosen_language_changes_the_words_and_the_command_menu(
    chat: Conversation,
) -> None:
    worker = await enrol(chat, WORKER)
    assert buttons(await chat.types(worker, "/language")) == [
        f"language:{each}" for each in Language
    ]
    said = await chat.presses(worker, "language:fr", message_id=903)
    assert said[0].edits == 903
    assert "en français" in words(said)
    assert "/cases - liste de vos cas" in words(await chat.types(worker, "/help"))
    menu = chat.clinic.server.sent("setMyCommands")[-1]
    assert "liste de vos cas" in str(menu["commands"])
    assert str(WORKER) in str(menu["scope"])


async def test_a_language_that_does_not_exist_is_answered_in_words(chat: Conversation) -> None:
    worker = await enrol(chat, WORKER)
    assert await chat.presses(worker, "language:xx") == []
    assert chat.button_answers() == [STALE]


async def test_a_command_menu_that_fails_does_not_keep_anybody_out(chat: Conversation) -> None:
    worker = await enrol(chat, WORKER)
    chat.clinic.server.refuse("setMyCommands", 400, "Bad Request: no")
    assert "Welcome" in words(await chat.types(worker, "/start"))


async def test_help_shows_a_role_its_own_commands_and_no_others(chat: Conversation) -> None:
    worker_help = words(await chat.types(await enrol(chat, WORKER), "/help"))
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    supervisor_help = words(await chat.types(supervisor, "/help"))
    for command in Command:
        if command is not Command.START:
            shown = f"\n/{command} " in supervisor_help
            assert shown == (command.least_role is not Role.ADMIN)
            shown = f"\n/{command} " in worker_help
            assert shown == (command.least_role is Role.HEALTH_WORKER)


# Roles


_FOR_SUPERVISORS = (
    "/search x",
    "/stats",
    "/export today",
    "/invite",
    "/people",
    "/revoke",
    "/forget",
)
_FOR_ALL = ("/help", "/cases", "/case", "/language", "/cancel", "/start")


@pytest.mark.parametrize("role", list(Role))
async def test_a_command_serves_whose_role_is_high_enough_and_refuses_the_others(
    chat: Conversation, role: Role
) -> None:
    person = await enrol(chat, WORKER, role)
    for text in _FOR_SUPERVISORS + _FOR_ALL:
        said = words(await chat.types(person, text))
        refused = text in _FOR_SUPERVISORS and role is Role.HEALTH_WORKER
        assert said, text
        assert (NOT_ALLOWED in said) == refused, text


def test_every_command_is_among_those_tested() -> None:
    for texts, role in ((_FOR_ALL, Role.HEALTH_WORKER), (_FOR_SUPERVISORS, Role.SUPERVISOR)):
        tested = {text[1:].partition(" ")[0] for text in texts}
        assert tested == {command for command in Command if command.least_role is role}


_SUPERVISORS_BUTTONS = (
    *("sender:1:0", "senders", "agree:1", "disagree:1", "export:today", "invite:health_worker"),
    *("revoke:2", "revoke!:2", "keep", "forget!:1:1"),
)


async def test_a_supervisors_button_does_nothing_for_a_health_worker(chat: Conversation) -> None:
    worker, other = await enrol(chat, WORKER), await enrol(chat, OTHER)
    await chat.case(worker)
    for data in _SUPERVISORS_BUTTONS:
        assert await chat.presses(worker, data) == []
        assert chat.button_answers()[-1] == STALE
    assert await chat.clinic.store.people.find(other.user_id) == other


def test_every_action_for_supervisors_is_among_those_tested() -> None:
    tested = {data.partition(":")[0] for data in _SUPERVISORS_BUTTONS}
    guarded = {action for action in Action if action.least_role is Role.SUPERVISOR}
    assert tested == guarded


# Looking cases up


async def test_a_health_worker_lists_and_opens_only_their_own_cases(chat: Conversation) -> None:
    worker, other = await enrol(chat, WORKER), await enrol(chat, OTHER)
    own, others = await chat.case(worker), await chat.case(other)
    listed = words(await chat.types(worker, "/cases"))
    assert own.code in listed
    assert others.code not in listed
    for view in ("all", "urgent", "unreviewed", "today", "week"):
        assert others.code not in words(await chat.presses(worker, f"cases:{view}:0"))
    assert own.code in words(await chat.types(worker, f"/case {own.code}"))


async def test_somebody_elses_case_and_no_case_get_the_same_words(chat: Conversation) -> None:
    worker, other = await enrol(chat, WORKER), await enrol(chat, OTHER)
    others = await chat.case(other)
    answers = [await chat.types(worker, f"/case {code}") for code in (others.code, "C-9999", "?")]
    assert {words(answer) for answer in answers} == {"There is no such case."}
    await chat.presses(worker, f"case:{others.case_id}")
    await chat.presses(worker, "case:9999")
    assert chat.button_answers() == [STALE, STALE]


async def test_a_supervisor_filters_lists_in_place(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    worker, other = await enrol(chat, WORKER), await enrol(chat, OTHER)
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


async def test_a_supervisor_finds_a_sender_by_a_part_of_the_name(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    await enrol(chat, WORKER)
    found, *other_lists = buttons(await chat.types(supervisor, "/cases sON 1"))
    assert found == f"sender:{WORKER}:0"
    assert "cases:today:0" in other_lists  # the way back
    assert buttons(await chat.types(supervisor, "/revoke son 1")) == [f"revoke:{WORKER}"]
    assert buttons(await chat.types(supervisor, "/revoke nobody")) == []


async def test_a_choice_among_very_many_people_fits_under_one_message(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    for number in range(100, 200):
        await chat.clinic.enrol(number)
    for text in ("/revoke", "/cases amina"):
        said = await chat.types(supervisor, text)
        assert len(buttons(said)) <= 100
        assert "type a part of the name" in words(said)


async def test_a_long_list_is_paged_without_a_gap(chat: Conversation) -> None:
    worker = await enrol(chat, WORKER)
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
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(await enrol(chat, WORKER), caption="M 45 <cough>")
    picture, card = await chat.types(supervisor, f"/case {typed}")
    assert picture.picture == case.pictures[0].name
    for part in ("C-0001", "Person 1", "M 45 &lt;cough&gt;", "Pneumothorax.", "Not reviewed yet."):
        assert part in card.reply.text
    assert buttons([card]) == ["agree:1", "disagree:1"]


async def test_a_text_that_replies_to_a_card_is_a_question_on_the_case(chat: Conversation) -> None:
    worker = await enrol(chat, WORKER)
    await chat.case(worker)
    await chat.types(worker, "/case 1")
    said = await chat.types(worker, "Which side?", reply_to=await chat.last_message_id())
    assert "Question on case C-0001 received" in words(said)


@pytest.mark.parametrize(
    "sought", ["pneumothorax", "PNEUMO", "toux", "Toux séche", "left drain", 'toux "']
)
async def test_words_find_cases_by_caption_and_answer(chat: Conversation, sought: str) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(await enrol(chat, WORKER), caption="toux sèche")
    said = await chat.types(supervisor, f"/search {sought}")
    assert case.code in words(said)
    assert buttons(said) == [f"case:{case.case_id}"]


@pytest.mark.parametrize(
    "sought",
    ['"', "a OR b", "NEAR(", "*", "toux NOT x", "caption:toux", "'; DROP TABLE", "(((", "-x"],
)
async def test_words_are_never_taken_for_a_query_language(chat: Conversation, sought: str) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    await chat.case(await enrol(chat, WORKER), caption="toux")
    said = words(await chat.types(supervisor, f"/search {sought}"))
    assert "0 cases found" in said or "Search for what?" in said


async def test_hits_of_the_practice_model_stand_under_its_banner(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    practice = EngineInfo(model="practice", tier=Tier.CPU, practice=True)
    await chat.case(supervisor, replace(ROUTINE, engine=practice))
    for text in ("/search normal", "/case 1"):
        said = await chat.types(supervisor, text)
        assert said[-1].reply.text.startswith(f"<b>{PRACTICE_BANNER}</b>")


async def test_a_search_for_a_name_offers_the_cases_of_those_who_are_called_so(
    chat: Conversation,
) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    await chat.case(await enrol(chat, WORKER))
    said = await chat.types(supervisor, f"/search person {WORKER}")
    assert buttons(said) == [f"sender:{WORKER}:0"]
    assert "0 cases found" in words(said)


async def test_no_page_of_urgent_cases_hides_a_critical_one_that_nobody_has_reviewed(
    chat: Conversation,
) -> None:
    """The newest come first, but for the critical ones of a week that wait for a supervisor."""
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    worker = await enrol(chat, WORKER)
    long_ago = await chat.case(worker, CRITICAL)
    chat.clinic.clock.advance(8 * 86400)
    signed, waiting = await chat.case(worker, CRITICAL), await chat.case(worker, CRITICAL)
    await chat.presses(supervisor, f"agree:{signed.case_id}")
    newer = [await chat.case(worker) for _ in range(PAGE_CASES + 1)]
    said = await chat.presses(supervisor, "cases:urgent:0")
    first = [case.code for case in (waiting, *newer[:0:-1])]
    assert re.findall(r"C-\d{4}", words(said)) == first
    older = next(data for data in buttons(said) if data == f"cases:urgent:{newer[1].case_id}")
    said = await chat.presses(supervisor, older)
    rest = [case.code for case in (newer[0], waiting, signed, long_ago)]
    assert re.findall(r"C-\d{4}", words(said)) == rest


# Signing off


async def test_what_a_supervisor_writes_after_a_disagreement_is_its_note(
    chat: Conversation,
) -> None:
    """Nobody replies to a message on a phone in a hurry: the next text is the reason."""
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    worker = await enrol(chat, WORKER)
    case = await chat.case(worker)
    assert "your next message is the note" in words(
        await chat.presses(supervisor, f"disagree:{case.case_id}")
    )
    noted, warning = await chat.types(supervisor, "rib fracture on the left")
    assert noted.reply.text == "Your note on C-0001 is kept."
    assert "“rib fracture on the left”" in warning.reply.text
    assert warning.chat_id == worker.chat_id
    assert "Send a photo" in words(await chat.types(supervisor, "thank you"))


async def test_a_text_is_no_note_after_an_agreement_or_a_while_later(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    worker = await enrol(chat, WORKER)
    agreed, doubted = await chat.case(worker), await chat.case(worker)
    await chat.presses(supervisor, f"disagree:{doubted.case_id}")
    chat.clinic.clock.advance(11 * 60)
    assert "Send a photo" in words(await chat.types(supervisor, "good morning"))
    await chat.presses(supervisor, f"agree:{agreed.case_id}")
    assert "Send a photo" in words(await chat.types(supervisor, "good morning"))
    kept = await chat.clinic.store.cases.get(doubted.case_id)
    assert kept is not None
    assert kept.review_note is None


async def test_a_sign_off_is_kept_shown_and_can_carry_a_note(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    worker = await enrol(chat, WORKER)
    case = await chat.case(worker)
    said = await chat.presses(supervisor, f"agree:{case.case_id}")
    assert "C-0001 signed off: you agree." in words(said)
    noted = await chat.types(supervisor, "well <seen>", reply_to=await chat.last_message_id())
    assert words(noted) == "Your note on C-0001 is kept."
    card = words(await chat.types(worker, "/case 1"))
    assert "Reviewed by Person 3" in card
    assert "agrees." in card
    assert "“well &lt;seen&gt;”" in card


async def test_the_card_that_was_signed_off_says_so_itself(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(supervisor)
    assert "Not reviewed yet." in words(await chat.types(supervisor, "/case 1"))
    card_id = await chat.last_message_id()

    edit, _ = await chat.presses(supervisor, f"agree:{case.case_id}", card_id)

    assert edit.edits == card_id
    assert "Reviewed by Person 3" in edit.reply.text
    assert "Not reviewed yet." not in edit.reply.text
    assert f"disagree:{case.case_id}" in buttons([edit])


async def test_the_sender_is_warned_where_a_supervisor_disagrees(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    worker = await enrol(chat, WORKER)
    case = await chat.case(worker)
    _, confirmation, warning = await chat.presses(supervisor, f"disagree:{case.case_id}")
    assert "you disagree" in confirmation.reply.text
    assert warning.chat_id == worker.chat_id
    assert warning.reply_to == case.message_id
    assert "your supervisor disagrees" in warning.reply.text


async def test_the_first_sign_off_stays_and_its_signatory_may_change_it(
    chat: Conversation,
) -> None:
    first = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    second = await enrol(chat, ADMIN, Role.ADMIN)
    case = await chat.case(await enrol(chat, WORKER))
    await chat.presses(first, f"agree:{case.case_id}")
    assert await chat.presses(second, f"disagree:{case.case_id}") == []
    assert chat.button_answers()[-1] == "C-0001 was signed off by somebody else."
    await chat.presses(first, f"disagree:{case.case_id}")
    signed = await chat.clinic.store.cases.get(case.case_id)
    assert signed is not None
    assert (signed.reviewed_by, signed.review_agrees) == (first.user_id, False)


async def test_a_case_without_an_answer_cannot_be_signed_off(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    case = await chat.clinic.open_case(await enrol(chat, WORKER))
    await chat.delivered()
    assert await chat.presses(supervisor, f"agree:{case.case_id}") == []
    assert chat.button_answers() == [STALE]


# Figures


async def test_stats_tell_counts_waits_and_engines(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    worker = await enrol(chat, WORKER)
    await chat.case(worker)
    await chat.case(worker, ROUTINE)
    chat.clinic.clock.advance(1)
    said = words(await chat.types(supervisor, "/stats"))
    for part in ("Today · 2 cases", "🟠 URGENT 1", "🟢 Routine 1", "Not reviewed: 2", "medgemma"):
        assert part in said
    assert "half within" in said


async def test_an_export_is_a_table_of_the_period_in_a_file(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    worker = await enrol(chat, WORKER)
    await chat.case(worker, caption="=cmd()")
    chat.clinic.clock.advance(10 * 86400)
    await chat.case(worker)
    await chat.presses(supervisor, "agree:2")
    chat.clinic.clock.advance(1)
    periods = ["export:today", "export:week", "export:month", "export:all"]
    assert buttons(await chat.types(supervisor, "/export")) == periods
    (today,) = await chat.presses(supervisor, "export:today")
    (month,) = await chat.types(supervisor, "/export month")
    assert today.attachment is not None
    assert month.attachment is not None
    assert today.attachment.file_name.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(month.attachment.data.decode("utf-8-sig"))))
    assert [row["case"] for row in rows] == ["C-0002", "C-0001"]
    assert [row["reviewed_by"] for row in rows] == ["Person 3", ""]
    assert rows[1]["caption"] == "'=cmd()"
    assert today.attachment.data.count(b"C-000") == 1


# People


async def test_an_invite_tells_code_link_and_expiry(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    settings = chat.clinic.desk.settings
    settings.public_url = "http://192.168.1.5:8081/"
    said = words(await chat.types(supervisor, "/invite supervisor"))
    assert re.search(r"http://192\.168\.1\.5:8081/join#\w+\n", said)
    assert "It works once, until 3 Mar 2026, " in said
    settings.public_url = None
    assert "http" not in words(await chat.types(supervisor, "/invite health worker"))


async def test_nobody_invites_above_themselves(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    offered = ["invite:health_worker", "invite:supervisor"]
    assert buttons(await chat.types(supervisor, "/invite admin")) == offered
    assert await chat.presses(supervisor, "invite:admin") == []
    admin = await enrol(chat, ADMIN, Role.ADMIN)
    assert "administrator" in words(await chat.presses(admin, "invite:admin"))


async def test_access_is_taken_away_after_a_second_question(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    worker = await enrol(chat, WORKER)
    assert buttons(await chat.types(supervisor, "/revoke")) == [f"revoke:{WORKER}"]
    asked = await chat.presses(supervisor, f"revoke:{WORKER}")
    assert buttons(asked) == [f"revoke!:{WORKER}", "keep"]
    assert "0 cases" in words(await chat.types(worker, "/cases"))
    said = words(await chat.presses(supervisor, f"revoke!:{WORKER}"))
    assert said == "Person 1 no longer has access."
    assert "enrolled staff only" in words(await chat.types(worker, "/cases"))
    assert "Access taken away" in words(await chat.types(supervisor, "/people"))


async def test_nobody_takes_their_own_access_or_that_of_a_higher_role_away(
    chat: Conversation,
) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    admin = await enrol(chat, ADMIN, Role.ADMIN)
    assert "nobody whose access" in words(await chat.types(supervisor, "/revoke"))
    for data in (f"revoke!:{SUPERVISOR}", f"revoke!:{ADMIN}", f"revoke:{ADMIN}", "revoke!:12345"):
        assert await chat.presses(supervisor, data) == []
    assert await chat.presses(admin, f"revoke!:{ADMIN}") == []
    people = await chat.clinic.store.people.everyone()
    assert [person.revoked_at for person in people] == [None, None]


async def test_keeping_access_changes_nothing(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    said = await chat.presses(supervisor, "keep", message_id=55)
    assert (said[0].edits, words(said)) == (55, "Nothing was changed.")


# Old and unknown buttons


_STALE_BUTTONS = (
    *("case:", "case:x", "case:-1", f"case:{'9' * 40}", "case", "cases", "cases:no:0", "x"),
    *("cases:no:x", "agree:99", "disagree:", "sender:77:0", "export:year", "invite:boss"),
    *("revoke:", "", "language:", "what:ever:it:is", "retry:1", "case:²"),
)


async def test_a_button_that_is_old_or_forged_is_answered_in_words(chat: Conversation) -> None:
    admin = await enrol(chat, ADMIN, Role.ADMIN)
    for data in _STALE_BUTTONS:
        assert await chat.presses(admin, data) == [], data
    assert chat.button_answers() == [STALE] * len(_STALE_BUTTONS)


async def test_a_button_pressed_too_long_ago_is_served_all_the_same(chat: Conversation) -> None:
    worker = await enrol(chat, WORKER)
    await chat.case(worker)
    chat.clinic.server.refuse("answerCallbackQuery", 400, "Bad Request: query is too old")
    assert "C-0001" in words(await chat.presses(worker, "case:1"))


async def test_an_update_served_again_after_a_crash_is_answered_once(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    await chat.case(await enrol(chat, WORKER))
    code = await invite_code(chat, supervisor)
    served = [
        chat.message(STRANGER, f"/start {code}", None, "en"),
        *(
            chat.message(supervisor, text, None, "en")
            for text in ("/invite supervisor", "/case 1", "/cases", "/export all", "/people")
        ),
        *(
            chat.press(supervisor, data)
            for data in ("terms", "language:en", "disagree:1", "invite:supervisor", "revoke!:1")
        ),
    ]
    for update_id, body in enumerate(served, start=4000):
        assert await chat.serve(body, update_id)
        assert await chat.serve(body, update_id) == []


async def test_everything_is_said_in_french_to_those_who_chose_it(chat: Conversation) -> None:
    supervisor = await enrol(chat, SUPERVISOR, Role.SUPERVISOR)
    await chat.case(supervisor)
    await chat.presses(supervisor, f"language:{Language.FRENCH}")
    said = ""
    for text in ("/help", "/cases", "/case 1", "/search x", "/stats", "/invite", "/people"):
        said += words(await chat.types(supervisor, text))
    for english in (" the ", " and ", "Case ", "Reviewed", "Picture", "found", "enrolled"):
        assert english not in said


def _id(user_id: int) -> UserId:
    return UserId(user_id)

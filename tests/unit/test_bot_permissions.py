"""What a role may type and press; a button that is old, forged or served again."""

import pytest

from bot.domain.people import Role
from bot.replies.buttons import Action
from bot.replies.commands import Command
from tests.bot_conversation import (
    ADMIN,
    OTHER,
    STALE,
    STRANGER,
    SUPERVISOR,
    WORKER,
    Conversation,
    words,
)

NOT_ALLOWED = "This is for supervisors."
_FOR_SUPERVISORS = (
    "/search x",
    "/stats",
    "/export today",
    "/invite",
    "/people",
    "/revoke",
    "/ward",
    "/forget",
)
_FOR_ALL = (
    "/help",
    "/cases",
    "/case",
    "/duty",
    "/shift",
    "/phone",
    "/language",
    "/cancel",
    "/start",
)


@pytest.mark.parametrize("role", list(Role))
async def test_a_command_serves_whose_role_is_high_enough_and_refuses_the_others(
    chat: Conversation, role: Role
) -> None:
    person = await chat.enrol(WORKER, role)
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
    *("uninvite:2", "revoke:2", "revoke!:2", "keep", "forget!:1:1", "take:1", "giveback:1"),
)


async def test_a_supervisors_button_does_nothing_for_a_health_worker(chat: Conversation) -> None:
    worker, other = await chat.enrol(WORKER), await chat.enrol(OTHER)
    await chat.case(worker)
    for data in _SUPERVISORS_BUTTONS:
        assert await chat.presses(worker, data) == []
        assert chat.button_answers()[-1] == STALE
    assert await chat.clinic.store.people.find(other.user_id) == other


def test_every_action_for_supervisors_is_among_those_tested() -> None:
    tested = {data.partition(":")[0] for data in _SUPERVISORS_BUTTONS}
    guarded = {action for action in Action if action.least_role is Role.SUPERVISOR}
    assert tested == guarded


_STALE_BUTTONS = (
    *("case:", "case:x", "case:-1", f"case:{'9' * 40}", "case", "cases", "cases:no:0", "x"),
    *("cases:no:x", "agree:99", "disagree:", "sender:77:0", "export:year", "invite:boss"),
    *("revoke:", "", "language:", "what:ever:it:is", "retry:1", "case:²"),
)


async def test_a_button_that_is_old_or_forged_is_answered_in_words(chat: Conversation) -> None:
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    for data in _STALE_BUTTONS:
        assert await chat.presses(admin, data) == [], data
    assert chat.button_answers() == [STALE] * len(_STALE_BUTTONS)


async def test_a_button_pressed_too_long_ago_is_served_all_the_same(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    chat.clinic.server.refuse("answerCallbackQuery", 400, "Bad Request: query is too old")
    assert "C-0001" in words(await chat.presses(worker, "case:1"))


async def test_an_update_served_again_after_a_crash_is_answered_once(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.case(await chat.enrol(WORKER))
    code = await chat.invite(supervisor)
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

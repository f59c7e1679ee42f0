"""Who may use the bot, as supervisors see and change it by chat."""

import re

from bot.domain.people import Role
from tests.bot_conversation import ADMIN, SUPERVISOR, WORKER, Conversation, buttons, words


async def test_an_invite_tells_code_link_and_expiry(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    settings = chat.clinic.services.settings
    settings.public_url = "http://192.168.1.5:8081/"
    said = words(await chat.types(supervisor, "/invite supervisor"))
    assert re.search(r"http://192\.168\.1\.5:8081/join#\w+\n", said)
    assert "It works once, until 3 Mar 2026, " in said
    settings.public_url = None
    assert "http" not in words(await chat.types(supervisor, "/invite health worker"))


async def test_nobody_invites_above_themselves(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    offered = ["invite:health_worker", "invite:supervisor"]
    assert buttons(await chat.types(supervisor, "/invite admin")) == offered
    assert await chat.presses(supervisor, "invite:admin") == []
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    assert "administrator" in words(await chat.presses(admin, "invite:admin"))


async def test_access_is_taken_away_after_a_second_question(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
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
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    assert "nobody whose access" in words(await chat.types(supervisor, "/revoke"))
    for data in (f"revoke!:{SUPERVISOR}", f"revoke!:{ADMIN}", f"revoke:{ADMIN}", "revoke!:12345"):
        assert await chat.presses(supervisor, data) == []
    assert await chat.presses(admin, f"revoke!:{ADMIN}") == []
    people = await chat.clinic.store.people.everyone()
    assert [person.revoked_at for person in people] == [None, None]


async def test_keeping_access_changes_nothing(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    said = await chat.presses(supervisor, "keep", message_id=55)
    assert (said[0].edits, words(said)) == (55, "Nothing was changed.")

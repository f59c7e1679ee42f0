"""A supervisor who is to leave keeps the invites that they made: none of them lets anybody in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.audit import Act, Actor
from bot.domain.people import Role
from bot.store import invites
from tests.attacks.conftest import Note
from tests.bot_conversation import (
    ADMIN,
    OTHER,
    STRANGER,
    SUPERVISOR,
    Conversation,
    buttons,
    conversation,
    words,
)
from tests.bot_world import clinic

ATTACKER = "by somebody who has joined"

ROLES = [Role.HEALTH_WORKER, Role.SUPERVISOR]


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Conversation]:
    async with clinic(tmp_path, in_memory=True) as ward, conversation(ward) as opened:
        yield opened


class Crash(Exception):
    """The machine loses its power here."""


def crash(*_: object) -> None:
    """Get no further.

    Raises:
        Crash: Always.
    """
    raise Crash


async def is_enrolled(chat: Conversation, user_id: int) -> bool:
    everyone = await chat.clinic.store.people.everyone()
    return user_id in {person.user_id for person in everyone if person.revoked_at is None}


async def tries(chat: Conversation, code: str, user_id: int = STRANGER) -> bool:
    """Whether a code lets somebody in."""
    await chat.types(user_id, f"/start {code}")
    return await is_enrolled(chat, user_id)


async def change_inviter(chat: Conversation, change: str) -> None:
    statement = f"UPDATE people SET {change} WHERE user_id = :user_id"  # noqa: S608
    await chat.clinic.database.write(lambda tx: tx.run(statement, user_id=SUPERVISOR))


@pytest.mark.parametrize("role", ROLES)
async def test_who_was_revoked_does_not_come_back_by_an_invite_that_they_made_before(
    chat: Conversation, role: Role, outcome: Note
) -> None:
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    leaving = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    code = await chat.invite(leaving, role)
    await chat.presses(admin, f"revoke!:{SUPERVISOR}")
    assert not await tries(chat, code, SUPERVISOR)
    assert not await tries(chat, code), "nor does a friend of theirs come in"
    assert "does not work any more" in words(await chat.types(98, f"/start {code}"))
    outcome("Revoked, come back by an invite that one made before, or send a friend", "it is void")


async def test_invites_are_void_in_the_transaction_that_takes_the_access_away(
    chat: Conversation,
    outcome: Note,
) -> None:
    """So no crash leaves them open, and giving the person access again does not open them."""
    await chat.enrol(ADMIN, Role.ADMIN)
    leaving = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    code = await chat.invite(leaving)
    people = chat.clinic.store.people
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(invites, "void_of", crash)
        with pytest.raises(Crash):
            await people.revoke(leaving.user_id, by=Actor.at_the_machine())
    assert await is_enrolled(chat, leaving.user_id), "neither the one nor the other"
    await people.revoke(leaving.user_id, by=Actor.at_the_machine())
    assert await chat.clinic.store.invites.open() == ()
    acts = [entry.act for entry in await chat.clinic.store.audit.newest(2)]
    assert set(acts) == {Act.REVOKED, Act.UNINVITED}
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    assert not await tries(chat, code)
    outcome(
        "The same after a crash, or when one has access again",
        "voided with the access, in one transaction",
    )


async def test_an_invite_of_somebody_who_may_not_invite_any_more_lets_nobody_in(
    chat: Conversation,
    outcome: Note,
) -> None:
    """As a database of release 0.1 has it: revoked, and the invite was left open."""
    leaving = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    codes = [await chat.invite(leaving) for _ in range(2)]
    revoked, lowered = "revoked_at = 1", "revoked_at = NULL, role = 'health_worker'"
    for change, code in zip((revoked, lowered), codes, strict=True):
        await change_inviter(chat, change)
        assert not await tries(chat, code)
    outcome(
        "An invite of somebody who may no longer invite to that role, in a database of 0.1",
        "lets nobody in",
    )


async def test_an_open_invite_is_seen_by_every_supervisor_and_cancelled_by_a_button(
    chat: Conversation,
    outcome: Note,
) -> None:
    maker = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    other = await chat.enrol(OTHER, Role.SUPERVISOR)
    code = await chat.invite(maker)
    shown = await chat.types(other, "/people")
    assert "Person 3: health worker, until 2 Mar 2026" in words(shown)
    assert code not in words(shown)
    (cancel,) = buttons(shown)
    assert "cancelled" in words(await chat.presses(other, cancel, message_id=55))
    assert not await tries(chat, code)
    assert buttons(await chat.types(other, "/people")) == []
    assert await chat.presses(other, cancel) == [], "an old button does nothing"
    outcome(
        "An invite kept for later",
        "`/people` shows who made it, for which role and until when; a button cancels it",
    )


async def test_nobody_cancels_an_invite_to_a_role_above_their_own(
    chat: Conversation, outcome: Note
) -> None:
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    code = await chat.invite(admin, "admin")
    shown = await chat.types(supervisor, "/people")
    assert "Person 4: administrator" in words(shown)
    assert buttons(shown) == []
    (cancel,) = buttons(await chat.types(admin, "/people"))
    assert await chat.presses(supervisor, cancel) == []
    assert await tries(chat, code)
    outcome("Cancel an invite to a role above one's own", "nothing happens")

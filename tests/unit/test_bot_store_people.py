"""Invites and people: a code works once, for one person, for a while; access can be taken away."""

from datetime import timedelta

import pytest

from bot.domain.audit import Actor
from bot.domain.ids import ChatId, UserId
from bot.domain.people import Person, Role
from bot.errors import InviteExpired, InviteNotNeeded, InviteUnknown, InviteUsed
from inference.contract import Language
from tests.bot_world import START, Clinic


async def invite(ward: Clinic, role: Role = Role.HEALTH_WORKER) -> str:
    expires_at = ward.clock.now() + timedelta(hours=24)
    return await ward.store.people.create_invite(role, expires_at, by=Actor.at_the_machine())


async def redeem(ward: Clinic, code: str, user_id: int = 7) -> Person:
    return await ward.store.people.redeem_invite(
        code,
        user_id=UserId(user_id),
        chat_id=ChatId(user_id),
        name="Amina",
        language=Language.FRENCH,
        by=Actor.at_the_machine(),
    )


async def test_a_code_enrols_one_person_however_often_they_send_it(ward: Clinic) -> None:
    code = await invite(ward)
    assert await redeem(ward, code) == await redeem(ward, f" {code.lower()} ")
    with pytest.raises(InviteUsed):
        await redeem(ward, code, user_id=8)
    assert [person.user_id for person in await ward.store.people.everyone()] == [7]


async def test_a_code_that_is_old_or_made_up_enrols_nobody(ward: Clinic) -> None:
    code = await invite(ward)
    ward.clock.advance(24 * 3600)
    with pytest.raises(InviteExpired):
        await redeem(ward, code)
    with pytest.raises(InviteUnknown):
        await redeem(ward, "AAAAAAAAAA")
    assert await ward.store.people.find(UserId(7)) is None


async def test_a_code_is_not_stored(ward: Clinic) -> None:
    code = await invite(ward)
    invites = await ward.database.read(lambda tx: tx.all("SELECT * FROM invites"))
    stored = str([tuple(row) for row in invites])
    assert "health_worker" in stored
    assert code not in stored


async def test_a_higher_code_raises_a_person_and_any_other_stays_somebody_elses(
    ward: Clinic,
) -> None:
    await redeem(ward, await invite(ward))
    assert (await redeem(ward, await invite(ward, Role.ADMIN))).role is Role.ADMIN
    for role in Role:
        code = await invite(ward, role)
        with pytest.raises(InviteNotNeeded):
            await redeem(ward, code)
        assert (await redeem(ward, code, user_id=100 + len(role))).role is role
    me = await ward.store.people.find(UserId(7))
    assert me is not None
    assert me.role is Role.ADMIN


async def test_a_revoked_person_comes_back_by_a_new_code_only_and_with_its_role(
    ward: Clinic,
) -> None:
    old = await invite(ward, Role.SUPERVISOR)
    await redeem(ward, old)
    await ward.store.people.revoke(UserId(7), by=Actor.at_the_machine())
    with pytest.raises(InviteUsed):
        await redeem(ward, old)
    revoked = await ward.store.people.find(UserId(7))
    assert revoked is not None
    assert revoked.revoked_at == START
    back = await redeem(ward, await invite(ward))
    assert (back.role, back.revoked_at) == (Role.HEALTH_WORKER, None)


async def test_the_first_acceptance_of_the_terms_stays(ward: Clinic) -> None:
    await redeem(ward, await invite(ward))
    await ward.store.people.accept_terms(UserId(7), by=Actor.at_the_machine())
    ward.clock.advance(60)
    person = await ward.store.people.accept_terms(UserId(7), by=Actor.at_the_machine())
    assert person is not None
    assert person.accepted_terms_at == START
    assert await ward.store.people.accept_terms(UserId(99), by=Actor.at_the_machine()) is None


async def test_supervisors_are_those_of_either_higher_role_with_access(ward: Clinic) -> None:
    await redeem(ward, await invite(ward), user_id=1)
    for user_id in (2, 3, 4):
        role = Role.ADMIN if user_id == 3 else Role.SUPERVISOR
        await redeem(ward, await invite(ward, role), user_id)
    await ward.store.people.revoke(UserId(4), by=Actor.at_the_machine())
    assert [person.user_id for person in await ward.store.people.supervisors()] == [2, 3]

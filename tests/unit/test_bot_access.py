"""The gateway hears who may use the bot, once, even where it could not be told at first."""

import pytest
from telegram.error import TelegramError

from bot.access import Access
from bot.domain.audit import Actor
from bot.domain.ids import UserId
from bot.gateway_methods import GatewayMethods
from tests.bot_server import fake_bot
from tests.bot_world import Clinic

METHOD = "edgeradSetAccess"


def access(ward: Clinic) -> Access:
    return Access(gateway=GatewayMethods(fake_bot(ward.server)), store=ward.store)


def told(ward: Clinic) -> list[tuple[object, object]]:
    return [(each["chat_id"], each["is_member"]) for each in ward.server.sent(METHOD)]


async def test_whoever_is_enrolled_or_revoked_is_told_of_once(ward: Clinic) -> None:
    await ward.enrol(7)
    await access(ward).tell_all()
    await access(ward).tell_all()
    assert told(ward) == [(7, True)]
    await ward.store.people.revoke(UserId(7), by=Actor.at_the_machine())
    await access(ward).tell_all()
    await access(ward).tell_all()
    assert told(ward) == [(7, True), (7, False)]
    await ward.enrol(7)
    await access(ward).tell_all()
    assert told(ward)[2:] == [(7, True)]


async def test_a_lost_phone_does_not_wait_for_others(ward: Clinic) -> None:
    await ward.enrol(7)
    await ward.enrol(8)
    await ward.store.people.revoke(UserId(8), by=Actor.at_the_machine())
    await access(ward).tell_all()
    assert told(ward) == [(8, False), (7, True)]


async def test_what_could_not_be_told_is_told_later(ward: Clinic) -> None:
    await ward.enrol(7)
    ward.server.refuse(METHOD, 502, "Bad Gateway")
    with pytest.raises(TelegramError):
        await access(ward).tell_all()
    await access(ward).tell_all()
    assert told(ward) == [(7, True), (7, True)]


@pytest.mark.parametrize(
    ("code", "words"),
    [(404, "Not Found: method not found"), (400, "Bad Request: chat not found")],
    ids=["Telegram's server", "a gateway that lost its database"],
)
async def test_a_server_with_nobody_to_shut_out_is_asked_once(
    ward: Clinic, code: int, words: str
) -> None:
    await ward.enrol(7)
    ward.server.refuse(METHOD, code, words)
    async with fake_bot(ward.server) as bot:
        gateway = GatewayMethods(bot)
        await Access(gateway=gateway, store=ward.store).tell_all()
        await Access(gateway=gateway, store=ward.store).tell_all()
    assert len(told(ward)) == 1

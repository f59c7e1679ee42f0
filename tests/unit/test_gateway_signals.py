"""Who is woken by what: the bot's polls, and the streams of phones."""

import asyncio
from pathlib import Path

import pytest

from gateway.schemas.records import ChatId, Command
from gateway.store.signals import BOARD, UPDATES, Fleeting, PhoneSignals
from gateway.store.store import ChatStore
from tests.gateway_store import Time, chats_at, joined

AMA, KOFI = ChatId(7), ChatId(8)


def typing(chat_id: ChatId | None) -> Fleeting:
    return Fleeting(chat_id=chat_id, kind="action", body={"action": "typing"})


async def test_a_listener_that_is_signalled_before_it_waits_is_woken(store: ChatStore) -> None:
    with store.signals.listen(UPDATES) as listener:
        await joined(store)
        assert await listener.wait(10)
        assert not await listener.wait(0)


async def test_a_fleeting_event_is_for_the_phones_of_its_chat_that_listen_now() -> None:
    signals = PhoneSignals()
    signals.send([typing(AMA)])
    with signals.listen_to_chat(AMA) as phone, signals.listen_to_chat(KOFI) as other:
        assert not await phone.wait(0)
        signals.send([typing(AMA)])
        assert await phone.wait(10)
        assert list(phone.fleeting) == [typing(AMA)]
        assert list(other.fleeting) == []


async def test_a_fleeting_event_for_everybody_reaches_every_phone() -> None:
    signals = PhoneSignals()
    with (
        signals.listen_to_chat(AMA) as phone,
        signals.listen_to_chat(KOFI) as other,
        signals.listen(UPDATES) as poll,
    ):
        signals.send([typing(None)])
        assert [list(each.fleeting) for each in (phone, other)] == [[typing(None)]] * 2
        assert not await poll.wait(0)


async def test_for_one_phone_too_many_the_oldest_is_let_go() -> None:
    signals = PhoneSignals()
    with (
        signals.listen_to_chat(AMA, 2) as first,
        signals.listen_to_chat(AMA, 2) as second,
        signals.listen_to_chat(AMA, 2) as third,
    ):
        assert await first.wait(0)
        assert [each.ended for each in (first, second, third)] == [True, False, False]
        signals.send([AMA])
        assert not await first.wait(0)
        assert await third.wait(0)
        with signals.listen_to_chat(AMA, 2) as fourth:
            assert [each.ended for each in (second, third, fourth)] == [True, False, False]
    with signals.listen_to_chat(AMA, 1) as later:
        assert not later.ended


async def test_closing_wakes_everybody() -> None:
    signals = PhoneSignals()
    with (
        signals.listen(UPDATES) as poll,
        signals.listen(BOARD) as board,
        signals.listen_to_chat(AMA) as phone,
    ):
        signals.close()
        assert signals.closed
        for listener in (poll, board, phone):
            assert await listener.wait(0)


async def test_phones_hear_of_new_commands_although_the_bot_hung_up_meanwhile(
    tmp_path: Path,
) -> None:
    async with chats_at(tmp_path / "gateway.db", Time()) as store:
        await hear_of_commands(store)


async def hear_of_commands(store: ChatStore) -> None:
    with store.signals.listen_to_chat(AMA) as phone:
        offered = (Command(command="help", description="Help"),)
        request = asyncio.create_task(store.commands.put("default", "", offered))  # noqa: TID251
        await asyncio.sleep(0)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        assert await phone.wait(10)
        assert [event.kind for event in phone.fleeting] == ["commands"]

"""SMS in the gateway: a number is a chat, and what its lines do is followed to the end."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.errors import BadRequest
from gateway.schemas.records import Draft
from gateway.sms.android import AndroidPhone
from gateway.sms.gammu import GammuModem
from tests.gateway_store import Time, chats_in_memory, joined
from tests.sms_modem import Modem
from tests.sms_phone import PASSWORD, USER, Phone, old_phone
from tests.sms_world import NUMBER, OTHER, RULES, World, courier_of, sms_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with sms_world() as made:
        yield made


@pytest.fixture
async def second() -> AsyncIterator[tuple[AndroidPhone, Phone]]:
    """A second line, which is another phone."""
    async with old_phone() as phone:
        driver = AndroidPhone(phone.url, USER, PASSWORD, time.time)
        driver.name = "modem"
        yield driver, phone
        await driver.close()


async def test_a_number_is_a_chat_and_written_twice_the_same_one(world: World) -> None:
    first = await world.number("70 12 34 56")
    assert first == await world.number("+226 70 12 34 56")
    assert first.is_number
    assert first != await world.number(OTHER)


@pytest.mark.parametrize("written", ["", "112", "hello", "+1", "+22670", "Orange"])
async def test_what_is_no_number_becomes_no_chat(world: World, written: str) -> None:
    with pytest.raises(BadRequest, match="not a phone number"):
        await world.number(written)


async def test_without_settings_there_is_no_sms() -> None:
    async with chats_in_memory(Time()) as store:
        with pytest.raises(BadRequest, match="SMS is not set up"):
            await store.sms.add_number(NUMBER)


# Out


async def test_what_the_bot_sends_goes_out_once_and_is_followed_to_its_delivery(
    world: World,
) -> None:
    message = await world.send(await world.number(), "EdgeRad: C-0042 is answered")
    await world.minutes_pass(0.5)
    assert world.phone.sent == [(NUMBER, "EdgeRad: C-0042 is answered")]
    assert await world.state(message) == ("sent", None)
    [known] = world.phone.messages.values()
    known["state"] = "Delivered"
    await world.minutes_pass(2)
    assert await world.state(message) == ("delivered", None)
    assert await world.updates("edgerad_sms") == []


async def test_a_text_too_long_for_three_parts_is_refused(world: World) -> None:
    chat = await world.number()
    await world.send(chat, "a" * 459)
    for text in ("a" * 460, "ç" * 202):
        with pytest.raises(BadRequest, match="too long"):
            await world.send(chat, text)


async def test_what_the_network_refuses_three_times_is_told_to_the_bot(world: World) -> None:
    world.phone.fails = True
    message = await world.send(await world.number())
    await world.minutes_pass(5)
    assert len(world.phone.messages) == 3
    assert (await world.state(message))[0] == "failed"
    [told] = await world.updates("edgerad_sms")
    assert told["message_id"] == message.message_id
    assert told["state"] == "failed"
    assert told["chat"]["edgerad_channel"] == "sms"


async def test_after_three_failures_the_other_line_has_it(
    second: tuple[AndroidPhone, Phone],
) -> None:
    driver, other = second
    async with sms_world(others=[driver]) as world:
        world.phone.fails = True
        message = await world.send(await world.number())
        await world.minutes_pass(3)
        assert len(world.phone.messages) == 3
        assert other.sent == [(NUMBER, "EdgeRad: C-0042")]
        assert (await world.state(message))[0] == "sent"
        assert await world.updates("edgerad_sms") == []


async def test_what_another_line_has_meanwhile_is_not_sent_by_a_phone_that_is_back(
    second: tuple[AndroidPhone, Phone],
) -> None:
    driver, other = second
    async with sms_world(others=[driver]) as world:
        world.phone.is_mute = True
        await world.send(await world.number())
        await world.minutes_pass(3)
        assert len(world.phone.messages) == 1
        assert other.sent == [(NUMBER, "EdgeRad: C-0042")]
        world.phone.is_mute = False
        await world.minutes_pass(0.2)
        world.phone.catches_up()
        assert world.phone.sent == []


async def test_a_phone_that_is_off_gets_it_when_it_is_back_and_says_so_meanwhile(
    world: World,
) -> None:
    world.phone.is_off = True
    message = await world.send(await world.number())
    await world.minutes_pass(20, step_s=20)
    assert world.fault() == "the phone answers with HTTP 503"
    assert await world.state(message) == ("waiting", "the phone answers with HTTP 503")
    world.phone.is_off = False
    await world.minutes_pass(2)
    assert world.fault() is None
    assert world.phone.sent == [(NUMBER, "EdgeRad: C-0042")]


async def test_what_could_not_be_sent_for_an_hour_is_given_up_and_told(world: World) -> None:
    world.phone.is_off = True
    message = await world.send(await world.number())
    await world.minutes_pass(62, step_s=20)
    assert (await world.state(message))[0] == "failed"
    assert len(await world.updates("edgerad_sms")) == 1
    world.phone.is_off = False
    await world.minutes_pass(2)
    assert world.phone.sent == []


async def test_a_wrong_password_is_said_in_words(world: World) -> None:
    world.phone.password = "another"
    await world.minutes_pass(0.2)
    assert world.fault() == "the phone refuses the user name or the password"


async def test_a_phone_that_takes_sms_and_sends_none_is_noticed(
    second: tuple[AndroidPhone, Phone],
) -> None:
    driver, other = second
    async with sms_world(others=[driver]) as world:
        world.phone.sends = False
        await world.send(await world.number())
        await world.minutes_pass(12, step_s=30)
        assert world.fault() == "it takes SMS and does not send them"
        await world.minutes_pass(40, step_s=30)
        assert other.sent == [(NUMBER, "EdgeRad: C-0042")]
        world.phone.sends = True
        await world.send(await world.number(OTHER))
        await world.minutes_pass(1)
        assert world.fault() is None


async def test_a_phone_that_was_reset_gets_again_what_it_did_not_say_it_sent(
    world: World,
) -> None:
    world.phone.sends = False
    await world.send(await world.number())
    await world.minutes_pass(0.2)
    world.phone.reset()
    world.phone.sends = True
    await world.minutes_pass(2)
    assert world.phone.sent == [(NUMBER, "EdgeRad: C-0042")]
    world.phone.reset()
    await world.minutes_pass(5)
    assert len(world.phone.sent) == 1


async def test_a_courier_killed_between_the_phone_and_the_note_sends_nothing_twice(
    world: World,
) -> None:
    message = await world.send(await world.number())
    [sms] = await world.store.sms.due()
    driver = AndroidPhone(world.phone.url, USER, PASSWORD, time.time)
    await driver.send(sms.own_id, sms.number, sms.text, 600)  # and then the power went
    await courier_of(world.store, world.time, driver).carry()
    await world.minutes_pass(0.5)
    assert world.phone.sent == [(NUMBER, "EdgeRad: C-0042")]
    assert (await world.state(message))[0] == "sent"
    await driver.close()


async def test_what_the_network_could_not_deliver_is_sent_again_and_then_told(
    world: World,
) -> None:
    message = await world.send(await world.number())
    for times in (1, 2, 3):
        await world.minutes_pass(2)
        assert len(world.phone.sent) == times
        list(world.phone.messages.values())[-1]["state"] = "Failed"
    await world.minutes_pass(2)
    assert (await world.state(message))[0] == "failed"
    assert len(await world.updates("edgerad_sms")) == 1


async def test_a_delivery_report_of_the_modem_is_kept_and_is_no_command(
    world: World, tmp_path: Path
) -> None:
    modem = Modem(tmp_path / "modem")
    modem.make()
    chat = await world.number()
    messages = [await world.send(chat), await world.send(chat)]
    await world.store.sms.receive("modem", [])
    for sms in await world.store.sms.due():
        await world.store.sms.handed(sms, "modem", "x")
    for name, words in (("00", "Failed"), ("01", "Delivered")):
        came = modem.folder / "in" / f"IN20260302_0100{name}_00_{NUMBER}_00.txt"
        came.write_text(words)
    await world.store.sms.receive("modem", await GammuModem(modem.config).received())
    assert [await world.state(each) for each in messages] == [("delivered", None), ("handed", None)]
    assert await world.said() == []


async def test_a_clock_that_is_set_back_years_holds_up_nothing(world: World) -> None:
    chat = await world.number()
    world.phone.is_off = True
    await world.send(chat)
    await world.minutes_pass(1)
    world.phone.is_off = False
    world.time.now -= 3 * 365 * 24 * 3600
    await world.minutes_pass(1)
    assert world.phone.sent == [(NUMBER, "EdgeRad: C-0042")]


async def test_budgets_of_a_day_and_of_a_number_hold_and_the_bot_is_told(world: World) -> None:
    chats = [await world.number(written) for written in (NUMBER, OTHER, "+22670000001")]
    for _ in range(10):
        await world.send(chats[0])
    beyond = await world.send(chats[0])
    assert await world.state(beyond) == ("failed", "budget")
    [told] = await world.updates("edgerad_sms")
    assert told["reason"] == "budget"
    for _ in range(5):
        await world.send(chats[1], "a" * 161)
    assert await world.state(await world.send(chats[2])) == ("failed", "budget")
    figures = await world.store.sms.figures()
    assert (figures["parts"], figures["parts_a_day"], figures["failed"]) == (20, 20, 2)
    world.time.now += 24 * 3600 + 1
    assert await world.state(await world.send(chats[0])) == ("waiting", None)


async def test_whose_page_shows_the_chat_needs_no_sms(world: World) -> None:
    nurse = await joined(world.store)
    chat = await world.number()
    with world.store.signals.listen_to_chat(nurse.chat_id):
        message = await world.store.sms.send(chat, Draft(text="x"), unless_here=nurse.chat_id)
    assert await world.state(message) == ("needless", None)
    message = await world.store.sms.send(chat, Draft(text="y"), unless_here=nurse.chat_id)
    await world.minutes_pass(0.5)
    assert world.phone.sent == [(NUMBER, "y")]


async def test_a_number_that_was_revoked_gets_nothing_and_is_heard_no_more(world: World) -> None:
    chat = await world.number()
    await world.send(chat)
    await world.store.joining.shut_out(chat)
    world.phone.receives(NUMBER, "STATUS")
    await world.minutes_pass(1)
    assert world.phone.sent == []
    assert await world.said() == []
    assert await world.number() != chat


# In


async def test_what_a_number_writes_is_an_update_of_its_chat_once(world: World) -> None:
    chat = await world.number()
    world.phone.receives("70123456", " 1 C-0042 \n")
    await world.minutes_pass(1)
    [told] = await world.updates()
    assert told["text"] == "1 C-0042"
    assert told["chat"] == {
        "id": chat.chat_id,
        "type": "private",
        "first_name": "SMS",
        "edgerad_channel": "sms",
    }
    assert told["from"]["id"] == chat.user_id


async def test_the_same_words_at_another_time_are_another_command(world: World) -> None:
    await world.number()
    for minute in range(3):
        world.phone.receives(NUMBER, "STATUS", at=f"2026-03-02T01:0{minute}:00.000Z")
    await world.minutes_pass(1)
    assert await world.said() == ["STATUS"] * 3


async def test_an_inbox_that_is_served_again_after_a_reset_is_known(world: World) -> None:
    await world.number()
    world.phone.receives(NUMBER, "DUTY OFF")
    await world.minutes_pass(0.2)
    for came in world.phone.inbox:
        came["id"] = "text:0"
    world.phone.reset()
    world.phone.receives(NUMBER, "DUTY ON", at="2026-03-02T02:00:00.000Z")
    await world.minutes_pass(1)
    driver = AndroidPhone(world.phone.url, USER, PASSWORD, time.time)
    await courier_of(world.store, world.time, driver).carry()
    await driver.close()
    assert await world.said() == ["DUTY OFF", "DUTY ON"]


async def test_what_lay_in_an_inbox_before_it_was_edgerads_is_no_command() -> None:
    async with chats_in_memory(Time(), RULES) as store, old_phone() as phone:
        await store.sms.add_number(NUMBER)
        phone.receives(NUMBER, "1 C-0001")
        driver = AndroidPhone(phone.url, USER, PASSWORD, time.time)
        courier = courier_of(store, Time(), driver)
        await courier.carry()
        assert await store.updates.count() == 0
        phone.receives(NUMBER, "1 C-0002", at="2026-03-02T03:00:00.000Z")
        await courier.carry()
        assert await store.updates.count() == 1
        await driver.close()


@pytest.mark.parametrize("sender", [OTHER, "Orange", "", "+226", "\u202e\u0000", "9" * 40])
async def test_numbers_that_nobody_has_are_counted_and_not_stored(
    world: World, sender: str
) -> None:
    await world.number()
    for minute in range(5):
        world.phone.receives(sender, "1 C-0042", at=f"2026-03-02T01:0{minute}:00.000Z")
    await world.minutes_pass(1)
    assert await world.said() == []
    [told] = await world.updates("edgerad_attempts")
    assert told["unknown_numbers"] == 1
    world.time.now += 600
    world.phone.receives(sender, "1 C-0042", at="2026-03-02T03:00:00.000Z")
    await world.minutes_pass(1)
    assert (await world.updates("edgerad_attempts"))[1]["unknown_numbers"] == 5


async def test_a_phone_whose_clock_is_years_off_is_heard_and_said_of(world: World) -> None:
    await world.number()
    world.phone.clock_off_s = -9 * 365 * 24 * 3600
    world.phone.receives(NUMBER, "STATUS", at="2026-11-30T01:00:00.000Z")
    world.phone.receives(NUMBER, "HELP", at="1970-01-01T00:00:09.000Z")
    await world.minutes_pass(0.2)
    assert sorted(await world.said()) == ["HELP", "STATUS"]
    assert world.fault() == "its clock is off by more than a day"


async def test_ten_parts_and_binary_sms_are_no_commands_and_lose_nothing(world: World) -> None:
    await world.number()
    world.phone.receives(NUMBER, "x" * 1530, at="2026-03-02T01:00:00.000Z")
    world.phone.receives(NUMBER, "x" * 60_000, at="2026-03-02T01:01:00.000Z")
    world.phone.receives(NUMBER, "00ff", at="2026-03-02T01:02:00.000Z", kind="DATA_SMS")
    world.phone.receives(NUMBER, "  ", at="2026-03-02T01:03:00.000Z")
    world.phone.receives(NUMBER, "STATUS", at="2026-03-02T01:04:00.000Z")
    await world.minutes_pass(1)
    assert [len(text) for text in await world.said()] == [1530, 1600, 6]
    assert world.store.sms.conditions[0]["unreadable"] == 1


async def test_rubbish_in_place_of_an_inbox_is_said_and_loses_nothing(world: World) -> None:
    await world.number()
    world.phone.inbox.append({"createdAt": "2026-01-01"})
    await world.minutes_pass(0.2)
    assert world.fault() == "what answers is not SMS Gateway for Android"
    world.phone.inbox.clear()
    world.phone.receives(NUMBER, "STATUS")
    await world.minutes_pass(0.2)
    assert await world.said() == ["STATUS"]


async def test_rules_without_room_for_one_sms_send_none() -> None:
    async with sms_world(replace(RULES, parts_a_day=1, parts_a_number=1)) as world:
        chat = await world.number()
        assert (await world.state(await world.send(chat)))[0] == "waiting"
        assert (await world.state(await world.send(chat)))[0] == "failed"

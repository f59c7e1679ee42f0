"""Which alarms ring on whose page: what a server is told, and when."""

from typing import Any

from bot.banners import TELL_AGAIN_S, BannerPublisher
from bot.domain.ids import MessageId
from bot.domain.messages import Reply
from bot.domain.people import Role
from bot.gateway_methods import GatewayMethods
from inference.contract import Language
from tests.bot_server import fake_bot
from tests.bot_world import Clinic, actor, reading

METHOD = "edgeradSetAlarms"


async def banners(ward: Clinic) -> BannerPublisher:
    bot = fake_bot(ward.server)
    await bot.initialize()
    return BannerPublisher(gateway=GatewayMethods(bot), store=ward.store, clock=ward.clock)


def told(ward: Clinic) -> list[list[dict[str, Any]]]:
    """What the server was told so far."""
    return [each["alarms"] for each in ward.server.sent(METHOD)]


async def deliver(ward: Clinic) -> None:
    while (delivery := await ward.store.outbox.take([])) is not None:
        await ward.store.outbox.sent(delivery, MessageId(8000 + delivery.outbox_id))


async def test_an_alarm_rings_on_the_pages_that_were_told_of_it_until_somebody_takes_it(
    ward: Clinic,
) -> None:
    binta = await ward.enrol(8, Role.SUPERVISOR, name="Binta")
    await ward.enrol(9, Role.SUPERVISOR, language=Language.FRENCH)
    case = await ward.open_case(await ward.enrol(7))
    publisher = await banners(ward)
    await publisher.publish_once()
    await ward.answer(reading())
    await publisher.publish_once()
    assert told(ward) == [], "a message that was not sent yet has no buttons to press"
    await deliver(ward)
    since = ward.clock.now().timestamp()

    await publisher.publish_once()

    ((english, french),) = told(ward)
    assert (english["chat_id"], french["chat_id"]) == (8, 9)
    assert english["message_id"] > 8000
    assert english["title"] == f"{case.code} · 🟠 URGENT"
    assert english["text"].startswith("“")
    assert (english["since"], english["sound"]) == (since, True)
    taking, opening = english["buttons"]
    assert taking == {"text": "I'm taking it", "data": f"take:{case.case_id}"}
    assert opening["data"] == f"case:{case.case_id}"
    assert french["buttons"][0]["text"] != taking["text"]

    await ward.store.alarms.take(
        case.case_id, by=actor(binta), words=lambda *_: Reply(text="taken"), told=[]
    )
    await publisher.publish_once()
    assert told(ward)[-1] == []


async def test_an_alarm_is_silent_for_those_who_are_off_duty_while_somebody_is_on(
    ward: Clinic,
) -> None:
    on, off = [await ward.enrol(number, Role.SUPERVISOR) for number in (8, 9)]
    await ward.open_case(await ward.enrol(7))
    await ward.answer(reading())  # nobody is on duty: both hear of it
    await deliver(ward)
    await ward.store.roster.say(on=True, by=actor(on))

    await (await banners(ward)).publish_once()

    (rings,) = told(ward)
    assert {each["chat_id"]: each["sound"] for each in rings} == {
        on.chat_id: True,
        off.chat_id: False,
    }


async def test_a_server_that_was_started_anew_is_told_again(ward: Clinic) -> None:
    publisher = await banners(ward)
    await publisher.publish_once()
    assert told(ward) == []
    ward.clock.advance(TELL_AGAIN_S)
    await publisher.publish_once()
    assert told(ward) == [[]]


async def test_a_server_without_banners_is_not_told_again(ward: Clinic) -> None:
    ward.server.refuse(METHOD, 404, "Not Found")
    publisher = await banners(ward)
    ward.clock.advance(TELL_AGAIN_S)
    assert not await publisher.publish_once()

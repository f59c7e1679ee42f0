"""The ward's board: what a server is told, when, and that nothing of a patient is in it."""

import json
from datetime import timedelta
from typing import Any

from bot.board import TELL_AGAIN_S, BoardPublisher
from bot.domain.audit import Actor
from bot.domain.ids import MessageId
from bot.domain.messages import Outgoing, Reply
from bot.domain.people import Role
from bot.gateway_methods import GatewayMethods
from bot.store.claims import Claim
from inference.contract import EngineState, EngineStatus, Language
from tests.bot_server import fake_bot
from tests.bot_world import ENGINE, URGENT_TEXT, Clinic, reading

METHOD = "edgeradSetBoard"
LEASE = timedelta(minutes=1)


async def board(ward: Clinic) -> BoardPublisher:
    bot = fake_bot(ward.server)
    await bot.initialize()
    return BoardPublisher(
        gateway=GatewayMethods(bot),
        store=ward.store,
        clock=ward.clock,
        engine=lambda: EngineStatus(state=EngineState.READY, engine=ENGINE),
    )


def told(ward: Clinic) -> list[dict[str, Any]]:
    """What the server was told so far."""
    return [
        {key: json.loads(value) if isinstance(value, str) else value for key, value in each.items()}
        for each in ward.server.sent(METHOD)
    ]


async def claimed(ward: Clinic) -> Claim:
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    return claim


async def test_the_board_counts_what_waits_is_read_is_urgent_and_was_answered(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    await ward.enrol(8, Role.SUPERVISOR, name="Binta")
    answered, _, _ = [await ward.open_case(sender) for _ in range(3)]
    first = await claimed(ward)
    ward.clock.advance(30)
    await ward.store.claims.complete(first, reading(), [])
    await claimed(ward)

    await (await board(ward)).publish_once()

    (sent,) = told(ward)
    assert sent["viewers"] == [8]
    content = sent["board"]
    assert (content["waiting"], content["reading"], content["urgent"]) == (1, 1, 1)
    assert content["urgent_cases"] == [{"code": answered.code, "urgency": "urgent"}]
    assert (content["ringing"], content["ringing_since"]) == (0, None)
    assert (content["answered"], content["failed"], content["wait_p50_s"]) == (1, 0, 30)
    assert content["engine"] == {
        "state": "ready",
        "model": ENGINE.model,
        "tier": ENGINE.tier,
        "practice": False,
    }


async def test_the_board_says_how_long_nobody_has_taken_an_alarm(ward: Clinic) -> None:
    sender = await ward.enrol(7)
    await ward.enrol(8, Role.SUPERVISOR, name="Binta")
    for _ in range(2):
        await ward.open_case(sender)
        claim = await claimed(ward)
        made = reading(URGENT_TEXT)
        await ward.store.claims.complete(claim, made, [], ward.raised(claim, made))
        ward.clock.advance(600)

    await (await board(ward)).publish_once()

    (sent,) = told(ward)
    oldest = ward.clock.now().timestamp() - 1200
    assert (sent["board"]["ringing"], sent["board"]["ringing_since"]) == (2, oldest)


async def test_a_case_of_unknown_urgency_is_on_the_board_after_the_urgent_ones(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    unknown, urgent, _routine = [await ward.open_case(sender) for _ in range(3)]
    for text in ("A heart, perhaps.", URGENT_TEXT, "FINDINGS: Clear.\nURGENCY: routine"):
        await ward.store.claims.complete(await claimed(ward), reading(text), [])

    await (await board(ward)).publish_once()

    content = told(ward)[-1]["board"]
    assert (content["urgent"], content["unknown"]) == (1, 1)
    assert content["urgent_cases"] == [
        {"code": urgent.code, "urgency": "urgent"},
        {"code": unknown.code, "urgency": "not_stated"},
    ]


async def test_answers_to_later_questions_are_not_counted_as_cases(ward: Clinic) -> None:
    """As `/stats` counts: what a supervisor compares is the same in both."""
    case = await ward.open_case(await ward.enrol(7))
    await ward.store.claims.complete(await claimed(ward), reading(), [])
    await ward.store.readings.ask(
        case,
        "Which side?",
        asked_by=case.sender_id,
        chat_id=case.chat_id,
        message_id=MessageId(900),
        language=Language.ENGLISH,
        by=Actor.at_the_machine(),
        received=lambda number, _place: Outgoing(
            key=f"q{number}", chat_id=case.chat_id, reply=Reply(text="received")
        ),
    )
    ward.clock.advance(500)
    await ward.store.claims.complete(await claimed(ward), reading(), [])

    await (await board(ward)).publish_once()

    content = told(ward)[-1]["board"]
    assert (content["answered"], content["wait_p50_s"]) == (1, 0)


async def test_nothing_of_a_patient_is_on_the_board(ward: Clinic) -> None:
    sender = await ward.enrol(7, Role.SUPERVISOR, name="Amina")
    await ward.open_case(sender, caption="F 32 years, cough, ref 2231")
    await ward.store.claims.complete(await claimed(ward), reading(), [])

    await (await board(ward)).publish_once()

    said = json.dumps(told(ward))
    assert not [word for word in ("cough", "32", "2231", "Amina", "pneumothorax") if word in said]


async def test_an_unchanged_board_is_told_again_only_for_a_server_that_forgot(
    ward: Clinic,
) -> None:
    hung = await board(ward)
    await hung.publish_once()
    await hung.publish_once()
    assert len(told(ward)) == 1
    ward.clock.advance(TELL_AGAIN_S)
    await hung.publish_once()
    assert len(told(ward)) == 2


async def test_a_server_without_a_board_is_left_in_peace(ward: Clinic) -> None:
    ward.server.refuse(METHOD, 404, "Not Found: method not found")
    assert not await (await board(ward)).publish_once()
    ward.server.refuse(METHOD, 404, "Not Found: method not found")
    await (await board(ward)).publish()  # ends
    assert len(told(ward)) == 2

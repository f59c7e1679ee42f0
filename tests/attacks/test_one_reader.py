"""What a bot means for one person is never shown to a group, and never in silence."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.bot_api.methods import METHODS
from tests.attacks.conftest import Note
from tests.gateway_world import Phone, RunningGateway, chat_of, phone_of, picture

ATTACKER = "in words, and by bots"

SECRET = "Only Ama may read this"
EPHEMERAL = {"receiver_user_id": 7}
NARROWING: list[dict[str, object]] = [
    {"receiver_user_id": 7},
    {"ephemeral_message_parameters": json.dumps(EPHEMERAL)},
    {"callback_query_id": "12"},
    {"direct_messages_topic_id": 3},
    {"suggested_post_parameters": json.dumps({"price": None, "send_date": 1})},
    {"business_connection_id": "b"},
    {"reply_parameters": json.dumps({"ephemeral_message_id": 4})},
]
FILES = ("photo", "document", "audio", "video", "animation", "voice", "sticker", "video_note")
CONTENT: dict[str, dict[str, object]] = {
    "sendMessage": {"text": SECRET},
    "sendLocation": {"latitude": 5, "longitude": 1},
    "sendVenue": {"latitude": 5, "longitude": 1, "title": SECRET, "address": "x"},
    "sendContact": {"phone_number": "+233241234567", "first_name": SECRET},
    "sendDice": {},
    **{f"send{kind.title().replace('_', '')}": {"caption": SECRET} for kind in FILES},
}


@dataclass(frozen=True, slots=True)
class Ward:
    """A group with Ama and Kofi in it."""

    gateway: RunningGateway
    chat_id: int
    ama: Phone
    kofi: Phone

    async def call(self, name: str, **fields: Any) -> tuple[int, str]:
        """Call a method in the group; the status, and the description of a refusal."""
        kind = name.removeprefix("send").lower()
        parts = [(key, (None, str(value))) for key, value in fields.items()]
        uploads = [
            (file, ("film.jpg", picture(), "image/jpeg"))
            for file in FILES
            if file.replace("_", "") == kind
        ]
        answer = await self.ama.http.post(
            self.gateway.api(name), files=[("chat_id", (None, str(self.chat_id))), *parts, *uploads]
        )
        return answer.status_code, answer.json().get("description", "")

    async def shown(self, phone: Phone) -> dict[str, Any]:
        """The group as a phone sees it."""
        answer = await phone.http.get("/chat/messages", params={"chat": str(self.chat_id)})
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
async def ward(gateway: RunningGateway) -> AsyncIterator[Ward]:
    async with AsyncExitStack() as stack:
        ama, kofi = [
            await stack.enter_async_context(phone_of(gateway, name=name))
            for name in ("Ama", "Kofi")
        ]
        ids = [await chat_of(phone, gateway) for phone in (ama, kofi)]
        made = {"title": "Ward 7", "user_ids": ids}
        answer = await ama.http.post(gateway.api("edgeradCreateGroup"), json=made)
        yield Ward(gateway, answer.json()["result"]["id"], ama, kofi)


@pytest.mark.parametrize("narrowing", NARROWING, ids=lambda each: next(iter(each)))
async def test_a_message_for_one_is_refused_and_shown_to_nobody(
    ward: Ward, narrowing: dict[str, object], outcome: Note
) -> None:
    for name, content in CONTENT.items():
        status, description = await ward.call(name, **content, **narrowing)
        assert status == 400, name
        assert description.startswith("Bad Request: "), name
    assert len((await ward.shown(ward.kofi))["messages"]) == 1  # that the two came in
    outcome(
        "A bot's message for one person of a group (`receiver_user_id` and the like)",
        "400; nobody sees it",
    )


def test_nothing_that_is_sent_again_is_for_one_reader_either(outcome: Note) -> None:
    again = ("forwardMessage", "forwardMessages", "copyMessage", "copyMessages", "sendMediaGroup")
    for name in again:
        refused = METHODS[name.lower()].fields.refuses.keys()
        assert {"receiver_user_id", "ephemeral_message_parameters"} <= refused
    outcome("The same, forwarded or copied", "refused")


async def test_a_value_that_says_nothing_costs_no_message(ward: Ward) -> None:
    nothing = {"business_connection_id": "", "direct_messages_topic_id": 0, "receiver_user_id": ""}
    assert (await ward.call("sendMessage", text="for all", **nothing))[0] == 200


async def test_a_command_whose_use_only_the_bot_would_see_is_not_offered(
    ward: Ward, outcome: Note
) -> None:
    offered = [{"command": "pain", "description": "how bad", "is_ephemeral": True}]
    status, description = await ward.call("setMyCommands", commands=json.dumps(offered))
    assert (status, description) == (
        400,
        "Bad Request: ephemeral commands are not supported by this server",
    )
    outcome("A command whose use others would not see (`is_ephemeral`)", f"{status}")


async def test_a_selective_keyboard_is_shown_to_whom_it_answers_alone(
    ward: Ward, outcome: Note
) -> None:
    await ward.ama.put("q", text="How is bed 4?", chat=str(ward.chat_id))
    asked = (await ward.shown(ward.ama))["messages"][-1]["message_id"]
    keyboard = {"keyboard": [["Better", "Worse"]], "selective": True}
    sent = {"text": "Tell me", "reply_markup": json.dumps(keyboard)}
    replying = {"reply_parameters": json.dumps({"message_id": asked})}
    assert (await ward.call("sendMessage", **sent, **replying))[0] == 200
    ama, kofi = await ward.shown(ward.ama), await ward.shown(ward.kofi)
    assert ama["keyboard"]["rows"] == [["Better", "Worse"]]
    assert ama["messages"][-1]["keyboard"]["rows"] == [["Better", "Worse"]]
    assert (kofi["keyboard"], kofi["messages"][-1]["keyboard"]) == (None, None)
    assert (await ward.call("sendMessage", **sent))[0] == 200  # answers nobody
    assert (await ward.shown(ward.kofi))["keyboard"] is None
    assert (await ward.shown(ward.ama))["keyboard"]["rows"] == [["Better", "Worse"]]
    outcome(
        "A keyboard for one person of a group (`selective`)",
        "shown to whom the message answers, and to nobody else",
    )

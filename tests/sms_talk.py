"""People whose numbers write to the bot in tests, without a gateway."""

import re
from dataclasses import replace

from bot.domain.ids import MessageId
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from tests.bot_conversation import Conversation
from tests.bot_world import Clinic

NUMBERS = {1: "+22670000001", 2: "+22670000002", 3: "+22670000003", 4: "+22670000004"}


def with_sms(ward: Clinic) -> None:
    """Have a clinic's bot know that there is SMS; before the conversation begins."""
    settings = ward.services.settings.model_copy(update={"sms_country": "BF"})
    ward.services = replace(ward.services, settings=settings)


def chat_of(chat: Conversation, number: str) -> int:
    """The chat of a number."""
    return chat.clinic.server.numbers[number]


async def texts(chat: Conversation, number: str, text: str) -> list[Outgoing]:
    """A number sends an SMS."""
    body = chat.message(chat_of(chat, number), text, None, "en")
    body["message"]["chat"] |= {"first_name": "SMS", "edgerad_channel": "sms"}
    body["message"].pop("entities", None)
    return await chat.serve(body)


async def begin(chat: Conversation, person: Person, number: str) -> str:
    """Somebody names their number; the code that it is sent."""
    said = await chat.types(person, f"/phone {number}")
    (sent,) = [message for message in said if message.is_sms]
    found = re.search(r"\d{6}", sent.reply.text)
    assert found is not None
    return found[0]


async def set_up(chat: Conversation, person: Person) -> str:
    """Somebody's number, proved."""
    number = NUMBERS[int(person.user_id)]
    await texts(chat, number, await begin(chat, person, number))
    phone = await chat.clinic.store.phones.of(person.user_id)
    assert phone is not None
    assert phone.proven_at is not None
    return number


async def failed(chat: Conversation, message: Outgoing, message_id: MessageId) -> list[Outgoing]:
    """The gateway tells that nobody gets an SMS."""
    told = {"date": 1, "chat": {"id": message.chat_id}, "message_id": message_id}
    return await chat.serve({"edgerad_sms": told | {"state": "failed", "reason": "it failed"}})

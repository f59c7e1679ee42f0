"""People who talk with the bot in tests: updates as JSON in, what it says in return out."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from telegram import Update

from bot.app import build_application
from bot.domain.cases import Case
from bot.domain.ids import MessageId
from bot.domain.messages import Outgoing
from bot.domain.people import Person, Role
from bot.handlers.context import BotApplication
from bot.handlers.failures import Dispatcher
from inference.contract import Language, Reading
from tests.bot_server import fake_bot
from tests.bot_world import Clinic, reading

WORKER, OTHER, SUPERVISOR, ADMIN, STRANGER = 1, 2, 3, 4, 99
STALE = "This button is no longer valid."


@dataclass
class Conversation:
    """The bot's handlers over a clinic, without its loops."""

    clinic: Clinic
    application: BotApplication
    dispatcher: Dispatcher
    _numbers: Iterator[int] = field(default_factory=lambda: count(5000))
    _ids: dict[str, MessageId] = field(default_factory=dict)

    async def enrol(
        self,
        who: int,
        role: Role = Role.HEALTH_WORKER,
        language: Language = Language.ENGLISH,
    ) -> Person:
        """Somebody enrolled, who was told so."""
        person = await self.clinic.enrol(who, role, name=f"Person {who}", language=language)
        await self.delivered()
        return person

    async def invite(self, supervisor: Person, role: str = "health_worker") -> str:
        """The code of an invite."""
        said = words(await self.presses(supervisor, f"invite:{role}"))
        found = re.search(r"<code>(\w+)</code>", said)
        assert found is not None
        return found[1]

    async def types(
        self,
        who: int | Person,
        text: str,
        *,
        reply_to: MessageId | None = None,
        language_code: str = "en",
    ) -> list[Outgoing]:
        """Somebody sends a text; `who` may be a stranger's id."""
        return await self.serve(self.message(who, text, reply_to, language_code))

    async def presses(self, who: int | Person, data: str, message_id: int = 900) -> list[Outgoing]:
        """Somebody presses a button under a message of the bot."""
        return await self.serve(self.press(who, data, message_id))

    def press(self, who: int | Person, data: str, message_id: int = 900) -> dict[str, Any]:
        """A pressed button as the server would tell of it."""
        user_id = who if isinstance(who, int) else who.user_id
        query = {
            "id": "1",
            "from": _user(user_id, "en"),
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": message_id, "date": 1, "chat": _chat(user_id), "text": "x"},
        }
        return {"callback_query": query}

    def message(
        self, who: int | Person, text: str, reply_to: MessageId | None, language_code: str
    ) -> dict[str, Any]:
        """A text message as the server would tell of it."""
        user_id = who if isinstance(who, int) else who.user_id
        message: dict[str, Any] = {
            "message_id": next(self._numbers),
            "date": 1,
            "chat": _chat(user_id),
            "from": _user(user_id, language_code),
            "text": text,
        }
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        if reply_to is not None:
            replied = {"message_id": reply_to, "date": 1, "chat": _chat(user_id), "text": "x"}
            message["reply_to_message"] = replied
        return {"message": message}

    async def serve(self, body: dict[str, Any], update_id: int | None = None) -> list[Outgoing]:
        """Have an update served; the messages it led to count as delivered."""
        numbered = body | {"update_id": next(self._numbers) if update_id is None else update_id}
        update = Update.de_json(numbered, self.application.bot)
        await self.dispatcher.handle(update)
        return await self.delivered()

    async def delivered(self) -> list[Outgoing]:
        """Deliver all that waits."""
        outbox = self.clinic.store.outbox
        messages = []
        while delivery := await outbox.take([]):
            messages.append(delivery.message)
            if delivery.removes:
                await outbox.removed(delivery)
                continue
            message_id = MessageId(next(self._numbers))
            await outbox.sent(delivery, message_id)
            self._ids[delivery.message.key] = message_id
        return messages

    def id_of(self, messages: list[Outgoing], said: str) -> MessageId:
        """The id of the one message among these that says something."""
        (message,) = [message for message in messages if said in message.reply.text]
        return self._ids[message.key]

    async def last_message_id(self) -> MessageId:
        """The message that was delivered last."""
        return MessageId(next(self._numbers) - 1)

    def button_answers(self) -> list[str | None]:
        """What was shown on pressed buttons."""
        return [asked.get("text") for asked in self.clinic.server.sent("answerCallbackQuery")]

    async def case(self, sender: Person, made: Reading | None = None, caption: str = "") -> Case:
        """A case of somebody, answered, with all its messages delivered."""
        clinic = self.clinic
        case = await clinic.open_case(sender, caption=caption)
        claim = await clinic.store.claims.take(timedelta(minutes=1))
        assert claim is not None
        await clinic.store.claims.complete(claim, made or reading(), [])
        await self.delivered()
        answered = await clinic.store.cases.get(case.case_id)
        assert answered is not None
        return answered

    async def alarm(self, sender: Person, made: Reading | None = None) -> Case:
        """A case of somebody that is answered and raises an alarm, which is not delivered yet."""
        case = await self.clinic.open_case(sender)
        await self.delivered()
        await self.clinic.answer(made or reading())
        return case


def words(messages: list[Outgoing]) -> str:
    """All that was said."""
    return "\n".join(message.reply.text for message in messages)


def buttons(messages: list[Outgoing]) -> list[str]:
    """The data of all buttons."""
    rows = (row for message in messages for row in message.reply.buttons)
    return [button.data for row in rows for button in row]


@asynccontextmanager
async def conversation(clinic: Clinic) -> AsyncIterator[Conversation]:
    """Put the bot's handlers over a clinic."""
    application = build_application(fake_bot(clinic.server), clinic.services)
    await application.initialize()
    yield Conversation(clinic, application, Dispatcher(application))
    await application.shutdown()


def _user(user_id: int, language_code: str) -> dict[str, Any]:
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": f"Person {user_id}",
        "language_code": language_code,
    }


def _chat(user_id: int) -> dict[str, Any]:
    return {"id": user_id, "type": "private", "first_name": f"Person {user_id}"}

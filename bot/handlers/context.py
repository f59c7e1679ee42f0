"""What a handler has at hand while it serves one update: the services, the person, a way to answer.

Handlers are `async def handler(update: Update, context: Context) -> None`. Answers go through the
outbox, keyed by the update, so a handler that runs twice for one update answers once.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from telegram import Message, Update
from telegram.error import BadRequest
from telegram.ext import Application, CallbackContext, ExtBot

from bot.domain.audit import Actor, NewAuditEntry
from bot.domain.cases import Case
from bot.domain.ids import ChatId, MessageId, UserId
from bot.domain.messages import About, Attachment, MessageRole, Outgoing, Reply
from bot.domain.people import Person
from bot.settings import BotSettings
from bot.store import Store
from inference.contract import EngineStatus, Language
from machine.clock import Clock
from pictures import Picture
from pictures.corners import Corners
from pictures.picture import Rendition, Series
from pictures.places import MarkWords, Place

SERVICES = "services"
"""Key of the `Services` in PTB's `bot_data`."""


class PicturePreparer(Protocol):
    """Makes safe pictures of untrusted bytes: `pictures.PictureProcess`."""

    async def prepare(self, data: bytes, film: Corners | None = None) -> Picture:
        """Decode, turn upright, strip and re-encode; raise `PictureError` for what is none."""
        ...

    async def series(self, data: bytes, most: int) -> Series:
        """Take so many slices of the scan in a ZIP; raise `PictureError` for what is none."""
        ...

    async def photo_sizes(
        self, read: Callable[[], Awaitable[bytes]], boxes_px: Sequence[int]
    ) -> tuple[Rendition, ...]:
        """Make JPEGs of a picture that fit into squares; raise `PictureError` for what is none."""
        ...

    async def marked(self, data: bytes, place: Place, words: MarkWords) -> bytes:
        """Mark a place on a chest film; raise `PictureProcessingError` where that fails."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What all handlers work with."""

    store: Store
    clock: Clock
    pictures: PicturePreparer
    settings: BotSettings
    engine: Callable[[], EngineStatus]


_Dict = dict[Any, Any]
BotApplication = Application[ExtBot[None], "Context", _Dict, _Dict, _Dict, None]


class Context(CallbackContext[ExtBot[None], _Dict, _Dict, _Dict]):
    """PTB's context for one update, with the person and the chat that it comes from."""

    person: Person | None = None
    user = UserId(0)
    chat = ChatId(0)
    _key = ""
    _said = 0

    def begin(self, update: Update, person: Person | None) -> None:
        """Serve this update of this person, None if not enrolled; the gate does it first."""
        self._key = f"update:{update.update_id}"
        self.person = person
        if update.effective_user is not None:
            self.user = UserId(update.effective_user.id)
        if update.effective_chat is not None:
            self.chat = ChatId(update.effective_chat.id)

    @property
    def services(self) -> Services:
        """The store, the clock and the rest."""
        services: Services = self.bot_data[SERVICES]
        return services

    @property
    def sender(self) -> Person:
        """The enrolled person whose update this is; the gate lets nobody else pass.

        Raises:
            PermissionError: Nobody enrolled sent it.
        """
        if self.person is None:
            raise PermissionError
        return self.person

    @property
    def language(self) -> Language:
        """The person's language, the clinic's for whoever is not enrolled."""
        return self.services.settings.language if self.person is None else self.person.language

    def next_key(self) -> str:
        """The key of the next answer; the nth answer to an update always has the same."""
        self._said += 1
        return f"{self._key}:{self._said}"

    async def acknowledge(self, update: Update, text: str | None = None) -> None:
        """End the waiting of a pressed button, with a short text; too late is no harm."""
        if update.callback_query is not None:
            with suppress(BadRequest):
                await update.callback_query.answer(text)

    async def say(
        self,
        reply: Reply,
        *,
        chat_id: ChatId | None = None,
        reply_to: int | None = None,
        about: About | None = None,
        picture: str | None = None,
        attachment: Attachment | None = None,
        edits: int | None = None,
        is_sms: bool = False,
        entry: NewAuditEntry | None = None,
    ) -> None:
        """Answer through the outbox; see `bot.domain.messages.Outgoing` for the arguments.

        The nth answer to an update is always the same message, so what a handler says must not
        depend on what it did in an earlier run.

        Args:
            entry: What the audit log says of this answer; both are stored, or neither.
        """
        message = Outgoing(
            key=self.next_key(),
            chat_id=self.chat if chat_id is None else chat_id,
            reply=reply,
            reply_to=None if reply_to is None else MessageId(reply_to),
            about=about,
            picture=picture,
            attachment=attachment,
            edits=None if edits is None else MessageId(edits),
            is_sms=is_sms,
        )
        await self.services.store.outbox.add(message, entry=entry)

    async def case_replied_to(self, message: Message, role: MessageRole) -> Case | None:
        """The case of the bot's message that this one replies to, None if that has another role."""
        replied = message.reply_to_message
        if replied is None:
            return None
        store, replied_id = self.services.store.cases, MessageId(replied.message_id)
        if await store.role_of_message(self.chat, replied_id) is not role:
            return None
        return await store.of_message(self.chat, replied_id)

    @property
    def actor(self) -> Actor:
        """Whoever does something by this update; done twice it is noted once."""
        user_id = self.user if self.person is None else self.person.user_id
        return Actor(user_id=user_id, occasion=self._key)

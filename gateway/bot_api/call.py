"""One call of a method: its parameters, what it works with, and what several methods read.

Knows the Bot API's common parameters and the errors they bring. Must not know HTTP.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.bot_api.deliveries import Deliveries
from gateway.bot_api.formatting import Formatted, format_text
from gateway.bot_api.keyboards import inline_buttons, keyboard
from gateway.bot_api.parameters import Parameters, as_integer
from gateway.bot_api.polling import Poller
from gateway.errors import BadRequest, Forbidden
from gateway.schemas import objects
from gateway.schemas.entities import SPLITTABLE, utf16_index, utf16_length
from gateway.schemas.limits import CAPTION_MAX_CHARS
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import (
    NOBODY,
    Buttons,
    ChatId,
    Draft,
    Message,
    MessageId,
    Person,
    Quote,
    UserId,
)
from gateway.store.media import MediaStore
from gateway.store.plaintext_copies import PlaintextCopies
from gateway.store.store import ChatStore

_IN_QUOTES = frozenset({*SPLITTABLE, "custom_emoji"})
_CHAT_ID = re.compile(r"-?\d{1,18}", re.ASCII)
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a method; `copies` is there where the bot is told paths on the disk."""

    parameters: Parameters
    store: ChatStore
    media: MediaStore
    poller: Poller
    deliveries: Deliveries
    copies: PlaintextCopies | None = None

    async def person(self) -> Person:
        """The person whose private chat `chat_id` names.

        Raises:
            BadRequest: If there is no such chat.
        """
        chat = await self._named("chat_id")
        if chat.is_group:
            raise BadRequest("chat not found")
        return chat

    def user_id(self) -> UserId:
        """The id in `user_id`, which may be nobody's.

        Raises:
            BadRequest: If it cannot be one.
        """
        number = self.parameters.integer("user_id")
        if number is None or number <= 0:
            raise BadRequest("invalid user_id specified")
        return UserId(number)

    async def user(self) -> Person:
        """The person whom `user_id` names.

        Raises:
            BadRequest: If there is no such person.
        """
        found = await self.store.person(ChatId(self.user_id()))
        if found is None:
            raise BadRequest("user not found")
        return found

    async def chat(self, name: str = "chat_id") -> Person:
        """The person or the group whose chat a parameter names.

        Raises:
            BadRequest: If there is no such chat, or it is a number's: `sendMessage` reaches it.
            Forbidden: If the bot has left it.
        """
        return _no_number(await self._named(name))

    async def _named(self, name: str) -> Person:
        given = self.parameters.text(name).strip()
        if not given:
            raise BadRequest("chat_id is empty")
        if _CHAT_ID.fullmatch(given):
            found = await self.store.person(ChatId(int(given)))
            if found is not None:
                return _not_left(found)
        raise BadRequest("chat not found")

    async def recipient(self) -> Person:
        """The person or the group that something is sent to.

        Raises:
            BadRequest: If there is no such chat.
            Forbidden: If the bot has left it, or shut the person out.
        """
        return _reachable(await self.chat())

    async def reader(self) -> Person:
        """Whom a text is for: `recipient`, or a number if the text is marked as fit for SMS.

        Raises:
            BadRequest: If there is no such chat, or the mark is missing.
            Forbidden: If the bot has left it, or shut the person out.
        """
        chat = await self._named("chat_id")
        if not self.parameters.flag("edgerad_sms"):
            _no_number(chat)
        return _reachable(chat)

    def message_id(self) -> MessageId:
        """The message that is meant; 0, which none has, if it is not given."""
        return MessageId(self.parameters.integer("message_id", 0) or 0)

    async def draft(self, person: Person, *, marked_up: bool = True) -> Draft:
        """A message without content yet: what it answers, its buttons, and whether it is protected.

        Args:
            marked_up: False if it can have neither buttons nor keyboard.
        """
        markup = self.parameters.record("reply_markup") if marked_up else {}
        replied, quote = await self._reply(person)
        offered = keyboard(markup)
        if offered is not None and person.is_group and markup.get("selective") is True:
            offered = replace(offered, only_for=_asked(replied))
        return Draft(
            reply_to_id=None if replied is None else replied.message_id,
            quote=quote,
            buttons=inline_buttons(markup),
            keyboard=offered,
            is_protected=self.parameters.flag("protect_content"),
        )

    async def _reply(self, person: Person) -> tuple[Message | None, Quote | None]:
        reply = self.parameters.record("reply_parameters")
        if reply.get("ephemeral_message_id"):
            raise BadRequest("messages that one person alone sees are not supported by this server")
        given = reply.get("message_id", self.parameters.integer("reply_to_message_id"))
        if not given:
            return None, None
        found = await self._replied(person, given, reply)
        if found is not None:
            return found, _quote(found, reply)
        without = reply.get("allow_sending_without_reply") is True
        if without or self.parameters.flag("allow_sending_without_reply"):
            return None, None
        raise BadRequest("message to be replied not found")

    async def _replied(
        self, person: Person, given: object, reply: Mapping[str, object]
    ) -> Message | None:
        """The message that is answered, where it is in the same chat."""
        number = as_integer(given)
        if number is None or str(reply.get("chat_id", person.chat_id)) != str(person.chat_id):
            return None
        return await self.store.message(person.chat_id, MessageId(number))

    def text(self) -> Formatted:
        """The text of a message.

        Raises:
            BadRequest: If it is empty or too long, or its markup is wrong.
        """
        text, entities = format_text(
            self.parameters.raw("text"),
            self.parameters.text("parse_mode"),
            self.parameters.records("entities"),
        )
        if not text:
            given = self.parameters.raw("text")
            raise BadRequest("text must be non-empty" if given else "message text is empty")
        return text, entities

    def caption(self) -> Formatted:
        """The caption of a picture or document, which may be empty."""
        return caption(
            self.parameters.raw("caption"),
            self.parameters.text("parse_mode"),
            self.parameters.records("caption_entities"),
        )

    def buttons(self) -> Buttons | None:
        """The inline keyboard of a message that is edited; one of another kind cannot be its."""
        return inline_buttons(self.parameters.record("reply_markup"))

    def link_preview(self) -> Mapping[str, object] | None:
        """How links of a text shall be shown; None if nothing is said of it."""
        options = self.parameters.record("link_preview_options")
        if not options and self.parameters.flag("disable_web_page_preview"):
            return {"is_disabled": True}
        return options or None

    def allowed_updates(self) -> tuple[str, ...] | None:
        """The kinds of update that the bot wants from now on; None if it says nothing of them."""
        if not self.parameters.has("allowed_updates"):
            return None
        given = self.parameters.items("allowed_updates")
        return tuple(kind for kind in given if isinstance(kind, str))

    def language(self) -> str:
        """The two-letter code of the language that a call is about, empty for all.

        Raises:
            BadRequest: If it is something else.
        """
        code = self.parameters.text("language_code")
        if not _LANGUAGE.fullmatch(code):
            raise BadRequest("invalid language code specified")
        return code

    def message_object(self, message: Message) -> JsonObject:
        """A stored message as a `Message`."""
        return objects.message(message, self.store.bot)


def _asked(replied: Message | None) -> UserId:
    """Whose message is answered: a selective keyboard is for nobody else."""
    author = None if replied is None else replied.author
    return NOBODY if author is None else author.user_id


def _no_number(chat: Person) -> Person:
    if chat.is_number:
        raise BadRequest("a number takes only texts that are marked as fit for SMS")
    return chat


def _reachable(chat: Person) -> Person:
    if chat.is_shut_out:
        raise Forbidden("bot was blocked by the user")
    return chat


def _not_left(chat: Person) -> Person:
    if chat.bot_left:
        raise Forbidden("bot is not a member of the group chat")
    return chat


def caption(text: str, parse_mode: str, entities: list[dict[str, object]]) -> Formatted:
    """Read a caption.

    Args:
        text: With markup, where there is a parse mode.
        parse_mode: As `format_text` takes it.
        entities: The alternative to a parse mode.

    Raises:
        BadRequest: If it is too long, or its markup is wrong.
    """
    plain, spans = format_text(text, parse_mode, entities)
    if len(plain) > CAPTION_MAX_CHARS:
        raise BadRequest("message caption is too long")
    return plain, spans


def _quote(replied: Message, reply: Mapping[str, object]) -> Quote | None:
    """The part of a message that an answer quotes; it must stand there, word for word."""
    given = reply.get("quote")
    if not isinstance(given, str) or not given:
        return None
    spans = reply.get("quote_entities")
    text, entities = format_text(
        given,
        str(reply.get("quote_parse_mode") or ""),
        [span for span in spans if isinstance(span, dict)] if isinstance(spans, list) else [],
    )
    near = utf16_index(replied.text, as_integer(reply.get("quote_position")) or 0)
    at = replied.text.find(text, near)
    at = replied.text.find(text) if at < 0 else at
    if not text or at < 0:
        raise BadRequest("QUOTE_TEXT_INVALID")
    kept = tuple(entity for entity in entities if entity.type in _IN_QUOTES)
    return Quote(text=text, position=utf16_length(replied.text[:at]), entities=kept)

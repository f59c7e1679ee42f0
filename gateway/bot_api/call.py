"""One call of a method: its parameters, what it works with, and what several methods read alike.

Knows the Bot API's common parameters and the errors they bring. Must not know HTTP.
"""

from dataclasses import dataclass

from gateway.bot_api.formatting import Formatted, format_text
from gateway.bot_api.parameters import Parameters, as_integer
from gateway.bot_api.polling import Poller
from gateway.errors import BadRequest
from gateway.schemas import objects
from gateway.schemas.limits import CAPTION_MAX_CHARS
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import Button, Buttons, ChatId, Message, MessageId, Person
from gateway.store.media import MediaStore
from gateway.store.store import Store

_BUTTON_DATA_MAX_BYTES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a method."""

    parameters: Parameters
    store: Store
    media: MediaStore
    poller: Poller

    async def person(self, name: str = "chat_id") -> Person:
        """The person whose private chat a parameter names.

        Args:
            name: The parameter's.

        Returns:
            The person.

        Raises:
            BadRequest: If there is no such chat.
        """
        given = self.parameters.text(name).strip()
        if not given:
            raise BadRequest("chat_id is empty")
        if given.isascii() and given.isdecimal() and len(given) < 19:
            person = await self.store.person(ChatId(int(given)))
            if person is not None:
                return person
        raise BadRequest("chat not found")

    def message_id(self) -> MessageId:
        """The message that is meant; 0, which none has, if it is not given."""
        return MessageId(self.parameters.integer("message_id", 0) or 0)

    async def reply_to(self, person: Person) -> MessageId | None:
        """The message that is replied to.

        Args:
            person: In whose chat.

        Returns:
            Its id; None if there is none, and none is needed.

        Raises:
            BadRequest: If it is gone.
        """
        reply = self.parameters.record("reply_parameters")
        given = reply.get("message_id", self.parameters.integer("reply_to_message_id"))
        if not given:
            return None
        without = reply.get("allow_sending_without_reply") is True
        number = as_integer(given)
        if number is not None:
            found = await self.store.message(person.chat_id, MessageId(number))
            if found is not None:
                return found.message_id
        if without or self.parameters.flag("allow_sending_without_reply"):
            return None
        raise BadRequest("message to be replied not found")

    def text(self) -> Formatted:
        """The text of a message.

        Returns:
            The text and its entities.

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
        """The inline keyboard; keyboards of other kinds are taken and not shown.

        Returns:
            Rows of buttons; None if there are none.

        Raises:
            BadRequest: If it is no keyboard.
        """
        markup = self.parameters.record("reply_markup")
        rows = markup.get("inline_keyboard")
        if rows is None:
            return None
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise BadRequest("can't parse inline keyboard: rows must be Arrays")
        made = tuple(tuple(_button(item) for item in row) for row in rows if row)
        return made or None

    def message_object(self, message: Message) -> JsonObject:
        """A stored message as a `Message`."""
        return objects.message(message, self.store.bot)


def caption(text: str, parse_mode: str, entities: list[dict[str, object]]) -> Formatted:
    """Read a caption.

    Args:
        text: With markup, where there is a parse mode.
        parse_mode: As `format_text` takes it.
        entities: The alternative to a parse mode.

    Returns:
        The caption and its entities.

    Raises:
        BadRequest: If it is too long, or its markup is wrong.
    """
    plain, spans = format_text(text, parse_mode, entities)
    if len(plain) > CAPTION_MAX_CHARS:
        raise BadRequest("message caption is too long")
    return plain, spans


def _button(item: object) -> Button:
    text = item.get("text") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(text, str) or not text:
        raise BadRequest("can't parse inline keyboard button: Text buttons must have a text")
    data, url = item.get("callback_data"), item.get("url")
    if isinstance(url, str):
        return Button(text=text, url=url)
    if not isinstance(data, str):
        raise BadRequest(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if not 1 <= len(data.encode()) <= _BUTTON_DATA_MAX_BYTES:
        raise BadRequest("BUTTON_DATA_INVALID")
    return Button(text=text, data=data)

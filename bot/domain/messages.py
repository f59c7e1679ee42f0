"""What the bot says: words, buttons and files on their way to a chat.

Knows what a message is to a case. Must not know Telegram's types.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import ChatId, MessageId, ReadingId


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An inline button; `data` comes back when it is pressed (at most 64 bytes).

    Args:
        picture_of: The message, of whatever chat, whose picture stands small beside it, where
            the server can show that.
    """

    text: str
    data: str
    picture_of: tuple[ChatId, MessageId] | None = None


class Question(StrEnum):
    """A question that a reply in words answers."""

    CASE = "case"
    SEARCH = "search"
    FORGET = "forget"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What a message asks for.

    Args:
        example: Of an answer, at most 64 characters: it stands where the answer is typed.
    """

    question: Question
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Words for a person.

    Args:
        text: Safe Telegram HTML, at most 4096 characters once parsed.
        buttons: Rows of inline buttons under it.
        asks: What a reply to it is to say; a chat begins that reply by itself.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    asks: Asks | None = None


class MessageRole(StrEnum):
    """What a message in a chat is to a case; a text that replies to one finds the case by it."""

    PICTURE = "picture"
    QUESTION = "question"
    RECEIVED = "received"
    ANSWER = "answer"
    NOTICE = "notice"
    REVIEW = "review"
    ALARM = "alarm"
    OUTCOME = "outcome"


class Mark(StrEnum):
    """The bot's reaction to what somebody asked: where the asking stands, at a glance."""

    READING = "👀"
    ANSWERED = "👌"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The reading that a message is about, and what the message is to it."""

    reading_id: ReadingId
    role: MessageRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file made for a person: an export, or a picture, which is sent as a photo."""

    file_name: str
    data: bytes

    @property
    def is_picture(self) -> bool:
        """Whether it is to be looked at in the chat."""
        return self.file_name.endswith((".png", ".jpg"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to be delivered, stored until the server confirmed it.

    Args:
        key: Unique name of this message; a second message of the same key is the same message.
        chat_id: Where it goes.
        reply: Its words: a text, the caption of `picture` or `attachment`, or the new text of an
            edited message.
        reply_to: Message it replies to; sent without if that one is gone.
        about: The reading it is about, so that replies to it find the case.
        picture: Name of a stored picture to send.
        attachment: File to send.
        edits: Message of the chat to edit instead of sending a new one.
        edits_key: Edit the message of this key instead, which may be on its way still.
        edits_received: Edit the "received" message of the reading in `about` instead.
        gives_way_to: Of an edit: the key of the message that takes the edited one's place. Once
            that is delivered the edited one is removed; it gets these words where it cannot be.
        is_sms: It goes to a telephone number, and its text is plain: made by `bot.replies.sms`.
        unless_here: Of an SMS: whoever has this chat needs none while their page shows it.
        calls_again: It calls an alarm again, which makes nobody's first word of it wait.
    """

    key: str
    chat_id: ChatId
    reply: Reply
    reply_to: MessageId | None = None
    about: About | None = None
    picture: str | None = None
    attachment: Attachment | None = None
    edits: MessageId | None = None
    edits_key: str | None = None
    edits_received: bool = False
    gives_way_to: str | None = None
    is_sms: bool = False
    unless_here: ChatId | None = None
    calls_again: bool = False

    @property
    def is_edit(self) -> bool:
        """Whether it changes a message that is there."""
        return self.edits is not None or self.edits_key is not None or self.edits_received


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message of the bot: that was delivered, or the key of one that is on its way."""

    message_id: MessageId | None
    key: str | None

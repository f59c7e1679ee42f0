"""What the gateway keeps: people, messages, their media.

Knows no SQL, no HTTP and no JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from gateway.schemas.entities import Entity
from pictures.corners import Corners

UserId = NewType("UserId", int)
ChatId = NewType("ChatId", int)
MessageId = NewType("MessageId", int)
FileId = NewType("FileId", str)

NOBODY = UserId(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotIdentity:
    """The one bot that this gateway serves."""

    user_id: UserId
    name: str
    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whoever has a chat with the bot, which has their id: a person, or a group.

    Args:
        user_id: Drawn by chance; a group's is negative.
        name: What they call themselves.
        language_code: The language of their phone.
        is_member: Whether the bot has let them in; of a group, whether the bot is in it.
        is_shut_out: Whether the bot has taken that back: nothing reaches them any more.
        is_number: Whether it is a telephone number, which SMS alone reach.
    """

    user_id: UserId
    name: str
    language_code: str | None = None
    is_member: bool = False
    is_shut_out: bool = False
    is_number: bool = False

    @property
    def chat_id(self) -> ChatId:
        """The chat between this person and the bot."""
        return ChatId(self.user_id)

    @property
    def is_group(self) -> bool:
        """True if these are several people, and `name` is their group's title."""
        return self.user_id < 0

    @property
    def bot_left(self) -> bool:
        """True of a group that the bot is no longer in: it hears and says nothing there."""
        return self.is_group and not self.is_member


class Standing(StrEnum):
    """How somebody stands in a group: the `status` of a `ChatMember`."""

    MEMBER = "member"
    BANNED = "kicked"
    GONE = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSize:
    """One size of a photo."""

    file_id: FileId
    file_unique_id: str
    width: int
    height: int
    file_size: int


class FileKind(StrEnum):
    """As what a file was sent: the name of the field that a `Message` has it in."""

    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    ANIMATION = "animation"
    STICKER = "sticker"
    VIDEO_NOTE = "video_note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file sent as it is; what is known of a recording is what its sender told.

    Args:
        kind: As what it was sent.
        duration_s: Of a recording.
        width_px: Of a picture that moves, or a sticker.
        height_px: Likewise.
        performer: Of a piece of music.
        title: Likewise.
        emoji: That a sticker stands for.
        thumbnail: A small picture of it, if its sender gave one.
    """

    file_id: FileId
    file_unique_id: str
    file_name: str
    mime_type: str
    file_size: int
    kind: FileKind = FileKind.DOCUMENT
    duration_s: int = 0
    width_px: int = 0
    height_px: int = 0
    performer: str | None = None
    title: str | None = None
    emoji: str | None = None
    thumbnail: PhotoSize | None = None


Photo = tuple[PhotoSize, ...]
Media = Photo | Document

_THUMBNAIL_PX = 320


def thumbnail_of(photo: Photo) -> PhotoSize:
    """The size that is shown small."""
    large = (size for size in photo if max(size.width, size.height) >= _THUMBNAIL_PX)
    return next(large, photo[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """Where a file's bytes are: `path` is relative to the folder of files, and the Bot API's."""

    file_id: FileId
    file_unique_id: str
    path: str
    size_bytes: int
    media: Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message: it sends `data` back to the bot, or opens `url`.

    Args:
        style: How it shall look: `danger`, `success` or `primary`.
        other: What the bot said of a kind that is not here, as the Bot API has it: with it the
            button does nothing.
        picture_of: The message, of whatever chat, whose picture stands beside it.
    """

    text: str
    data: str | None = None
    url: str | None = None
    style: str | None = None
    other: Mapping[str, object] | None = None
    picture_of: tuple[ChatId, MessageId] | None = None


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyboard:
    """What a phone shows in the place of its keyboard until a later message says otherwise.

    Args:
        rows: Texts that a press sends; none for the other two kinds.
        force_reply: True to begin a reply to the message.
        one_time: True to hide it once used.
        placeholder: Shown in the empty field of a phone.
        only_for: Whom of a group it is for; None for all.
    """

    rows: tuple[tuple[str, ...], ...] = ()
    force_reply: bool = False
    one_time: bool = False
    placeholder: str | None = None
    only_for: UserId | None = None

    def is_for(self, viewer: Person | None) -> bool:
        """Whether it is shown on a person's phone."""
        return self.only_for is None or (viewer is not None and viewer.user_id == self.only_for)

    @property
    def removes(self) -> bool:
        """True if it takes the one before away, and puts none in its place."""
        return not self.rows and not self.force_reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The part of a message that an answer to it quotes; `position` in UTF-16 code units."""

    text: str
    position: int
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where updates are delivered.

    Args:
        url: Of the bot.
        secret_token: Sent along, so that the bot knows who calls.
        certificate: PEM text of the one that the bot's server has, if it made its own.
        ip_address: Where the bot is, whatever its name says.
        max_connections: As many deliveries at once as the bot allows.
        last_error_date: Of the last delivery that failed, unix seconds.
        last_error_message: Why it failed.
    """

    url: str
    secret_token: str | None = None
    certificate: str | None = None
    ip_address: str | None = None
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardOrigin:
    """Who first sent a forwarded message, and when (unix seconds)."""

    from_bot: bool
    user_id: UserId
    name: str
    date: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message about to be stored; `text` is the caption where there is a photo or file.

    Args:
        quote: What of the message it answers it quotes.
        keyboard: What it shows in the place of the phone's keyboard.
        link_preview: How its sender wants links to be shown, as the Bot API has it.
        is_protected: True if it shall not be forwarded.
        has_spoiler: True if its picture is covered until somebody wants to see it.
        is_caption_above: True if the caption stands above the picture.
        film_corners: Where whoever sent the photo set the corners of the film in it.
        service: What the group tells of itself in it, as the Bot API has it; there is no text then.
        content: What it shows that is neither text nor file, as the Bot API has it; `text` says
            it in words then.
    """

    text: str = ""
    entities: tuple[Entity, ...] = ()
    photo: Photo | None = None
    document: Document | None = None
    media_group_id: str | None = None
    reply_to_id: MessageId | None = None
    quote: Quote | None = None
    buttons: Buttons | None = None
    keyboard: Keyboard | None = None
    link_preview: Mapping[str, object] | None = None
    is_protected: bool = False
    has_spoiler: bool = False
    is_caption_above: bool = False
    film_corners: Corners | None = None
    service: Mapping[str, object] | None = None
    content: Mapping[str, object] | None = None
    forward_origin: ForwardOrigin | None = None

    @property
    def has_media(self) -> bool:
        """True if `text` is a caption."""
        return self.photo is not None or self.document is not None

    @property
    def thumbnail(self) -> PhotoSize | None:
        """Its picture as it is shown small; None where it has none."""
        if self.photo is not None:
            return thumbnail_of(self.photo)
        return None if self.document is None else self.document.thumbnail


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Draft):
    """A message of a chat.

    Args:
        message_id: Grows through all chats and is never used again.
        person: Whose chat it is in.
        author: Who of a group sent it, if not the bot.
        from_bot: True if the bot sent it, False if the person did.
        date: When it was sent, unix seconds.
        edit_date: When it was last edited.
        reaction: The emoji the bot put on it.
        client_id: The id the phone gave it; the parts of an album share it.
        delivered: True once the bot has confirmed the update with it.
        reply_to: The message it answers, where that is still there; without its own `reply_to`.
    """

    message_id: MessageId
    person: Person
    from_bot: bool
    date: int
    edit_date: int | None = None
    reaction: str | None = None
    client_id: str | None = None
    delivered: bool = True
    reply_to: "Message | None" = None
    author: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that the bot offers."""

    command: str
    description: str

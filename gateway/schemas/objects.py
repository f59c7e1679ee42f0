"""The Bot API's objects, as JSON, made of what is stored.

Source: Bot API, section "Available types". Knows no SQL and no HTTP.
"""

from dataclasses import asdict, replace

from gateway.schemas.entities import Entity
from gateway.schemas.records import (
    BotIdentity,
    Button,
    Buttons,
    Document,
    FileKind,
    ForwardOrigin,
    Message,
    Person,
    PhotoSize,
    Quote,
    Standing,
)

JsonObject = dict[str, object]

_SHOWN = frozenset({FileKind.VIDEO, FileKind.ANIMATION, FileKind.STICKER})
_LASTING = frozenset(FileKind) - {FileKind.DOCUMENT, FileKind.STICKER}
_TYPED = frozenset(FileKind) - {FileKind.STICKER, FileKind.VIDEO_NOTE}
_NAMED = _TYPED - {FileKind.VOICE}


def bot_user(bot: BotIdentity) -> JsonObject:
    """The bot as a `User`."""
    return {
        "id": bot.user_id,
        "is_bot": True,
        "first_name": bot.name,
        "username": bot.username,
    }


def me(bot: BotIdentity) -> JsonObject:
    """The bot as getMe tells it."""
    return bot_user(bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def person_user(person: Person) -> JsonObject:
    """A person as a `User`."""
    user: JsonObject = {"id": person.user_id, "is_bot": False, "first_name": person.name}
    if person.language_code:
        user["language_code"] = person.language_code
    return user


def administrator(user: JsonObject) -> JsonObject:
    """A `ChatMemberAdministrator` who may do what can be done here."""
    rights = ("manage_chat", "delete_messages", "pin_messages", "restrict_members", "invite_users")
    others = ("be_edited", "manage_video_chats", "promote_members", "change_info")
    channels = ("post_stories", "edit_stories", "delete_stories", "send_welcome_messages")
    return {
        "status": "administrator",
        "user": user,
        "is_anonymous": False,
        **{f"can_{right}": True for right in rights},
        **{f"can_{right}": False for right in (*others, *channels)},
    }


def chat_member(standing: Standing, user: JsonObject) -> JsonObject:
    """A `ChatMember` who does not run the group; a ban has no end."""
    made: JsonObject = {"status": standing.value, "user": user}
    return made | {"until_date": 0} if standing is Standing.BANNED else made


def chat(person: Person) -> JsonObject:
    """A person's private `Chat`, or a group's."""
    if person.is_group:
        title = person.name
        return {
            "id": person.chat_id,
            "type": "group",
            "title": title,
            "all_members_are_administrators": False,
        }
    private: JsonObject = {"id": person.chat_id, "type": "private", "first_name": person.name}
    return private | {"edgerad_channel": "sms"} if person.is_number else private


def chat_full_info(person: Person) -> JsonObject:
    """A person's `ChatFullInfo`, with the fields that it must have."""
    return chat(person) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def message(stored: Message, bot: BotIdentity) -> JsonObject:
    """A stored message as a `Message`."""
    made: JsonObject = {
        "message_id": stored.message_id,
        "from": bot_user(bot) if stored.from_bot else person_user(stored.author or stored.person),
        "chat": chat(stored.person),
        "date": stored.date,
    }
    optional: JsonObject = {
        "edit_date": stored.edit_date,
        "media_group_id": stored.media_group_id,
        "reply_to_message": stored.reply_to and message(stored.reply_to, bot),
        **(_origin(stored.forward_origin, bot) if stored.forward_origin else {}),
        "quote": stored.quote and _quote(stored.quote),
        "has_protected_content": stored.is_protected or None,
        "has_media_spoiler": stored.has_spoiler or None,
        "show_caption_above_media": stored.is_caption_above or None,
        "edgerad_film_corners": stored.film_corners,
        "link_preview_options": stored.link_preview,
        "reply_markup": stored.buttons and {"inline_keyboard": _keyboard(stored.buttons)},
    }
    made |= {key: value for key, value in optional.items() if value is not None}
    return made | _content(stored)


def _content(stored: Message) -> JsonObject:
    if stored.service is not None:
        return dict(stored.service)
    if stored.content is not None:
        return dict(stored.content)
    entities = [entity(e) for e in stored.entities]
    if not stored.has_media:
        text: JsonObject = {"text": stored.text}
        return text | {"entities": entities} if entities else text
    made: JsonObject = {}
    if stored.photo is not None:
        made["photo"] = [asdict(size) for size in stored.photo]
    if stored.document is not None:
        made |= _file_content(stored.document)
    if stored.text:
        made["caption"] = stored.text
    if entities:
        made["caption_entities"] = entities
    return made


def _file_content(sent: Document) -> JsonObject:
    made: JsonObject = {sent.kind.value: _sent_file(sent)}
    if sent.kind is FileKind.ANIMATION:  # as Telegram does, for bots from before animations
        made["document"] = _sent_file(replace(sent, kind=FileKind.DOCUMENT))
    return made


def _sent_file(sent: Document) -> JsonObject:
    made: JsonObject = {
        "file_id": sent.file_id,
        "file_unique_id": sent.file_unique_id,
        "file_size": sent.file_size,
    }
    if sent.kind is FileKind.STICKER:
        made |= {"type": "regular", "is_animated": False, "is_video": False}
    if sent.kind is FileKind.VIDEO_NOTE:
        made["length"] = sent.width_px
    if sent.kind in _TYPED:
        made["mime_type"] = sent.mime_type
    if sent.kind in _NAMED:
        made["file_name"] = sent.file_name
    if sent.kind in _LASTING:
        made["duration"] = sent.duration_s
    if sent.kind in _SHOWN:
        made |= {"width": sent.width_px, "height": sent.height_px}
    told: JsonObject = {"performer": sent.performer, "title": sent.title, "emoji": sent.emoji}
    if sent.thumbnail is not None:
        told["thumbnail"] = asdict(sent.thumbnail)
    return made | {key: value for key, value in told.items() if value is not None}


def entity(span: Entity) -> JsonObject:
    """A formatted span as a `MessageEntity`."""
    made: JsonObject = {"type": span.type, "offset": span.offset, "length": span.length}
    for name in ("url", "language", "custom_emoji_id"):
        value = getattr(span, name)
        if value is not None:
            made[name] = value
    return made


def file(media: PhotoSize | Document, path: str) -> JsonObject:
    """A `File` that can be downloaded from its path."""
    return {
        "file_id": media.file_id,
        "file_unique_id": media.file_unique_id,
        "file_size": media.file_size,
        "file_path": path,
    }


def callback_query(
    query_id: str, person: Person, pressed: Message, data: str, bot: BotIdentity
) -> JsonObject:
    """A person's press of one of a message's buttons as a `CallbackQuery`."""
    return {
        "id": query_id,
        "from": person_user(person),
        "message": message(pressed, bot),
        "chat_instance": str(pressed.person.chat_id),
        "data": data,
    }


def _origin(origin: ForwardOrigin, bot: BotIdentity) -> JsonObject:
    person = Person(user_id=origin.user_id, name=origin.name)
    sender = bot_user(bot) if origin.from_bot else person_user(person)
    return {
        "forward_origin": {"type": "user", "date": origin.date, "sender_user": sender},
        "forward_from": sender,  # as Telegram does, for bots from before origins
        "forward_date": origin.date,
    }


def _quote(quote: Quote) -> JsonObject:
    made: JsonObject = {"text": quote.text, "position": quote.position, "is_manual": True}
    entities = [entity(e) for e in quote.entities]
    return made | {"entities": entities} if entities else made


def _keyboard(buttons: Buttons) -> list[list[JsonObject]]:
    return [[_button(button) for button in row] for row in buttons]


def _button(button: Button) -> JsonObject:
    told = {"url": button.url, "callback_data": button.data, "style": button.style}
    shown = {key: value for key, value in told.items() if value is not None}
    return {"text": button.text, **shown, **(button.other or {})}

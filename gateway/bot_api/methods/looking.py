"""Methods about chats, files and the bot's commands.

Source: Bot API, section "Available methods".
"""

import re

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.bot_api.parameters import as_integer
from gateway.errors import BadRequest
from gateway.schemas import objects
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, Command, Document, FileId

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_DESCRIPTION_MAX_CHARS = 256
_COMMANDS_MAX = 100
_SCOPED = Fields(takes="scope language_code")
_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})


@method("getChat", Fields(takes="chat_id"))
async def get_chat(call: Call) -> JsonObject:
    """All about a chat, with the newest message that is pinned in it."""
    chat = await call.chat()
    pinned = await call.store.pinned.newest(chat.chat_id)
    info = objects.chat_full_info(chat)
    return info if pinned is None else info | {"pinned_message": call.message_object(pinned)}


@method("getFile", Fields(takes="file_id"))
async def get_file(call: Call) -> JsonObject:
    """Where to download a file.

    Raises:
        BadRequest: If there is no such file.
    """
    file_id = FileId(call.parameters.text("file_id"))
    found = await call.store.files.find(file_id)
    if found is None:
        raise BadRequest("wrong file_id or the file is temporarily unavailable")
    sizes = (found.media,) if isinstance(found.media, Document) else found.media
    [media] = [size for size in sizes if size.file_id == file_id]
    path = found.path if call.copies is None else await call.copies.path(found)
    return objects.file(media, str(path))


@method("getUserProfilePhotos", Fields(takes="user_id", ignores="offset limit"))
async def get_user_profile_photos(call: Call) -> JsonObject:
    """None: nobody's picture is kept."""
    if call.user_id() != call.store.bot.user_id:
        await call.user()
    return {"total_count": 0, "photos": []}


@method("setMyCommands", _SCOPED + Fields(takes="commands"))
async def set_my_commands(call: Call) -> bool:
    """Offer commands in a scope and a language.

    Raises:
        BadRequest: If one of them cannot be a command.
    """
    offered = tuple(_command(item) for item in call.parameters.records("commands"))
    if len(offered) > _COMMANDS_MAX:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    await call.store.commands.put(await _scope(call), call.language(), offered)
    return True


@method("getMyCommands", _SCOPED)
async def get_my_commands(call: Call) -> list[JsonObject]:
    """The commands offered in exactly a scope and a language."""
    offered = await call.store.commands.get(await _scope(call), call.language())
    return [{"command": each.command, "description": each.description} for each in offered]


@method("deleteMyCommands", _SCOPED)
async def delete_my_commands(call: Call) -> bool:
    """Offer nothing of its own in a scope and a language."""
    await call.store.commands.delete(await _scope(call), call.language())
    return True


def _command(item: dict[str, object]) -> Command:
    command = str(item.get("command") or "").removeprefix("/")
    description = str(item.get("description") or "").strip()
    if item.get("is_ephemeral"):
        raise BadRequest("ephemeral commands are not supported by this server")
    if not _COMMAND.fullmatch(command):
        raise BadRequest("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= _DESCRIPTION_MAX_CHARS:
        raise BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")
    return Command(command=command, description=description)


async def _scope(call: Call) -> str:
    scope = call.parameters.record("scope")
    kind = scope.get("type", "default")
    if kind in _SCOPES:
        return str(kind)
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        raise BadRequest("can't parse BotCommandScope: Unsupported type specified")
    chat_id = as_integer(scope.get("chat_id"))
    if chat_id is None or await call.store.person(ChatId(chat_id)) is None:
        raise BadRequest("chat not found")
    member = f":{as_integer(scope.get('user_id'))}" if kind == "chat_member" else ""
    return f"{kind}:{chat_id}{member}"

"""Methods by which a bot says who it is.

Source: Bot API, section "Available methods".
"""

import json

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest
from gateway.schemas import objects
from gateway.schemas.objects import JsonObject
from gateway.store.profile import NAME

_DESCRIPTION = "description"
_SHORT_DESCRIPTION = "short_description"
_MENU_BUTTON = "menu_button"
_MOST_CHARS = {NAME: 64, _DESCRIPTION: 512, _SHORT_DESCRIPTION: 120}
_IN_A_LANGUAGE = Fields(takes="language_code")
_MENU_BUTTONS = {
    "default": ("type",),
    "commands": ("type",),
    "web_app": ("type", "text", "web_app"),
}


@method("getMe")
async def get_me(call: Call) -> JsonObject:
    """Who the bot is; its id is the number in its token."""
    return objects.me(call.store.bot)


@method("setMyName", _IN_A_LANGUAGE + Fields(takes="name"))
async def set_my_name(call: Call) -> bool:
    """Call the bot something else; without a language, on the phones too."""
    name = await _put(call, NAME)
    if not call.language():
        call.store.rename_bot(name)
    return True


@method("getMyName", _IN_A_LANGUAGE)
async def get_my_name(call: Call) -> JsonObject:
    """What the bot is called."""
    found = await call.store.profile.get(NAME, call.language())
    return {"name": found or call.store.bot.name}


@method("setMyDescription", _IN_A_LANGUAGE + Fields(takes="description"))
async def set_my_description(call: Call) -> bool:
    """Say what the bot can do."""
    await _put(call, _DESCRIPTION)
    return True


@method("getMyDescription", _IN_A_LANGUAGE)
async def get_my_description(call: Call) -> JsonObject:
    """What the bot can do."""
    found = await call.store.profile.get(_DESCRIPTION, call.language())
    return {"description": found or ""}


@method("setMyShortDescription", _IN_A_LANGUAGE + Fields(takes="short_description"))
async def set_my_short_description(call: Call) -> bool:
    """Say in short what the bot can do."""
    await _put(call, _SHORT_DESCRIPTION)
    return True


@method("getMyShortDescription", _IN_A_LANGUAGE)
async def get_my_short_description(call: Call) -> JsonObject:
    """What the bot can do, in short."""
    found = await call.store.profile.get(_SHORT_DESCRIPTION, call.language())
    return {"short_description": found or ""}


@method("setChatMenuButton", Fields(takes="chat_id menu_button"))
async def set_chat_menu_button(call: Call) -> bool:
    """Keep which menu button a chat, or every chat, shall have; the phone shows the commands.

    Raises:
        BadRequest: If it is none.
    """
    button = call.parameters.record("menu_button") or {"type": "default"}
    known = _MENU_BUTTONS.get(str(button.get("type")))
    if known is None or not all(button.get(name) for name in known):
        raise BadRequest("can't parse MenuButton")
    kept = {name: button[name] for name in known}
    await call.store.profile.put(await _menu_key(call), json.dumps(kept))
    return True


@method("getChatMenuButton", Fields(takes="chat_id"))
async def get_chat_menu_button(call: Call) -> object:
    """Which menu button a chat has, or those that have none of their own."""
    found = await call.store.profile.get(await _menu_key(call))
    return json.loads(found or await call.store.profile.get(_MENU_BUTTON) or '{"type":"default"}')


async def _put(call: Call, key: str) -> str:
    value = call.parameters.text(key).strip()
    if len(value) > _MOST_CHARS[key]:
        raise BadRequest(f"bot {key.replace('_', ' ')} is too long")
    await call.store.profile.put(key, value, call.language())
    return value


async def _menu_key(call: Call) -> str:
    if not call.parameters.text("chat_id"):
        return _MENU_BUTTON
    person = await call.person()
    return f"{_MENU_BUTTON}:{person.chat_id}"

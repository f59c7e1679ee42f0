"""Methods about groups, and who is in them.

Telegram's groups are made by people; here the bot makes them, by two methods of EdgeRad's own.
Source: Bot API, section "Available methods"; ChatMember.
"""

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest
from gateway.schemas import objects
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, Person, Standing

_TITLE_MAX_CHARS = 128


@method("edgeradCreateGroup", Fields(takes="title user_ids"))
async def create_group(call: Call) -> JsonObject:
    """Make a group of people whom the bot knows; Telegram has no such method.

    Raises:
        BadRequest: If it has no title, or somebody is not known.
    """
    title = call.parameters.text("title").strip()
    if not 1 <= len(title) <= _TITLE_MAX_CHARS:
        raise BadRequest("group title is empty" if not title else "group title is too long")
    people = [await _known(call, number) for number in call.parameters.integers("user_ids")]
    return objects.chat(await call.store.groups.create(title, people))


@method("edgeradAddChatMember", Fields(takes="chat_id user_id"))
async def add_chat_member(call: Call) -> bool:
    """Put a person into a group; Telegram has no such method."""
    group = await _group(call)
    await call.store.groups.add(group, await call.user())
    return True


@method("banChatMember", Fields(takes="chat_id user_id", ignores="until_date revoke_messages"))
async def ban_chat_member(call: Call) -> bool:
    """Take a person out of a group for ever, until the bot puts them in again."""
    group = await _group(call)
    await call.store.groups.ban(group, await call.user())
    return True


@method("unbanChatMember", Fields(takes="chat_id user_id only_if_banned"))
async def unban_chat_member(call: Call) -> bool:
    """Take a ban back, so that the bot can put them in again; who is in the group is taken out."""
    group, person = await _group(call), await call.user()
    only_banned = call.parameters.flag("only_if_banned")
    await call.store.groups.unban(group, person, only_banned=only_banned)
    return True


@method("leaveChat", Fields(takes="chat_id"))
async def leave_chat(call: Call) -> bool:
    """Leave a group, for ever; the people in it stay.

    Raises:
        BadRequest: If it is a private chat.
    """
    chat = await call.chat()
    if not chat.is_group:
        raise BadRequest("can't leave private chats")
    await call.store.groups.leave(chat)
    return True


@method("getChatMember", Fields(takes="chat_id user_id"))
async def get_chat_member(call: Call) -> JsonObject:
    """Who somebody is in a chat: a member, the bot that runs it, banned, or gone."""
    chat = await call.chat()
    bot = call.store.bot
    if call.user_id() == bot.user_id:
        return objects.administrator(objects.bot_user(bot))
    person = await call.user()
    if chat.is_group:
        standing = await call.store.groups.standing(chat, person)
    else:
        standing = Standing.MEMBER if person.user_id == chat.user_id else Standing.GONE
    return objects.chat_member(standing, objects.person_user(person))


@method("getChatAdministrators", Fields(takes="chat_id", ignores="return_bots"))
async def get_chat_administrators(call: Call) -> list[JsonObject]:
    """Who runs a group: the bot."""
    await _group(call)
    return [objects.administrator(objects.bot_user(call.store.bot))]


@method("getChatMemberCount", Fields(takes="chat_id"))
async def get_chat_member_count(call: Call) -> int:
    """How many are in a chat, the bot among them."""
    chat = await call.chat()
    return 1 + (len(await call.store.groups.members(chat)) if chat.is_group else 1)


async def _group(call: Call) -> Person:
    chat = await call.chat()
    if not chat.is_group:
        raise BadRequest("there are no administrators in the private chat")
    return chat


async def _known(call: Call, number: int) -> Person:
    person = await call.store.person(ChatId(number))
    if person is None or person.is_group:
        raise BadRequest("user not found")
    return person

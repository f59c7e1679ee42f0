"""How somebody stands in a group, and what the bot is told when that changes.

Knows the Bot API's `ChatMemberUpdated`. Must not know what is said in the group.
"""

from gateway.schemas import objects
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import BotIdentity, Person, Standing
from gateway.store import members, updates
from storage.database import Transaction


def of(tx: Transaction, group: Person, person: Person) -> Standing:
    """How a person stands in a group."""
    if members.is_in(tx, group.chat_id, person):
        return Standing.MEMBER
    return Standing.BANNED if members.is_banned(tx, group, person) else Standing.GONE


def changed(
    tx: Transaction, bot: BotIdentity, group: Person, person: Person, before: Standing
) -> None:
    """Tell the bot that a person no longer stands in a group as before; it was the bot that did it.

    Args:
        before: How they stood.
    """
    now = of(tx, group, person)
    if now is before or group.bot_left:
        return
    user = objects.person_user(person)
    was, is_now = (objects.chat_member(each, user) for each in (before, now))
    updates.enqueue(tx, "chat_member", _change(tx, bot, group, was, is_now), group.chat_id)


def bot_came(tx: Transaction, bot: BotIdentity, group: Person) -> None:
    """Tell the bot that it runs a group from now on."""
    user = objects.bot_user(bot)
    gone, runs = objects.chat_member(Standing.GONE, user), objects.administrator(user)
    updates.enqueue(tx, "my_chat_member", _change(tx, bot, group, gone, runs), group.chat_id)


def bot_left(tx: Transaction, bot: BotIdentity, group: Person) -> None:
    """Tell the bot that it is in a group no longer."""
    user = objects.bot_user(bot)
    gone, runs = objects.chat_member(Standing.GONE, user), objects.administrator(user)
    updates.enqueue(tx, "my_chat_member", _change(tx, bot, group, runs, gone), group.chat_id)


def _change(
    tx: Transaction, bot: BotIdentity, group: Person, was: JsonObject, now: JsonObject
) -> JsonObject:
    return {
        "chat": objects.chat(group),
        "from": objects.bot_user(bot),
        "date": tx.now,
        "old_chat_member": was,
        "new_chat_member": now,
    }

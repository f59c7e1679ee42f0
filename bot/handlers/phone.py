"""Somebody's telephone number, from the chat: named, changed, given up. The phone proves it."""

import secrets
from typing import Any

from telegram.error import BadRequest
from telegram.ext import BaseHandler

from bot.domain.messages import Outgoing, Reply
from bot.domain.phones import PIN
from bot.errors import TooManyCodes
from bot.gateway_methods import GatewayMethods
from bot.handlers.context import Context
from bot.handlers.permissions import on_command
from bot.locale import translator
from bot.replies import phones, sms
from bot.replies.commands import Command

CODE_DIGITS = 6


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/phone`."""
    return [on_command(Command.PHONE, serve)]


async def serve(context: Context) -> None:
    """Take a number, or what shall be changed of it; tell how it stands to whoever says nothing."""
    typed = " ".join(context.args or []).strip()
    t, me = translator(context.language), context.sender
    if not context.services.settings.has_sms:
        await context.say(phones.no_sms(t))
    elif typed[:1] in {"+", "0"} or typed[:1].isdigit():
        await _begin(typed, context)
    elif typed and not await _change(typed.lower().split(), context):
        mine = await context.services.store.phones.of(me.user_id)
        await context.say(phones.phone(mine, t))
    elif not typed:
        await context.say(phones.phone(await context.services.store.phones.of(me.user_id), t))


async def _begin(typed: str, context: Context) -> None:
    t = translator(context.language)
    try:
        added = await GatewayMethods(context.bot).add_number(typed)
    except BadRequest:
        await context.say(phones.no_number(t))
        return
    if added is None:
        await context.say(phones.no_sms(t))
        return
    chat_id, number = added
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    wanted = Outgoing(
        key=context.next_key(), chat_id=chat_id, reply=sms.your_code(code, t), is_sms=True
    )
    try:
        is_theirs = await context.services.store.phones.begin(
            chat_id, number, code, by=context.actor, told=[wanted]
        )
    except TooManyCodes:
        await context.say(phones.too_many(t))
        return
    await context.say(phones.code_sent(number, t) if is_theirs else phones.number_taken(t))


async def _change(asked: list[str], context: Context) -> bool:
    """Change something of one's number; False for what is no change, or without a number."""
    store, by, t = context.services.store.phones, context.actor, translator(context.language)
    match asked:
        case ["on" | "off" as word]:
            done = await store.stop(is_stopped=word == "off", by=by)
        case ["daily", "on" | "off" as word]:
            done = await store.want_daily(wanted=word == "on", by=by)
        case ["pin", "off"]:
            done = await store.set_pin(None, by=by)
        case ["pin", pin] if PIN.fullmatch(pin):
            done = await store.set_pin(pin, by=by)
        case ["pin", *_]:
            await context.say(phones.no_pin(t))
            return True
        case ["remove"]:
            await store.remove(by=by)
            await context.say(phones.removed(t))
            return True
        case _:
            return False
    if done:
        await context.say(await _told(context))
    return done


async def _told(context: Context) -> Reply:
    mine = await context.services.store.phones.of(context.sender.user_id)
    return phones.phone(mine, translator(context.language))

"""What comes by SMS: the few commands that a number may give, and nothing else of the bot.

Comes before the gate, and lets no update of a number pass it. Who is not known is not answered.
Every answer goes to the number that was proved, whoever forged its sender.
"""

import re
from typing import Any

from telegram import Update
from telegram.ext import ApplicationHandlerStop, BaseHandler, TypeHandler

from bot.domain.alarms import AlarmState
from bot.domain.audit import Act
from bot.domain.ids import CaseId, ChatId, MessageId
from bot.domain.messages import Outgoing, Reply
from bot.domain.phones import Asked, Verb, parse_sms
from bot.handlers import alarms, gate, history
from bot.handlers.context import Context
from bot.locale import translator
from bot.replies import phones, sms
from bot.store.phones import Owned, PinVerdict
from bot.texting import alarm_key, next_call

GROUP = gate.GROUP - 2
"""PTB's handler group of these: before the gate, and before what the gateway tells of sessions."""

UPDATE = "edgerad_sms"
CHANNEL = "edgerad_channel"
_CODE = re.compile(r"\s*(\d{6})\s*", re.ASCII)


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the updates of numbers."""
    return [TypeHandler(Update, take)]


async def take(update: Update, context: Context) -> None:
    """Serve what comes from a number, and pass any other update by.

    Raises:
        ApplicationHandlerStop: It was one, so it goes no further.
    """
    failed = update.api_kwargs.get(UPDATE)
    if failed is not None:
        await _call_next(failed, context)
        raise ApplicationHandlerStop
    chat = update.effective_chat
    if chat is None or chat.api_kwargs.get(CHANNEL) != "sms":
        return
    text = (update.message.text if update.message is not None else None) or ""
    owned = await context.services.store.phones.owner(ChatId(chat.id))
    if owned is None:
        await _prove(ChatId(chat.id), text, context, update)
    else:
        context.begin(update, owned.person)
        await _answer(text, owned, context)
    raise ApplicationHandlerStop


async def _prove(chat_id: ChatId, text: str, context: Context, update: Update) -> None:
    """Take the code of a number that is to be proved; anything else gets silence."""
    code = _CODE.fullmatch(text)
    owned = None
    if code is not None:
        owned = await context.services.store.phones.prove(chat_id, code[1])
    if owned is not None:
        context.begin(update, owned.person)
        t = translator(context.language)
        await context.say(sms.proved(t), is_sms=True)
        await context.say(phones.proved(owned.phone, t), chat_id=owned.person.chat_id)


async def _answer(text: str, owned: Owned, context: Context) -> None:
    asked, t = parse_sms(text), translator(context.language)
    if asked is None:
        key = context.next_key()
        if await context.services.store.phones.may_help(context.chat, key):
            await context.services.store.outbox.add(
                Outgoing(key=key, chat_id=context.chat, reply=sms.help_text(t), is_sms=True)
            )
        return
    reply = await _refusal(asked, owned, context) or await _SERVES[asked.verb](asked, context)
    await context.say(reply, is_sms=True)


async def _refusal(asked: Asked, owned: Owned, context: Context) -> Reply | None:
    """Why a command is not served; None if it is."""
    t = translator(context.language)
    if not owned.person.role.at_least(asked.verb.least_role):
        refused = context.actor.does(Act.REFUSED, f"SMS {asked.verb}")
        await context.services.store.audit.add(refused)
        return sms.not_allowed(t)
    if not asked.verb.needs_pin:
        return None
    verdict = await context.services.store.phones.check_pin(owned.person.user_id, asked.pin)
    return {
        PinVerdict.RIGHT: None,
        PinVerdict.MISSING: sms.pin_wanted(t),
        PinVerdict.WRONG: sms.pin_wrong(t),
        PinVerdict.LOCKED: sms.pin_locked(t),
    }[verdict]


async def _take(asked: Asked, context: Context) -> Reply:
    t, case_id = translator(context.language), asked.case_id or CaseId(0)
    alarm = await alarms.take_case(case_id, context)
    if alarm is None:
        return sms.no_alarm(case_id, t)
    is_mine = alarm.state is AlarmState.TAKEN and alarm.taken_by == context.sender.user_id
    return sms.taken(alarm, t, is_mine=is_mine)


async def _status(_asked: Asked, context: Context) -> Reply:
    ward = await context.services.store.ward.now()
    return sms.status(ward, context.services.engine().state, translator(context.language))


async def _cases(_asked: Asked, context: Context) -> Reply:
    me, store = context.sender, context.services.store
    whose = None if me.role.sees_all_cases else me.user_id
    waiting, unopened = await store.ward.unopened(whose)
    return sms.cases(waiting, unopened, translator(context.language))


async def _case(asked: Asked, context: Context) -> Reply:
    t, case_id = translator(context.language), asked.case_id or CaseId(0)
    found = await history.visible_case(case_id, context)
    if found is None:
        return sms.no_alarm(case_id, t)
    alarm = await context.services.store.alarms.of_case(case_id)
    return sms.case(found, alarm, t)


async def _duty(asked: Asked, context: Context) -> Reply:
    is_on = asked.verb is Verb.DUTY_ON
    await context.services.store.roster.say(on=is_on, by=context.actor)
    return sms.duty(translator(context.language), on=is_on)


async def _stop(_asked: Asked, context: Context) -> Reply:
    t = translator(context.language)
    await context.services.store.phones.stop(is_stopped=True, by=context.actor)
    await context.say(phones.stopped_by_sms(t), chat_id=context.sender.chat_id)
    return sms.stopped(t)


async def _help(_asked: Asked, context: Context) -> Reply:
    return sms.help_text(translator(context.language))


_SERVES = {
    Verb.TAKE: _take,
    Verb.STATUS: _status,
    Verb.CASES: _cases,
    Verb.CASE: _case,
    Verb.DUTY_ON: _duty,
    Verb.DUTY_OFF: _duty,
    Verb.STOP: _stop,
    Verb.HELP: _help,
}


async def _call_next(failed: dict[str, Any], context: Context) -> None:
    """Call the next person on duty where nobody gets an alarm's SMS."""
    store = context.services.store
    chat_id, message_id = ChatId(failed["chat"]["id"]), MessageId(failed["message_id"])
    call = alarm_key(await store.outbox.key_of(chat_id, message_id) or "")
    if call is not None:
        await store.outbox.add(*await next_call(call, store, context.services.clock.now()))

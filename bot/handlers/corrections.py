"""Setting a case right: by buttons, by what is typed after them, or by a reply that says so.

Whoever sent a case may, and supervisors. A reading is made again only when somebody asks for it.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from telegram.ext import BaseHandler

from bot.captions import parse_caption, parse_told
from bot.captions.kinds import kind_said
from bot.captions.records import reference_typed
from bot.domain.alarms import Alarm, AlarmState
from bot.domain.cases import Case, CaseStatus, QueuePosition
from bot.domain.corrections import Awaited, Change, Correction, Field, Side, WithdrawalReason
from bot.domain.ids import CaseId, MessageId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.people import Person
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button
from bot.handlers.standing import restate, restate_withdrawal
from bot.locale import translator
from bot.replies import alarms, corrections, people, reading
from bot.replies.buttons import Action
from inference.contract import PictureKind, Sex

CAPTION_MAX_CHARS = 1024
"""As long as a caption may be (Bot API, `sendPhoto`)."""
AWAITED_FOR = timedelta(minutes=10)
"""For how long a text that replies to nothing is what was asked for."""


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the buttons that set a case right."""
    return [
        on_button(Action.CORRECT, show_menu),
        on_button(Action.CORRECT_FIELD, ask_for),
        on_button(Action.CORRECT_TO, set_pressed),
        on_button(Action.READ_AGAIN, read_again),
        on_button(Action.WITHDRAW, withdraw),
        on_button(Action.BRING_BACK, bring_back),
    ]


async def show_menu(press: Press, context: Context) -> str | None:
    """Ask what is wrong."""
    t = translator(context.language)
    case = await correctable(press, context)
    if case is None:
        return people.stale_button(t)
    await context.say(corrections.menu(case, t), about=_about(case))
    return None


async def ask_for(press: Press, context: Context) -> str | None:
    """Ask what is right: to be pressed, or to be typed."""
    t = translator(context.language)
    case, what = await correctable(press, context), press.text(1)
    if case is not None and what in {Field.SEX, Field.SIDE, Field.KIND}:
        await context.say(corrections.asked_by_buttons(case, Field(what), t), about=_about(case))
    elif case is not None and what in set(Awaited):
        store, me = context.services.store.corrections, context.sender.user_id
        await store.await_from(me, case.case_id, Awaited(what))
        await context.say(corrections.asked(case, Awaited(what), t), about=_about(case))
    else:
        return people.stale_button(t)
    return None


async def set_pressed(press: Press, context: Context) -> str | None:
    """Set the sex, the side or the kind that was pressed."""
    case, change = await correctable(press, context), _pressed(press)
    if case is None or change is None:
        return people.stale_button(translator(context.language))
    await correct(case, [change], context)
    return None


async def read_again(press: Press, context: Context) -> str | None:
    """Have a case read again with what was corrected; the old reading is kept, and marked."""
    t = translator(context.language)
    case = await correctable(press, context)
    if case is None or not await context.services.store.corrections.read_again(
        case.case_id, by=context.actor, words=_words_of_reading
    ):
        return people.stale_button(t)
    return None


async def withdraw(press: Press, context: Context) -> str | None:
    """Ask why a case is withdrawn, and withdraw it once that is said."""
    t = translator(context.language)
    case, typed = await correctable(press, context), press.text(1)
    reason = WithdrawalReason(typed) if typed in set(WithdrawalReason) else None
    if case is None or (reason is None and typed):
        return people.stale_button(t)
    if reason is None or press.text(2) != corrections.YES:
        await context.say(corrections.withdrawal_asked(case, reason, t), about=_about(case))
        return None
    await _withdraw(case, reason, context)
    return None


async def bring_back(press: Press, context: Context) -> str | None:
    """Undo a withdrawal."""
    store = context.services.store
    case = await store.cases.get(CaseId(press.number(0)))
    if case is None or case.withdrawal is None or not _may_correct(case, context):
        return people.stale_button(translator(context.language))
    words = partial(_alarm_brought_back, context.sender.name)
    told = partial(_brought_back, context)
    await store.withdrawals.undo(case.case_id, by=context.actor, words=words, told=told)
    await restate_withdrawal(case.case_id, context)
    return None


async def take_awaited(text: str, context: Context, *, case: Case | None = None) -> bool:
    """Take a text for what was asked for.

    Args:
        case: The case that the text replies to, None if it replies to none.

    Returns:
        False if nothing was asked for, or of another case.
    """
    store, me = context.services.store, context.sender.user_id
    since = context.services.clock.now() - AWAITED_FOR
    awaited = await store.corrections.awaited_from(me, since)
    if awaited is None or (case is not None and case.case_id != awaited[0]):
        return False
    found = await store.cases.get(awaited[0])
    if found is None or not _may_correct(found, context):
        return False
    changes = _typed(awaited[1], text)
    if changes:
        await correct(found, changes, context)
    else:
        t = translator(context.language)
        await context.say(corrections.not_understood(found, t), about=_about(found))
    await store.corrections.await_nothing(me)
    return True


async def offer(
    case: Case,
    text: str,
    message_id: MessageId,
    context: Context,
    *,
    sounds: Callable[[str], bool],
) -> bool:
    """Offer a correction where a reply sounds like one; False for all others.

    Args:
        sounds: Whether a text does.
    """
    if not _may_correct(case, context) or not sounds(text):
        return False
    t = translator(context.language)
    reply = corrections.offered(case, parse_told(text), t)
    await context.say(reply, reply_to=message_id, about=_about(case))
    return True


async def correct(case: Case, changes: Sequence[Change], context: Context) -> Case:
    """Set a case right, say so to whoever did, and to those who have to do with it.

    Returns:
        The case as it is then.
    """
    t, store = translator(context.language), context.services.store
    made = await store.corrections.correct(case.case_id, changes, by=context.actor)
    now = await store.cases.get(case.case_id) or case
    await context.say(corrections.corrected(now, made, t), about=_about(now))
    await tell_others(now, made, context)
    if made:
        await restate(case.case_id, context)
    return now


async def tell_others(case: Case, made: Sequence[Correction], context: Context) -> None:
    """Tell a case's sender, and those whom its alarm called, that it was corrected."""
    overwritten = [each for each in made if each.old]
    if not overwritten:
        return
    for person in await _concerned(case, context):
        t = translator(person.language)
        reply = corrections.corrected_notice(case, overwritten, context.sender.name, t)
        await context.say(reply, chat_id=person.chat_id, about=_about(case))


async def correctable(press: Press, context: Context) -> Case | None:
    """The case of a button, if this person may set it right and it is not withdrawn."""
    case = await context.services.store.cases.get(CaseId(press.number(0)))
    if case is None or case.withdrawal is not None:
        return None
    return case if _may_correct(case, context) else None


def _may_correct(case: Case, context: Context) -> bool:
    return context.sender.may_correct(case)


async def _concerned(case: Case, context: Context) -> list[Person]:
    """The sender and whoever takes care of the alarm, or hears of it; not who acts."""
    store = context.services.store
    sender = await store.people.find(case.sender_id)
    alarm = await store.alarms.of_case(case.case_id)
    called = await store.people.supervisors() if _rings(alarm) else ()
    if alarm is not None and alarm.state is AlarmState.TAKEN:
        taker = None if alarm.taken_by is None else await store.people.find(alarm.taken_by)
        called = () if taker is None else (taker,)
    people_told = {person.user_id: person for person in (sender, *called) if person is not None}
    people_told.pop(context.sender.user_id, None)
    return [person for person in people_told.values() if person.revoked_at is None]


def _rings(alarm: Alarm | None) -> bool:
    return alarm is not None and alarm.state is AlarmState.RINGING


async def _withdraw(case: Case, reason: WithdrawalReason, context: Context) -> None:
    t, name = translator(context.language), context.sender.name
    said = corrections.withdrawn(case, reason, t)
    told = [
        Outgoing(key=context.next_key(), chat_id=context.chat, reply=said, about=_about(case)),
        *_in_senders_chat(case, Reply(text=said.text), context),
    ]
    words = partial(_withdrawn_alarm, name, reason)
    await context.services.store.withdrawals.withdraw(
        case.case_id, reason, by=context.actor, words=words, told=told
    )
    await restate_withdrawal(case.case_id, context)


def _in_senders_chat(case: Case, reply: Reply, context: Context) -> list[Outgoing]:
    """What a case's sender is told: in "received" until it is answered, then by a notice.

    Whoever does it themselves is told so anyway.
    """
    key, is_open = context.next_key(), case.status in {CaseStatus.WAITING, CaseStatus.READING}
    if not is_open and context.chat == case.chat_id:
        return []
    role = MessageRole.RECEIVED if is_open else MessageRole.NOTICE
    return [
        Outgoing(
            key=key,
            chat_id=case.chat_id,
            reply=reply,
            about=About(reading_id=case.reading_id, role=role),
            reply_to=None if is_open else case.message_id,
            edits_received=is_open,
        )
    ]


def _brought_back(context: Context, case: Case) -> list[Outgoing]:
    """What is said to whoever brought a case back, and in its "received" message."""
    said = corrections.brought_back(case, translator(context.language))
    to_sender = corrections.brought_back(case, translator(case.language))
    return [
        Outgoing(key=context.next_key(), chat_id=context.chat, reply=said, about=_about(case)),
        *_in_senders_chat(case, to_sender, context),
    ]


def _alarm_brought_back(name: str, alarm: Alarm, reader: Person) -> Reply:
    return alarms.brought_back(alarm, name, translator(reader.language))


def _withdrawn_alarm(name: str, reason: WithdrawalReason, alarm: Alarm, reader: Person) -> Reply:
    return corrections.withdrawn_alarm(alarm.case, name, reason, translator(reader.language))


def _words_of_reading(
    case: Case, place: QueuePosition, told: Sequence[MessageId]
) -> list[Outgoing]:
    """The new "received" message, and the mark on each message of the answer before it."""
    t = translator(case.language)
    key = f"reading:{case.reading_id}:again:{case.attempt}"
    received = Outgoing(
        key=key,
        chat_id=case.chat_id,
        reply=corrections.read_again(case, place, t),
        reply_to=case.message_id,
        about=About(reading_id=case.reading_id, role=MessageRole.RECEIVED),
    )
    answers = [] if case.reading is None else reading.answer(case, case.reading, t)
    marked = (corrections.replaced(Reply(text=reply.text), t) for reply in answers)
    edits = [
        Outgoing(
            key=f"{key}:{message_id}",
            chat_id=case.chat_id,
            reply=reply,
            about=About(reading_id=case.reading_id, role=MessageRole.ANSWER),
            edits=message_id,
        )
        for message_id, reply in zip(told, marked, strict=False)
        if reply is not None
    ]
    return [*edits, received]


def _pressed(press: Press) -> Change | None:
    field, value = press.text(1), press.text(2)
    if field == Field.SEX and value in set(Sex):
        return Change(field=Field.SEX, value=Sex(value))
    if field == Field.SIDE and value in set(Side):
        return Change(field=Field.SIDE, value=Side(value))
    if field == Field.KIND and value in set(PictureKind):
        return Change(field=Field.KIND, value=PictureKind(value))
    return None


def _typed(awaited: Awaited, text: str) -> list[Change]:
    """What a typed text changes, nothing if it cannot be what was asked for."""
    if awaited is Awaited.REFERENCE:
        reference = reference_typed(text)
        return [] if reference is None else [Change(field=Field.REFERENCE, value=reference)]
    if awaited is Awaited.AGE:
        told = parse_told(text)
        age = None if told.age_years is None else Change(field=Field.AGE, value=told.age_years)
        sex = None if told.sex is None else Change(field=Field.SEX, value=told.sex)
        return [] if age is None else [each for each in (age, sex) if each is not None]
    return _another_patient(text)


def _another_patient(text: str) -> list[Change]:
    """All that was said of another patient gives way to what is said now."""
    text = text[:CAPTION_MAX_CHARS]
    facts, told = parse_caption(text), parse_told(text)
    age, sex = facts.patient.age_years or told.age_years, facts.patient.sex or told.sex
    kind = kind_said(text)
    if not any((age, sex, facts.patient_reference)):
        return []
    return [
        Change(field=Field.REFERENCE, value=facts.patient_reference),
        Change(field=Field.AGE, value=age),
        Change(field=Field.SEX, value=sex),
        Change(field=Field.CAPTION, value=text),
        Change(field=Field.INDICATION, value=facts.patient.indication),
        *([] if kind is None else [Change(field=Field.KIND, value=kind)]),
    ]


def _about(case: Case) -> About:
    return About(reading_id=case.reading_id, role=MessageRole.NOTICE)

"""Duty and wards: who hears of an alarm first, and to whom a ward's cases are left."""

from collections.abc import Sequence
from typing import Any

from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.duty import parse_plan
from bot.domain.people import Person
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button, on_command
from bot.locale import translator
from bot.replies import duty, lists, people
from bot.replies.buttons import Action
from bot.replies.commands import Command

NO_PLAN = "none"
WARD_MAX_CHARS = 40


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/duty`, `/shift`, `/ward` and the buttons of duty."""
    return [
        on_command(Command.DUTY, serve_duty),
        on_command(Command.SHIFT, show_shift),
        on_command(Command.WARD, serve_ward),
        on_button(Action.DUTY, duty_pressed),
        on_button(Action.LIST_SHIFT, turn_shift_page),
    ]


async def serve_duty(context: Context) -> None:
    """Take what somebody says of their duty, or a plan; tell how it stands to whoever says none."""
    typed = " ".join(context.args or [])
    word, plan = typed.strip().lower(), parse_plan(typed)
    if not word:
        await _tell_duty(context)
    elif word in {duty.ON, duty.OFF}:
        await _say_duty(context, on=word == duty.ON)
    elif plan is not None or word == NO_PLAN:
        await context.services.store.roster.plan(plan or (), by=context.actor)
        await context.say(duty.planned(plan or (), translator(context.language)))
    else:
        await context.say(duty.no_plan(translator(context.language)))


async def duty_pressed(press: Press, context: Context) -> str | None:
    """Take what somebody says of their duty by a button."""
    if press.text(0) not in {duty.ON, duty.OFF}:
        return people.stale_button(translator(context.language))
    await _say_duty(context, on=press.text(0) == duty.ON)
    return None


async def show_shift(context: Context) -> None:
    """List the cases that the last shift of a person's ward left."""
    await _show_shift(context)


async def turn_shift_page(press: Press, context: Context) -> str | None:
    """Show another page of these cases in place of this one."""
    await _show_shift(context, before=press.number(0), edits=press.message_id)
    return None


async def _show_shift(context: Context, *, before: int = 0, edits: int | None = None) -> None:
    me, t = context.sender, translator(context.language)
    store = context.services.store
    mine = await store.roster.of(me.user_id)
    now = context.services.clock.now()
    if me.ward is not None and not mine.is_on(now):
        await context.say(duty.say_you_are_on(t))
        return
    left = await store.handover.pending(me)
    listed = context.actor.does(Act.LISTED, "shift")
    reply = lists.left_by_last_shift(left, me, now, t, before=before)
    await context.say(reply, entry=listed, edits=edits)


async def serve_ward(context: Context) -> None:
    """Say to which ward somebody belongs, or tell who belongs to which."""
    t, store = translator(context.language), context.services.store
    name, is_said, ward = " ".join(context.args or []).partition("=")
    everyone = [each for each in await store.people.everyone() if each.revoked_at is None]
    if not is_said:
        for reply in duty.wards(everyone, t):
            await context.say(reply)
        return
    called = _called(name.strip(), everyone)
    if len(called) != 1:
        await context.say(duty.whom(len(called), t))
        return
    chosen = " ".join(ward.split())[:WARD_MAX_CHARS] or None
    await store.handover.set_ward(called[0].user_id, chosen, by=context.actor)
    await context.say(duty.ward_set(called[0], chosen, t))


def _called(name: str, everyone: Sequence[Person]) -> list[Person]:
    """Whoever has exactly this name, else all whose name holds it; nobody for no name."""
    exactly = [each for each in everyone if each.name.casefold() == name.casefold()]
    return exactly or [each for each in everyone if name and each.is_called(name)]


async def _tell_duty(context: Context) -> None:
    store, me = context.services.store, context.sender
    mine = await store.roster.of(me.user_id)
    is_on = mine.is_on(context.services.clock.now())
    on_duty = [each for each in await store.roster.on_duty() if each.role.sees_all_cases]
    await context.say(duty.duty(mine, me, on_duty, translator(context.language), is_on=is_on))


async def _say_duty(context: Context, *, on: bool) -> None:
    t, store = translator(context.language), context.services.store
    await store.roster.say(on=on, by=context.actor)
    await context.say(duty.said_so(t, on=on))
    left = await store.handover.pending(context.sender) if on and context.sender.ward else ()
    if left:
        await context.say(duty.left_to_you(len(left), t))

"""A patient whom the clinic forgets: found by the reference or a case, confirmed, deleted for good.

What is asked and answered names no patient: the button's update would carry it on.
"""

from typing import Any

from telegram.ext import BaseHandler

from bot.domain.cases import parse_case_code
from bot.domain.ids import CaseId
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button, on_command
from bot.locale import translator
from bot.replies import forgetting, people
from bot.replies.buttons import Action
from bot.replies.commands import Command


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/forget` and its button."""
    return [on_command(Command.FORGET, ask), on_button(Action.FORGET_SURELY, forget)]


async def ask(context: Context) -> None:
    """Say how many cases a reference has, typed or of a case, and ask whether they shall go."""
    t = translator(context.language)
    typed = " ".join(context.args or [])
    if not typed:
        await context.say(forgetting.whom(t))
        return
    deletion = context.services.store.deletion
    found, case_id = await deletion.find(typed), _case_named(typed)
    if found is not None:
        await context.say(forgetting.confirm(found, t))
    elif case_id is not None and (found := await deletion.find_like(case_id)) is not None:
        await context.say(forgetting.confirm(found, t, case_id))
    else:
        await context.say(forgetting.nobody(t))


async def forget(press: Press, context: Context) -> str | None:
    """Delete the cases that were shown, if they are the same still."""
    t = translator(context.language)
    newest, count = CaseId(press.number(0)), press.number(1)
    codes = await context.services.store.deletion.mark_patient_for_deletion(
        newest, count, by=context.actor
    )
    if not codes:
        return people.stale_button(t)
    await context.say(forgetting.forgotten(len(codes), t), edits=press.message_id)
    return None


def _case_named(typed: str) -> CaseId | None:
    """The case whose whole code was typed: a bare number may be a reference with a slip in it."""
    return parse_case_code(typed) if typed[:1] in "cC" else None

"""A patient whom the clinic forgets: found by the reference or a case, confirmed, deleted for good.

What is asked and answered names no patient: the button's update would carry it on.
"""

from typing import Any

from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.cases import parse_case_code
from bot.domain.ids import CaseId
from bot.handlers.guard import Press, on_button, on_command
from bot.handlers.visit import Visit
from bot.locale import translator
from bot.replies import forgetting, people
from bot.replies.buttons import Action
from bot.replies.commands import Command


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes `/forget` and its button."""
    return [on_command(Command.FORGET, ask), on_button(Action.FORGET_SURELY, forget)]


async def ask(visit: Visit) -> None:
    """Say how many cases a reference has, typed or of a case, and ask whether they shall go."""
    t = translator(visit.language)
    typed = " ".join(visit.args or [])
    if not typed:
        await visit.say(forgetting.whom(t))
        return
    deletion = visit.desk.store.deletion
    found, case_id = await deletion.find(typed), _case_named(typed)
    if found is not None:
        await visit.say(forgetting.confirm(found, t))
    elif case_id is not None and (found := await deletion.find_like(case_id)) is not None:
        await visit.say(forgetting.confirm(found, t, case_id))
    else:
        await visit.say(forgetting.nobody(t))


async def forget(press: Press, visit: Visit) -> str | None:
    """Delete the cases that were shown, if they are the same still."""
    t = translator(visit.language)
    newest, count = CaseId(press.number(0)), press.number(1)
    codes = await visit.desk.store.deletion.doom_patient(newest, count)
    if not codes:
        return people.stale_button(t)
    await visit.audit(Act.FORGOT, " ".join(codes))
    await visit.say(forgetting.forgotten(len(codes), t), edits=press.message_id)
    return None


def _case_named(typed: str) -> CaseId | None:
    """The case whose whole code was typed: a bare number may be a reference with a slip in it."""
    return parse_case_code(typed) if typed[:1] in "cC" else None

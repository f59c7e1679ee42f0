"""The audit log, for administrators alone: who did what, when."""

from typing import Any

from telegram.ext import BaseHandler

from bot.handlers.guard import on_command
from bot.handlers.visit import Visit
from bot.locale import translator
from bot.replies import audit
from bot.replies.commands import Command

ENTRIES = 40


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes `/audit`."""
    return [on_command(Command.AUDIT, show)]


async def show(visit: Visit) -> None:
    """Show the newest entries."""
    entries = await visit.desk.store.audit.newest(ENTRIES)
    for reply in audit.audit(entries, translator(visit.language)):
        await visit.say(reply)

"""The audit log, for administrators alone: who did what, when."""

from typing import Any

from telegram.ext import BaseHandler

from bot.handlers.context import Context
from bot.handlers.permissions import on_command
from bot.locale import translator
from bot.replies import audit
from bot.replies.commands import Command

ENTRIES = 40


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/audit`."""
    return [on_command(Command.AUDIT, show)]


async def show(context: Context) -> None:
    """Show the newest entries."""
    entries = await context.services.store.audit.newest(ENTRIES)
    for reply in audit.audit(entries, translator(context.language)):
        await context.say(reply)

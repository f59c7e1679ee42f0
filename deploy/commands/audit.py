"""`edgerad audit`: whether the log of who did what is whole.

Knows the command and its words; the looking is done in the bot's store.
"""

import asyncio
from typing import Annotated

import typer
from rich.text import Text

from bot.settings import BotSettings
from bot.store import open_store
from bot.store.audit import AuditVerdict
from deploy.terminal import terminal
from machine.clock import SystemClock
from storage.opening import unlocked

audits = typer.Typer(no_args_is_help=True, help="The log of who did what.")
console = terminal()


@audits.callback()
def audit_group() -> None:
    """Keep `verify` a command of its own although it is the only one."""


@audits.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A head that an earlier run said: must still stand.")
    ] = None,
) -> None:
    """Find an entry that was changed, dropped or moved; exit status 1 if there is one."""
    found = asyncio.run(_verify(BotSettings(), head))
    if found.fault is not None or not found.knows_noted:
        fault = found.fault or "the noted head does not stand in it: the log was written anew"
        words = f"{found.entries} entries are in order, then {fault}."
        console.print(Text(words, style="red"), soft_wrap=True)
        raise typer.Exit(1)
    words = f"{found.entries} entries, all in order. Head, to be noted elsewhere: {found.head}"
    console.print(words, highlight=False, soft_wrap=True)


async def _verify(settings: BotSettings, noted: str | None) -> AuditVerdict:
    with unlocked(settings.home, settings.key_file) as keyring:
        async with open_store(settings.home, keyring, SystemClock()) as store:
            return await store.audit.verify(noted)

"""`edgerad audit`: whether the log of who did what is whole, and the newest there was.

Knows the command and its words; the looking is done in the bot's store.
"""

import asyncio
from typing import Annotated

import typer

from bot.domain.audit import HEAD_DIGITS, Act, head_code
from bot.settings import BotSettings
from bot.store import open_store
from bot.store.audit import AuditVerdict
from deploy.audit import record as note
from deploy.terminal import say, terminal
from machine.clock import SystemClock
from storage.epoch import EpochRecord
from storage.opening import unlocked

audits = typer.Typer(no_args_is_help=True, help="The log of who did what.")
console = terminal()


def _code(text: str) -> str:
    """A noted head, as people type it: with or without dashes, in any case of letters."""
    digits = text.replace("-", "").replace(" ", "").lower()
    if len(digits) < HEAD_DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise typer.BadParameter(f"{text!r} is no head: it has {HEAD_DIGITS} digits and letters.")
    return digits


@audits.command()
def head() -> None:
    """Say the log's head: a code to note elsewhere.

    Compare it later: edgerad audit verify --head CODE
    """
    found = asyncio.run(_verify(BotSettings(), None))
    _say(f"{head_code(found.head)} ({found.entries} entries)")


@audits.command()
def verify(
    head: Annotated[
        str | None,
        typer.Option(
            parser=_code, metavar="CODE", help="A head noted earlier; it must still be in the log."
        ),
    ] = None,
) -> None:
    """Find an entry that was changed, dropped or moved."""
    found = asyncio.run(_verify(BotSettings(), head))
    if found.fault is not None or not found.knows_noted:
        fault = found.fault or (
            "the noted head does not stand in it: an older database was put back, or the log was"
            " written anew"
        )
        words = f"{found.entries} entries are in order, then {fault}."
        say(console, words, "red")
        raise typer.Exit(1)
    code = head_code(found.head)
    entries = "entry" if found.entries == 1 else "entries"
    _say(f"{found.entries} {entries}, all in order. Head, to be noted elsewhere: {code}")


@audits.command()
def accept() -> None:
    """Say that older data, which EdgeRad noticed, were looked into.

    It then says no more of it.
    """
    settings = BotSettings()
    with unlocked(settings.home, settings.key_file) as keyring:
        record = EpochRecord(settings.home, keyring)
        found = record.findings()
        record.accept()
    for finding in found:
        note(settings, Act.CHANGED, f"accepted older {finding.database}")
    _say(f"Accepted: {len(found)}." if found else "Nothing was noticed since the last start.")


async def _verify(settings: BotSettings, noted: str | None) -> AuditVerdict:
    with unlocked(settings.home, settings.key_file) as keyring:
        async with open_store(settings.home, keyring, SystemClock()) as store:
            return await store.audit.verify(noted)


def _say(words: str) -> None:
    say(console, words)

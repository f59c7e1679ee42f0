"""`edgerad retention`: what is older than it is kept, and its deletion.

Knows the command and its words.
"""

import asyncio
from collections.abc import Iterator, Sequence

from rich.console import Console

from bot.domain.cases import case_code
from bot.settings import BotSettings
from bot.store.deletion import Scope
from bot.store.expiry import Expired
from deploy.retention import Old, delete, look
from deploy.terminal import say
from gateway.settings import GatewaySettings
from machine.clock import SystemClock
from storage.opening import unlocked

HELD_SHOWN = 20


def run_retention(console: Console, settings: BotSettings, *, now: bool) -> None:
    """Show what is too old, or delete it.

    Args:
        console: Where to say it.
    """
    retention = settings.retention()
    if retention.is_off:
        _say(console, "Everything is kept for ever: EDGERAD_KEEP_CASES_DAYS is not set.")
        return
    with unlocked(settings.home, settings.key_file) as keyring:
        place, clock = GatewaySettings(), SystemClock()
        old = asyncio.run(look(retention, place, keyring, clock))
        for line in in_words(old):
            _say(console, line)
        if now:
            gone = asyncio.run(delete(retention, place, keyring, clock))
            _say(console, f"Deleted for good: {_counted(gone)}.")
        else:
            _say(console, "Nothing was deleted. To delete it: edgerad retention --now")


def in_words(old: Old) -> Iterator[str]:
    """What is too old, a line for each kind."""
    going = [each for each in old.cases if not each.held]
    held = [case_code(each.case_id) for each in old.cases if each.held]
    yield f"Older than the limit: {_counted(going)}"
    yield f"In chats: {old.messages} messages, {old.files} of them with a picture or a file"
    if old.folders:
        yield f"Moved aside by a restore: {', '.join(path.name for path in old.folders)}"
    if held:
        shown = ", ".join(held[:HELD_SHOWN]) + (", …" if len(held) > HELD_SHOWN else "")
        yield f"Urgent and not signed off, so they stay: {shown}"


def _counted(cases: Sequence[Expired]) -> str:
    if not cases:
        return "none"
    whole = [each for each in cases if each.scope is Scope.CASE]
    pictures = sum(each.pictures for each in cases)
    sent = f"(sent {cases[0].created_at:%Y-%m-%d} to {cases[-1].created_at:%Y-%m-%d})"
    return f"{len(whole)} cases and {pictures} pictures {sent}"


def _say(console: Console, words: str) -> None:
    say(console, words)

"""Invites as the operator makes them, straight in the bot's store.

Knows the bot's store. Must not know Telegram or the gateway.
"""

from datetime import timedelta

from bot.domain.audit import Actor
from bot.domain.people import Role
from bot.settings import BotSettings
from bot.store import Store, open_store
from machine.clock import SystemClock
from storage.keys import Keyring
from storage.opening import unlocked


async def create_invite(settings: BotSettings, role: Role, lasts: timedelta | None = None) -> str:
    """Make an invite.

    Args:
        role: What the person who uses it may do.
        lasts: How long it works; as the settings say for the role by default.

    Returns:
        Its code, which is kept nowhere else.
    """
    with unlocked(settings.home, settings.key_file) as keyring:
        async with open_store(settings.home, keyring, SystemClock()) as store:
            return await _create(store, role, lasts or settings.invite_lasts(role))


async def first_supervisor_invite(settings: BotSettings, keyring: Keyring) -> str | None:
    """Make a supervisor's invite if there is no supervisor yet.

    Args:
        keyring: The keys to the data folder.

    Returns:
        The code, or None where somebody is a supervisor already.
    """
    async with open_store(settings.home, keyring, SystemClock()) as store:
        if await store.people.supervisors():
            return None
        return await _create(store, Role.SUPERVISOR, settings.invite_lasts(Role.SUPERVISOR))


async def _create(store: Store, role: Role, lasts: timedelta) -> str:
    return await store.people.create_invite(
        role, SystemClock().now() + lasts, by=Actor.at_the_machine()
    )

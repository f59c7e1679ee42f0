"""`edgerad status`: what runs, what waits, and the last backup, in a second and a line each.

Knows which of doctor's checks take no time. Changes nothing.
"""

from datetime import UTC, datetime

from bot.settings import BotSettings
from bot.sms_news import OLD_BACKUP
from deploy import databases
from deploy.doctor.checks import Check, Level
from deploy.doctor.examination import find_key
from deploy.doctor.liveness import check_gateway, check_parts, check_phones, check_sms
from gateway.settings import GatewaySettings
from storage.keys import Keyring

_BACK_UP = "edgerad backup FOLDER, on another disk"


def look(bot: BotSettings, gateway: GatewaySettings, now: datetime) -> list[Check]:
    """Ask each part how it is.

    Args:
        now: The time, by which a backup is old.
    """
    home = bot.home.resolve()
    key, keyring = find_key(home, bot)
    return [
        check_phones(gateway),
        check_gateway(bot, gateway, keyring),
        *check_parts(bot, home),
        *check_sms(bot, gateway, keyring),
        *([key] if keyring is None else _check_standing(bot, keyring, now)),
    ]


def _check_standing(bot: BotSettings, keyring: Keyring, now: datetime) -> list[Check]:
    try:
        found = databases.standing(bot.home, keyring)
    except databases.DatabaseError as error:
        words = f"cannot be read (SQLite: {error})"
        return [Check(Level.FAULT, "Cases", words, "What to do about it: edgerad doctor")]
    if found is None:
        return [Check(Level.OK, "Cases", "none yet")]
    return [_queue(found.in_queue), _backup(found.backup_at, now)]


def _queue(waiting: int) -> Check:
    return Check(Level.OK, "Queue", f"{waiting or 'no'} reading{'' if waiting == 1 else 's'} to do")


def _backup(at: datetime | None, now: datetime) -> Check:
    if at is None:
        return Check(Level.WARN, "Backup", "none was made yet", _BACK_UP)
    words = f"the last was made at {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if now - at > OLD_BACKUP:
        return Check(Level.WARN, "Backup", words, _BACK_UP)
    return Check(Level.OK, "Backup", words)

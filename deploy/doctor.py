"""`edgerad doctor`: looks the system over and says what to do about each fault.

Knows what a healthy system looks like from outside. Changes nothing.
"""

import asyncio
import shutil
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.clock import Clock, SystemClock
from bot.domain import case_code
from bot.settings import BotSettings, Engine
from deploy import databases
from deploy.hardware import Survey, survey
from deploy.system import bot_api_url, is_own
from gateway.settings import GatewaySettings
from inference.contract import Tier
from inference.errors import ModelError
from inference.models import Model, find_model, find_prepared, verify_model
from inference.remote.config import Pace
from inference.remote.survey import Found
from inference.remote.survey import survey as survey_engines
from machine.folder import problem
from machine.sizes import size_words
from machine.token import known_token
from vault.databases import is_plain
from vault.errors import VaultError
from vault.keys import Keyring
from vault.opening import find_keyring, is_between_keys
from vault.places import KeyFile, Place, find_place

GB = 10**9
LOW_DISK_BYTES = 5 * GB
FULL_DISK_BYTES = GB // 2
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
WAL_RESET_FIXED = (3, 51, 3)
ANSWER_S = 3.0
CASES_NAMED = 10
PROOF_S = 120.0
START = "Start EdgeRad: make run, or edgerad up."
OTHER_ON_PORT = "Another program or another data folder's EdgeRad uses the port: stop it."
ELSEWHERE = (
    "Is that server running, and the bot's token one that it knows? Correct EDGERAD_BOT_API_URL,"
    " or leave it out for EdgeRad's own gateway."
)


Surveyor = Callable[[Tier | None, Path, Path | None], Survey]
"""Measures the machine for the tier asked for, a model's folder and that of its 4-bit weights."""


class Level(StrEnum):
    """How well something is."""

    OK = "OK"
    WARN = "WARN"
    FAULT = "FAULT"


STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAULT: "bold red"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at.

    Args:
        level: How well it is.
        subject: What it is.
        words: What was seen.
        advice: What to do about it, or what would be better still; empty where nothing is.
    """

    level: Level
    subject: str
    words: str
    advice: str = ""


def examine(
    bot: BotSettings,
    gateway: GatewaySettings,
    *,
    clock: Clock | None = None,
    surveyor: Surveyor = survey,
) -> list[Line]:
    """Look at everything.

    Args:
        bot: The bot's settings.
        gateway: The gateway's settings.
        clock: Tells the time; the machine's by default.
        surveyor: Measures the hardware; the model process's own measure by default.

    Returns:
        Lines in the order in which they are best put right.
    """
    home = bot.home.resolve()
    machine = [check_python(sys.version_info[:3]), check_sqlite(databases.sqlite_version())]
    if words := problem(home):
        return [*machine, Line(Level.FAULT, "Data folder", words)]
    return [
        *machine,
        check_clock(clock or SystemClock(), home),
        check_disk(home, shutil.disk_usage(_existing(home)).free),
        check_secret(home / "secrets" / "bot_token"),
        *check_sealed(home, bot.key_file),
        *(check_engines(bot) if bot.engine is Engine.REMOTE else check_model(bot, surveyor)),
        check_gateway(bot, gateway),
    ]


def show(console: Console, lines: Iterable[Line]) -> int:
    """Print the lines on one screen.

    Args:
        console: The terminal.
        lines: What was found.

    Returns:
        Exit status: 1 if anything is at fault, else 0.
    """
    table = Table.grid(padding=(0, 2))
    status = 0
    for line in lines:
        words = Text(line.words)
        if line.advice:
            words.append(f"\n-> {line.advice}", style=STYLES[line.level])
        table.add_row(Text(line.level, style=STYLES[line.level]), line.subject, words)
        status |= line.level is Level.FAULT
    console.print(table)
    return status


def check_python(version: tuple[int, ...]) -> Line:
    """Python is new enough."""
    words = ".".join(map(str, version))
    if version < (3, 11):
        return Line(Level.FAULT, "Python", words, "Install Python 3.11 or newer.")
    return Line(Level.OK, "Python", words)


def check_sqlite(version: str) -> Line:
    """SQLite is free of the WAL-reset corruption (3.7.0 to 3.51.2)."""
    if tuple(map(int, version.split("."))) < WAL_RESET_FIXED:
        return Line(
            Level.FAULT,
            "SQLite",
            f"{version} may damage a database that two connections write",
            "Reinstall the pinned packages: remove .venv, then make run.",
        )
    return Line(Level.OK, "SQLite", version)


def check_clock(clock: Clock, home: Path) -> Line:
    """The clock is not before this release, nor before what was stored last."""
    now = clock.now()
    words = f"{now:%Y-%m-%d %H:%M} UTC"
    stored = [
        datetime.fromtimestamp((home / path).stat().st_mtime, UTC)
        for path in databases.PATHS
        if (home / path).exists()
    ]
    if now < max([EARLIEST, *stored]):
        advice = "Set the clock: invites, waits and dates of cases rest on it."
        return Line(Level.FAULT, "Clock", f"{words} is in the past", advice)
    return Line(Level.OK, "Clock", words)


def check_disk(home: Path, free_bytes: int) -> Line:
    """There is room for pictures and for a power cut in the middle of a write."""
    words = f"{free_bytes / GB:.1f} GB free in {home}"
    if free_bytes < FULL_DISK_BYTES:
        return Line(Level.FAULT, "Disk", words, "Make room now: cases can no longer be stored.")
    if free_bytes < LOW_DISK_BYTES:
        return Line(Level.WARN, "Disk", words, "Make room soon: edgerad backup to another disk.")
    return Line(Level.OK, "Disk", words)


def check_secret(path: Path) -> Line:
    """Nobody but the owner may read the bot token."""
    if not path.exists():
        return Line(Level.OK, "Secrets", "no bot token yet: made at the first start")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        words = f"{path} may be read by others (mode {mode:o})"
        return Line(Level.FAULT, "Secrets", words, f"chmod 600 {path}")
    return Line(Level.OK, "Secrets", f"bot token is the owner's alone (mode {mode:o})")


def check_sealed(home: Path, key_file: Path | None) -> list[Line]:
    """The key is there and opens the databases, which are whole."""
    try:
        place = find_place(home, key_file)
        keyring = find_keyring(home, place)
    except VaultError as error:
        return [Line(Level.FAULT, "Key", str(error), "See docs/operating.md, The key.")]
    if keyring is None:
        line, keyring = Line(Level.OK, "Key", "none yet: made at the first start"), Keyring(())
    else:
        line = check_key(home, place, keyring)
    return [
        line,
        *(check_database(home, path, keyring) for path in databases.PATHS),
        check_pictures(home, keyring),
    ]


def check_key(home: Path, place: Place, keyring: Keyring) -> Line:
    """The key is its owner's alone, not beside the data, and all is sealed with it."""
    words = f"{keyring.current.id.hex()}, {place.in_words()}"
    if is_between_keys(home, keyring):
        return Line(Level.WARN, "Key", f"{words}: not all is sealed with it", "edgerad key rotate")
    if not isinstance(place, KeyFile):
        return Line(Level.OK, "Key", words)
    if place.path.stat().st_mode & 0o077:
        return Line(Level.FAULT, "Key", f"{words}: others may read it", f"chmod 600 {place.path}")
    if home.exists() and place.path.stat().st_dev == home.stat().st_dev:
        return Line(
            Level.WARN,
            "Key",
            f"{words}: on the same disk as the data, so a thief takes both",
            "Keep it on a stick, or set a passphrase: edgerad key passphrase.",
        )
    return Line(Level.OK, "Key", words)


def check_database(home: Path, path: Path, keyring: Keyring) -> Line:
    """SQLite finds nothing wrong with the file."""
    subject = f"Database {path.stem}"
    if not (home / path).exists():
        return Line(Level.OK, subject, "none yet: made at the first start")
    words = "not encrypted yet: sealed at the next start"
    if not is_plain(home / path):
        words = databases.check(home, path, keyring)
        if words != "ok":
            advice = "Stop EdgeRad, keep the file, and unpack the last backup (docs/operating.md)."
            return Line(Level.FAULT, subject, f"{home / path}: {words}", advice)
        words = "whole"
    return Line(Level.OK, subject, f"{words}, {size_words((home / path).stat().st_size)}")


def check_pictures(home: Path, keyring: Keyring) -> Line:
    """Every picture that a case names is there and as it was stored."""
    try:
        codes = [case_code(case_id) for case_id in databases.unreadable_pictures(home, keyring)]
    except databases.DatabaseError:
        return Line(Level.WARN, "Pictures", "not looked at: the database says which there are")
    if not codes:
        return Line(Level.OK, "Pictures", "all there and whole")
    named = ", ".join(codes[:CASES_NAMED]) + (" ..." if len(codes) > CASES_NAMED else "")
    words = f"damaged or gone in {len(codes)} cases: {named}"
    advice = "All else is served. Take them from the last backup, and have the disk looked at."
    return Line(Level.FAULT, "Pictures", words, advice)


def check_model(settings: BotSettings, surveyor: Surveyor) -> list[Line]:
    """The model that will read is there, its files are what they were, and the machine holds it."""
    try:
        model = find_model(settings.home, settings.model)
        verify_model(model)
        prepared = find_prepared(settings.home, model)
        if prepared is not None:
            verify_model(prepared)
    except ModelError as error:
        advice = "edgerad model list, then edgerad model fetch or edgerad model add."
        return [Line(Level.FAULT, "Model", str(error), advice)]
    found = surveyor(settings.tier, model.path, None if prepared is None else prepared.path)
    return [_model_line(model, prepared), *check_hardware(found)]


def _model_line(model: Model, prepared: Model | None) -> Line:
    if model.practice:
        return Line(
            Level.WARN,
            "Model",
            f"{model.name}: verified; trained on drawn films, not for patients",
            "To put MedGemma in: edgerad model fetch, or edgerad model add FOLDER.",
        )
    at_4_bits = "" if prepared is None else f", and {prepared.name} at 4 bits"
    return Line(Level.OK, "Model", f"{model.name}{at_4_bits}: verified")


def check_engines(settings: BotSettings) -> list[Line]:
    """Each engine elsewhere answers, and reads a sample film."""
    found = asyncio.run(survey_engines(settings.remote(), Pace(proof_s=PROOF_S)))
    return [_engine_line(engine) for engine in found]


def _engine_line(found: Found) -> Line:
    subject = f"Engine {found.where}"
    if found.engine is None:
        return Line(Level.FAULT, subject, found.fault, found.advice)
    facts = [f"{found.engine.model} read a sample film in {found.duration_s:.1f} s"]
    facts += ["scores urgency before its text"] * found.scores
    facts += ["pictures go there unencrypted"] * (not found.private)
    words = "; ".join(facts)
    if found.engine.practice:
        advice = "Start it with MedGemma: docs/remote-engines.md."
        return Line(Level.WARN, subject, f"{words}; the practice model, not for patients", advice)
    return Line(Level.OK, subject, words)


def check_hardware(found: Survey) -> list[Line]:
    """What the machine has, and the tier that follows from it."""
    if not found.hardware:
        advice = "Reinstall the pinned packages: remove .venv, then make run."
        return [Line(Level.FAULT, "Hardware", found.fault, advice)]
    hardware = Line(Level.OK, "Hardware", found.hardware)
    if found.fault:
        advice = "Set EDGERAD_TIER=auto, close other programs, or use a machine with more memory."
        return [hardware, Line(Level.FAULT, "Tier", found.fault, advice)]
    return [hardware, Line(Level.OK, "Tier", found.tier, found.note)]


def check_gateway(bot: BotSettings, gateway: GatewaySettings) -> Line:
    """Whoever answers at the Bot API's address knows this bot."""
    token = known_token(gateway)
    url = bot_api_url(bot, gateway)
    own = is_own(url, gateway)
    place = url if own else f"{url} (EDGERAD_BOT_API_URL)"
    if token is None:
        return Line(Level.WARN, "Gateway", "not started yet: no bot token", START)
    try:
        answer = httpx.get(f"{url}/bot{token}/getMe", timeout=ANSWER_S, trust_env=False)
    except httpx.ConnectError:
        words = f"nothing listens at {place}"
        level = Level.WARN if own else Level.FAULT
        return Line(level, "Gateway", words, START if own else ELSEWHERE)
    except httpx.TransportError as error:
        words = f"{place} does not answer ({type(error).__name__})"
        advice = "Restart EdgeRad: Ctrl-C, then edgerad up." if own else ELSEWHERE
        return Line(Level.FAULT, "Gateway", words, advice)
    if not _is_yes(answer):
        words = f"{place} does not know this bot (HTTP {answer.status_code})"
        return Line(Level.FAULT, "Gateway", words, OTHER_ON_PORT if own else ELSEWHERE)
    return Line(Level.OK, "Gateway", f"answers at {place}")


def _is_yes(answer: httpx.Response) -> bool:
    """Whether this is a Bot API's yes; a captive portal's page comes with status 200 too."""
    try:
        return answer.json()["ok"] is True
    except (ValueError, TypeError, LookupError):
        return False


def _existing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())

"""`edgerad doctor`: checks the whole system and says what to do about each fault."""

import asyncio
import os
import shutil
import stat
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.cases import case_code
from bot.settings import BotSettings, Engine
from deploy import databases, older_data
from deploy.doctor.checks import Check, Level
from deploy.doctor.hardware import Survey, survey
from deploy.doctor.liveness import (
    check_address,
    check_bot_api_address,
    check_gateway,
    check_parts,
    check_phones,
    check_sms,
)
from deploy.doctor.upkeep import check_https, check_retention
from deploy.settings import setting_names
from gateway.settings import GatewaySettings
from inference.contract import Tier
from inference.errors import ModelCorrupt, ModelError
from inference.models import InstalledModel, find_model, find_prepared, verify_model
from inference.models.vision import read_proof
from inference.remote.config import RemoteTimeouts
from inference.remote.inspection import InspectedEngine, inspect_engines
from machine import process_rights
from machine.clock import Clock, SystemClock
from machine.sizes import size_words
from machine.unknown_settings import find_unknown_settings
from pictures import PictureProcess
from pictures.errors import PictureProcessFailed
from storage.bot_token import TokenDamaged, is_sealed, known_token
from storage.errors import StorageError
from storage.home import Holder, problem, process_of
from storage.key_sources import KeyFile, KeySource, find_key_source
from storage.keys import Keyring
from storage.layout import DATABASES, Layout
from storage.opening import find_keyring, is_between_keys
from storage.sqlcipher import is_plain

GB = 10**9
LOW_DISK_BYTES = 5 * GB
FULL_DISK_BYTES = GB // 2
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
WAL_RESET_FIXED = (3, 51, 3)
CASES_NAMED = 10
PROOF_S = 120.0
CONFINEMENT = (
    "The kernel, or this container's profile, does not allow it: docs/security.md, What is not"
    " trusted. Start EdgeRad outside a container, or allow user namespaces and seccomp."
)


Surveyor = Callable[[Tier | None, Path, Path | None, int | None], Survey]
"""Measures the machine for the tier asked for, a model's folder and that of its 4-bit weights, as
the process may use it whose id is given."""


def examine(
    bot: BotSettings,
    gateway: GatewaySettings,
    *,
    clock: Clock | None = None,
    surveyor: Surveyor = survey,
) -> list[Check]:
    """Check everything.

    Args:
        clock: Tells the time; the machine's by default.
        surveyor: Measures the hardware; the model process's own measure by default.

    Returns:
        The results, in the order in which faults are best mended.
    """
    home = bot.home.resolve()
    machine = [check_python(sys.version_info[:3]), check_sqlite(databases.sqlite_version())]
    if words := problem(home):
        return [*machine, Check(Level.FAULT, "Data folder", words)]
    clock = clock or SystemClock()
    key, keyring = find_key(home, bot)
    return [
        *machine,
        check_clock(clock, home),
        check_disk(home, shutil.disk_usage(_existing(home)).free),
        check_secret(gateway, keyring),
        check_privacy(home),
        key,
        *([] if keyring is None else check_sealed(home, bot, keyring, clock.now())),
        *(check_engines(bot) if bot.engine is Engine.REMOTE else check_model(bot, surveyor)),
        check_confinement(),
        check_key_in_memory(),
        *check_unknown_settings(os.environ),
        check_https(home, clock.now()),
        check_address(gateway),
        check_bot_api_address(gateway),
        check_phones(gateway),
        check_gateway(bot, gateway, keyring),
        *check_sms(bot, gateway, keyring),
        *check_parts(bot, home),
    ]


def check_python(version: tuple[int, ...]) -> Check:
    """Python is new enough."""
    words = ".".join(map(str, version))
    if version < (3, 11):
        return Check(Level.FAULT, "Python", words, "Install Python 3.11 or newer.")
    return Check(Level.OK, "Python", words)


def check_sqlite(version: str) -> Check:
    """SQLite is free of the WAL-reset corruption (3.7.0 to 3.51.2)."""
    if tuple(map(int, version.split("."))) < WAL_RESET_FIXED:
        return Check(
            Level.FAULT,
            "SQLite",
            f"{version} may damage a database that two connections write",
            "Reinstall the pinned packages: remove .venv, then make run.",
        )
    return Check(Level.OK, "SQLite", version)


def check_clock(clock: Clock, home: Path) -> Check:
    """The clock is not before this release, nor before what was stored last."""
    now = clock.now()
    words = f"{now:%Y-%m-%d %H:%M} UTC"
    stored = [
        datetime.fromtimestamp((home / path).stat().st_mtime, UTC)
        for path in DATABASES
        if (home / path).exists()
    ]
    if now < max([EARLIEST, *stored]):
        advice = "Set the clock: invites, waits and dates of cases depend on it."
        return Check(Level.FAULT, "Clock", f"{words} is in the past", advice)
    return Check(Level.OK, "Clock", words)


def check_disk(home: Path, free_bytes: int) -> Check:
    """There is room for pictures and for a power cut in the middle of a write."""
    words = f"{free_bytes / GB:.1f} GB free in {home}"
    if free_bytes < FULL_DISK_BYTES:
        return Check(Level.FAULT, "Disk", words, "Make room now: cases can no longer be stored.")
    if free_bytes < LOW_DISK_BYTES:
        return Check(Level.WARN, "Disk", words, "Make room soon: edgerad backup to another disk.")
    return Check(Level.OK, "Disk", words)


def check_secret(gateway: GatewaySettings, keyring: Keyring | None) -> Check:
    """The bot token is sealed, can be opened, and is the owner's alone."""
    path = Layout(gateway.home).bot_token
    if not path.exists():
        return Check(Level.OK, "Secrets", "no bot token yet: made at the first start")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        words = f"{path} may be read by others (mode {mode:o})"
        return Check(Level.FAULT, "Secrets", words, f"chmod 600 {path}")
    try:
        known_token(gateway, keyring)
    except TokenDamaged as error:
        return Check(Level.FAULT, "Secrets", str(error))
    if not is_sealed(gateway.home):
        words = "the bot token is not sealed yet: it is at the next start"
        return Check(Level.WARN, "Secrets", words, "Restart EdgeRad.")
    return Check(Level.OK, "Secrets", f"bot token is sealed, and the owner's alone (mode {mode:o})")


def check_privacy(home: Path) -> Check:
    """Only the owner may read the data folder."""
    paths = [path for path in (home, *home.glob("*"), *home.glob("*/*")) if not path.is_symlink()]
    readable = [path for path in paths if path.exists() and path.stat().st_mode & 0o077]
    if home in readable:
        inside = len(readable) - 1
        words = f"{home} may be read by others"
        words += f"; so may {inside} files and folders in it" if inside else ""
        return Check(Level.WARN, "Privacy", words, f"chmod -R go= {home}")
    return Check(Level.OK, "Privacy", "the data folder is the owner's alone")


def check_unknown_settings(environment: Mapping[str, str]) -> list[Check]:
    """No variable looks like a setting without being one."""
    return [
        Check(Level.WARN, "Settings", setting.in_words())
        for setting in find_unknown_settings(setting_names(), environment)
    ]


def find_key(home: Path, bot: BotSettings) -> tuple[Check, Keyring | None]:
    """Look for the key.

    Returns:
        How it is; the keys, empty where none are needed yet, None where they are not at hand.
    """
    try:
        source = find_key_source(home, bot.key_file)
        keyring = find_keyring(home, source)
    except StorageError as error:
        return Check(Level.FAULT, "Key", str(error), "See docs/operating.md, The key."), None
    if keyring is None:
        return Check(Level.OK, "Key", "none yet: made at the first start"), Keyring(())
    return check_key(home, source, keyring), keyring


def check_sealed(home: Path, bot: BotSettings, keyring: Keyring, now: datetime) -> list[Check]:
    """The databases are whole and hold nothing too old."""
    return [
        *(check_database(home, path, keyring) for path in DATABASES),
        check_older_data(home, keyring),
        check_pictures(home, keyring),
        check_retention(home, keyring, bot.retention(), now),
    ]


def check_key(home: Path, source: KeySource, keyring: Keyring) -> Check:
    """The key is its owner's alone, not beside the data, and all is sealed with it."""
    words = f"{keyring.current.id.hex()}, {source.in_words()}"
    if is_between_keys(home, keyring):
        return Check(Level.WARN, "Key", f"{words}: not all is sealed with it", "edgerad key rotate")
    if not isinstance(source, KeyFile):
        return Check(Level.OK, "Key", words)
    if source.path.stat().st_mode & 0o077:
        return Check(Level.FAULT, "Key", f"{words}: others may read it", f"chmod 600 {source.path}")
    if home.exists() and source.path.stat().st_dev == home.stat().st_dev:
        return Check(
            Level.WARN,
            "Key",
            f"{words}: on the same disk as the data, so a thief takes both",
            "Keep it on a stick, or set a passphrase: edgerad key passphrase.",
        )
    return Check(Level.OK, "Key", words)


def check_database(home: Path, path: Path, keyring: Keyring) -> Check:
    """SQLite finds nothing wrong with the file."""
    subject = f"Database {path.stem}"
    if not (home / path).exists():
        return Check(Level.OK, subject, "none yet: made at the first start")
    words = "not encrypted yet: sealed at the next start"
    if not is_plain(home / path):
        words = databases.check(home, path, keyring)
        if words != "ok":
            advice = (
                "Stop EdgeRad, then: edgerad restore --force ARCHIVE, with the last backup."
                " What is there now is moved aside and kept."
            )
            words = f"{home / path} is damaged (SQLite: {words})"
            return Check(Level.FAULT, subject, words, advice)
        words = "whole"
    return Check(Level.OK, subject, f"{words}, {size_words((home / path).stat().st_size)}")


def check_older_data(home: Path, keyring: Keyring) -> Check:
    """The databases are those that were worked with last, and no older copies."""
    try:
        found = older_data.noticed(home, keyring)
    except databases.DatabaseError:
        return Check(Level.WARN, "Newest data", "not looked at: a database cannot be read")
    if not found:
        return Check(Level.OK, "Newest data", "no older copy was put back")
    words = " ".join(
        f"{datetime.fromtimestamp(finding.at, UTC):%Y-%m-%d %H:%M} UTC: {finding.in_words()}"
        for finding in found
    )
    return Check(Level.FAULT, "Newest data", words, older_data.WHAT_TO_DO)


def check_pictures(home: Path, keyring: Keyring) -> Check:
    """Every picture that a case names is there and as it was stored."""
    try:
        codes = [case_code(case_id) for case_id in databases.unreadable_pictures(home, keyring)]
    except databases.DatabaseError:
        return Check(Level.WARN, "Pictures", "not looked at: the database says which there are")
    if not codes:
        return Check(Level.OK, "Pictures", "all there and whole")
    named = ", ".join(codes[:CASES_NAMED]) + (" ..." if len(codes) > CASES_NAMED else "")
    words = f"damaged or gone in {len(codes)} cases: {named}"
    advice = "Everything else works. Restore them from the last backup, and have the disk checked."
    return Check(Level.FAULT, "Pictures", words, advice)


def check_model(settings: BotSettings, surveyor: Surveyor) -> list[Check]:
    """The model is there, its files are unchanged, and it fits this machine."""
    try:
        model = find_model(settings.home, settings.model)
        verify_model(model)
        prepared = find_prepared(settings.home, model)
        if prepared is not None:
            verify_model(prepared)
    except ModelCorrupt as error:
        return [Check(Level.FAULT, "Model", str(error))]
    except ModelError as error:
        advice = "edgerad model list, then edgerad model fetch or edgerad model add."
        return [Check(Level.FAULT, "Model", str(error), advice)]
    at_4_bits = None if prepared is None else prepared.path
    running = process_of(settings.home, Holder.BOT) or None
    found = surveyor(settings.tier, model.path, at_4_bits, running)
    return [_model_check(model, prepared), *check_hardware(found)]


def _model_check(model: InstalledModel, prepared: InstalledModel | None) -> Check:
    if model.practice:
        return Check(
            Level.WARN,
            "Model",
            f"{model.name}: verified; trained on drawn films, not for patients",
            "To install MedGemma: edgerad model fetch, or edgerad model add FOLDER.",
        )
    at_4_bits = "" if prepared is None else f", and {prepared.name} at 4 bits"
    words = f"{model.name}{at_4_bits}: verified"
    proof = None if prepared is None else read_proof(prepared.path)
    if proof is not None:
        words += f"; {proof.words}"
    if model.release is None:
        words += "; not a known release"
        advice = "Its files are whole; whose they are, EdgeRad cannot tell: docs/security.md."
        return Check(Level.WARN, "Model", words, advice)
    return Check(Level.OK, "Model", f"{words}; from {model.release}")


def check_confinement() -> Check:
    """A decoder that a picture takes over can do nothing, as a child of it tries here."""
    try:
        held = asyncio.run(_confinement())
    except PictureProcessFailed as error:
        advice = "Reinstall the pinned packages: remove .venv, then make run."
        return Check(Level.FAULT, "Picture process", str(error), advice)
    missing = [what for what, holds in held.items() if not holds]
    if missing:
        words = f"a picture that takes its decoder over is not kept from {', '.join(missing)}"
        return Check(Level.WARN, "Picture process", words, CONFINEMENT)
    return Check(Level.OK, "Picture process", f"confined: {', '.join(held)} are out of reach")


async def _confinement() -> Mapping[str, bool]:
    async with PictureProcess() as process:
        return await process.confinement()


def check_key_in_memory() -> Check:
    """No other program of this account looks into a process that has the key, as this one does."""
    if process_rights.refuse_inspection():
        words = "out of reach of other programs of this account; no core dumps"
        return Check(Level.OK, "Key in memory", words)
    words = "other programs of this account can read it out of EdgeRad's processes"
    advice = "Run EdgeRad under an account of its own, on a kernel that knows PR_SET_DUMPABLE."
    return Check(Level.WARN, "Key in memory", words, advice)


def check_engines(settings: BotSettings) -> list[Check]:
    """Each remote engine answers and reads a sample film."""
    found = asyncio.run(inspect_engines(settings.remote(), RemoteTimeouts(proof_s=PROOF_S)))
    return [_engine_check(engine) for engine in found]


def _engine_check(found: InspectedEngine) -> Check:
    subject = f"Engine {found.where}"
    if found.engine is None:
        return Check(Level.FAULT, subject, found.fault, found.advice)
    facts = [f"{found.engine.model} read a sample film in {found.duration_s:.1f} s"]
    facts += ["scores urgency before its text"] * found.scores
    facts += ["pictures go there unencrypted"] * (not found.private)
    facts += ["its weights cannot be looked at: not a known release"] * (not found.engine.practice)
    words = "; ".join(facts)
    if found.engine.practice:
        advice = "Start it with MedGemma: docs/remote-engines.md."
        return Check(Level.WARN, subject, f"{words}; the practice model, not for patients", advice)
    return Check(Level.OK, subject, words)


def check_hardware(found: Survey) -> list[Check]:
    """What the machine has, and the tier that follows from it."""
    if not found.hardware:
        advice = "Reinstall the pinned packages: remove .venv, then make run."
        return [Check(Level.FAULT, "Hardware", found.fault, advice)]
    hardware = Check(Level.OK, "Hardware", found.hardware)
    if found.fault:
        advice = "Set EDGERAD_TIER=auto, close other programs, or use a machine with more memory."
        return [hardware, Check(Level.FAULT, "Tier", found.fault, advice)]
    return [hardware, Check(Level.OK, "Tier", found.tier, found.note)]


def _existing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())

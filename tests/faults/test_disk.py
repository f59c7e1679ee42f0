"""The disk is full, fails, is locked, or loses what was not synced when the power goes."""

import asyncio
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import Note
from tests.faults.disk import BROKEN, FULL, Disk
from tests.faults.films import film
from tests.faults.rig import rigged

ROOM = "The disk fails"

WRITES_OF_A_CASE = 96
STEP = 6
STUCK_S = 0.8
POWER_CUTS = 8
UP_S = 4.0
RESTARTED_S = 150.0
"""A bot that ended many times in a row is started again after 30 s, and may end once more."""
LOCKED_S = 30
WAL_WRITE_LOCK = 120
"""The byte of the -shm file that SQLite locks to write. Source: SQLite, walformat.html, 2.3."""


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("error", "name"), [(FULL, "disk full"), (BROKEN, "input/output errors")], ids=["full", "EIO"]
)
async def test_a_disk_that_fails_at_any_write_of_a_case_loses_nothing(
    tmp_path: Path, note: Note, error: int, name: str
) -> None:
    async with rigged(tmp_path) as rig:
        # Given a system whose disk fails at the nth write, and all after it
        disk = Disk(tmp_path / "disk", rig.home)
        rig.environment |= disk.environment
        await rig.start()
        phone = await rig.phone()
        rounds = range(0, WRITES_OF_A_CASE, STEP)
        for writes in rounds:
            disk.fail(error, after=writes)
            # When a film is sent, and there is room again a while later
            async with asyncio.TaskGroup() as group:
                group.create_task(rig.ledger.send(phone, film(writes)))
                await asyncio.sleep(STUCK_S)
                disk.heal()
        # Then each film has its case and its answer, once the bot is started again
        balance = await rig.ledger.balance(limit_s=RESTARTED_S)
        note(
            fault=f"{name} at each {STEP}th write of a case, and at all after it",
            how=f"`tests/faults/disk.c` below both parts fails `write`, `fsync`, `ftruncate` and"
            f" the making of files, {len(rounds)} times",
            result=f"{balance.in_words()}; sent again by the phone: {balance.resends}",
        )


@pytest.mark.timeout(600)
async def test_power_cuts_that_lose_or_tear_what_was_not_synced_lose_no_case(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        # Given phones that send all the time
        disk = Disk(tmp_path / "disk", rig.home)
        dice = random.Random(0)
        await rig.start()
        phones = [await rig.phone() for _ in range(3)]
        await rig.stop()
        disk.keep_journal()
        rig.environment |= disk.environment
        done = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for phone in phones:
                group.create_task(rig.ledger.keep_sending(phone, done))
            # When the power goes again and again
            lost = 0
            for number in range(POWER_CUTS):
                before = tmp_path / f"before-{number}"
                shutil.copytree(rig.home, before)
                await rig.start()
                await asyncio.sleep(dice.uniform(0, UP_S))
                await rig.cut_power()
                lost += disk.cut_power(before, dice)
            done.set()
            await rig.start()
        # Then each film has its case and its answer
        balance = await rig.ledger.balance(twice_at_most=POWER_CUTS * len(phones))
        note(
            fault=f"{POWER_CUTS} power cuts under load",
            how="SIGKILL of everything; what was written since the last `fsync` of its file is"
            f" kept, lost or torn at 512 bytes at random ({lost} writes)",
            result=balance.in_words(),
        )


@pytest.mark.timeout(150)
async def test_databases_locked_for_long_hold_everything_up_and_lose_nothing(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        await rig.start()
        phone = await rig.phone()
        shared = [str(next(rig.home.rglob(f"{name}.db-shm"))) for name in ("bot", "gateway")]
        holder = await asyncio.create_subprocess_exec(
            sys.executable, "-c", HOLD, str(WAL_WRITE_LOCK), *shared, stdout=subprocess.PIPE
        )
        assert holder.stdout is not None
        await holder.stdout.readline()
        async with asyncio.TaskGroup() as group:
            group.create_task(rig.ledger.send(phone, film()))
            await asyncio.sleep(LOCKED_S)
            holder.kill()
            await holder.wait()
        balance = await rig.ledger.balance()
        note(
            fault=f"both databases locked for {LOCKED_S} s",
            how="another process holds SQLite's write lock",
            result=f"{balance.in_words()}; sent again by the phone: {balance.resends}",
        )


HOLD = """
import fcntl, sys, time
byte, *paths = sys.argv[1:]
files = [open(path, "r+b") for path in paths]
for file in files:
    fcntl.lockf(file, fcntl.LOCK_EX, 1, int(byte))
print("held", flush=True)
time.sleep(600)
"""

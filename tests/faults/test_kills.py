"""SIGKILL of the gateway, of the model process, and of whatever runs: nothing is lost."""

import asyncio
import os
import random
import signal
from pathlib import Path

import psutil
import pytest

from tests.faults.conftest import Note
from tests.faults.films import film
from tests.faults.points import OF_THE_GATEWAY
from tests.faults.rig import Rig, rigged
from tests.faults.wire import Connection

ROOM = "A process is killed"
KILLS = int(os.environ.get("FAULT_KILLS", "200"))
PHONES = 6
PAUSE_S = 0.7


@pytest.mark.parametrize("point", OF_THE_GATEWAY)
async def test_a_crash_of_the_gateway_loses_nothing(tmp_path: Path, note: Note, point: str) -> None:
    async with rigged(tmp_path) as rig:
        await rig.start()
        phone = await rig.phone()
        rig.once("gateway", crash=point)
        await rig.kill("gateway")
        dying_pid = rig.pid("gateway")
        for number in range(3):
            await rig.ledger.send(phone, film(number))
        await rig.restarted("gateway", dying_pid)
        balance = await rig.ledger.balance()
        note(
            fault=f"the gateway, {point}",
            how=f"SIGKILL {'after' if OF_THE_GATEWAY[point].after else 'before'}"
            f" `{OF_THE_GATEWAY[point].target.partition(':')[2]}`",
            result=f"{balance.in_words()}; sent again by the phone: {balance.resends}",
        )


async def test_a_gateway_killed_in_the_middle_of_a_body_keeps_nothing_of_it(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        await rig.start()
        phone = await rig.phone()
        async with Connection.to(phone) as connection:
            await connection.begin_upload(film(), announced_bytes=100_000)
            await rig.kill("gateway")
        await rig.ledger.send(phone, film())
        balance = await rig.ledger.balance()
        note(
            fault="the gateway, in the middle of a picture's body",
            how="SIGKILL with half a multipart body sent; the phone then sends again",
            result=balance.in_words(),
        )


@pytest.mark.timeout(180)
async def test_a_model_process_killed_in_the_middle_of_a_reading_is_started_again(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path, EDGERAD_ENGINE="local") as rig:
        # Given the practice model in the middle of a reading
        await rig.start()
        phone = await rig.phone()
        model = await rig.child("bot", "inference.runtime")
        await rig.says("ready at", limit_s=90)
        model.suspend()
        for number in range(3):
            await rig.ledger.send(phone, film(number))
        await rig.reading_begun()
        # When it is killed
        model.kill()
        # Then another one reads the cases
        balance = await rig.ledger.balance(limit_s=90)
        note(
            fault="the model process, in the middle of a reading",
            how="SIGKILL of the practice model's process",
            result=balance.in_words(),
        )


@pytest.mark.timeout(180 + 3 * KILLS)
async def test_random_kills_of_random_processes_under_load_lose_nothing(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path, EDGERAD_ENGINE="local") as rig:
        # Given phones that send all the time, and a model process
        rig.always("bot", model_lives=["ready"])
        await rig.start()
        phones = [await rig.phone() for _ in range(PHONES)]
        # When something is killed again and again
        done = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for phone in phones:
                group.create_task(rig.ledger.keep_sending(phone, done))
            killed = await _kill_at_random(rig)
            done.set()
        # Then the ledger is even
        balance = await rig.ledger.balance(limit_s=120)
        note(
            fault=f"{sum(killed.values())} random processes under load",
            how="SIGKILL at random moments, "
            + ", ".join(f"{name}: {times}" for name, times in sorted(killed.items()))
            + f"; {PHONES} phones send all the time",
            result=f"{balance.in_words()}; sent again by the phones: {balance.resends}",
        )


async def _kill_at_random(rig: Rig) -> dict[str, int]:
    """Kill `KILLS` times; says how often what was killed."""
    dice = random.Random(0)
    killed: dict[str, int] = {}
    while sum(killed.values()) < KILLS:
        await asyncio.sleep(dice.uniform(0, 2 * PAUSE_S))
        running = _processes(rig)
        if not running:
            continue
        name, pid = dice.choice(running)
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        killed[name] = killed.get(name, 0) + 1
    return killed


def _processes(rig: Rig) -> list[tuple[str, int]]:
    """Everything that runs at the moment, by name."""
    found: list[tuple[str, int]] = []
    for part in ("gateway", "bot"):
        try:
            process = psutil.Process(rig.pid(part))
            found.append((part, process.pid))
            found += [(_name(child), child.pid) for child in process.children(recursive=True)]
        except psutil.Error:
            continue  # it is between two lives
    return found


def _name(process: psutil.Process) -> str:
    return "model process" if "model" in " ".join(process.cmdline()) else "picture process"

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from machine.systemd import ALIVE, READY, notify, stay_watched, watchdog_limit_s


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket of a service manager."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.setblocking(False)
        yield ear


def heard(manager: socket.socket) -> list[str]:
    words: list[str] = []
    with suppress(BlockingIOError):
        while True:
            words.append(manager.recv(100).decode())
    return words


async def test_a_process_says_ready_once_and_then_three_times_within_each_limit(
    manager: socket.socket,
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            raise asyncio.CancelledError

    environment = {"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "30000000"}
    with pytest.raises(asyncio.CancelledError):
        await stay_watched(environment, sleep)
    assert heard(manager) == [READY, ALIVE, ALIVE, ALIVE]
    assert waits == [10, 10, 10]


async def test_without_a_watchdog_only_ready_is_said(manager: socket.socket) -> None:
    await stay_watched({"NOTIFY_SOCKET": manager.getsockname()})
    assert heard(manager) == [READY]


async def test_where_nobody_watches_nothing_happens() -> None:
    await stay_watched({})


def test_an_abstract_address_is_spoken_to() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind("")
        address: bytes = ear.getsockname()
        notify(READY, {"NOTIFY_SOCKET": "@" + address[1:].decode()})
        assert ear.recv(100) == READY.encode()


def test_a_manager_that_is_gone_or_busy_holds_nobody_up(
    tmp_path: Path, manager: socket.socket
) -> None:
    notify(READY, {"NOTIFY_SOCKET": str(tmp_path / "nobody")})
    for _ in range(2_000):  # far more than a socket's queue holds
        notify(ALIVE, {"NOTIFY_SOCKET": manager.getsockname()})


@pytest.mark.parametrize(
    ("environment", "limit_s"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_limit_is_the_one_that_is_meant_for_this_process(
    environment: dict[str, str], limit_s: float | None
) -> None:
    assert watchdog_limit_s(environment) == limit_s

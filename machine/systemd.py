"""Tells the service manager that this process is ready and that its event loop still runs.

Knows systemd's protocol, sd_notify(3), by which `edgerad up` watches its own parts as well. Without
a manager, nothing is sent.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"
BEATS_PER_LIMIT = 3

Environment = Mapping[str, str]


def notify(words: str, environment: Environment = os.environ) -> None:
    """Tell the service manager, if there is one.

    Args:
        words: Such as `READY`.
    """
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
        sender.setblocking(False)  # a manager that is busy must not hold us up
        abstract = address.startswith("@")
        sender.sendto(words.encode(), "\0" + address[1:] if abstract else address)


def watchdog_limit_s(environment: Environment = os.environ) -> float | None:
    """For how long this process may send nothing, in seconds; None without a limit."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    meant = environment.get("WATCHDOG_PID", str(os.getpid()))
    if not microseconds.isdecimal() or meant != str(os.getpid()):
        return None
    return int(microseconds) / 1e6


async def stay_watched(
    environment: Environment = os.environ, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Report that this process is ready; then, for as long as its loop runs, that it is alive.

    Args:
        environment: Names the manager's socket and its limit.
        sleep: Waits; tests own time.
    """
    notify(READY, environment)
    limit_s = watchdog_limit_s(environment)
    while limit_s is not None:
        notify(ALIVE, environment)
        await sleep(limit_s / BEATS_PER_LIMIT)

"""Hears whether a part still turns: the listening end of `machine.systemd`.

Knows sd_notify's socket on the manager's side. Must not know processes.
"""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from machine.systemd import READY

WORDS_MAX_BYTES = 4096
OF_ANOTHER_MANAGER = frozenset({"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})


class Watchdog:
    """Listens to one part.

    Args:
        ear: A bound datagram socket that does not block.
        silence_s: How long the part may say nothing once it has said that it is ready.
    """

    def __init__(self, ear: socket.socket, silence_s: float) -> None:
        self._ear = ear
        self._silence_s = silence_s

    def environment(self) -> dict[str, str]:
        """What tells the part where to speak and how often."""
        address: bytes = self._ear.getsockname()
        return {
            "NOTIFY_SOCKET": address.replace(b"\0", b"@", 1).decode(),
            "WATCHDOG_USEC": str(int(self._silence_s * 1e6)),
        }

    async def until_ready(self) -> None:
        """Return once the part has said that it is ready."""
        loop = asyncio.get_running_loop()
        words = b""
        while READY.encode() not in words:
            words = await loop.sock_recv(self._ear, WORDS_MAX_BYTES)

    async def until_silent(self) -> None:
        """Return once the part, which is ready, has been silent for too long."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout(self._silence_s):
                    await loop.sock_recv(self._ear, WORDS_MAX_BYTES)
            except TimeoutError:
                if not self._has_spoken():
                    return

    def _has_spoken(self) -> bool:
        """Whether it was this process that did not listen, as on a machine that was held up."""
        try:
            return bool(self._ear.recv(WORDS_MAX_BYTES))
        except BlockingIOError:
            return False


@contextmanager
def listening(silence_s: float) -> Iterator[Watchdog]:
    """Listen to a part while the block runs.

    Args:
        silence_s: How long it may say nothing.

    Yields:
        The watchdog, on a socket of its own that has no name in any folder.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind("")  # Linux finds a free abstract address
        ear.setblocking(False)
        yield Watchdog(ear, silence_s)


def without_other_managers(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the words of whoever watches over this process."""
    return {key: value for key, value in environment.items() if key not in OF_ANOTHER_MANAGER}

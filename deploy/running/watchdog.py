"""Receives a part's signs of life: the supervisor's end of `machine.systemd`.

Knows sd_notify's socket. Must not know processes.
"""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from machine.systemd import READY

MESSAGE_MAX_BYTES = 4096
OF_ANOTHER_MANAGER = frozenset({"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})


class Watchdog:
    """Listens to one part.

    Args:
        receiver: A bound datagram socket that does not block.
        silence_s: How long the part may send nothing once it is ready.
    """

    def __init__(self, receiver: socket.socket, silence_s: float) -> None:
        self._receiver = receiver
        self._silence_s = silence_s

    def environment(self) -> dict[str, str]:
        """Tells the part where to send its signs of life, and how often."""
        address: bytes = self._receiver.getsockname()
        return {
            "NOTIFY_SOCKET": address.replace(b"\0", b"@", 1).decode(),
            "WATCHDOG_USEC": str(int(self._silence_s * 1e6)),
        }

    async def until_ready(self) -> None:
        """Return once the part is ready."""
        loop = asyncio.get_running_loop()
        message = b""
        while READY.encode() not in message:
            message = await loop.sock_recv(self._receiver, MESSAGE_MAX_BYTES)

    async def until_silent(self) -> None:
        """Return once the part has sent nothing for too long."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout(self._silence_s):
                    await loop.sock_recv(self._receiver, MESSAGE_MAX_BYTES)
            except TimeoutError:
                if not self._is_delayed():
                    return

    def _is_delayed(self) -> bool:
        """Whether a message waits: then it is this process that was held up."""
        try:
            return bool(self._receiver.recv(MESSAGE_MAX_BYTES))
        except BlockingIOError:
            return False


@contextmanager
def listening(silence_s: float) -> Iterator[Watchdog]:
    """Listen to a part while the block runs.

    Args:
        silence_s: How long it may send nothing.

    Yields:
        The watchdog, on a socket of its own that has no name in any folder.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind("")  # Linux finds a free abstract address
        receiver.setblocking(False)
        yield Watchdog(receiver, silence_s)


def without_other_managers(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the variables of this process's own service manager."""
    return {key: value for key, value in environment.items() if key not in OF_ANOTHER_MANAGER}

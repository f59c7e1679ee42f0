"""The model process's end of the wire: frames in on one descriptor, out on another.

Knows descriptors. Must not know what the messages mean.
"""

import functools
import os
import sys
import threading
from collections.abc import Iterator
from typing import Self

from inference.local.wire import Message, encode, messages_blocking


class Channel:
    """Both directions; `say` may be called from any thread."""

    def __init__(self, in_fd: int, out_fd: int) -> None:
        self._in_fd = in_fd
        self._out_fd = out_fd
        self._saying = threading.Lock()

    @classmethod
    def over_stdio(cls) -> Self:
        """Take standard input and output for frames alone.

        Returns:
            The channel. What anything else prints goes to standard error from now on.
        """
        in_fd, out_fd = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        sys.stdout.flush()
        os.dup2(2, 1)
        return cls(in_fd, out_fd)

    def say(self, message: Message) -> None:
        """Write a message, whole."""
        frame = memoryview(encode(message))
        with self._saying:
            while frame:
                frame = frame[os.write(self._out_fd, frame) :]

    def heard(self) -> Iterator[Message]:
        """Read messages until the other end closes; raises `WireError`."""
        return messages_blocking(functools.partial(os.read, self._in_fd))

"""Secrets that a parent process hands on to its parts by a file descriptor.

Neither `ps` nor a process's environment shows what it holds. It is memory, not a file. Must not
know what the secrets open.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MAX_BYTES = 1 << 16


@contextmanager
def handed_on(name: str, secret: str) -> Iterator[int]:
    """A descriptor for child processes to read a secret from.

    Each child must be given it by number (`pass_fds`), and told the number by its environment.

    Args:
        name: What lists of open files call it.
        secret: In ASCII.

    Yields:
        The descriptor.
    """
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC)
    try:
        os.pwrite(descriptor, secret.encode("ascii"), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def take_over(descriptor: int) -> str:
    """Read what the parent handed on and close it, so that no child of ours has it.

    Raises:
        OSError: There is no such descriptor.
    """
    try:
        return os.pread(descriptor, MAX_BYTES, 0).decode("ascii", errors="replace")
    finally:
        with suppress(OSError):
            os.close(descriptor)

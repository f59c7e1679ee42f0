"""Confines the picture processes as far as the machine permits. Must not know pictures.

| taken from    | what                                       | by                            |
|---------------|--------------------------------------------|-------------------------------|
| zygote, child | gaining privileges by exec                 | PR_SET_NO_NEW_PRIVS           |
| zygote, child | network, capabilities over the machine     | new user, network namespace * |
| child         | outliving the zygote                       | PR_SET_PDEATHSIG              |
| child         | memory, processor time                     | RLIMIT_AS, RLIMIT_CPU         |
| child         | opening any file or socket                 | RLIMIT_NOFILE = 0             |
| child         | writing files, core dumps, new processes   | RLIMIT_FSIZE, CORE, NPROC = 0 |
| child         | all calls of the kernel but a few harmless | seccomp *                     |

* Where the machine permits it: a container's default profile often does not permit the first.
A child that decodes HEIC may start threads, so NPROC is left to it; processes seccomp refuses it.

The last one stands by itself: it also holds for root, who may raise limits again. Whether each
holds is not believed but tried, by a first child that ends with that (`rehearse`).
"""

import ctypes
import math
import mmap
import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from machine import process_rights, system_calls
from pictures import limits

_CALLS = (
    *("brk", "clock_gettime", "close", "exit", "exit_group", "futex", "getrandom", "gettimeofday"),
    *("madvise", "mmap", "mremap", "munmap", "read", "recvfrom", "restart_syscall", "rt_sigreturn"),
    *("sched_yield", "sendto", "time", "write", "writev"),
)
"""Memory, time, and the descriptors that are open already. No call that names a file, an address,
another process or a signal."""

_FILTERS = {threads: system_calls.Filter(_CALLS, threads=threads) for threads in (False, True)}

_libc = ctypes.CDLL(None, use_errno=True)
_BYTE = ctypes.create_string_buffer(1)

Held = Mapping[str, bool]
"""What is kept from a decoder, in words, and whether it really is here."""


def confine_zygote() -> Held:
    """Take away what no decoder needs, as far as the machine permits."""
    held = {
        "new privileges": process_rights.refuse_new_privileges(),
        "the machine's network, by a namespace of its own": process_rights.leave_network(),
    }
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)  # native decoders write what they found in a file to stderr
    os.close(null)
    return held


def confine_child(*, threads: bool) -> Held:
    """Leave a disposable child nothing but processor time, memory and the socket it has.

    Args:
        threads: Whether it may start threads: HEIC's decoder does without one only by ending.
    """
    outliving = process_rights.end_with_parent(signal.SIGKILL)
    cpu_s = math.ceil(limits.DEADLINE_S) + 1
    wanted = {
        resource.RLIMIT_AS: _address_space_bytes() + limits.MEMORY_BYTES,
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 0,
    }
    if not threads:  # which this limit would count as processes
        wanted[resource.RLIMIT_NPROC] = 0
    for which, limit in wanted.items():
        resource.setrlimit(which, (limit, limit))
    limited = all(resource.getrlimit(which)[0] == limit for which, limit in wanted.items())
    return {
        "outliving its parent": outliving,
        "more than its share of memory and time": limited,
        "system calls that no decoder needs": _FILTERS[threads].switch_on(),
    }


def rehearse(*, threads: bool) -> Held:
    """Be confined as a child is, then try what it must not be able to do.

    For a child that ends with it: what was given up never comes back.
    """
    zygote = os.getppid()
    held = dict(confine_child(threads=threads))
    for what, attempt in _ATTEMPTS.items():
        held[what] = not _succeeds(attempt, zygote)
    return held


def _succeeds(attempt: Callable[[int], object], zygote: int) -> bool:
    with suppress(OSError):
        attempt(zygote)
        return True
    return False


def _open_file(_zygote: int) -> None:
    os.close(os.open("/proc/self/status", os.O_RDONLY))


def _open_socket(_zygote: int) -> None:
    socket.socket().close()


def _start_process(_zygote: int) -> None:
    if os.fork() == 0:
        os._exit(0)


def _signal_process(zygote: int) -> None:
    os.kill(zygote, 0)


def _read_other_memory(zygote: int) -> None:
    """Read a byte that stands at the same address in the zygote. Source: process_vm_readv(2)."""
    there = (ctypes.c_void_p * 2)(ctypes.addressof(_BYTE), 1)
    here = (ctypes.c_void_p * 2)(ctypes.addressof(_BYTE), 1)
    if _libc.process_vm_readv(zygote, here, 1, there, 1, 0) != 1:
        raise OSError(ctypes.get_errno(), "not read")


def _take_memory(_zygote: int) -> None:
    mmap.mmap(-1, 2 * limits.MEMORY_BYTES).close()


_ATTEMPTS: Mapping[str, Callable[[int], object]] = {
    "files": _open_file,
    "sockets": _open_socket,
    "new processes": _start_process,
    "signals to others": _signal_process,
    "other processes' memory": _read_other_memory,
    "memory beyond its share": _take_memory,
}


def _address_space_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()

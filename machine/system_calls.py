"""A filter of system calls: this process may make those that were named, and no others.

Knows the kernel's filter language and the calls' numbers on x86-64 and aarch64. Must not know what
the process is for. On other processors, and elsewhere than on Linux, there is no filter.

Source: seccomp(2), SECCOMP_SET_MODE_FILTER; bpf's classic instructions in linux/filter.h.
"""

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Iterable, Sequence

from machine.process_rights import refuse_new_privileges, set_right

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_RET_KILL_PROCESS = 0x8000_0000
_RET_ERRNO = 0x0005_0000
_RET_ALLOW = 0x7FFF_0000

_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16  # in struct seccomp_data
_CLONE_THREAD = 0x10000

_ARCHITECTURES = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}  # linux/audit.h

NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "brk": (12, 214),
    "clock_gettime": (228, 113),
    "clone": (56, 220),
    "clone3": (435, 435),
    "close": (3, 57),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "futex": (202, 98),
    "getrandom": (318, 278),
    "gettimeofday": (96, 169),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "read": (0, 63),
    "recvfrom": (45, 207),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "sendto": (44, 206),
    "set_robust_list": (273, 99),
    "time": (201, None),
    "write": (1, 64),
    "writev": (20, 66),
}
"""The calls that can be named: their numbers on x86-64 and on aarch64, which lacks some."""

_OF_THREADS = ("mprotect", "rseq", "rt_sigprocmask", "set_robust_list")
"""What the C library calls when it starts a thread, beside `clone`."""


class Filter:
    """A filter that lets only the named calls through; any other fails with "not permitted".

    Made before a fork, it is switched on after it without loading anything.

    Args:
        names: The calls, of `NUMBERS`.
        threads: Whether it may start threads, never a process.
    """

    def __init__(self, names: Iterable[str], *, threads: bool = False) -> None:
        self._instructions = _instructions_of_this_machine(names, threads=threads)
        length = len(self._instructions) // 8
        self._kept = ctypes.create_string_buffer(self._instructions)
        address = ctypes.addressof(self._kept)
        self._program = ctypes.create_string_buffer(struct.pack("@HP", length, address))

    def switch_on(self) -> bool:
        """Have it hold for this thread, and whatever it starts, until it ends.

        Returns:
            Whether it does: this processor is known, and the kernel agreed.
        """
        if not self._instructions:
            return False
        refuse_new_privileges()  # or the kernel takes no filter of anyone but root
        address = ctypes.addressof(self._program)
        return set_right(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, address)


def _instructions_of_this_machine(names: Iterable[str], *, threads: bool) -> bytes:
    machine = platform.machine()
    if machine not in _ARCHITECTURES or sys.maxsize < 2**32:
        return b""
    column = list(_ARCHITECTURES).index(machine)
    every = [*names, *(_OF_THREADS if threads else ())]
    numbers = [number for name in every if (number := NUMBERS[name][column]) is not None]
    return instructions(_ARCHITECTURES[machine], numbers, _of_clone(column) if threads else [])


_Instruction = tuple[int, int, int, int]


def instructions(
    architecture: int, numbers: Sequence[int], before: Sequence[_Instruction] = ()
) -> bytes:
    """The filter in the kernel's language.

    Args:
        architecture: AUDIT_ARCH_... of the numbers; a call by any other way ends the process.
        numbers: At most 255, as a jump goes no further.
        before: What is done first, with the call's number at hand.
    """
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _RET_KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER_AT),
        *before,
        *(
            (_JUMP_IF_EQUAL, len(numbers) - place, 0, number)
            for place, number in enumerate(numbers)
        ),
        (_RETURN, 0, 0, _RET_ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _RET_ALLOW),
    ]
    return b"".join(struct.pack("@HBBI", *instruction) for instruction in program)


def _of_clone(column: int) -> list[_Instruction]:
    """Let `clone` make threads, and say of `clone3` that it is unknown.

    What that one would make stands in memory, where no filter sees it; the C library then takes
    the other.
    """
    clone, clone3 = NUMBERS["clone"][column], NUMBERS["clone3"][column]
    if clone is None or clone3 is None:
        return []
    return [
        (_JUMP_IF_EQUAL, 0, 1, clone3),
        (_RETURN, 0, 0, _RET_ERRNO | errno.ENOSYS),
        (_JUMP_IF_EQUAL, 0, 4, clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        (_JUMP_IF_SET, 0, 1, _CLONE_THREAD),
        (_RETURN, 0, 0, _RET_ALLOW),
        (_RETURN, 0, 0, _RET_ERRNO | errno.EPERM),
    ]

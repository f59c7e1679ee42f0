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

_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # in struct seccomp_data

_ARCHITECTURES = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}  # linux/audit.h

NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "brk": (12, 214),
    "clock_gettime": (228, 113),
    "close": (3, 57),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "futex": (202, 98),
    "getrandom": (318, 278),
    "gettimeofday": (96, 169),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "read": (0, 63),
    "recvfrom": (45, 207),
    "restart_syscall": (219, 128),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "sendto": (44, 206),
    "time": (201, None),
    "write": (1, 64),
    "writev": (20, 66),
}
"""The calls that can be named: their numbers on x86-64 and on aarch64, which lacks some."""


class Filter:
    """A filter that lets only the named calls through; any other fails with "not permitted".

    Made before a fork, it is switched on after it without loading anything.

    Args:
        names: The calls, of `NUMBERS`.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._instructions = _instructions_of_this_machine(names)
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


def _instructions_of_this_machine(names: Iterable[str]) -> bytes:
    machine = platform.machine()
    if machine not in _ARCHITECTURES or sys.maxsize < 2**32:
        return b""
    column = list(_ARCHITECTURES).index(machine)
    numbers = [number for name in names if (number := NUMBERS[name][column]) is not None]
    return instructions(_ARCHITECTURES[machine], numbers)


def instructions(architecture: int, numbers: Sequence[int]) -> bytes:
    """The filter in the kernel's language.

    Args:
        architecture: AUDIT_ARCH_... of the numbers; a call by any other way ends the process.
        numbers: At most 255, as a jump goes no further.
    """
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _RET_KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER_AT),
        *(
            (_JUMP_IF_EQUAL, len(numbers) - place, 0, number)
            for place, number in enumerate(numbers)
        ),
        (_RETURN, 0, 0, _RET_ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _RET_ALLOW),
    ]
    return b"".join(struct.pack("@HBBI", *instruction) for instruction in program)

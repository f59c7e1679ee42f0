"""The key in the memory of the processes that use it: another program of the same user wants it."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.running import EdgeRad
from tests.attacks.capabilities import drop_capabilities, python_without_capabilities

PEEP = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
taken = ctypes.create_string_buffer(1)
here = (ctypes.c_void_p * 2)(ctypes.addressof(taken), 1)
nowhere = (ctypes.c_void_p * 2)(1, 1)
libc.process_vm_readv({pid}, here, 1, nowhere, 1, 0)
print(ctypes.get_errno())
"""
"""Reads a byte at an address where there is none: the kernel first asks whether one may look."""

IDLE = """
import ctypes, sys
ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0)  # where Yama asks
print("ready", flush=True)
sys.stdin.read()
"""


def what_a_look_gives(pid: int) -> int:
    with python_without_capabilities("-c", PEEP.format(pid=pid)) as process:
        said, _ = process.communicate(timeout=60)
    return int(said)


@pytest.fixture
def edgerad(tmp_path: Path) -> Iterator[EdgeRad]:
    """EdgeRad as a clinic's service has it: an account without root's powers."""
    system = EdgeRad(tmp_path, {"EDGERAD_ENGINE": "scripted"})
    system.start(preexec_fn=drop_capabilities)
    yield system
    system.stop()


def test_one_can_look_into_a_program_that_does_not_forbid_it() -> None:
    """The attack itself works, where nothing is in its way."""
    with python_without_capabilities("-c", IDLE) as idle:
        assert idle.stdout is not None
        idle.stdout.readline()
        assert what_a_look_gives(idle.pid) == errno.EFAULT
        idle.kill()


def test_nobody_looks_into_a_process_that_has_the_key(edgerad: EdgeRad) -> None:
    parts = {
        "up": edgerad.pid,
        "gateway": edgerad.process("gateway").pid,
        "bot": edgerad.process("bot").pid,
    }
    looked = {name: what_a_look_gives(pid) for name, pid in parts.items()}
    assert looked == dict.fromkeys(parts, errno.EPERM)

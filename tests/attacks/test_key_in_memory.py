"""The key in the memory of the processes that use it: another program of the same user wants it."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.doctor.checks import Level
from deploy.doctor.examination import check_key_in_memory
from inference.runtime import __main__ as model_process
from machine import process_rights
from storage.key_sources import find_key_source
from tests.acceptance.running import EdgeRad
from tests.attacks.capabilities import drop_capabilities, python_without_capabilities
from tests.attacks.conftest import Note

ATTACKER = "on the machine, and in files"

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


def test_nobody_looks_into_a_process_that_has_the_key(edgerad: EdgeRad, outcome: Note) -> None:
    parts = {
        "up": edgerad.pid,
        "gateway": edgerad.process("gateway").pid,
        "bot": edgerad.process("bot").pid,
    }
    looked = {name: what_a_look_gives(pid) for name, pid in parts.items()}
    assert looked == dict.fromkeys(parts, errno.EPERM)
    outcome(
        "Another program of the same account reads the key out of `edgerad up`, the"
        " gateway or the bot",
        "refused by the kernel",
    )


def test_a_kernel_that_does_not_hide_the_key_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    outcome: Note,
) -> None:
    monkeypatch.setattr(process_rights, "refuse_inspection", lambda: False)
    find_key_source(tmp_path / "data", tmp_path / "key")
    assert "read the key in memory" in caplog.text
    assert check_key_in_memory().level is Level.WARN
    outcome("A kernel that lets others look all the same", "the log and `edgerad doctor` say so")


def test_a_model_process_that_keeps_its_network_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    outcome: Note,
) -> None:
    monkeypatch.setattr(model_process, "_NVIDIA_DRIVER", tmp_path / "none")
    monkeypatch.setattr(model_process, "leave_network", lambda: False)
    model_process.close_way_out()
    assert "the network" in capsys.readouterr().err, "which the log has"
    outcome("A machine that leaves the model process its network", "the log says so")

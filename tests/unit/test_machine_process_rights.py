import signal
import subprocess
import sys

from machine.project import PROJECT_ROOT


def run(script: str) -> str:
    """What a process of its own prints: rights that were given up never come back."""
    command = [sys.executable, "-c", f"from machine import process_rights\n{script}"]
    return subprocess.run(
        command, cwd=PROJECT_ROOT, check=True, capture_output=True, text=True, timeout=60
    ).stdout


def test_a_process_that_refused_privileges_stays_without() -> None:
    status = run(
        "process_rights.refuse_new_privileges()\nprint(open('/proc/thread-self/status').read())"
    )
    assert "NoNewPrivs:\t1" in status


def test_a_process_says_which_signal_ends_it_with_its_parent() -> None:
    script = """
import ctypes, signal
process_rights.end_with_parent(signal.SIGTERM)
asked = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(asked))  # PR_GET_PDEATHSIG
print(asked.value)
"""
    assert int(run(script)) == signal.SIGTERM


def test_whether_inspection_is_refused_is_asked_of_the_kernel_and_not_believed() -> None:
    script = """
import ctypes
print(process_rights.refuse_inspection(), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))  # dumpable
process_rights._prctl = lambda option, *_: int(option == 3)  # one that takes it and does nothing
print(process_rights.refuse_inspection())
"""
    assert run(script).split() == ["True", "0", "False"]


def test_elsewhere_than_on_linux_nothing_is_limited() -> None:
    script = """
process_rights._prctl = process_rights._unshare = None
process_rights.refuse_new_privileges()
print(process_rights.leave_network(), process_rights.refuse_inspection())
"""
    assert run(script).split() == ["False", "False"]

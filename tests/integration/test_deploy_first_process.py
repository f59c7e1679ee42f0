"""`edgerad up` as the first process of a container: what is left behind is reaped."""

import os
import subprocess
import sys

import pytest

ORPHANS = """
import os, subprocess, sys, time
from pathlib import Path
def state_of(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None
double = "import os; pid = os.fork(); pid and print(pid, flush=True); pid or os._exit(0)"
orphans = [subprocess.check_output([sys.executable, "-c", double]) for _ in range(3)]
until = time.monotonic() + 60
while any(left := [state_of(int(pid)) for pid in orphans]) and time.monotonic() < until:
    time.sleep(0.05)
print("first", os.getpid() == 1, "left", left, flush=True)
"""
BEGIN = """
import signal, sys
from deploy.running.first_process import reap_orphans
reap_orphans([signal.SIGTERM])
"""


def started(program: str) -> "subprocess.Popen[str]":
    """A program as the first process of its own."""
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    own = ["unshare", *root, "--pid", "--fork", "--kill-child", "--mount-proc"]
    command = [*own, sys.executable, "-c", program]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_orphans_are_reaped() -> None:
    said, _ = started(BEGIN + ORPHANS).communicate()
    assert said == "first False left [None, None, None]\n"


@pytest.mark.parametrize(
    ("ending", "status"), [("sys.exit(3)", 3), ("signal.raise_signal(signal.SIGKILL)", 137)]
)
def test_it_ends_as_what_it_runs_ends(ending: str, status: int) -> None:
    process = started(f"{BEGIN}{ending}")
    process.communicate()
    assert process.returncode == status


def test_it_hands_a_stop_signal_on() -> None:
    waits = """
import os
signal.signal(signal.SIGTERM, lambda *_: sys.exit(4))
os.kill(1, signal.SIGTERM)
signal.pause()
"""
    process = started(BEGIN + waits)
    process.communicate()
    assert process.returncode == 4


def test_the_system_is_not_the_first_process_itself() -> None:
    program = """
import os
from deploy.commands import cli
async def shown(*_):
    print("first", os.getpid() == 1)
cli.run_up = shown
cli.app(["up"])
"""
    said, _ = started(program).communicate()
    assert said == "first False\n"


def test_elsewhere_nothing_is_forked() -> None:
    program = f"{BEGIN}import os; print(os.getppid())"
    run = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    said, _ = run.communicate()
    assert said != f"{run.pid}\n"

"""EdgeRad without a terminal: started, stopped, and what it said meanwhile.

Knows processes, the log file and systemd's names. Must not know what the parts do.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.joining.banner import READY
from machine.faults import Fault
from machine.project import python_module
from storage.home import Holder, make_home, process_of
from storage.layout import Layout

STOP_S = 30.0
"""The parts have 5 s to stop; a busy machine takes longer."""

_LOOK_S = 0.2
_LONGEST_LOG_BYTES = 10_000_000
_CGROUP = "/proc/{process}/cgroup"


class BackgroundFault(Fault):
    """EdgeRad could not be started or stopped, or says nothing."""


def start(home: Path, say: Callable[[str], None]) -> int:
    """Start `edgerad up` as a process of its own, and wait until phones are served.

    Args:
        home: The data folder; the log lies in it.
        say: Shows what it says meanwhile, line by line.

    Returns:
        Its process id.

    Raises:
        BackgroundFault: It ended before it was ready; it has said why.
        HomeUnusable: The folder cannot be made or written.
    """
    make_home(home)
    log = Layout(home).log
    if log.exists() and log.stat().st_size > _LONGEST_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as out, log.open("rb") as said:
        said.seek(0, os.SEEK_END)
        process = subprocess.Popen(  # noqa: S603 - our own module
            python_module("deploy", "up"),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        for line in _lines(said.readline, process):
            say(line)
            if READY in line:
                break
        else:
            raise BackgroundFault("EdgeRad did not start; its own message is above.")
        time.sleep(_LOOK_S)
        for rest in said:  # the rest of the banner
            say(rest.decode(errors="replace").rstrip())
    return process.pid


def stop(home: Path) -> bool:
    """Have EdgeRad stop, and wait for it.

    Returns:
        Whether it ran.

    Raises:
        BackgroundFault: It is a service's, another user's, or does not stop.
    """
    process = process_of(home, Holder.SYSTEM)
    if process is None:
        return False
    if unit := service_of(process):
        raise BackgroundFault(f"systemd runs it and would start it again: systemctl stop {unit}")
    try:
        os.kill(process, signal.SIGTERM)
    except OSError as error:
        raise BackgroundFault(
            f"Process {process} is another user's: stop it as that user."
        ) from error
    until = time.monotonic() + STOP_S
    while process_of(home, Holder.SYSTEM) is not None:
        if time.monotonic() > until:
            raise BackgroundFault(f"Process {process} does not stop: see edgerad logs")
        time.sleep(_LOOK_S)
    return True


def show_log(home: Path, lines: int, *, follow: bool) -> list[str]:
    """The command that shows the newest lines of what runs, or last ran, on a data folder.

    Raises:
        BackgroundFault: It was started in a terminal, which has them.
    """
    process = process_of(home, Holder.SYSTEM)
    unit = None if process is None else service_of(process)
    goes_on = ["-f"] * follow
    if unit is not None:
        return ["journalctl", "-u", unit, "-n", str(lines), *goes_on]
    log = Layout(home).log
    if not log.exists():
        raise BackgroundFault(
            "There is no log: the terminal that EdgeRad was started in has its messages. Under"
            " systemd: journalctl -u edgerad. To have a log: edgerad up --detach"
        )
    return ["tail", "-n", str(lines), *goes_on, str(log)]


def service_of(process: int) -> str | None:
    """The system's systemd service that a process belongs to, such as `edgerad.service`."""
    try:
        group = Path(_CGROUP.format(process=process)).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    unit = group.rpartition("/")[2]
    return unit if unit.endswith(".service") else None


def _lines(read: Callable[[], bytes], process: subprocess.Popen[bytes]) -> Iterator[str]:
    """Whole lines of a file that a process writes to, until it ends."""
    begun = b""
    while True:
        ended = process.poll() is not None
        while piece := read():
            begun += piece
            if begun.endswith(b"\n"):
                yield begun.decode(errors="replace").rstrip()
                begun = b""
        if ended:
            return
        time.sleep(_LOOK_S)

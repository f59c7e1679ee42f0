"""The data folder: made where it is missing, and held by one process a part.

Knows where the locks lie. Must not know what else is in it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from machine.containers import vanishes
from machine.faults import Fault, os_words
from storage.layout import Layout

CUT_OFF = "A restore in {home} was cut off. Finish it first: edgerad restore --finish"
VANISHES = (
    "EDGERAD_HOME={home} is in the container itself: every case would go with it. Mount a volume"
    " there: docs/install.md, In a container."
)
ELSEWHERE = "Set EDGERAD_HOME to another folder, or put that right."


class HomeUnusable(Fault):
    """The data folder cannot be used."""


class AlreadyRunning(Fault):
    """Another process works on this data folder."""


class RestoreCutOff(Fault):
    """A backup is half in place."""


class Holder(StrEnum):
    """Who may hold a lock of the data folder, and its name for people."""

    SYSTEM = "EdgeRad"
    BOT = "bot"
    GATEWAY = "gateway"
    BACKUP = "backup"

    def lock(self, home: Path) -> Path:
        """Where its lock lies."""
        return Layout(home).locks / self.lower()


def make_home(home: Path) -> None:
    """Make sure that there is a data folder that this user can write to.

    Args:
        home: `EDGERAD_HOME`; made, and for this user alone, where it is missing.

    Raises:
        HomeUnusable: With what is in the way.
        RestoreCutOff: A backup is half in place.
    """
    if Layout(home).restoring.exists():
        raise RestoreCutOff(CUT_OFF.format(home=home))
    _make(home)


def _make(home: Path) -> None:
    if words := _obstacle(home):
        raise HomeUnusable(words)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeUnusable(f"EDGERAD_HOME={home}: {os_words(error)}") from error


def problem(home: Path) -> str:
    """Say what keeps this user from a data folder, changing nothing.

    Args:
        home: `EDGERAD_HOME`, which need not exist yet.

    Returns:
        A sentence, with what to do; empty where the folder can be used or made.
    """
    return _obstacle(home) or (CUT_OFF.format(home=home) if Layout(home).restoring.exists() else "")


def _obstacle(home: Path) -> str:
    try:
        nearest = next(path for path in (home, *home.absolute().parents) if path.exists())
    except OSError as error:
        return f"EDGERAD_HOME={home}: {os_words(error)}"
    if not nearest.is_dir():
        return f"EDGERAD_HOME={home}: {nearest} is a file, and a folder is needed. {ELSEWHERE}"
    if vanishes(home):
        return VANISHES.format(home=home)
    if not os.access(nearest, os.W_OK | os.X_OK):
        return f"EDGERAD_HOME={home}: this user may not write in {nearest}. {ELSEWHERE}"
    return ""


@contextmanager
def hold(home: Path, holder: Holder) -> Iterator[None]:
    """Hold a lock of the data folder: two of a kind on one folder would each answer.

    Args:
        home: The data folder, made where it is missing.

    Yields:
        Nothing; the lock is let go at the end, or by the kernel when the process dies.

    Raises:
        AlreadyRunning: Another process holds it.
        HomeUnusable: The folder cannot be made or written.
        RestoreCutOff: A backup is half in place.
    """
    make_home(home)
    with _locked(home, holder):
        yield


@contextmanager
def hold_all(home: Path) -> Iterator[None]:
    """Hold every lock of the data folder, a restore that was cut off or not.

    Args:
        home: The data folder, made where it is missing.

    Raises:
        AlreadyRunning: Something runs on this folder.
        HomeUnusable: The folder cannot be made or written.
    """
    _make(home)
    with ExitStack() as locks:
        for holder in Holder:
            locks.enter_context(_locked(home, holder))
        yield


@contextmanager
def _locked(home: Path, holder: Holder) -> Iterator[None]:
    path = holder.lock(home)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(
                f"Another {holder} runs on this data folder, {home}{_process_of(file)}. Stop it"
                " first, or set EDGERAD_HOME to a folder of this one's own."
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def process_of(home: Path, holder: Holder) -> int | None:
    """Say which process works on a data folder, changing nothing.

    Returns:
        The process that holds it, 0 if that is not known; None if nobody does.
    """
    try:
        with holder.lock(home).open(encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                number = file.read().strip()
                return int(number) if number.isdecimal() else 0
    except OSError:
        return None  # nobody ever held it, or it is another user's
    return None


@contextmanager
def hold_system(home: Path) -> Iterator[None]:
    """Hold the lock of the system, which runs the parts: none of them may run by itself.

    Args:
        home: The data folder, made where it is missing.

    Yields:
        Nothing; the parts' own locks are theirs to hold.

    Raises:
        AlreadyRunning: The system or a part of it runs on this folder.
        HomeUnusable: The folder cannot be made or written.
    """
    with hold(home, Holder.SYSTEM):
        for part in (Holder.BOT, Holder.GATEWAY):
            with hold(home, part):
                pass  # nobody holds it
        yield


def _process_of(file: TextIO) -> str:
    file.seek(0)
    number = file.read().strip()
    return f" (process {number})" if number else ""

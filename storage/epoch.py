"""Whether a database is the one that was worked with last, or an older copy that was put back.

Knows a number that only grows, the epoch. It stands in each database, and sealed in a record beside
both. The record is written first and says that the step is not taken yet, then the database, then
the record again: so a crash between any two of them is told from a copy. Nobody without the key
can write either. A whole folder that is put back, record and all, is not noticed.
"""

import asyncio
import fcntl
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from pydantic import BaseModel, ValidationError

from storage.database import Database, DiskFault
from storage.errors import Damaged
from storage.keys import Keyring
from storage.layout import EPOCH, SEALED_FOLDERS, Layout
from storage.sealed_folder import SealedFolder

PERIOD_S = 600.0
"""How much of the newest work a copy may lack at most without being noticed."""

_FIRST_BELOW = 1 << 24  # databases of other folders, of the same key, have other numbers

log = logging.getLogger(__name__)


class Why(StrEnum):
    """What is wrong with a database."""

    OLDER = "older than EdgeRad's sealed record of it"
    OTHER = "not the one of EdgeRad's sealed record"
    UNKNOWN = "not in EdgeRad's sealed record, which is missing or was damaged"


class Finding(BaseModel, frozen=True):
    """A database that is not the one that was worked with last.

    Args:
        database: Its path in the data folder.
        at: Unix seconds when that was noticed.
    """

    database: str
    why: Why
    at: float

    def in_words(self) -> str:
        """A sentence for people."""
        return f"{self.database} is {self.why}: an older copy was put back, or the disk lost data."


class _Entry(BaseModel):
    """A database's epoch: `number`, or still `was` where the step between them is not settled."""

    was: int
    number: int


class _State(BaseModel):
    databases: dict[str, _Entry] = {}
    revoked: list[int] = []
    findings: list[Finding] = []


class Epoch:
    """The number in a database, in its header, so that every release's schema has room for it.

    Args:
        database: Open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self) -> int:
        """The number; 0 where there was none yet."""
        return await self._database.read(lambda tx: int(tx.all("PRAGMA application_id")[0][0]))

    async def put(self, number: int) -> None:
        """Write it; on return it is on the disk."""
        await self._database.write(lambda tx: tx.run(f"PRAGMA application_id = {number:d}"))


class EpochRecord:
    """The sealed record of a data folder. Its methods take as long as the disk does.

    Args:
        keyring: The keys to the folder.
    """

    def __init__(self, home: Path, keyring: Keyring) -> None:
        self._home = home
        self._folder = SealedFolder(Layout(home).epoch, keyring, SEALED_FOLDERS[EPOCH])

    def judge(self, numbers: Callable[[], Mapping[Path, int]], now: float) -> list[Finding]:
        """Compare databases with the record, and change nothing.

        Args:
            numbers: Reads the numbers in them, while nobody takes a step.
        """
        if not self._folder.path.exists():
            state, found = _State(), numbers()
        else:
            with self._alone():
                state, found = self._read(), numbers()
        judged = ((path, _judge(state, path, number)) for path, number in found.items())
        return [_finding(path, why, now) for path, why in judged if why is not None]

    def begin(self, path: Path, held: int, now: float) -> tuple[int, Finding | None]:
        """Begin a step of a database.

        Args:
            path: One of `DATABASES`.
            held: The number that is in it.

        Returns:
            The number to write into it, and what was wrong with it until now, which is kept.
        """
        with self._changing() as state:
            why = _judge(state, path, held)
            known = state.databases.get(path.as_posix())
            last = max(held, known.number if known else 0) or secrets.randbelow(_FIRST_BELOW)
            state.databases[path.as_posix()] = _Entry(was=held, number=last + 1)
            finding = None if why is None else _finding(path, why, now)
            state.findings += [finding] if finding else []
        return last + 1, finding

    def settle(self, path: Path) -> None:
        """Note that the step was taken: from now on a database without it is older."""
        with self._changing() as state:
            entry = state.databases[path.as_posix()]
            entry.was = entry.number

    def revoked(self) -> frozenset[int]:
        """The ids of those whose access was taken away when the record was last told."""
        if not self._folder.path.exists():
            return frozenset()
        with self._alone():
            return frozenset(self._read().revoked)

    def put_revoked(self, user_ids: Iterable[int]) -> None:
        """Note whose access is taken away, for the day when a database no longer knows."""
        listed = sorted(user_ids)
        with self._changing() as state:
            state.revoked = listed

    def findings(self) -> list[Finding]:
        """What was noticed and not accepted yet."""
        if not self._folder.path.exists():
            return []
        with self._alone():
            return self._read().findings

    def accept(self) -> None:
        """Forget what was noticed: somebody has looked into it."""
        with self._changing() as state:
            state.findings = []

    def adopt(self, numbers: Mapping[Path, int], revoked: Iterable[int]) -> None:
        """Begin the record of databases that a restore puts in place.

        Args:
            numbers: What is in them.
            revoked: Whose access was taken away in what they take the place of.
        """
        listed = sorted(revoked)
        with self._changing() as state:
            state.databases = {
                path.as_posix(): _Entry(was=number, number=number)
                for path, number in numbers.items()
            }
            state.revoked = listed

    def _read(self) -> _State:
        try:
            return _State.model_validate_json(self._folder.read(EPOCH.name))
        except (FileNotFoundError, Damaged, ValidationError):
            return _State()  # so each database that has a number is unknown

    @contextmanager
    def _changing(self) -> Iterator[_State]:
        with self._alone():
            state = self._read()
            before = state.model_dump_json()
            yield state
            if state.model_dump_json() != before:
                self._folder.put(EPOCH.name, BytesIO(state.model_dump_json().encode()))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep the other parts from changing it meanwhile."""
        self._folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


class EpochKeeper:
    """Takes the steps of one database while a part serves.

    Args:
        path: One of `DATABASES`.
        clock: Unix seconds.
    """

    def __init__(
        self, record: EpochRecord, path: Path, epoch: Epoch, clock: Callable[[], float]
    ) -> None:
        self._record = record
        self._path = path
        self._epoch = epoch
        self._clock = clock

    async def step(self) -> Finding | None:
        """Take a step, so that no copy from before it passes.

        Returns:
            What was wrong with the database until now.
        """
        held = await self._epoch.get()
        number, finding = await asyncio.to_thread(
            self._record.begin, self._path, held, self._clock()
        )
        if finding is not None:
            log.error("%s See docs/operating.md, Older data.", finding.in_words())
        await self._epoch.put(number)
        await asyncio.to_thread(self._record.settle, self._path)
        return finding

    async def try_step(self, first: Callable[[], None] = lambda: None) -> None:
        """Take a step, unless the disk is full or fails: then the next one says it all.

        Args:
            first: What else is to be noted in the record.
        """
        try:
            await asyncio.to_thread(first)
            await self.step()
        except (DiskFault, OSError) as error:
            log.warning("The record of the newest data was not kept: %s", type(error).__name__)


def _judge(state: _State, path: Path, held: int) -> Why | None:
    entry = state.databases.get(path.as_posix())
    if entry is None:
        return Why.UNKNOWN if held else None
    if held in {entry.was, entry.number}:
        return None
    return Why.OLDER if held < entry.number else Why.OTHER


def _finding(path: Path, why: Why, now: float) -> Finding:
    return Finding(database=path.as_posix(), why=why, at=now)

"""A disk that fills up, fails, or loses what was not synced when the power goes.

Knows `disk.c`, which stands between the parts and their files. Must not know what files hold.
"""

import errno
import mmap
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")
SECTOR_BYTES = 512
FULL = errno.ENOSPC
BROKEN = errno.EIO
_RECORD = struct.Struct("<IIqq")
_ORDERS = struct.Struct("<ii")


class Op(IntEnum):
    """What a program did to a file; the numbers are those of `disk.c`."""

    WRITE = 1
    TRUNCATE = 2
    SYNC = 3
    CREATE = 4
    UNLINK = 5
    RENAME = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record of the journal."""

    op: Op
    path: Path
    offset: int
    data: bytes


class Disk:
    """Stands below the parts of a rig.

    Args:
        folder: For the library and what it writes.
        root: The folder whose files are meant.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        folder.mkdir()
        self._root = root
        self._journal = folder / "journal"
        self._orders = folder / "orders"
        self._orders.write_bytes(_ORDERS.pack(0, 0))
        library = folder / "disk.so"
        build = ["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
        subprocess.run(build, check=True)
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAULT_DISK_ROOT": f"{root}/",
            "FAULT_DISK_ORDERS": str(self._orders),
        }

    def keep_journal(self) -> None:
        """Have every change written down from the next start on."""
        self.environment["FAULT_DISK_JOURNAL"] = str(self._journal)

    def fail(self, error: int, *, after: int = 0) -> None:
        """Let so many more writes succeed, and each one after them fail."""
        with self._orders.open("r+b") as file, mmap.mmap(file.fileno(), 0) as orders:
            orders[:] = _ORDERS.pack(after, error)

    def heal(self) -> None:
        """Let all writes succeed."""
        self.fail(0)

    def cut_power(self, before: Path, dice: random.Random) -> int:
        """Put in the root's place what a power cut would have left of it.

        Args:
            before: A copy of the root from when the journal began.
            dice: Decide over what was not synced: kept, lost, or torn within.

        Returns:
            How many changes were lost or torn.
        """
        files: dict[Path, _File] = {}
        for change in _changes(self._journal):
            if change.op is not Op.SYNC:
                known = files.get(change.path) or _File(_content(before, self._root, change.path))
                known.pending.append(change)
                files[change.path] = known
            elif change.path in files:
                files[change.path].sync()
            else:
                _sync_names(files, change.path)
        lost = sum(file.lose(dice) for file in files.values())
        self._replace_root(before, files)
        self._journal.unlink()
        return lost

    def _replace_root(self, before: Path, files: "dict[Path, _File]") -> None:
        shutil.rmtree(self._root)
        shutil.copytree(before, self._root, ignore=shutil.ignore_patterns("*-shm"))
        for path, file in files.items():
            if path.name.endswith("-shm"):
                continue
            path.unlink(missing_ok=True)
            if file.content is not None:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.write_bytes(file.content)


@dataclass(slots=True)
class _File:
    """A file as it is on the disk for certain, and what was done to it since."""

    content: bytearray | None
    pending: list[Change] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.pending:
            self._apply(change)
        self.pending.clear()

    def sync_name(self) -> None:
        """Its folder was synced: that it is there, or gone, is certain."""
        names = [change for change in self.pending if change.op in {Op.CREATE, Op.UNLINK}]
        for change in names:
            self._apply(change)
            self.pending.remove(change)

    def lose(self, dice: random.Random) -> int:
        """Keep, lose or tear each change that was not synced; says how many were not kept."""
        lost = 0
        for change in self.pending:
            fate = dice.choice(("kept", "lost", "torn"))
            lost += fate != "kept"
            if fate == "kept":
                self._apply(change)
            elif fate == "torn" and change.op is Op.WRITE:
                self._apply(_torn(change, dice))
            elif change.op is Op.CREATE:
                break  # what was written to a file that is not there is not there either
        return lost

    def _apply(self, change: Change) -> None:
        if change.op is Op.UNLINK:
            self.content = None
            return
        content = self.content if self.content is not None else bytearray()
        if change.op is Op.TRUNCATE:
            del content[change.offset :]
            content.extend(bytes(change.offset - len(content)))
        elif change.op is Op.WRITE:
            end = change.offset + len(change.data)
            content.extend(bytes(max(0, end - len(content))))
            content[change.offset : end] = change.data
        self.content = content


def _torn(change: Change, dice: random.Random) -> Change:
    kept = dice.randrange(0, len(change.data), SECTOR_BYTES)
    return Change(op=change.op, path=change.path, offset=change.offset, data=change.data[:kept])


def _sync_names(files: dict[Path, _File], folder: Path) -> None:
    for path, file in files.items():
        if path.parent == folder:
            file.sync_name()


def _content(before: Path, root: Path, path: Path) -> bytearray | None:
    copy = before / path.relative_to(root)
    return bytearray(copy.read_bytes()) if copy.is_file() else None


def _changes(journal: Path) -> Iterator[Change]:
    with journal.open("rb") as file:
        while head := file.read(_RECORD.size):
            op, path_bytes, offset, size = _RECORD.unpack(head)
            path = Path(file.read(path_bytes).decode())
            data = file.read(size) if op in {Op.WRITE, Op.RENAME} else b""
            yield Change(op=Op(op), path=path, offset=offset, data=data)

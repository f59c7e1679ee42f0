"""The limits of control groups, such as those of a container or of a systemd service.

Knows the kernel's files, of cgroup v2 and v1. Limits above a container's own control group
namespace are not visible from within.

Source: the kernel's admin-guide, cgroup-v2 and cgroup-v1/memory; scheduler/sched-bwc; proc(5).
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_LIMITS = ("memory.max", "memory.high", "memory.limit_in_bytes")
"""Above `memory.high` a process is not killed, but throttled so much that no model computes."""
_USED = ("memory.current", "memory.usage_in_bytes")
_CACHED = ("active_file", "inactive_file")
"""Pages of files: counted as used, and freed before any process is killed, the active ones too.
A model's files that were read twice, to check and to load them, are active."""
_NO_LIMIT_BYTES = 2**60
"""v1 says "none" by as many pages as fit into 63 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CgroupLimits:
    """What a process may use, together with all others in its control groups.

    Args:
        memory_bytes: The most, None where no group limits it.
        free_bytes: What is left in the group where least is, None where no group limits it.
        cpus: Processor time in a time, such as 1.5; None where no group limits it.
    """

    memory_bytes: int | None = None
    free_bytes: int | None = None
    cpus: float | None = None


def measure_limits(*, root: Path = Path("/"), process: int | None = None) -> CgroupLimits:
    """Find what limits a process now: the smallest limit from its own group up to the topmost.

    Args:
        root: Where `proc` is, and what is mounted.
        process: Its id; the one that asks by default.

    Returns:
        The limits; what cannot be read limits nothing.
    """
    memory = [found for folder in _folders(root, process, "memory") if (found := _memory(folder))]
    cpus = [time for folder in _folders(root, process, "cpu") if (time := _cpus(folder))]
    return CgroupLimits(
        memory_bytes=min((limit for limit, _ in memory), default=None),
        free_bytes=min((free for _, free in memory), default=None),
        cpus=min(cpus, default=None),
    )


def usable_cpus(*, root: Path = Path("/"), process: int | None = None) -> int:
    """How many threads of a process can compute at once without being held up.

    Args:
        root: Where `proc` is, and what is mounted.
        process: Its id; the one that asks by default.

    Returns:
        The processors that it may run on, and no more than its time pays for: a part of one counts
        for none, but one is always had. Two threads with the time of 1.5 are both halted, and chat
        and gateway in the same group with them, whenever it is spent: what a token takes (twenty
        products with a matrix of 2,560 x 2,560) took 32 ms with two and 23 ms with one.
    """
    try:
        allowed = len(os.sched_getaffinity(process or 0))
    except ProcessLookupError:  # it has just ended
        allowed = len(os.sched_getaffinity(0))
    cpus = measure_limits(root=root, process=process).cpus
    return allowed if cpus is None else max(1, min(allowed, int(cpus)))


def _memory(folder: Path) -> tuple[int, int] | None:
    """A group's limit and what is left of it."""
    limits = [limit for name in _LIMITS if (limit := _number(folder / name)) is not None]
    limit = min(limits, default=_NO_LIMIT_BYTES)
    if limit >= _NO_LIMIT_BYTES:
        return None
    used = next((each for name in _USED if (each := _number(folder / name)) is not None), 0)
    return limit, max(0, limit - max(0, used - _cached(folder)))


def _cached(folder: Path) -> int:
    """With the groups below it, as usage has them: in v1 that is what `total_` says."""
    lines = (line.split() for line in _text(folder / "memory.stat").splitlines())
    stat = {line[0]: int(line[1]) for line in lines if len(line) == 2 and line[1].isdecimal()}
    return sum(stat.get(f"total_{name}", stat.get(name, 0)) for name in _CACHED)


def _cpus(folder: Path) -> float | None:
    """A group's processor time in a time."""
    words = _text(folder / "cpu.max").split() or [
        _text(folder / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period")
    ]
    if len(words) != 2 or not all(word.isdecimal() for word in words):
        return None
    quota_us, period_us = map(int, words)
    return quota_us / period_us if quota_us and period_us else None


def _folders(root: Path, process: int | None, controller: str) -> Iterator[Path]:
    """Those of a process's groups that may limit it, each from its own to the topmost visible."""
    groups = list(_groups(root, process, controller))
    for kind, mounted, place in _mounts(root, controller):
        for group_kind, group in groups:
            if kind != group_kind:
                continue
            top = root / place.relative_to("/")
            # a container's topmost folder may be its own group's, under its name outside
            visible = group.is_relative_to(mounted) and ".." not in group.parts
            own = top / group.relative_to(mounted) if visible else top
            yield from (own, *(folder for folder in own.parents if folder.is_relative_to(top)))


def _groups(
    root: Path, process: int | None, controller: str
) -> Iterator[tuple[str, PurePosixPath]]:
    """A process's groups as `proc` has them, with the kind of file system that they are in."""
    who = "self" if process is None else str(process)
    for line in _text(root / "proc" / who / "cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if path.startswith("/") and (number, controllers) == ("0", ""):
            yield "cgroup2", PurePosixPath(path)
        elif path.startswith("/") and controller in controllers.split(","):
            yield "cgroup", PurePosixPath(path)


def _mounts(root: Path, controller: str) -> Iterator[tuple[str, PurePosixPath, PurePosixPath]]:
    """File systems of groups: the kind, the group that is at the top of it, and where it is."""
    for line in _text(root / "proc" / "self" / "mountinfo").splitlines():
        mount, _, system = line.partition(" - ")
        fields, kinds = mount.split(), system.split()
        if len(fields) < 5 or len(kinds) < 3 or not fields[4].startswith("/"):
            continue
        if kinds[0] == "cgroup2" or (kinds[0] == "cgroup" and controller in kinds[2].split(",")):
            yield kinds[0], PurePosixPath(fields[3]), PurePosixPath(fields[4])


def _number(file: Path) -> int | None:
    words = _text(file).strip()
    return int(words) if words.isdecimal() else None


def _text(file: Path) -> str:
    """What a file says; nothing where there is none, or none that may be read."""
    with suppress(OSError, ValueError):
        return file.read_text(encoding="ascii")
    return ""

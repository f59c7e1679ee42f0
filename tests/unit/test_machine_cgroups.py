"""Limits that control groups set, in made-up trees of the kernel's files."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machine.cgroups import CgroupLimits, measure_limits, usable_cpus

GB = 10**9
V2_MOUNT = "31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
V1_NONE = "9223372036854771712"


def plant(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def v2(root: Path, group: str, files: dict[str, str], mounts: str = V2_MOUNT) -> Path:
    """A process in a group of v2, and files of groups by their path under the mount."""
    plant(root, {"proc/self/cgroup": f"0::{group}\n", "proc/self/mountinfo": mounts})
    plant(root, {f"sys/fs/cgroup/{name}": text for name, text in files.items()})
    return root


def v1(
    root: Path, memory: str, cpu: str, files: dict[str, str], top: tuple[str, str] = ("/", "/")
) -> Path:
    """A process in groups of v1, mounted beside a v2 that has no controllers."""
    mounts = (
        f"33 31 0:30 {top[1]} /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
        f"35 31 0:32 {top[0]} /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n"
        "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
    )
    groups = f"12:cpuset:/\n5:cpu,cpuacct:{cpu}\n4:memory:{memory}\n1:name=systemd:/x\n0::/\n"
    plant(root, {"proc/self/cgroup": groups, "proc/self/mountinfo": mounts})
    plant(root, {f"sys/fs/cgroup/{name}": text for name, text in files.items()})
    return root


def test_a_service_has_what_its_unit_lets_it_have(tmp_path: Path) -> None:
    """`MemoryMax=4G`, `CPUQuota=150%`."""
    files = {
        "cgroup.controllers": "cpu memory",
        "system.slice/memory.max": "max\n",
        "system.slice/memory.current": f"{9 * GB}\n",
        "system.slice/cpu.max": "max 100000\n",
        "system.slice/edgerad.service/memory.max": f"{4 * GB}\n",
        "system.slice/edgerad.service/memory.current": f"{1 * GB}\n",
        "system.slice/edgerad.service/cpu.max": "150000 100000\n",
    }
    limits = measure_limits(root=v2(tmp_path, "/system.slice/edgerad.service", files))
    assert limits == CgroupLimits(memory_bytes=4 * GB, free_bytes=3 * GB, cpus=1.5)


def test_pages_of_files_are_free_also_those_read_twice(tmp_path: Path) -> None:
    """A model that was checked and loaded once must fit again after its process ended."""
    files = {
        "a/memory.max": str(10 * GB),
        "a/memory.current": str(9 * GB),
        "a/memory.stat": f"anon {GB}\ninactive_file {2 * GB}\nactive_file {6 * GB}\nshmem 7\n",
    }
    assert measure_limits(root=v2(tmp_path, "/a", files)).free_bytes == 9 * GB


def test_of_nested_groups_the_smallest_limit_wins_and_the_least_left(tmp_path: Path) -> None:
    """The group with the smaller limit need not be the one where less is left."""
    files = {
        "pod/memory.max": str(6 * GB),
        "pod/memory.current": str(5 * GB),
        "pod/cpu.max": "200000 100000",
        "pod/own/memory.max": str(4 * GB),
        "pod/own/memory.current": str(1 * GB),
        "pod/own/cpu.max": "300000 100000",
        "other/memory.max": "1",
    }
    limits = measure_limits(root=v2(tmp_path, "/pod/own", files))
    assert limits == CgroupLimits(memory_bytes=4 * GB, free_bytes=1 * GB, cpus=2.0)


def test_a_container_sees_its_own_limit_at_the_top(tmp_path: Path) -> None:
    """With a namespace of its own, its group is called `/`."""
    files = {"memory.max": str(2 * GB), "memory.current": str(GB), "cpu.max": "50000 100000"}
    limits = measure_limits(root=v2(tmp_path, "/", files))
    assert limits == CgroupLimits(memory_bytes=2 * GB, free_bytes=GB, cpus=0.5)


def test_where_memory_is_made_slow_it_counts_as_ended(tmp_path: Path) -> None:
    """`MemoryHigh=`: whoever goes beyond is held up instead of killed."""
    files = {"a/memory.max": str(8 * GB), "a/memory.high": str(6 * GB), "a/memory.current": "0"}
    limits = measure_limits(root=v2(tmp_path, "/a", files))
    assert (limits.memory_bytes, limits.free_bytes) == (6 * GB, 6 * GB)


def test_a_group_beyond_its_limit_has_nothing_left(tmp_path: Path) -> None:
    files = {"a/memory.max": str(GB), "a/memory.current": str(2 * GB)}
    assert measure_limits(root=v2(tmp_path, "/a", files)).free_bytes == 0


def test_v1_limits_too_and_counts_what_groups_below_cache(tmp_path: Path) -> None:
    files = {
        "memory/memory.limit_in_bytes": V1_NONE,
        "memory/memory.usage_in_bytes": str(20 * GB),
        "memory/docker/x/memory.limit_in_bytes": str(4 * GB),
        "memory/docker/x/memory.usage_in_bytes": str(3 * GB),
        "memory/docker/x/memory.stat": (
            f"inactive_file 5\nactive_file 5\ntotal_inactive_file {GB}\ntotal_active_file {GB}\n"
        ),
        "cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
        "cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        "cpu,cpuacct/docker/x/cpu.cfs_quota_us": "250000\n",
        "cpu,cpuacct/docker/x/cpu.cfs_period_us": "100000\n",
    }
    limits = measure_limits(root=v1(tmp_path, "/docker/x", "/docker/x", files))
    assert limits == CgroupLimits(memory_bytes=4 * GB, free_bytes=3 * GB, cpus=2.5)


def test_v1_in_a_container_sees_its_group_as_the_topmost(tmp_path: Path) -> None:
    """Without a namespace, its path is the host's, and its folder is what is mounted."""
    files = {
        "memory/memory.limit_in_bytes": str(2 * GB),
        "memory/memory.usage_in_bytes": "0",
        "cpu,cpuacct/sub/cpu.cfs_quota_us": "100000",
        "cpu,cpuacct/sub/cpu.cfs_period_us": "50000",
    }
    root = v1(tmp_path, "/docker/x", "/docker/x/sub", files, top=("/docker/x", "/docker/x"))
    assert measure_limits(root=root) == CgroupLimits(
        memory_bytes=2 * GB, free_bytes=2 * GB, cpus=2.0
    )


@pytest.mark.parametrize("group", ["/../../elsewhere", "/gone", "/"])
def test_a_group_that_cannot_be_seen_has_the_limits_above_it(tmp_path: Path, group: str) -> None:
    files = {"memory.max": str(GB), "memory.current": "0"}
    plant(tmp_path, {"sys/elsewhere/memory.max": "1"})
    assert measure_limits(root=v2(tmp_path, group, files)).memory_bytes == GB


def test_another_process_is_measured_by_its_own_groups(tmp_path: Path) -> None:
    files = {"service/memory.max": str(GB), "service/cpu.max": "100000 100000"}
    root = v2(tmp_path, "/user", files)
    plant(root, {"proc/77/cgroup": "0::/service\n"})
    assert measure_limits(root=root) == CgroupLimits()
    assert measure_limits(root=root, process=77) == CgroupLimits(
        memory_bytes=GB, free_bytes=GB, cpus=1.0
    )


def test_without_limits_or_without_control_groups_nothing_is_limited(tmp_path: Path) -> None:
    files = {"a/memory.max": "max", "a/memory.high": "max", "a/cpu.max": "max 100000"}
    assert measure_limits(root=tmp_path) == CgroupLimits()
    assert measure_limits(root=v2(tmp_path, "/a", files)) == CgroupLimits()


def test_files_that_make_no_sense_limit_nothing(tmp_path: Path) -> None:
    files = {
        "a/memory.max": "4 GB",
        "a/memory.high": "",
        "a/cpu.max": "100000 0",
        "b/memory.limit_in_bytes": "-1",
        "b/cpu.max": "much",
    }
    mounts = f"\n - \n1 2 3\n1 2 3 4 relative - cgroup2 a b\n{V2_MOUNT}"
    root = v2(tmp_path, "/a", files, mounts)
    plant(root, {"proc/self/cgroup": "\nx\n0::relative\n::\n0::/b\n0::/a\n"})
    (root / "sys/fs/cgroup/a/memory.stat").write_bytes(b"\xff\x00")
    assert measure_limits(root=root) == CgroupLimits()


def test_what_is_cached_counts_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    files = {
        "a/memory.max": str(4 * GB),
        "a/memory.current": str(3 * GB),
        "a/memory.stat": f"active_file much\n\nactive_file 1 2\ninactive_file {GB}\nanon -1\n",
    }
    assert measure_limits(root=v2(tmp_path, "/a", files)).free_bytes == 2 * GB


@given(st.text(), st.text(), st.text(), st.text())
def test_no_text_in_these_files_ends_the_measuring(
    tmp_path_factory: pytest.TempPathFactory, group: str, mounts: str, limit: str, stat: str
) -> None:
    root = v2(tmp_path_factory.mktemp("root"), "/a", {}, V2_MOUNT + mounts)
    (root / "proc/self/cgroup").write_text(f"0::/a\n{group}", errors="replace")
    folder = root / "sys/fs/cgroup/a"
    folder.mkdir(parents=True)
    for name in ("memory.max", "memory.current", "cpu.max"):
        (folder / name).write_text(limit, errors="replace")
    (folder / "memory.stat").write_text(stat, errors="replace")
    limits = measure_limits(root=root)
    assert limits.free_bytes is None or limits.free_bytes >= 0


@pytest.mark.parametrize(
    ("quota", "threads"),
    [("max", 4), ("20000", 1), ("100000", 1), ("150000", 1), ("290000", 2), ("900000", 4)],
)
def test_a_part_of_a_processor_counts_for_none_but_one_is_always_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: str, threads: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1, 2, 3})
    root = v2(tmp_path, "/a", {"a/cpu.max": f"{quota} 100000"})
    assert usable_cpus(root=root) == threads


def test_this_machine_can_be_measured() -> None:
    """Whatever it is: a container, a service or neither."""
    limits = measure_limits()
    assert limits.memory_bytes is None or limits.memory_bytes > 0
    assert 1 <= usable_cpus() <= len(os.sched_getaffinity(0))

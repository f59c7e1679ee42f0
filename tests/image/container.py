"""EdgeRad's image in a container, without an engine: crun on a root that buildah has made.

Knows what an engine would do: the image's settings, a root that cannot be written, the engine's own
filter of system calls, and a network of its own with loopback alone.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROFILE = Path("/usr/share/containers/seccomp.json")
"""Podman's, from Debian's golang-github-containers-common."""

USER = 10001
_ALONE = 'mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec crun --cgroup-manager=disabled "$@"'
_CRUN = ("unshare", "--mount", "sh", "-c", _ALONE, "crun")
"""It refuses control groups that are half of version 1, as they are on some machines."""

_ARCHITECTURES = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]
_DOCKER_REFUSES = {"clone3", "mount", "pivot_root", "setns", "umount", "umount2", "unshare"}
_NEW_NAMESPACES = 0x7E020000


def seccomp(*, docker: bool) -> dict[str, Any]:
    """The filter of a container that has no capability.

    Args:
        docker: As Docker's default has it, which makes no namespaces; else Podman's.
    """
    rules: list[dict[str, Any]] = []
    for rule in json.loads(PROFILE.read_text())["syscalls"]:
        needed = {**rule["includes"]}
        if "caps" in needed or "amd64" not in needed.get("arches", ["amd64"]):
            continue
        names = [name for name in rule["names"] if not docker or name not in _DOCKER_REFUSES]
        found = {"names": names, "action": rule["action"], "args": rule["args"] or []}
        if rule["action"] == "SCMP_ACT_ERRNO":
            found["errnoRet"] = rule.get("errnoRet", 1)
        if docker and "clone" in names:
            names.remove("clone")
            masked = {"index": 0, "value": _NEW_NAMESPACES, "valueTwo": 0}
            rules.append(
                {
                    "names": ["clone"],
                    "action": "SCMP_ACT_ALLOW",
                    "args": [{**masked, "op": "SCMP_CMP_MASKED_EQ"}],
                }
            )
        rules.append(found)
    if docker:  # so that the C library falls back to clone, whose flags the filter can see
        rules.append({"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38})
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 1 if docker else 38,
        "architectures": _ARCHITECTURES,
        "syscalls": rules,
    }


class Container:
    """A container that is described, and can be run.

    Args:
        name: For crun.
        bundle: A folder for its description.
        root: The image's file system.
        image: What the image says of itself: `config` of OCI's image specification.
        mounts: Folders and files of this machine, by where they are inside.
        docker: Whether system calls are refused as Docker's default does.
    """

    def __init__(
        self,
        name: str,
        bundle: Path,
        root: Path,
        image: Mapping[str, Any],
        mounts: Mapping[str, Path],
        *,
        docker: bool = True,
    ) -> None:
        self.name = name
        self._bundle = bundle
        bundle.mkdir()
        described = {
            "ociVersion": "1.0.0",
            "process": {
                "user": {"uid": USER, "gid": USER},
                "args": [*image["Entrypoint"], *image["Cmd"]],
                "env": image["Env"],
                "cwd": image["WorkingDir"],
                "capabilities": {},
                "noNewPrivileges": True,
            },
            "root": {"path": str(root), "readonly": True},
            "mounts": [
                *_KERNELS,
                *(
                    {"destination": inside, "source": str(path), "options": ["rbind", "rw"]}
                    for inside, path in mounts.items()
                ),
            ],
            "linux": {
                "namespaces": [
                    {"type": kind} for kind in ("pid", "ipc", "uts", "mount", "network")
                ],
                "seccomp": seccomp(docker=docker),
            },
        }
        (bundle / "config.json").write_text(json.dumps(described))

    def run(self) -> tuple[int, str]:
        """Run it to its end: exit status, and what it said."""
        ended = subprocess.run(
            self._crun("run"), capture_output=True, text=True, check=False, timeout=120
        )
        return ended.returncode, ended.stdout + ended.stderr

    @contextmanager
    def running(self, log: Path) -> Iterator[subprocess.Popen[bytes]]:
        """Have it run while the block does; it is stopped as an engine does."""
        with log.open("wb") as out:
            process = subprocess.Popen(self._crun("run"), stdout=out, stderr=out)
            try:
                yield process
                subprocess.run([*_CRUN, "kill", self.name, "TERM"], check=True)
                process.wait(timeout=30)
            finally:
                if process.poll() is None:
                    subprocess.run([*_CRUN, "kill", self.name, "KILL"], check=False)
                    process.wait(timeout=30)

    def execute(self, *command: str) -> tuple[int, str]:
        """Run a command in it, as its user."""
        ended = subprocess.run(
            [*_CRUN, "exec", "--user", f"{USER}:{USER}", self.name, *command],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return ended.returncode, ended.stdout + ended.stderr

    def first_process(self) -> int:
        """Its first process, as this machine counts them."""
        said = subprocess.run([*_CRUN, "state", self.name], capture_output=True, check=True)
        return int(json.loads(said.stdout)["pid"])

    def _crun(self, verb: str) -> list[str]:
        return [*_CRUN, verb, "--bundle", str(self._bundle), self.name]


_KERNELS = [
    {"destination": "/proc", "type": "proc", "source": "proc"},
    {
        "destination": "/dev",
        "type": "tmpfs",
        "source": "tmpfs",
        "options": ["nosuid", "strictatime", "mode=755", "size=65536k"],
    },
    {
        "destination": "/dev/shm",  # noqa: S108 - inside
        "type": "tmpfs",
        "source": "shm",
        "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"],
    },
    {
        "destination": "/sys",
        "type": "sysfs",
        "source": "sysfs",
        "options": ["nosuid", "noexec", "nodev", "ro"],
    },
    {
        "destination": "/run",
        "type": "tmpfs",
        "source": "tmpfs",
        "options": ["nosuid", "nodev", "mode=755"],
    },
    {
        "destination": "/tmp",  # noqa: S108 - inside
        "type": "tmpfs",
        "source": "tmpfs",
        "options": ["nosuid", "nodev", "mode=1777"],
    },
]


def owned(folder: Path) -> Path:
    """A folder of the container's user, as a volume is."""
    folder.mkdir(mode=0o700)
    os.chown(folder, USER, USER)
    return folder

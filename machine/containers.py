"""What a container changes: what is written into it goes with it, and its addresses are its own.

Knows the variable `container`, by which EdgeRad's image and Podman say that there is one, and the
kernel's files. LXC and systemd-nspawn keep what is written, as a machine does.

Source: systemd's Container Interface; proc(5) on mountinfo; the kernel's sysfs-class-net.
"""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

_ENGINES = {"oci", "docker", "podman"}
_IN_MEMORY = {"tmpfs", "ramfs"}
_ESCAPED = re.compile(r"\\([0-7]{3})")  # blanks and backslashes


def in_container(environment: Mapping[str, str] | None = None) -> bool:
    """Whether this process is in a container that ends with what was written into it.

    Args:
        environment: This process's by default.
    """
    variables = os.environ if environment is None else environment
    return variables.get("container", "") in _ENGINES


def vanishes(
    path: Path, *, root: Path = Path("/"), environment: Mapping[str, str] | None = None
) -> bool:
    """Whether what is written at a path goes with the container.

    Args:
        path: It need not exist.
        root: Where `proc` is.
        environment: This process's by default.

    Returns:
        True where the path is in the container's own layer or in memory; False on a volume, and
        outside a container.
    """
    if not in_container(environment):
        return False
    real = path.resolve()
    holding = [mount for mount in _mounts(root) if real.is_relative_to(mount[0])]
    if not holding:
        return True
    # of two on one folder the later hides the other
    place, kind = max(reversed(holding), key=lambda mount: len(mount[0].parts))
    return place == Path("/") or kind in _IN_MEMORY


def has_own_addresses(
    interfaces: Iterable[str],
    *,
    root: Path = Path("/"),
    environment: Mapping[str, str] | None = None,
) -> bool:
    """Whether a container is on a network of its own, where no phone reaches its addresses.

    Args:
        interfaces: Those that have an address.
        root: Where `sys` is.
        environment: This process's by default.

    Returns:
        True where none of them is a machine's own: with the host's network one is.
    """
    folder = root / "sys" / "class" / "net"
    return in_container(environment) and not any(
        (folder / name / "device").exists() for name in interfaces
    )


def _mounts(root: Path) -> list[tuple[Path, str]]:
    """Where file systems are mounted, and their kinds."""
    found = []
    with suppress(OSError):
        for line in (root / "proc" / "self" / "mountinfo").read_text("utf-8").splitlines():
            mount, _, system = line.partition(" - ")
            place = _ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), mount.split(" ")[4])
            found.append((Path(place), system.split(" ")[0]))
    return found

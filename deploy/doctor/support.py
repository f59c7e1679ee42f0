"""`edgerad support`: one archive for whoever helps from afar.

Knows what may leave the clinic: how the system is, its versions, what its parts said. Of a patient
nothing is in it, and nothing that opens a door: no key, token or invite, no value of a setting.
"""

import io
import platform
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path

from rich.console import Console

from deploy.doctor.checks import Check, show_checks
from machine.faults import Fault
from storage.layout import Layout

LOG_LINES = 5_000

_INVITE = re.compile(r"join#|/start |[█▀▄]")
"""What the start says of the first supervisor's invite: link, command, QR code."""
_LEFT_OUT = "(a line that lets somebody in was left out)"


def write_support(target: Path, parts: Mapping[str, str]) -> None:
    """Write the archive, for its owner alone.

    Args:
        target: A new `.tar.gz` file.
        parts: Texts, by their file's name.

    Raises:
        Fault: There is a file of that name.
    """
    if target.exists():
        raise Fault(f"{target} exists already: name a new file.")
    target.touch(mode=0o600)
    with tarfile.open(target, "w:gz") as archive:
        for name, text in parts.items():
            data = text.encode()
            entry = tarfile.TarInfo(f"edgerad-support/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def support_parts(
    home: Path, checks: Iterable[Check], environment: Mapping[str, str]
) -> dict[str, str]:
    """What goes into the archive.

    Args:
        home: The data folder; its log alone is read.
        checks: What doctor found.
        environment: Whose settings are named, without their values.
    """
    told = io.StringIO()
    show_checks(Console(file=told, width=100, markup=False, emoji=False), checks)
    names = sorted(name for name in environment if name.startswith("EDGERAD_"))
    logs = (Layout(home).log, Path(sys.prefix).parent / "install.log")
    return {
        "doctor.txt": told.getvalue(),
        "versions.txt": "\n".join(_versions()) + "\n",
        "settings.txt": "".join(f"{name} is set\n" for name in names),
        **{path.name: "\n".join(_said(path)) for path in logs if path.is_file()},
    }


def _versions() -> Iterator[str]:
    yield f"Python {sys.version}"
    yield platform.platform()
    yield from sorted(f"{each.name} {each.version}" for each in distributions())


def _said(log: Path) -> Iterator[str]:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
    yield from (_LEFT_OUT if _INVITE.search(line) else line for line in lines)

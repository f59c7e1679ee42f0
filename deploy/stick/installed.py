"""What a stick installed on this machine: updated from another stick, or taken away.

Knows the folder that `install.sh` lays out. Must not know what the data are.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.stick import signature
from machine.faults import Fault

INSTALLER = "install.sh"
COMPLETE = "complete"

_RELEASE = f"*-{'[0-9a-f]' * 8}"
"""Named after a version and a build; half installed or whole."""

_COMMANDS = "commands"
_LOG = "install.log"


class NotInstalled(Fault):
    """This EdgeRad does not come from a stick."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What `install.sh` made.

    Args:
        folder: The releases side by side, and what belongs to all of them.
    """

    folder: Path

    @property
    def key(self) -> Path:
        """The public key that its first stick was signed with."""
        return self.folder / signature.PUBLIC_KEY

    @property
    def backups(self) -> list[Path]:
        """The data as they were before each update."""
        return sorted(self.folder.glob("before-*.tar*"))

    def update_command(self, place: Path) -> list[str]:
        """What updates it from a stick, which is signed as the first one was.

        Args:
            place: The stick, or EdgeRad's folder on it.

        Raises:
            Fault: There is no EdgeRad on the stick.
            NotSigned: It is another's.
        """
        found = [at for at in (place, place / "edgerad") if (at / INSTALLER).is_file()]
        if not found:
            raise Fault(f"There is no EdgeRad in {place}: name the folder that has {INSTALLER}.")
        signature.check(found[0], self.key, INSTALLER)
        return ["sh", str(found[0].resolve() / INSTALLER), str(self.folder)]

    def removal_command(self) -> list[str]:
        """What takes the programs away, the one that asks among them; no data, no backup."""
        releases = [path.parent for path in self.folder.glob(f"{_RELEASE}/pyvenv.cfg")]
        parts = [self.folder / name for name in ("current", _COMMANDS, _LOG, self.key.name)]
        pythons = self.folder.glob("python-*")
        return ["rm", "-rf", "--", *map(str, [*releases, *pythons, *parts, *self._links()])]

    def _links(self) -> list[Path]:
        try:
            link = Path((self.folder / _COMMANDS).read_text().strip()) / "edgerad"
        except OSError:
            return []
        ours = link.is_symlink() and link.readlink().is_relative_to(self.folder)
        return [link] if ours else []


def this_installation() -> Installation:
    """The installation that this very program is of.

    Raises:
        NotInstalled: It runs from a checkout, or was installed in another way.
    """
    release = Path(sys.prefix)
    if not (release / COMPLETE).is_file():
        raise NotInstalled(
            "This EdgeRad was not installed from a stick. From source: docs/update.md says how."
        )
    return Installation(release.parent)

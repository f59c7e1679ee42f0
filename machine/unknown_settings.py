"""Variables that look like settings of EdgeRad and that nothing reads: slips of the keyboard.

Knows the environment and `.env`. Must not know which settings there are.
"""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from machine.project import ENV_FILE

PREFIX = "EDGERAD_"
_LINE = re.compile(r"\s*(?:export\s+)?(EDGERAD_\w+)\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSetting:
    """A variable that nothing reads.

    Args:
        name: As it is written.
        where: `the environment`, or the file.
        nearest: The setting that is spelled most like it, if one is.
    """

    name: str
    where: str
    nearest: str | None

    def in_words(self) -> str:
        """The same as a sentence."""
        meant = f" Is {self.nearest} meant?" if self.nearest else ""
        return f"{self.name} in {self.where} is no setting of EdgeRad, and changes nothing.{meant}"


def find_unknown_settings(
    known: Collection[str], environment: Mapping[str, str], env_file: Path = ENV_FILE
) -> Iterator[UnknownSetting]:
    """Find them.

    Args:
        known: The names of all settings.
        env_file: Read where it is there.

    Yields:
        Each of them, once for each place.
    """
    places = {"the environment": [name for name in environment if name.startswith(PREFIX)]}
    if env_file.is_file():
        lines = env_file.read_text(encoding="utf-8", errors="replace").splitlines()
        found = [match[1] for line in lines if (match := _LINE.match(line))]
        places[str(env_file.resolve())] = found
    for where, names in places.items():
        for name in sorted({*names}):
            if name.upper() not in known:
                nearest = difflib.get_close_matches(name.upper(), known, n=1)
                yield UnknownSetting(
                    name=name, where=where, nearest=nearest[0] if nearest else None
                )

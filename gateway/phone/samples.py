"""The sample films that the chat offers to try.

Knows their folder and its list. They are drawn films: no patient's.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from machine.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a film is called, and the caption to send with it."""

    title: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One film; `others` has its words in other languages, by their codes."""

    path: Path
    words: Words
    others: Mapping[str, Words]


class SamplesUnusable(Fault):
    """The folder's list of films cannot be read."""


class Samples:
    """The films of a folder.

    Args:
        folder: Holds `samples.json` and the films; None for no films.

    Raises:
        SamplesUnusable: If `samples.json` is no list of films.
    """

    def __init__(self, folder: Path | None) -> None:
        self._by_name = {sample.path.name: sample for sample in _films(folder)} if folder else {}

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def listed(self, language: str) -> list[dict[str, str]]:
        """All films, as the page wants them, in a language where they have words in it."""
        return [
            {
                "name": name,
                **asdict(sample.others.get(language, sample.words)),
                "url": f"/samples/{name}",
            }
            for name, sample in self._by_name.items()
        ]

    def path(self, name: str) -> Path | None:
        """Where a listed film is."""
        sample = self._by_name.get(name)
        return None if sample is None else sample.path


def _words(said: Mapping[str, str]) -> Words:
    return Words(title=said["title"], caption=said.get("caption", ""))


def _films(folder: Path) -> list[Sample]:
    listing = folder / "samples.json"
    try:
        return [
            Sample(
                path=folder / Path(film["file"]).name,
                words=_words(film),
                others={code: _words(said) for code, said in film.get("others", {}).items()},
            )
            for film in json.loads(listing.read_text(encoding="utf-8"))
        ]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise SamplesUnusable(
            f"EDGERAD_SAMPLES_DIR: {listing} does not list films, each with file and title."
        ) from error

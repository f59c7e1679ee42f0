"""What becomes of each file of a corpus, as it is kept in `kept/`, and counted in the docs.

Knows rows of `pictures.corpus`. Must not know where the files come from. A file's line holds its
name, its size or why it was refused, and the mean of its greys.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from machine.project import PROJECT_ROOT
from pictures.corpus import Row
from pictures.errors import (
    DamagedPicture,
    EmptyPicture,
    NoPictureInFile,
    PictureProcessFailed,
    PictureProcessingError,
    PictureTimeout,
    PictureTooLarge,
)

PAGE = PROJECT_ROOT / "docs" / "pictures.md"
START, END = "<!-- corpora: written by `make corpora` -->", "<!-- end of corpora -->"
_KEPT = Path(__file__).parent / "kept"
_REFUSED = "refused: "
_SAME_GREY = 3
"""Levels by which the mean of a picture may differ: other processors round otherwise."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file.

    Args:
        became: Its size, or why it was refused.
        grey: Mean of its greys, 0 where it was refused.
    """

    became: str
    grey: int = 0

    @property
    def refused(self) -> str:
        """Why, in words; empty if it was accepted."""
        return self.became.removeprefix(_REFUSED) if self.became.startswith(_REFUSED) else ""

    def like(self, other: "Outcome | None") -> bool:
        """Whether it is the same but for rounding."""
        return (
            other is not None
            and self.became == other.became
            and abs(self.grey - other.grey) <= _SAME_GREY
        )


def of_row(row: Row) -> Outcome:
    """What is kept of a row."""
    if row.refused:
        return Outcome(_REFUSED + row.refused)
    return Outcome("x".join(map(str, row.size)), round(row.greys[0]))


def kept(corpus: str) -> dict[str, Outcome]:
    """What became of the files of a corpus when it was last looked at by a person."""
    lines = _file(corpus).read_text(encoding="utf-8").splitlines()
    parts = (line.split("\t") for line in lines)
    return {name: Outcome(became, int(grey)) for name, became, grey in parts}


def keep(corpus: str, found: Mapping[str, Outcome]) -> None:
    """Write what became of the files of a corpus."""
    _KEPT.mkdir(exist_ok=True)
    lines = (f"{name}\t{each.became}\t{each.grey}\n" for name, each in found.items())
    _file(corpus).write_text("".join(lines), encoding="utf-8")


def changed(before: Mapping[str, Outcome], now: Mapping[str, Outcome]) -> list[str]:
    """A line for each file of which something else became, that is gone, or that is new."""
    names = sorted(before.keys() | now.keys())
    return [
        f"{name}: was {before.get(name)}, now {now.get(name)}"
        for name in names
        if name not in before or not before[name].like(now.get(name))
    ]


def _said(error: type[PictureProcessingError]) -> str:
    return str(error()).rstrip(".")


FAULTS = tuple(map(_said, (PictureProcessFailed, PictureTimeout)))
"""What no file may bring about: the fault would be the process's own."""

_KINDS = {
    "Hold no picture": _said(NoPictureInFile),
    "Damaged": _said(DamagedPicture),
    "Too large": _said(PictureTooLarge),
    "Empty": _said(EmptyPicture),
}


def table(corpora: Iterable[str]) -> str:
    """Counts of what is kept, in Markdown."""
    heads = [*_KINDS, "Other formats, or no pictures"]
    lines = [f"| Files | Tried | Accepted | {' | '.join(heads)} |", "|---" * (3 + len(heads)) + "|"]
    for corpus in corpora:
        found = kept(corpus).values()
        why = Counter(each.refused for each in found)
        accepted = why.pop("", 0)
        of_kinds = [why.pop(reason, 0) for reason in _KINDS.values()]
        cells = [len(found), accepted, *of_kinds, sum(why.values())]
        lines.append(f"| {corpus} | {' | '.join(f'{cell:,}' for cell in cells)} |")
    return "\n".join(lines)


def written(page: str, corpora: Iterable[str]) -> str:
    """The page with the table anew."""
    before, _, rest = page.partition(START)
    return f"{before}{START}\n{table(corpora)}\n{END}{rest.partition(END)[2]}"


def _file(corpus: str) -> Path:
    return _KEPT / f"{corpus}.tsv"

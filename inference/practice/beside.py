"""Two practice models on the same pictures: `python -m inference.practice.beside CHECKOUT`.

Knows how often each was right, and on which pictures. Must not know models: each checkout draws the
pictures it is measured on, and both read all of them, each by its own code.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path

from inference.practice import same_pictures
from inference.practice.measures import Measure

_HERE = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What both were asked, and how often each was right.

    Args:
        name: What, for people.
        theirs: Of each picture, whether the other checkout's model was right.
        ours: Likewise, this one's.
    """

    name: str
    theirs: Sequence[bool]
    ours: Sequence[bool]

    @property
    def only(self) -> tuple[int, int]:
        """On how many pictures only theirs was right, and only ours."""
        pairs = list(zip(self.theirs, self.ours, strict=True))
        return pairs.count((True, False)), pairs.count((False, True))

    @property
    def chance(self) -> float:
        """How likely two equal models differ as much (McNemar's exact test, two-sided)."""
        differing, fewer = sum(self.only), min(self.only)
        as_few = sum(comb(differing, k) for k in range(fewer + 1))
        return min(1.0, 2 * as_few / float(2**differing))

    def line(self) -> str:
        """As a line of a table."""
        shares = "  ".join(
            Measure(name="", right=sum(hits), total=len(hits)).with_interval()
            for hits in (self.theirs, self.ours)
        )
        return f"{self.name:<58}{len(self.ours):>5}  {shares}  {self.only}  p {self.chance:.3f}"


def rows(
    cases: Sequence[Mapping[str, object]],
    theirs: Sequence[Mapping[str, bool]],
    ours: Sequence[Mapping[str, bool]],
) -> Iterator[Row]:
    """A row a group, and for all that are films and all that are none."""

    def row(name: str, measure: str, kept: list[int]) -> Row:
        one, other = ([bool(read[i][measure]) for i in kept] for read in (theirs, ours))
        return Row(name=name, theirs=one, ours=other)

    for group in dict.fromkeys(str(case["group"]) for case in cases):
        kept = [i for i, case in enumerate(cases) if case["group"] == group]
        yield row(f"{group}: all right", "right", kept)
        yield row(f"{group}: urgency", "urgency", kept)
    films = [i for i, case in enumerate(cases) if case["truth"] is not None]
    others = [i for i, case in enumerate(cases) if case["truth"] is None]
    yield row("films: all right", "right", films)
    yield row("films: called no film", "no_film", films)
    yield row("no films: named so", "right", others)


def _run(checkout: Path, *arguments: str | Path) -> None:
    subprocess.run(  # noqa: S603 - EdgeRad's own code
        [sys.executable, "-P", same_pictures.__file__, *map(str, arguments)],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        check=True,
    )


def main() -> None:
    """Draw what is not drawn yet, read, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="of another release, as by git worktree add")
    parser.add_argument("--pictures", type=Path, default=Path("data/same-pictures"))
    parser.add_argument("--n", type=int, default=75, help="photographs of each group")
    options = parser.parse_args()
    for drawn_by, checkout in (("theirs", options.checkout), ("ours", _HERE)):
        folder = (options.pictures / drawn_by).resolve()
        if not (folder / "cases.json").exists():
            _run(checkout.resolve(), folder, "--n", str(options.n))
        read_by = {}
        for reader, where in (("theirs", options.checkout), ("ours", _HERE)):
            outcomes = folder / f"{reader}.json"
            _run(where.resolve(), folder, "--out", outcomes)
            read_by[reader] = json.loads(outcomes.read_text(encoding="utf-8"))
        cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
        sys.stdout.write(f"\nPictures of {checkout}: share right of theirs, of ours\n")
        for row in rows(cases, **read_by):
            sys.stdout.write(row.line() + "\n")


if __name__ == "__main__":
    main()

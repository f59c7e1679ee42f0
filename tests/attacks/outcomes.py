"""The tables of attacks in docs/security.md, as the run of the attacks found them.

Knows the page. Must not know how anything is attacked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from machine.project import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "security.md"
BEGIN = "<!-- Written by `make attacks`: do not edit these tables. -->"
END = "<!-- Here they end. -->"
ATTACKERS = (
    "without an invite",
    "by somebody who has joined",
    "without the key",
    "in words, and by bots",
    "on the machine, and in files",
)
"""Who attacks, in the order of the tables."""

_HEAD = re.compile(r"\| Attack, (.+) \| Outcome \| Test \|")
_ROW = re.compile(r"\| (.+) \| (.+) \| `(.+)` \|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an attack.

    Args:
        attacker: One of `ATTACKERS`.
        attack: What is tried.
        result: What was found.
        test: The file of its test.
    """

    attacker: str
    attack: str
    result: str
    test: str


def write(outcomes: Iterable[Outcome], page: Path = PAGE) -> None:
    """Put the outcomes in the place of the tables on the page.

    Args:
        outcomes: In the order of the tests; the same one again is left out.
        page: The page; what stands around the tables is kept.
    """
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    tables = _tables(tuple(dict.fromkeys(outcomes)))
    page.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}", encoding="utf-8")


def written(page: Path = PAGE) -> frozenset[Outcome]:
    """The outcomes that stand on the page."""
    text = page.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    found: set[Outcome] = set()
    attacker = ""
    for line in text.splitlines():
        if head := _HEAD.fullmatch(line):
            attacker = head[1]
        elif row := _ROW.fullmatch(line):
            found.add(Outcome(attacker=attacker, attack=row[1], result=row[2], test=row[3]))
    return frozenset(found)


def _tables(outcomes: tuple[Outcome, ...]) -> str:
    return "\n\n".join(
        _table(attacker, [each for each in outcomes if each.attacker == attacker])
        for attacker in ATTACKERS
    )


def _table(attacker: str, outcomes: Iterable[Outcome]) -> str:
    rows = [f"| {each.attack} | {each.result} | `{each.test}` |" for each in outcomes]
    return "\n".join([f"| Attack, {attacker} | Outcome | Test |", "|---|---|---|", *rows])

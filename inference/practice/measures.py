"""Shares with their intervals and goals, as lines of a table.

Knows Wilson's interval. Must not know what is counted.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something counted.

    Args:
        name: What, for people.
        right: How often it was so.
        total: Of how many.
        at_least: Goal as a share, if there is one.
        at_most: Goal for what should be rare.
    """

    name: str
    right: int
    total: int
    at_least: float | None = None
    at_most: float | None = None

    @property
    def share(self) -> float:
        """Share that was so."""
        return self.right / max(1, self.total)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share."""
        return wilson(self.right, self.total)

    @property
    def met(self) -> bool:
        """Whether the goal is met, True where there is none."""
        low = self.at_least is None or self.share >= self.at_least
        return low and (self.at_most is None or self.share <= self.at_most)

    def line(self) -> str:
        """The measure as a line of a table."""
        goal = ""
        if self.at_least is not None:
            goal = f"goal >= {self.at_least:.2f}  "
        if self.at_most is not None:
            goal = f"goal <= {self.at_most:.2f}  "
        verdict = "" if not goal else "met" if self.met else "MISSED"
        count = f"{self.right}/{self.total}"
        return f"{self.name:<52} {self.with_interval()} {count:>11}  {goal}{verdict}"

    def with_interval(self) -> str:
        """As in: 0.975 [0.963, 0.983]."""
        low, high = self.interval
        return f"{self.share:.3f} [{low:.3f}, {high:.3f}]"


def wilson(right: int, total: int) -> tuple[float, float]:
    """Wilson's score interval at 95 %.

    Returns:
        Lower and upper bound; 0 and 1 without trials.
    """
    if total == 0:
        return 0.0, 1.0
    z, share = 1.96, right / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    spread /= 1 + z * z / total
    return max(0.0, centre - spread), min(1.0, centre + spread)


def side_by_side(rows: list[tuple[str, list[Measure]]], columns: list[str]) -> str:
    """A table of measures that belong together, a row each.

    Args:
        rows: What a row is of, and its measures in the order of the columns.
        columns: Their headings.
    """
    head = " " * 40 + "".join(f"{column:<24}" for column in columns)
    lines = [
        f"{name:<40}" + "".join(f"{each.with_interval():<24}" for each in measures)
        for name, measures in rows
    ]
    return "\n".join([head, *lines])

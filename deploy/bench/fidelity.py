"""`edgerad bench fidelity`: whether every tier answers as float32 does, and whether that is enough.

Knows the goals and the comparing process's lines. Must not import torch.
"""

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inference.contract import Tier
from machine.faults import Fault
from machine.project import PROJECT_ROOT, python_module

GOALS = {Tier.CPU: 0.995, Tier.BIT16: 0.995, Tier.BIT8: 0.995, Tier.BIT4: 0.98}
INT8_VISION_GOAL = 0.99

Tell = Callable[[str, int, int], None]
"""Called with what is being done, and how much of how much is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A tier's answers beside float32's.

    Args:
        tier: Precision of the weights.
        device: Where it ran.
        dtype: What was computed in.
        int8_vision: Whether the vision was at 8 bits.
        same: Answers that are float32's, letter for letter.
        total: Films read.
        fault: Why it could not run here; empty where it did.
    """

    tier: Tier
    device: str
    dtype: str
    int8_vision: bool = False
    same: int
    total: int
    fault: str = ""

    @property
    def share(self) -> float:
        """Share of the answers that are the same."""
        return self.same / max(1, self.total)

    @property
    def goal(self) -> float:
        """What the share should be."""
        return INT8_VISION_GOAL if self.int8_vision else GOALS[self.tier]

    @property
    def met(self) -> bool:
        """Whether that is enough; a tier that cannot run here owes nothing."""
        return bool(self.fault) or self.share >= self.goal


def compare_tiers(films: int, seed: int, tell: Tell) -> list[Row]:
    """Run the comparison in a process of its own.

    Args:
        films: How many to read at each tier.
        tell: Told how far it is.

    Returns:
        A row for each way to hold the weights.

    Raises:
        Fault: It ended before it was done.
    """
    command = python_module("inference.runtime.fidelity", str(films), str(seed))
    with subprocess.Popen(  # noqa: S603 - our own module
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=PROJECT_ROOT
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        rows = list(read_lines(process.stdout, tell))
    if process.returncode:
        raise Fault("The comparison ended before it was done: close other programs, try again.")
    return rows


def read_lines(lines: Iterable[str], tell: Tell) -> Iterator[Row]:
    """Make sense of what the comparing process prints.

    Args:
        tell: Told how far it is.
    """
    for line in lines:
        found = json.loads(line)
        if "agreement" in found:
            row = found["agreement"]
            yield Row(**row | {"tier": Tier(row["tier"])})
        else:
            tell(found["step"], found["done"], found["total"])


def show_rows(console: Console, rows: Iterable[Row]) -> int:
    """Print the table.

    Returns:
        Exit status: 1 if a goal is missed, else 0.
    """
    table = Table("tier", "where", "computes in", "as float32", "share", "goal", "", box=None)
    status = 0
    for row in rows:
        verdict = row.fault or ("met" if row.met else "MISSED")
        table.add_row(
            str(row.tier),
            row.device,
            row.dtype,
            f"{row.same} of {row.total}",
            f"{100 * row.share:.1f} %",
            f"{100 * row.goal:.1f} %",
            Text(verdict, style="green" if row.met else "bold red"),
        )
        status |= not row.met
    console.print(table)
    return status


def as_json(rows: Iterable[Row]) -> str:
    """The rows for a file."""
    return json.dumps(
        [asdict(row) | {"share": row.share, "met": row.met} for row in rows], indent=1
    )

"""`edgerad bench model`: a reading on this machine, step by step, beside the machine's own limits.

Knows how to have it measured, in a process of its own that imports torch. Must not show anything
but how far it is: that is `model_table`'s.
"""

import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from inference.bench_results import BenchPlan, BenchResult
from inference.errors import ModelError
from inference.models import InstalledModel, Progress, find_model, find_prepared, prepare_model
from inference.models.manifest import MANIFEST_NAME, write_manifest
from machine.project import PROJECT_ROOT, python_module
from storage.layout import Layout

RANDOM = "random-4b"
_FOUND = TypeAdapter(BenchResult)

Say = Callable[[str, float | None], None]
"""Called with what is being done, and the share of it that is done where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReport:
    """What one run found: the machine's way, and another to compare it with."""

    date: str
    found: BenchResult
    against: BenchResult | None = None

    def as_json(self) -> dict[str, object]:
        """The report as JSON values."""
        return asdict(self)


def measure_model(
    home: Path, name: str, plan: BenchPlan, *, against: str | None, today: date, say: Say
) -> ModelReport:
    """Measure a model in one way or two, one after the other.

    Args:
        name: An installed model's name, or `auto`.
        against: Another way to hold it, for comparison; no batches are read in it.

    Raises:
        ModelError: It cannot be measured; the message says why.
    """
    found = _measured(home, name, plan, say)
    other = None
    if against is not None:
        other = _measured(home, name, replace(plan, tier=against, batches=()), say)
    return ModelReport(date=today.isoformat(), found=found, against=other)


def make_random(scratch: Path, progress: Progress) -> str:
    """Write a model of MedGemma 4B's shape with drawn weights.

    Args:
        scratch: A data folder for it; what is there already is kept.
        progress: Told how far it is.

    Raises:
        ModelError: It cannot be made.
    """
    folder = Layout(scratch).models / RANDOM
    if not (folder / MANIFEST_NAME).exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write_weights(folder, progress)
        write_manifest(folder, name=RANDOM, practice=True, modified=True, progress=progress)
    return RANDOM


def prepared(scratch: Path, progress: Progress) -> InstalledModel:
    """The 4-bit form of the drawn model, made where it is missing.

    Args:
        scratch: Where `make_random` put it.
        progress: Told how far it is.

    Raises:
        ModelError: It cannot be made.
    """
    known = find_prepared(scratch, find_model(scratch, RANDOM))
    return known or prepare_model(scratch, RANDOM, progress)


def _write_weights(folder: Path, progress: Progress) -> None:
    command = python_module("inference.runtime.shape", str(folder))
    with subprocess.Popen(  # noqa: S603 - our own module
        command, stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in process.stdout:
            done_bytes, total_bytes = map(int, line.split())
            progress("Drawing weights", done_bytes, total_bytes)
    if process.returncode:
        raise ModelError("The model's weights could not be drawn.")


def _measured(home: Path, name: str, plan: BenchPlan, say: Say) -> BenchResult:
    sizes = ",".join(map(str, plan.batches))
    command = python_module("inference.runtime.measure", str(home.resolve()), name)
    said: dict[str, Any] = {}
    with subprocess.Popen(  # noqa: S603 - our own module
        [*command, plan.tier, str(plan.tokens), sizes],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT_ROOT,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in process.stdout:
            said = json.loads(line)
            if "step" in said:
                say(f"{plan.tier}: {said['step']}", said["done"])
    if "fault" in said:
        raise ModelError(str(said["fault"]))
    try:
        return _FOUND.validate_python(said.get("found"))
    except ValidationError as error:
        raise ModelError(f"The bench ended early (exit status {process.returncode}).") from error

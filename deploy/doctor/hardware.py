"""What the machine has for a model, as the model process itself would measure it.

Knows the survey's command line and its JSON. Must not import torch: the measuring is done in a
process of its own, which ends with it.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.contract import Tier
from inference.tiers import GB
from machine.project import python_module

SURVEY_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was measured, as sentences for people.

    Args:
        hardware: Memory, cores and cards; empty where they could not be measured.
        tier: The tier that would be chosen, why, and how many cases it reads at once; empty where
            there is a fault.
        note: How a better one could be had, if it could.
        fault: Why no tier can be chosen; empty where one can.
    """

    hardware: str
    tier: str = ""
    note: str = ""
    fault: str = ""


def survey(
    tier: Tier | None,
    model_folder: Path,
    prepared_folder: Path | None = None,
    process: int | None = None,
) -> Survey:
    """Measure the machine for a model.

    Args:
        tier: The tier asked for, None for the best that fits.
        model_folder: Folder of the model's weights.
        prepared_folder: Folder of the same weights at 4 bits, if there is one.
        process: The bot's id where it runs: a limit of its service or container is not the shell's.

    Returns:
        What was found; a survey that fails is a fault too.
    """
    folders = [str(folder) for folder in (model_folder, prepared_folder) if folder is not None]
    whose = "self" if process is None else str(process)
    command = python_module("inference.runtime.survey", tier or "auto", whose, *folders)
    try:
        done = subprocess.run(command, capture_output=True, timeout=SURVEY_S, check=True)  # noqa: S603 - our own module
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        return Survey(hardware="", fault=_why(error))
    choice = found.get("choice")
    return Survey(
        hardware=_hardware_words(found["hardware"]),
        tier=_tier_words(choice) if choice else "",
        note=choice["note"] if choice else "",
        fault=found.get("fault", ""),
    )


def _tier_words(choice: dict[str, Any]) -> str:
    at_once = (
        "one case at a time" if choice["slots"] == 1 else f"up to {choice['slots']} cases at once"
    )
    return f"{choice['reason']} Reads {at_once}."


def _hardware_words(hardware: dict[str, Any]) -> str:
    count, cpus = hardware["cpu_cores"], hardware["cpus_allowed"]
    cores = f"{count} core{'s' * (count != 1)}"
    if cpus is not None:
        cores += f" (the time of {cpus:.3g} is allowed)"
    memory = f"{hardware['ram_total_bytes'] / GB:.1f} GB of memory"
    if (allowed_bytes := hardware["ram_allowed_bytes"]) is not None:
        memory = f"{allowed_bytes / GB:.1f} GB of {memory} allowed"
    memory += f" ({hardware['ram_available_bytes'] / GB:.1f} GB free)"
    return ", ".join([cores, memory, *_card_words(hardware["gpus"])])


def _card_words(cards: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{card['name']} with {card['total_bytes'] / GB:.1f} GB"
        f"{' shared with the system' if card['unified'] else ''}"
        f" ({card['free_bytes'] / GB:.1f} GB free)"
        for card in cards
    ] or ["no GPU that PyTorch can use"]


def _why(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        words = error.stderr.decode(errors="replace").strip().splitlines()
        return f"the model process does not start: {words[-1] if words else error}"
    return f"the model process gave no answer: {error}"

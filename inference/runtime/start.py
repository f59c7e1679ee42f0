"""How a model comes up: found, a way to hold it chosen, its files checked, loaded and proven.

Knows the order of these steps. Must not know the wire, nor tell anyone but through `tell`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from inference.contract import Tier
from inference.errors import OutOfMemory, UnusableAnswer
from inference.models import InstalledModel, find_model, find_prepared, verify_model
from inference.models.installed import PRACTICE
from inference.runtime.canary import prove, prove_practice
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.memory import noticing_out_of_memory
from inference.runtime.probe import measure_footprint, measure_hardware
from inference.tiers import TierChoice, choices, choose_threads

Tell = Callable[[str], None]
"""Called with what is being done, as a sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """One way to hold a model: the folder it is loaded from, how, and on how many threads."""

    model: InstalledModel
    choice: TierChoice
    threads: int


def find_load_plans(
    home: Path, name: str, *, tier: Tier | None, ceiling: Tier | None, llama: bool = True
) -> list[LoadPlan]:
    """Find a model and the ways in which this machine can hold it now.

    Args:
        name: The model's name, or `auto`.
        tier: The tier somebody asked for.
        ceiling: The best tier still allowed.
        llama: Whether llama.cpp may compute the text.

    Returns:
        The best way, and those of the same tier that remain if it proves unusable.

    Raises:
        NoTierFits: There is none.
        ModelError: The model is missing or is not one.
    """
    model = find_model(home, name)
    prepared = find_prepared(home, model)
    hardware, footprint = measure_hardware(), measure_footprint(model.path)
    hardware = replace(hardware, llama=hardware.llama and llama)
    found = choices(
        hardware,
        footprint,
        override=tier,
        ceiling=ceiling,
        prepared=None if prepared is None else measure_footprint(prepared.path),
    )
    ways = [
        LoadPlan(
            model=prepared if choice.prepared and prepared is not None else model,
            choice=choice,
            threads=choose_threads(hardware, footprint),
        )
        for choice in found
    ]
    return [way for way in ways if way.choice.tier is ways[0].choice.tier]


def bring_up(ways: list[LoadPlan], tell: Tell) -> tuple[LoadPlan, LoadedModel]:
    """Load the first of some ways that proves usable.

    Args:
        tell: Told how far it is.

    Returns:
        The way and the model.

    Raises:
        UnusableAnswer: None is usable here.
        OutOfMemory: The last one took more memory than there is.
        ModelError: The model's files are damaged.
    """
    for way in ways[:-1]:
        try:
            return way, _bring_up(way, tell)
        except (UnusableAnswer, OutOfMemory) as error:
            tell(f"{error} The next way to hold it is tried.")
    return ways[-1], _bring_up(ways[-1], tell)


def _bring_up(way: LoadPlan, tell: Tell) -> LoadedModel:
    """Whatever a library cannot do here is the way's fault."""
    _verify(way.model, tell)
    torch.set_num_threads(way.threads)
    tell(f"Loading {way.model.name}: {way.choice.reason}")
    try:
        with noticing_out_of_memory():
            loaded = load_model(way.model.path, way.choice)
            tell(f"Testing {way.model.name}.")
            prove(loaded)
            if way.model.name == PRACTICE:
                prove_practice(loaded)
    except (RuntimeError, ImportError) as error:
        raise UnusableAnswer(f"{way.model.name} does not run at {way.choice.tier} here.") from error
    return loaded


def _verify(model: InstalledModel, tell: Tell) -> None:
    checked: set[int] = set()

    def progress(_step: str, done_bytes: int, total_bytes: int) -> None:
        tenths = 10 * done_bytes // max(total_bytes, 1)
        if tenths not in checked:
            checked.add(tenths)
            tell(f"Checking the files of {model.name}: {tenths}0 %.")

    verify_model(model, progress)

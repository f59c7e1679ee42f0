"""A case read by the model's own parts, alone, without a process around it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from inference.contract import ReadRequest, ScoredUrgency
from inference.runtime.decoding import DecodingBatch, GeneratedAnswer
from inference.runtime.generate import begin
from inference.runtime.load import LoadedModel


def read_alone(
    loaded: LoadedModel,
    request: ReadRequest,
    *,
    max_tokens: int,
    thought_tokens: int = 0,
    known: Sequence[bytes] = (),
    on_features: Callable[[tuple[bytes, ...]], None] | None = None,
    on_urgency: Callable[[ScoredUrgency], None] | None = None,
    on_partial: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = lambda: 0.0,
) -> GeneratedAnswer:
    """Read a request to its end; see `begin` for the arguments."""
    draft = begin(
        loaded,
        request,
        max_tokens=max_tokens,
        thought_tokens=thought_tokens,
        known=known,
        on_features=on_features,
        on_urgency=on_urgency,
        clock=clock,
    )
    batch = DecodingBatch(loaded)
    batch.join(draft)
    while not draft.ended:
        if (text := draft.grown()) is not None:
            on_partial(text)
        batch.step()
    batch.keep([])
    return draft.answer()


@contextmanager
def looks(loaded: LoadedModel) -> Iterator[list[int]]:
    """Count the pictures that the vision tower sees, call by call."""
    counted: list[int] = []

    def count(_tower: object, _args: object, given: dict[str, torch.Tensor]) -> None:
        counted.append(len(given["pixel_values"]))

    hook = loaded.model.model.vision_tower.register_forward_pre_hook(count, with_kwargs=True)
    yield counted
    hook.remove()


@contextmanager
def reads(loaded: LoadedModel) -> Iterator[list[int]]:
    """Count the tokens that the language model reads, call by call."""
    counted: list[int] = []

    def count(_model: object, _args: object, given: dict[str, Any]) -> None:
        counted.append(given["input_ids"].shape[1])

    hook = loaded.model.register_forward_pre_hook(count, with_kwargs=True)
    yield counted
    hook.remove()

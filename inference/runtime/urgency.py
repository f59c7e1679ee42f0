"""The urgency of a picture, scored when the prompt has been read and nothing is written yet.

Knows the key-value cache. Must leave it as it found it: the text is the same with and without.
"""

import copy
from collections.abc import Callable
from typing import cast

import torch
from transformers import DynamicCache, LogitsProcessor

from inference.contract import ScoredUrgency, Urgency
from inference.runtime.load import LoadedModel
from inference.urgency import LABELS, OPENING, decide


class UrgencyScorer(LogitsProcessor):  # type: ignore[misc] # transformers leaves it untyped
    """Scores at the first token of a generation; changes no logits.

    Args:
        loaded: The model that generates.
        cache: The cache it generates with.
        say: Receives the score.
    """

    def __init__(
        self, loaded: LoadedModel, cache: DynamicCache, say: Callable[[ScoredUrgency], None]
    ) -> None:
        self._loaded = loaded
        self._cache = cache
        self._say: Callable[[ScoredUrgency], None] | None = say

    def __call__(self, _input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Source: `transformers.LogitsProcessor`; `scores` is (1, vocabulary)."""
        if self._say is not None:
            say, self._say = self._say, None
            say(score_urgency(self._loaded, self._cache))
        return scores


def score_urgency(loaded: LoadedModel, cache: DynamicCache) -> ScoredUrgency:
    """Compare the labels as continuations of what the cache holds.

    The labels differ from their first token on, so one step tells them apart.

    Args:
        loaded: The model.
        cache: Keys and values of a first reading's prompt; not changed.

    Returns:
        The likeliest label.
    """
    encode = loaded.processor.tokenizer.encode
    spelled = [encode(f"{OPENING} {LABELS[u]}", add_special_tokens=False) for u in Urgency]
    columns = list(zip(*spelled, strict=False))  # as long as the shortest label
    differ = next(place for place, column in enumerate(columns) if len(set(column)) > 1)
    first_tokens = list(columns[differ])
    input_ids = torch.tensor([spelled[0][:differ]], device=loaded.device)  # (1, opening tokens)
    with torch.inference_mode():
        logits = loaded.model(
            input_ids=input_ids, past_key_values=_fork(cache), logits_to_keep=1
        ).logits[0, -1]  # (vocabulary,)
    likely = logits.float().log_softmax(-1)[first_tokens].tolist()
    return decide(dict(zip(Urgency, likely, strict=True)))


def _fork(cache: DynamicCache) -> DynamicCache:
    """A cache that shares what is in it: a layer grows by making new tensors, never in place."""
    fork = cast("DynamicCache", copy.copy(cache))
    fork.layers = [copy.copy(layer) for layer in cache.layers]
    return fork

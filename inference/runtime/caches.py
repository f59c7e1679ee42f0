"""Key-value caches of several cases as one, and apart again.

Knows the layers of transformers' dynamic cache. A cache is never changed in place: a layer grows by
making new tensors, so what two caches share stays as it is. Shorter cases are padded in front, so
that the newest token of each stands in the last column; whoever reads a cache masks the padding.
"""

import copy
from collections.abc import Sequence
from typing import cast

import torch
from transformers import DynamicCache


def forked(cache: DynamicCache) -> DynamicCache:
    """A cache that shares what is in it, and grows by itself."""
    fork = cast("DynamicCache", copy.copy(cache))
    fork.layers = [copy.copy(layer) for layer in cache.layers]
    return fork


def joined(caches: Sequence[DynamicCache]) -> DynamicCache:
    """Several cases' caches as one.

    Args:
        caches: At least one; each of one or more cases.

    Returns:
        A cache of all cases, in this order, as long as the longest.
    """
    whole = forked(max(caches, key=lambda cache: int(cache.get_seq_length())))
    for number, layer in enumerate(whole.layers):
        parts = [cache.layers[number] for cache in caches]
        width = layer.keys.shape[-2]  # of a sliding layer: its window at most
        layer.keys = torch.cat([_padded(part.keys, width) for part in parts])
        layer.values = torch.cat([_padded(part.values, width) for part in parts])
    return whole


def narrowed(cache: DynamicCache, rows: Sequence[int], tokens: int) -> DynamicCache:
    """Some of the cases, without columns that are padding for all of them.

    Args:
        tokens: How long the longest of these is.

    Returns:
        A cache of these cases alone.
    """
    part = forked(cache)
    for layer in part.layers:
        layer.keys = layer.keys[rows, :, -tokens:]  # (rows, heads, tokens, head size)
        layer.values = layer.values[rows, :, -tokens:]
        if layer.is_sliding:
            layer.cumulative_length = tokens
    return part


def cut(cache: DynamicCache, tokens: int) -> DynamicCache | None:
    """The beginning of a lone case's cache.

    Args:
        tokens: How many of its first tokens.

    Returns:
        A cache of these, None where a sliding layer has dropped what it would need.
    """
    whole_tokens = int(cache.get_seq_length())
    beginning = forked(cache)
    for layer in beginning.layers if tokens < whole_tokens else ():
        if layer.keys.shape[-2] < whole_tokens:
            return None
        layer.keys = layer.keys[:, :, :tokens]  # (1, heads, tokens, head size)
        layer.values = layer.values[:, :, :tokens]
        if layer.is_sliding:
            layer.cumulative_length = tokens
    return beginning


def _padded(states: torch.Tensor, width: int) -> torch.Tensor:
    return torch.nn.functional.pad(states, (0, 0, width - states.shape[-2], 0))

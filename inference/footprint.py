"""How much memory a model takes, by the precision of its weights and what it computes in.

Knows sizes, in bytes. Must not know machines: `inference.tiers` holds the two against each other.
"""

from dataclasses import dataclass
from enum import StrEnum

from inference.contract import Tier

SMALL_MODEL_PARAMETERS = 200_000_000
LONGEST_PROMPT_TOKENS = 4096
MARGIN_BYTES = 300_000_000
MARGIN_SHARE = 0.10

_QUANTISED_BYTES = {Tier.BIT8: 1.0, Tier.BIT4: 0.52}  # NF4: half a byte and its scales


class Dtype(StrEnum):
    """What is computed in. Plain float16 is missing on purpose: Gemma 3 overflows in it."""

    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"
    GUARDED_FLOAT16 = "guarded float16"
    """float32, but for matrix products scaled so that float16 holds them: `runtime.guard`."""


_WEIGHT_BYTES = {Dtype.BFLOAT16: 2, Dtype.FLOAT32: 4, Dtype.GUARDED_FLOAT16: 2}
_ACTIVATION_BYTES = {Dtype.BFLOAT16: 2, Dtype.FLOAT32: 4, Dtype.GUARDED_FLOAT16: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """How big a model is.

    Args:
        quantisable: Parameters of the text model's linear layers, which 8-bit and 4-bit shrink.
        kept: All other parameters: embedding, `lm_head`, vision tower, projector.
        kv_elements: Elements of the key-value cache at the longest prompt.
        activation_elements: Elements alive at once at the widest moment: one picture in the vision
            tower, or the longest prompt in a layer of the text model.
        prepared: Whether its folder holds the weights at 4 bits and nothing better.
        text_file: Whether its folder brings the text for llama.cpp.
        int8_vision: Whether it brings what vision at 8 bits takes, as that was tried and holds.
    """

    quantisable: int
    kept: int
    kv_elements: int
    activation_elements: int
    prepared: bool = False
    text_file: bool = False
    int8_vision: bool = False

    @property
    def small(self) -> bool:
        """Whether the fastest way to hold it is plain float32 on one thread."""
        return self.quantisable + self.kept < SMALL_MODEL_PARAMETERS


def weights_bytes(footprint: Footprint, tier: Tier, dtype: Dtype) -> int:
    """What the weights take.

    Args:
        tier: Precision of the quantisable weights.
        dtype: What is computed in.
    """
    size = _WEIGHT_BYTES[dtype]
    return round(footprint.quantisable * _QUANTISED_BYTES.get(tier, size) + footprint.kept * size)


def case_bytes(footprint: Footprint, dtype: Dtype) -> int:
    """What one case takes beside the weights: key-value cache and activations.

    Args:
        dtype: What is computed in.

    Returns:
        Bytes at the longest prompt.
    """
    activation_bytes = footprint.activation_elements * _ACTIVATION_BYTES[dtype]
    return kv_bytes(footprint, dtype) + activation_bytes


def kv_bytes(footprint: Footprint, dtype: Dtype) -> int:
    """What one case's key-value cache takes.

    Args:
        dtype: What is computed in.

    Returns:
        Bytes at the longest prompt.
    """
    return footprint.kv_elements * _ACTIVATION_BYTES[dtype]


def needed_bytes(
    footprint: Footprint, tier: Tier, dtype: Dtype, *, keeps_last: bool = False
) -> int:
    """Memory a tier takes: weights, one case at the longest prompt, and a margin.

    Args:
        tier: Precision of the quantisable weights.
        dtype: What is computed in.
        keeps_last: Whether the key-value cache of what was read last is kept beside the case's.

    Returns:
        Bytes of video memory, or of RAM on a CPU.
    """
    weights = weights_bytes(footprint, tier, dtype) * (1 + MARGIN_SHARE)
    last = kv_bytes(footprint, dtype) if keeps_last else 0
    return round(weights + case_bytes(footprint, dtype) + last + MARGIN_BYTES)

"""Which precision a machine can hold the weights at: pure functions of measured hardware.

Knows sizes and compute capabilities. Must not measure anything, load anything or import torch;
`inference.runtime.probe` does the measuring. Sizes are in bytes, and a GB is 10^9 of them, so that
a card sold as 8 GB counts as one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from inference.contract import Tier
from inference.errors import NoTierFits

GB = 10**9
BIT16_FROM_BYTES = 14 * GB
BIT8_FROM_BYTES = 8 * GB
BFLOAT16_FROM_CAPABILITY = (8, 0)
BFLOAT16_CPU_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})
SMALL_MODEL_PARAMETERS = 200_000_000
CONTEXT_TOKENS = 4096
MARGIN_BYTES = 300_000_000
MARGIN_SHARE = 0.10

_LADDER = tuple(Tier)
_QUANTISED_BYTES = {Tier.BIT8: 1.0, Tier.BIT4: 0.52}  # NF4: half a byte and its scales


class Dtype(StrEnum):
    """What is computed in. float16 is missing on purpose: Gemma 3 overflows in it."""

    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"


_DTYPE_BYTES = {Dtype.BFLOAT16: 2, Dtype.FLOAT32: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One graphics card as measured: sizes in bytes, capability as (major, minor)."""

    index: int
    name: str
    total_bytes: int
    free_bytes: int
    capability: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What the machine has: sizes in bytes, CPU flags as Linux names them."""

    ram_total_bytes: int
    ram_available_bytes: int
    gpus: tuple[Gpu, ...] = ()
    cpu_flags: tuple[str, ...] = ()
    cpu_cores: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """How big a model is.

    Args:
        quantisable: Parameters of the text model's linear layers, which 8-bit and 4-bit shrink.
        kept: All other parameters: embedding, `lm_head`, vision tower, projector.
        kv_elements_per_token: Elements of the key-value cache for one token.
    """

    quantisable: int
    kept: int
    kv_elements_per_token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChoice:
    """How the weights are to be held.

    Args:
        tier: Precision of the weights.
        device: `cpu` or `cuda:<index>`.
        dtype: What is computed in.
        reason: A sentence for people.
        note: A sentence on a better choice that is theirs to make, or empty.
    """

    tier: Tier
    device: str
    dtype: Dtype
    reason: str
    note: str = ""


def step_down(tier: Tier) -> Tier | None:
    """The next tier that needs less of the card, None after the last."""
    following = _LADDER.index(tier) + 1
    return _LADDER[following] if following < len(_LADDER) else None


def needed_bytes(footprint: Footprint, tier: Tier, dtype: Dtype) -> int:
    """Memory a tier takes: weights, key-value cache, and a margin for activations.

    Args:
        footprint: The model's size.
        tier: Precision of the quantisable weights.
        dtype: Precision of everything else.

    Returns:
        Bytes of video memory, or of RAM on a CPU.
    """
    size = _DTYPE_BYTES[dtype]
    weights = footprint.quantisable * _QUANTISED_BYTES.get(tier, size) + footprint.kept * size
    cache = CONTEXT_TOKENS * footprint.kv_elements_per_token * size
    return round(weights * (1 + MARGIN_SHARE) + cache + MARGIN_BYTES)


def choose(
    hardware: Hardware,
    footprint: Footprint,
    *,
    override: Tier | None = None,
    ceiling: Tier | None = None,
) -> TierChoice:
    """Choose the tier for a machine.

    Args:
        hardware: As measured just now.
        footprint: The model's size.
        override: The tier somebody asked for; left only if it does not fit.
        ceiling: The best tier still allowed after better ones failed.

    Returns:
        The first tier, going down from the table's or the override's, whose need fits into what is
        free.

    Raises:
        NoTierFits: Not even the CPU has the memory.
    """
    gpu = _freest(hardware)
    first = override or _from_table(gpu)
    start = first if ceiling is None else max(first, ceiling, key=_LADDER.index)
    why = _why_start(gpu, start, override, ceiling)
    shortage = ""
    for tier in _LADDER[_LADDER.index(start) :]:
        for device, dtype, free_bytes in _places(hardware, gpu, footprint, tier):
            need_bytes = needed_bytes(footprint, tier, dtype)
            if need_bytes <= free_bytes:
                return TierChoice(
                    tier=tier,
                    device=device,
                    dtype=dtype,
                    reason=f"{_label(tier)} on {_place(device, gpu)}: {shortage or why}.",
                    note="" if override or ceiling else _better(gpu, footprint, tier),
                )
            shortage = (
                f"{_label(tier)} needs {_gb(need_bytes)} and {_gb(free_bytes)} are free"
                f" on {_place(device, gpu)}"
            )
    raise NoTierFits(f"The model does not fit this machine: {shortage}.")


def choose_threads(hardware: Hardware, footprint: Footprint) -> int:
    """How many threads to compute with on the CPU.

    Args:
        hardware: The machine.
        footprint: The model's size.

    Returns:
        All physical cores, less one for the rest of the system where there are more than two. A
        small model gets one: its threads would wait for each other longer than they compute
        (practice model, 2 busy cores: 0.1 s a reading with one thread, 2 to 5 s with two).
    """
    if _is_small(footprint):
        return 1
    return hardware.cpu_cores - 1 if hardware.cpu_cores > 2 else hardware.cpu_cores


def _is_small(footprint: Footprint) -> bool:
    return footprint.quantisable + footprint.kept < SMALL_MODEL_PARAMETERS


def _freest(hardware: Hardware) -> Gpu | None:
    return max(hardware.gpus, key=lambda gpu: gpu.free_bytes, default=None)


def _from_table(gpu: Gpu | None) -> Tier:
    if gpu is None:
        return Tier.CPU
    if gpu.total_bytes >= BIT16_FROM_BYTES:
        return Tier.BIT16
    return Tier.BIT8 if gpu.total_bytes >= BIT8_FROM_BYTES else Tier.BIT4


def _places(
    hardware: Hardware, gpu: Gpu | None, footprint: Footprint, tier: Tier
) -> Iterator[tuple[str, Dtype, int]]:
    """Where a tier can live, as (device, dtype, free bytes), the preferred first."""
    if gpu is not None and tier is not Tier.CPU:
        native = gpu.capability >= BFLOAT16_FROM_CAPABILITY
        yield f"cuda:{gpu.index}", Dtype.BFLOAT16 if native else Dtype.FLOAT32, gpu.free_bytes
        return
    # A machine without a GPU holds a quantised tier, when asked to, in RAM.
    native = not BFLOAT16_CPU_FLAGS.isdisjoint(hardware.cpu_flags)
    if _is_small(footprint) or not native:
        yield "cpu", Dtype.FLOAT32, hardware.ram_available_bytes
    yield "cpu", Dtype.BFLOAT16, hardware.ram_available_bytes


def _why_start(gpu: Gpu | None, start: Tier, override: Tier | None, ceiling: Tier | None) -> str:
    if ceiling is not None and start is ceiling and start is not override:
        return "a better tier failed here"
    if override is not None:
        return "as set by EDGERAD_TIER"
    if gpu is None:
        return "no GPU was found"
    return f"the card has {_gb(gpu.total_bytes)}, {_gb(gpu.free_bytes)} of it free"


def _better(gpu: Gpu | None, footprint: Footprint, chosen: Tier) -> str:
    """Whether a tier above the table's would fit, which its owner may prefer."""
    if gpu is None or chosen is Tier.CPU:
        return ""
    dtype = Dtype.BFLOAT16 if gpu.capability >= BFLOAT16_FROM_CAPABILITY else Dtype.FLOAT32
    for tier in _LADDER[: _LADDER.index(chosen)]:
        need_bytes = needed_bytes(footprint, tier, dtype)
        if need_bytes <= gpu.free_bytes:
            return f"{_label(tier)} would fit too ({_gb(need_bytes)}): EDGERAD_TIER={tier}."
    return ""


def _place(device: str, gpu: Gpu | None) -> str:
    return "the CPU" if gpu is None or device == "cpu" else gpu.name


def _label(tier: Tier) -> str:
    return "full precision" if tier is Tier.CPU else str(tier)


def _gb(size_bytes: int) -> str:
    return f"{size_bytes / GB:.1f} GB"

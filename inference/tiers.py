"""Which precision a machine can hold the weights at: pure functions of measured hardware.

Knows memories and compute capabilities. Must not measure anything, load anything or import torch;
`inference.runtime.probe` does the measuring. Sizes are in bytes, and a GB is 10^9 of them, so that
a card sold as 8 GB counts as one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from inference.contract import FEW_SLICES, MOST_SLICES, Tier
from inference.errors import NoTierFits
from inference.footprint import (
    LONGEST_PROMPT_TOKENS,
    Dtype,
    Footprint,
    kv_bytes,
    needed_bytes,
)

GB = 10**9
BIT16_FROM_BYTES = 14 * GB
BIT8_FROM_BYTES = 8 * GB
BFLOAT16_FROM_CAPABILITY = (8, 0)
NF4_CPU_FLAG = "avx512_bf16"  # what bitsandbytes' packed 4-bit kernel is written for
INT8_CPU_FLAG = "avx2"  # what the integer product was tried on
LLAMA = "llama.cpp"
MOST_SLOTS_ON_CPU = 4
MOST_SLOTS_ON_CARD = 8
SLICE_TOKENS = 256
CACHES_PER_SLOT = 2  # a case's own, and its share of the new one whenever a case comes or goes

INT8_VISION = "vision at 8 bits"

_LADDER = tuple(Tier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One graphics card as measured.

    Args:
        index: As CUDA counts.
        name: For people.
        total_bytes: Its memory.
        free_bytes: What no program holds.
        capability: CUDA's compute capability, (major, minor).
        unified: Whether its memory is the machine's own (Jetson): then only what is free counts.
    """

    index: int
    name: str
    total_bytes: int
    free_bytes: int
    capability: tuple[int, int]
    unified: bool = False

    @property
    def dtype(self) -> Dtype:
        """What it computes in, safely."""
        native = self.capability >= BFLOAT16_FROM_CAPABILITY
        return Dtype.BFLOAT16 if native else Dtype.GUARDED_FLOAT16


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What the machine has.

    Args:
        ram_total_bytes: Its memory.
        ram_available_bytes: What of it is free, and may be taken.
        ram_allowed_bytes: What of it a container or a service may have, None for all.
        gpus: Its cards.
        cpu_flags: As Linux names them.
        cpu_cores: Physical ones that may be used.
        cpus_allowed: Processor time in a time that a container or a service may have, None for all.
        llama: Whether llama.cpp is installed.
    """

    ram_total_bytes: int
    ram_available_bytes: int
    ram_allowed_bytes: int | None = None
    gpus: tuple[Gpu, ...] = ()
    cpu_flags: tuple[str, ...] = ()
    cpu_cores: int = 1
    cpus_allowed: float | None = None
    llama: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChoice:
    """How the weights are to be held.

    Args:
        tier: The tier's name; `cpu` says where, and `prepared` and `dtype` say how.
        device: `cpu` or `cuda:<index>`.
        dtype: What is computed in.
        reason: A sentence for people.
        note: A sentence on a better choice that is theirs to make, or empty.
        prepared: Whether the weights come from a folder that holds them at 4 bits.
        llama: Whether llama.cpp computes the text; `dtype` is then the vision tower's alone.
        int8_vision: Whether the vision tower multiplies at 8 bits, the rest of it in float32.
        slots: How many cases are to be read at once.
        slices: How many slices of a series are to be looked at.
    """

    tier: Tier
    device: str
    dtype: Dtype
    reason: str
    note: str = ""
    prepared: bool = False
    llama: bool = False
    int8_vision: bool = False
    slots: int = 1
    slices: int = FEW_SLICES

    @property
    def computes_in(self) -> str:
        """For engineers."""
        text = LLAMA if self.llama else str(self.dtype)
        return f"{text}, {INT8_VISION}" if self.int8_vision else text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rung:
    """One way to hold the weights: `weights` is a tier's precision, `cpu` for that of `dtype`."""

    tier: Tier
    weights: Tier
    device: str
    place: str
    dtype: Dtype
    free_bytes: int
    prepared: bool = False
    llama: bool = False
    int8_vision: bool = False

    @property
    def precision(self) -> str:
        """At what, for people."""
        return str(self.dtype) if self.weights is Tier.CPU else str(self.weights)

    @property
    def label(self) -> str:
        """At what and where, for people."""
        how = f" in {self.dtype}" if self.dtype is Dtype.GUARDED_FLOAT16 else ""
        how += f" by {LLAMA}" if self.llama else ""
        how += f", {INT8_VISION}" if self.int8_vision else ""
        return f"{self.precision} on {self.place}{how}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is to be decided on; `at_hand` is the size of the weights at 4 bits, if a folder is."""

    hardware: Hardware
    gpu: Gpu | None
    footprint: Footprint
    at_hand: Footprint | None

    @property
    def cpu_dtype(self) -> Dtype:
        return Dtype.FLOAT32 if self.footprint.small else Dtype.BFLOAT16

    @property
    def fast_at_nf4(self) -> bool:
        return NF4_CPU_FLAG in self.hardware.cpu_flags

    @property
    def llama_at_hand(self) -> bool:
        return self.hardware.llama and self.at_hand is not None and self.at_hand.text_file

    @property
    def int8_vision_at_hand(self) -> bool:
        """Where the processor multiplies bfloat16, float32 products are not what it waits for."""
        flags = self.hardware.cpu_flags
        proven = self.at_hand is not None and self.at_hand.int8_vision
        return proven and INT8_CPU_FLAG in flags and not self.fast_at_nf4

    def need_bytes(self, rung: _Rung) -> int:
        size = self.at_hand if rung.prepared and self.at_hand is not None else self.footprint
        keeps = keeps_last(rung.device)
        return needed_bytes(size, rung.weights, rung.dtype, keeps_last=keeps)

    def fits(self, rung: _Rung) -> bool:
        return self.need_bytes(rung) <= rung.free_bytes

    def slots(self, rung: _Rung) -> int:
        left_bytes = rung.free_bytes - self.need_bytes(rung)
        room = left_bytes // (CACHES_PER_SLOT * kv_bytes(self.footprint, rung.dtype))
        return min(self._most_slots(rung), 1 + room)

    def slices(self, rung: _Rung) -> int:
        """Few on a CPU, where each costs a look; on a card as many as memory is left for."""
        if rung.device == "cpu":
            return FEW_SLICES
        left_bytes = rung.free_bytes - self.need_bytes(rung)
        slice_bytes = kv_bytes(self.footprint, rung.dtype) * SLICE_TOKENS / LONGEST_PROMPT_TOKENS
        room = int(left_bytes / (CACHES_PER_SLOT * slice_bytes))
        return min(MOST_SLICES, FEW_SLICES + room)

    def _most_slots(self, rung: _Rung) -> int:
        """One where several tokens take as long together as one after the other."""
        if rung.device != "cpu":
            return MOST_SLOTS_ON_CARD
        if rung.llama:  # it holds one sequence
            return 1
        gains = rung.dtype is Dtype.FLOAT32 or NF4_CPU_FLAG in self.hardware.cpu_flags
        return MOST_SLOTS_ON_CPU if gains else 1

    def shortage(self, rung: _Rung) -> str:
        need, free = _gb(self.need_bytes(rung)), _gb(rung.free_bytes)
        allowed_bytes = self.hardware.ram_allowed_bytes
        if rung.device == "cpu" and allowed_bytes is not None:
            free += f" of the {_gb(allowed_bytes)} allowed"
        return f"{rung.precision} needs {need} and {free} are free on {rung.place}"


def step_down(tier: Tier) -> Tier | None:
    """The next tier that needs less of the card, None after the last."""
    following = _LADDER.index(tier) + 1
    return _LADDER[following] if following < len(_LADDER) else None


def keeps_last(device: str) -> bool:
    """Whether what was read last is kept for a question about it.

    Args:
        device: `cpu` or `cuda:<index>`.

    Returns:
        Not on a card, where reading a prompt is a small part of an answer, and memory is scarcer.
    """
    return device == "cpu"


def choose(
    hardware: Hardware,
    footprint: Footprint,
    *,
    override: Tier | None = None,
    ceiling: Tier | None = None,
    prepared: Footprint | None = None,
) -> TierChoice:
    """Choose the tier for a machine: the first of `choices`.

    Args:
        hardware: As measured just now.
        override: The tier somebody asked for; left only if it does not fit.
        ceiling: The best tier still allowed after better ones failed.
        prepared: Size of the same model's folder at 4 bits, if there is one.

    Raises:
        NoTierFits: Not even the CPU has the memory.
    """
    found = choices(hardware, footprint, override=override, ceiling=ceiling, prepared=prepared)
    return next(found)


def choices(
    hardware: Hardware,
    footprint: Footprint,
    *,
    override: Tier | None = None,
    ceiling: Tier | None = None,
    prepared: Footprint | None = None,
) -> Iterator[TierChoice]:
    """Every way to hold the weights that fits, the best first.

    Args:
        hardware: As measured just now.
        override: The tier somebody asked for; left only if it does not fit.
        ceiling: The best tier still allowed after better ones failed.
        prepared: Size of the same model's folder at 4 bits, if there is one.

    Yields:
        Going down from the table's tier or the override's, those whose need fits into what is free.

    Raises:
        NoTierFits: None fits.
    """
    gpu = _freest(hardware)
    first = override or _from_table(gpu)
    start = first if ceiling is None else max(first, ceiling, key=_LADDER.index)
    why = _why_start(gpu, start, override, ceiling)
    at_hand = footprint if footprint.prepared else prepared
    asked = _Question(hardware=hardware, gpu=gpu, footprint=footprint, at_hand=at_hand)
    rungs = list(_rungs(asked, start))
    if not any(asked.fits(rung) for rung in rungs):
        least = min(rungs, key=asked.need_bytes)
        words = f"The model does not fit this machine: {asked.shortage(least)}."
        raise NoTierFits(f"{words} {_prepare_advice(asked)}".rstrip())
    for rung in rungs:
        if not asked.fits(rung):
            why = asked.shortage(rung)
            continue
        yield TierChoice(
            tier=rung.tier,
            device=rung.device,
            dtype=rung.dtype,
            reason=f"{rung.label}: {why}.",
            note="" if override or ceiling else _note(asked, rung),
            prepared=rung.prepared,
            llama=rung.llama,
            int8_vision=rung.int8_vision,
            slots=asked.slots(rung),
            slices=asked.slices(rung),
        )


def choose_threads(hardware: Hardware, footprint: Footprint) -> int:
    """How many threads to compute with on the CPU.

    Returns:
        All physical cores that may be used, less one for the rest of the system where they are more
        than two. A
        small model gets one: its threads would wait for each other longer than they compute
        (practice model, 2 busy cores: 0.1 s a reading with one thread, 2 to 5 s with two).
    """
    if footprint.small:
        return 1
    return hardware.cpu_cores - 1 if hardware.cpu_cores > 2 else hardware.cpu_cores


def _freest(hardware: Hardware) -> Gpu | None:
    return max(hardware.gpus, key=lambda gpu: gpu.free_bytes, default=None)


def _from_table(gpu: Gpu | None) -> Tier:
    if gpu is None:
        return Tier.CPU
    size_bytes = gpu.free_bytes if gpu.unified else gpu.total_bytes
    if size_bytes >= BIT16_FROM_BYTES:
        return Tier.BIT16
    return Tier.BIT8 if size_bytes >= BIT8_FROM_BYTES else Tier.BIT4


def _rungs(asked: _Question, start: Tier) -> Iterator[_Rung]:
    """Every way from `start` downwards, whether it fits or not."""
    for tier in _LADDER[_LADDER.index(start) :]:
        if tier is Tier.CPU:
            yield from _cpu_rungs(asked)
        elif tier is Tier.BIT4 or not asked.footprint.prepared:
            yield _card_rung(asked, tier)


def _card_rung(asked: _Question, tier: Tier) -> _Rung:
    gpu, prepared = asked.gpu, tier is Tier.BIT4 and asked.at_hand is not None
    if gpu is None:  # somebody asked for a card's tier on a machine without one
        return _on_cpu(asked, tier, tier, asked.cpu_dtype, prepared=prepared)
    return _Rung(
        tier=tier,
        weights=tier,
        device=f"cuda:{gpu.index}",
        place=gpu.name,
        dtype=gpu.dtype,
        free_bytes=gpu.free_bytes,
        prepared=prepared,
    )


def _cpu_rungs(asked: _Question) -> list[_Rung]:
    """4-bit first, by llama.cpp or where the CPU is fast at it; float32 last, or first if small."""
    plain = [] if asked.footprint.prepared else [Dtype.BFLOAT16, Dtype.FLOAT32]
    if asked.footprint.small:
        plain.reverse()
    rungs = [_on_cpu(asked, Tier.CPU, Tier.CPU, dtype) for dtype in plain]
    if asked.at_hand is not None and not (asked.footprint.small and plain):
        nf4 = _on_cpu(asked, Tier.CPU, Tier.BIT4, asked.cpu_dtype, prepared=True)
        rungs.insert(0 if asked.fast_at_nf4 else 1, nf4)
        if asked.llama_at_hand:
            rungs.insert(0, replace(nf4, llama=True))
            if asked.int8_vision_at_hand:
                rungs.insert(0, replace(nf4, llama=True, int8_vision=True))
    return rungs


def _on_cpu(
    asked: _Question, tier: Tier, weights: Tier, dtype: Dtype, *, prepared: bool = False
) -> _Rung:
    return _Rung(
        tier=tier,
        weights=weights,
        device="cpu",
        place="the CPU",
        dtype=dtype,
        free_bytes=asked.hardware.ram_available_bytes,
        prepared=prepared,
    )


def _why_start(gpu: Gpu | None, start: Tier, override: Tier | None, ceiling: Tier | None) -> str:
    if ceiling is not None and start is ceiling and start is not override:
        return "a better tier failed here"
    if override is not None:
        return "as set by EDGERAD_TIER"
    if gpu is None:
        return "no GPU was found"
    if gpu.unified:
        return f"card and system share {_gb(gpu.total_bytes)}, {_gb(gpu.free_bytes)} of it free"
    return f"the card has {_gb(gpu.total_bytes)}, {_gb(gpu.free_bytes)} of it free"


def _note(asked: _Question, rung: _Rung) -> str:
    if rung.device == "cpu":
        return "" if rung.llama else _prepare_advice(asked)
    if asked.gpu is None or asked.footprint.prepared:  # the folder holds nothing better
        return ""
    return _better(asked, asked.gpu, rung.tier)


def _better(asked: _Question, gpu: Gpu, chosen: Tier) -> str:
    """Whether a tier above the table's would fit, which its owner may prefer."""
    for tier in _LADDER[: _LADDER.index(chosen)]:
        need_bytes = needed_bytes(asked.footprint, tier, gpu.dtype)
        if need_bytes <= gpu.free_bytes:
            return f"{tier} would fit too ({_gb(need_bytes)}): EDGERAD_TIER={tier}."
    return ""


def _prepare_advice(asked: _Question) -> str:
    """Whether a folder at 4 bits, made once, would help this CPU: to fit, or to be faster."""
    if asked.hardware.llama and asked.at_hand is not None and not asked.footprint.prepared:
        return _text_advice(asked)
    free_bytes, footprint = asked.hardware.ram_available_bytes, asked.footprint
    need_bytes = needed_bytes(footprint, Tier.BIT4, Dtype.BFLOAT16, keeps_last=True)
    plain_bytes = needed_bytes(footprint, Tier.CPU, Dtype.BFLOAT16, keeps_last=True)
    fits_already = plain_bytes <= free_bytes
    if footprint.small or asked.at_hand is not None or need_bytes > free_bytes:
        return ""
    faster = asked.fast_at_nf4 or asked.hardware.llama
    if fits_already and not faster:
        return ""
    gain = " and answer sooner" if faster else ""
    return f"`edgerad model prepare` makes 4-bit weights, once; they need {_gb(need_bytes)}{gain}."


def _text_advice(asked: _Question) -> str:
    """Whether the folder at 4 bits was made before llama.cpp was installed."""
    if asked.footprint.small or asked.llama_at_hand:
        return ""
    return f"`edgerad model prepare`, once more, lets {LLAMA} answer sooner."


def _gb(size_bytes: int) -> str:
    return f"{size_bytes / GB:.1f} GB"

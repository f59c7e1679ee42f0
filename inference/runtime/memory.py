"""How much memory was used at most, and the many ways in which torch says that it ran out.

Knows torch's counters and errors. Must not decide what to do about them.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import torch

from inference.contract import PeakMemory
from inference.errors import OutOfMemory

_CLEAR_REFS = Path("/proc/self/clear_refs")
# torch's CPU allocator and cuBLAS raise a plain RuntimeError that says so only in its text.
_SIGNS = ("can't allocate memory", "out of memory", "ALLOC_FAILED")


def peak_memory(device: str) -> PeakMemory:
    """The most memory that this process has held since the last `reset_peaks`.

    Args:
        device: `cpu` or `cuda:<index>`.

    Returns:
        Of RAM, mapped files included, and of the card's memory, what is cached for later included.
    """
    return PeakMemory(
        ram_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        vram_bytes=None if device == "cpu" else torch.cuda.max_memory_reserved(device),
    )


def reset_peaks(device: str) -> None:
    """Count from what is held now (proc(5), `clear_refs`); where there is none, RAM counts on.

    Args:
        device: `cpu` or `cuda:<index>`.
    """
    if device != "cpu":
        torch.cuda.reset_peak_memory_stats(device)
    with suppress(OSError):
        _CLEAR_REFS.write_text("5")


def release(device: str) -> None:
    """Give back what is cached for later.

    Args:
        device: `cpu` or `cuda:<index>`.
    """
    if device != "cpu":
        torch.cuda.empty_cache()


@contextmanager
def noticing_out_of_memory() -> Iterator[None]:
    """Raise `OutOfMemory` for whatever means it; anything else passes.

    Raises:
        OutOfMemory: Memory ran out inside.
        RuntimeError: As it was raised inside, for another reason.
    """
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise OutOfMemory from error
    except RuntimeError as error:
        if any(sign in str(error) for sign in _SIGNS):
            raise OutOfMemory from error
        raise

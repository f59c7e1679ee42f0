"""How much memory was used at most, and the many ways in which torch says that it ran out.

Knows torch's counters and errors. Must not decide what to do about them.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from inference.errors import OutOfMemory

# torch's CPU allocator and cuBLAS raise a plain RuntimeError that says so only in its text.
_SIGNS = ("can't allocate memory", "out of memory", "ALLOC_FAILED")


def peak_bytes(device: str) -> int:
    """The most memory that this process has held so far.

    Args:
        device: `cpu` or `cuda:<index>`.

    Returns:
        Bytes of the card's memory, or of RAM, mapped files included.
    """
    if device == "cpu":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return torch.cuda.max_memory_reserved(device)


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

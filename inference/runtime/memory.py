"""The many ways in which torch says that memory ran out, turned into one.

Knows torch's errors. Must not decide what to do about them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from inference.errors import OutOfMemory

# torch's CPU allocator and cuBLAS raise a plain RuntimeError that says so only in its text.
_SIGNS = ("can't allocate memory", "out of memory", "ALLOC_FAILED")


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

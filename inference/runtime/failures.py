"""What an error of ours is called on the wire.

Knows both. Must not decide anything.
"""

from inference.errors import (
    InferenceError,
    ModelError,
    NoTierFits,
    OutOfMemory,
    RequestRefused,
    UnusableAnswer,
)
from inference.local.wire import FailureKind

_KINDS: tuple[tuple[type[InferenceError], FailureKind], ...] = (
    (OutOfMemory, FailureKind.OUT_OF_MEMORY),
    (UnusableAnswer, FailureKind.UNUSABLE),
    (NoTierFits, FailureKind.NO_TIER_FITS),
    (RequestRefused, FailureKind.REQUEST),
    (ModelError, FailureKind.MODEL),
)


def kind_of(error: InferenceError) -> FailureKind:
    """The kind that tells the executor what to do.

    Returns:
        Its kind, `ERROR` for one that says nothing more.
    """
    kinds = (kind for of, kind in _KINDS if isinstance(error, of))
    return next(kinds, FailureKind.ERROR)

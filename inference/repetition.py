"""The guard against an answer that goes in circles, as 4-bit checkpoints' answers may.

Knows sequences. Must not know whether these are tokens or words.
"""

from collections.abc import Sequence

LOOP_MAX_TOKENS = 64
LOOP_MIN_COPIES = 4
LOOP_MIN_TOTAL_TOKENS = 32


def looped_tokens(tokens: Sequence[object]) -> int:
    """How many tokens at the end only say again what stands before them.

    Args:
        tokens: An answer so far, in tokens or in words.

    Returns:
        The length of a loop's copies but the first, 0 if the answer does not loop.
    """
    for period in range(1, LOOP_MAX_TOKENS + 1):
        copies = max(LOOP_MIN_COPIES, -(-LOOP_MIN_TOTAL_TOKENS // period))
        tail = tokens[-period * copies :]
        if len(tail) == period * copies and tail[period:] == tail[:-period]:
            return period * (copies - 1)
    return 0

"""How long to wait after a failure: longer each time, up to a limit, or what the server asks."""

from datetime import timedelta

from telegram.error import BadRequest, NetworkError, RetryAfter

FIRST_S = 1.0
LONGEST_S = 60.0


def pause_after(error: Exception, failures: int) -> timedelta:
    """How long to wait before the next attempt.

    Args:
        error: What went wrong last.
        failures: How many attempts have failed in a row, 1 or more.

    Returns:
        One second, doubled with each failure, at most a minute; at least what the server asks.
    """
    pause = timedelta(seconds=min(LONGEST_S, FIRST_S * 2 ** min(failures - 1, 10)))
    if not isinstance(error, RetryAfter):
        return pause
    asked = error.retry_after
    return max(pause, asked if isinstance(asked, timedelta) else timedelta(seconds=asked))


def is_passing(error: Exception) -> bool:
    """Whether the way to the server failed or is full, so that the same again may succeed."""
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)

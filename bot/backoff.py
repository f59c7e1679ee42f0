"""How long to wait after a failure: longer each time, up to a limit."""

from datetime import timedelta

FIRST_S = 1.0
LONGEST_S = 60.0


def backoff(failures: int) -> timedelta:
    """How long to wait before the next attempt.

    Args:
        failures: How many attempts have failed in a row, 1 or more.
    """
    return timedelta(seconds=min(LONGEST_S, FIRST_S * 2 ** min(failures - 1, 10)))

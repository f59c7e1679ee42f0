"""Errors of the Bot API: how long to wait after one, whether it may pass, what to tell people."""

from datetime import timedelta

from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter

from machine.backoff import delay_after_s

FIRST_S = 1.0
LONGEST_S = 60.0


def pause_after(error: Exception, failures: int) -> timedelta:
    """How long to wait before the next attempt; never less than the server asks.

    Args:
        error: What went wrong last.
        failures: How many attempts have failed in a row, 1 or more.
    """
    pause = timedelta(seconds=delay_after_s(failures, first_s=FIRST_S, longest_s=LONGEST_S))
    if not isinstance(error, RetryAfter):
        return pause
    asked = error.retry_after
    return max(pause, asked if isinstance(asked, timedelta) else timedelta(seconds=asked))


def is_passing(error: Exception) -> bool:
    """Whether the way to the server failed or is full, so that the same again may succeed."""
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)


def advice(error: Exception) -> str:
    """What a person at the console should do about it, for a log line."""
    if isinstance(error, InvalidToken):
        return (
            "the server does not know this bot. Check EDGERAD_BOT_API_URL, and that EDGERAD_HOME "
            "or EDGERAD_BOT_TOKEN is the same for bot and server. Trying on."
        )
    if isinstance(error, Conflict):
        return (
            "another program polls as this bot, or takes its messages by a webhook. Stop it: two"
            " bots lose each other's messages. If you know of none, somebody has the bot's token."
        )
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return (
            f"no answer ({type(error).__name__}). Is the server that EDGERAD_BOT_API_URL names"
            " running, and reachable from here? Trying on."
        )
    return f"{type(error).__name__}. Trying on."

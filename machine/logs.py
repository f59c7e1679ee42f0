"""Log lines: when, how bad, which room, what. Never text, names, pictures or tokens.

An error is logged by its class and its place, because its message may quote what was sent.
"""

import asyncio
import logging

from machine.tracebacks import hide_error_messages, traceback_without_messages

TALKATIVE = (
    *("telegram", "apscheduler", "httpx", "httpcore"),
    *("asyncio", "aiosqlite", "multipart", "python_multipart"),
)
"""Libraries whose own lines hold what was sent, an error's message, or an address with a token."""

LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def set_up_logs(level: str) -> None:
    """Write log lines to standard error from now on.

    Args:
        level: The lowest level written, such as `INFO`.
    """
    hide_error_messages()
    handler = logging.StreamHandler()
    handler.addFilter(discreet)
    logging.basicConfig(level=level.upper(), format=LINE, handlers=[handler])
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # the app says when it serves
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def discreet(record: logging.LogRecord) -> bool:
    """Keep what an error says out of a log line; its class and place stay.

    Returns:
        True if the line is written; that something was cut off because its process stops is no
        error.
    """
    if not record.exc_info or not record.exc_info[1]:
        return True
    record.exc_text = traceback_without_messages(record.exc_info[1])
    return not isinstance(record.exc_info[1], asyncio.CancelledError)

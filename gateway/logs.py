"""Log lines: when, how bad, which room, what. Never text, names, pictures or tokens.

An error is logged by its class and its place, because its message may quote what was sent.
"""

import logging
import traceback

from machine.last_words import keep_discreet

TALKATIVE = ("asyncio", "multipart", "python_multipart", "httpx", "httpcore")
"""Libraries that put what was sent, or an error's message, into their own lines."""

LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def set_up_logs(level: str) -> None:
    """Write log lines to standard error from now on.

    Args:
        level: The lowest level written, such as `INFO`.
    """
    keep_discreet()
    handler = logging.StreamHandler()
    handler.addFilter(discreet)
    logging.basicConfig(level=level.upper(), format=LINE, handlers=[handler])
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # the app says when it serves
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def discreet(record: logging.LogRecord) -> bool:
    """Keep what an error says out of a log line; its class and place stay.

    Args:
        record: Changed.

    Returns:
        True: the line is written.
    """
    if record.exc_info and record.exc_info[0]:
        frames = "".join(traceback.format_tb(record.exc_info[2]))
        record.exc_text = f"{frames}{record.exc_info[0].__name__}"
    return True

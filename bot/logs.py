"""Log lines: when, how bad, which room, what. Never text, names, pictures or tokens.

Libraries that put messages or addresses (which hold the token) into their logs are kept silent;
an error is logged by its class and its place, because its message may quote what was sent.
"""

import logging

from machine.last_words import keep_discreet

LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
TALKATIVE = ("telegram", "httpx", "httpcore", "asyncio", "apscheduler")


def set_up_logs(level: str) -> None:
    """Write log lines to standard error from now on.

    Args:
        level: The lowest level written, such as `INFO`.
    """
    keep_discreet()
    logging.basicConfig(level=level.upper(), format=LINE)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)

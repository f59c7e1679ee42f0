"""Libraries that would rather talk: what they print is in nobody's way.

Knows their names. Must not silence errors of our own.
"""

import logging

from transformers.utils import logging as transformers_logging


def quieten_libraries() -> None:
    """Let transformers and bitsandbytes speak of errors alone, and draw no bars."""
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)

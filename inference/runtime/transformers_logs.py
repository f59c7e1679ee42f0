"""A library that would rather talk: what it prints is in nobody's way.

Knows transformers. Must not silence errors of our own.
"""

from transformers.utils import logging as transformers_logging


def quieten_transformers() -> None:
    """Let transformers speak of errors alone, and draw no bars."""
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()

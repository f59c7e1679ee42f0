"""Scores urgency by the log-probabilities that an engine gives for its next token.

Knows the labels and the tokens' texts. Must not know HTTP.
"""

import math
from collections.abc import Mapping

from inference.contract import ScoredUrgency, Urgency
from inference.urgency import LABELS, decide

MIN_SHARE = 0.5
"""If all labels together are less likely, the engine did not continue the opening."""


def score(likely: Mapping[str, float]) -> ScoredUrgency | None:
    """Find the likeliest label by the tokens that may begin one.

    Args:
        likely: Log-probability, in nats, of each of the likeliest tokens after the opening.

    Returns:
        Its score; None if the tokens are not those of labels.
    """
    shares = dict.fromkeys(LABELS, 0.0)
    for token, log_probability in likely.items():
        if (label := _begun_by(token)) is not None:
            shares[label] += math.exp(log_probability)
    if sum(shares.values()) < MIN_SHARE:
        return None
    unlisted = min(likely.values())  # a token that is not listed is no likelier than these
    return decide({label: math.log(p) if p else unlisted for label, p in shares.items()})


def _begun_by(token: str) -> Urgency | None:
    """The only label that begins with this token."""
    start = token.strip().lower()
    return next((u for u, label in LABELS.items() if start and label.startswith(start)), None)

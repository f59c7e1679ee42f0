"""The labels by which an engine scores a picture's urgency before it writes, and the decision.

Knows the words that continue the prompt. Must not know tokenizers or engines.
"""

from collections.abc import Mapping
from types import MappingProxyType

from inference.contract import ScoredUrgency, Urgency

OPENING = "URGENCY:"
"""What the model is made to begin with, on a copy of what it has read."""

LABELS: Mapping[Urgency, str] = MappingProxyType(
    {
        Urgency.CRITICAL: "critical",
        Urgency.URGENT: "urgent",
        Urgency.ROUTINE: "routine",
        Urgency.NOT_MEDICAL: "not a medical picture",
    }
)
"""What may follow the opening and a space; the words differ from their first letter on."""


def decide(scores: Mapping[Urgency, float]) -> ScoredUrgency:
    """Take the likeliest label; of two that are as likely, the graver.

    Args:
        scores: Log-probability of each label, in nats.

    Returns:
        The label and its lead.
    """
    first, second = sorted(LABELS, key=lambda label: -scores[label])[:2]
    return ScoredUrgency(urgency=first, margin=scores[first] - scores[second])

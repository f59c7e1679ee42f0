"""What supervisors made of readings: how soon they looked, how often they agreed."""

from dataclasses import dataclass
from math import sqrt

from bot.domain.cases import Outcome
from inference.contract import Urgency

NORMAL_95 = 1.96
"""The quantile of the normal distribution that leaves 5 % outside, on both sides together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLooks:
    """How soon a supervisor looked at the cases of one urgency, counted from their arrival.

    Args:
        seen: How many of the cases anybody has looked at. The others count as the longest waits.
        p50_s: The time that half of all cases stayed within, None if fewer were seen.
        p90_s: The time that nine of ten stayed within, likewise.
    """

    urgency: Urgency
    cases: int
    seen: int
    p50_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often supervisors agreed with what one model wrote of cases of one urgency."""

    urgency: Urgency
    model: str
    agreed: int
    signed: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 % for the share (J. Am. Stat. Assoc. 22, 1927: 209-212)."""
        n, share, z2 = self.signed, self.agreed / self.signed, NORMAL_95**2
        centre = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = NORMAL_95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """A period's answered cases, as supervisors and senders ended them.

    Args:
        answered: How many there are.
        signed: How many of them are signed off.
        looks: By urgency, gravest first; an urgency without a case is left out.
        agreements: By urgency, then model; only of what was signed off.
        outcomes: How many ended so; no key means none.
    """

    answered: int
    signed: int
    looks: tuple[FirstLooks, ...]
    agreements: tuple[Agreement, ...]
    outcomes: dict[Outcome, int]

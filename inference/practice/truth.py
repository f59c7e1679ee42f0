"""What a drawn picture shows, known because it was drawn: the words every other module here uses.

Knows radiology's names for the few things a phantom can show. Must not know pixels or text.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np


class Finding(StrEnum):
    """The one thing a phantom film shows."""

    NORMAL = "normal"
    OPACITY = "opacity"
    EFFUSION = "effusion"
    PNEUMOTHORAX = "pneumothorax"
    ENLARGED_HEART = "enlarged heart"


class Side(StrEnum):
    """The patient's side: by convention the patient's right is at the left of the picture."""

    RIGHT = "right"
    LEFT = "left"


class Zone(StrEnum):
    """Third of a lung, from its apex to its diaphragm."""

    UPPER = "upper"
    MIDDLE = "middle"
    LOWER = "lower"


class Size(StrEnum):
    """Two sizes far enough apart that a person would not confuse them."""

    SMALL = "small"
    LARGE = "large"


SIDED = frozenset({Finding.OPACITY, Finding.EFFUSION, Finding.PNEUMOTHORAX})


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What one phantom film shows.

    Args:
        finding: The one finding.
        side: Set for the findings of a lung or its pleura, else None.
        zone: Set for an opacity, else None.
        size: Set where `side` is.
    """

    finding: Finding
    side: Side | None = None
    zone: Zone | None = None
    size: Size | None = None

    def __post_init__(self) -> None:
        sided = self.finding in SIDED
        if (self.side is not None) != sided or (self.size is not None) != sided:
            raise ValueError(f"{self.finding} and side or size do not go together")
        if (self.zone is not None) != (self.finding is Finding.OPACITY):
            raise ValueError(f"{self.finding} and zone do not go together")


def every_truth() -> tuple[Truth, ...]:
    """All that a phantom can show, each once, normal first.

    Returns:
        22 truths: 1 normal, 12 opacities, 4 effusions, 4 pneumothoraces, 1 enlarged heart.
    """
    sided = [
        Truth(finding=finding, side=side, zone=zone, size=size)
        for finding in (Finding.OPACITY, Finding.EFFUSION, Finding.PNEUMOTHORAX)
        for side in Side
        for zone in (Zone if finding is Finding.OPACITY else (None,))
        for size in Size
    ]
    return (Truth(finding=Finding.NORMAL), *sided, Truth(finding=Finding.ENLARGED_HEART))


def draw_truth(rng: np.random.Generator) -> Truth:
    """Draw a truth: the finding first, evenly, then what belongs to it.

    Args:
        rng: Source of all chance.
    """
    finding = list(Finding)[rng.integers(len(Finding))]
    choices = [truth for truth in every_truth() if truth.finding is finding]
    return choices[rng.integers(len(choices))]

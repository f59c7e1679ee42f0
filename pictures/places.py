"""Where in a chest something is said to be: a side of the patient, and a zone of its lung.

Knows values only. Must not know how a place is drawn, nor what anybody wrote.
"""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """The patient's side: on a film, the patient's right is at the left of the picture."""

    RIGHT = "right"
    LEFT = "left"
    BOTH = "both"


class Zone(StrEnum):
    """A part of a lung, as it lies on a frontal film; those without thirds lie within one."""

    UPPER = "upper"
    MIDDLE = "middle"
    LOWER = "lower"
    APEX = "apex"
    HILUM = "hilum"
    BASE = "base"
    COSTOPHRENIC = "costophrenic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a chest.

    Args:
        zone: None for the whole side.
    """

    side: Side
    zone: Zone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkWords:
    """What is written around a marked film, in the reader's language.

    Args:
        right: Names the patient's right side, written at the left of the film.
        left: Names the patient's left side, written at the right.
        label: Says whose words the mark follows, and where they point.
        across: A word over all of the film, such as that it counts no more; empty for none.
    """

    right: str
    left: str
    label: str
    across: str = ""

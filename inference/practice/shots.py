"""What a photograph of a film is to be like: on what it hangs, and which flaws it has, how badly.

Knows words and sizes. Must not know pixels. A flaw's level is part of the truth of a drawn
photograph: 0 none, 1 slight and harmless, 2 so that the photo should be taken again, 3 unreadable
in parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import MappingProxyType

import numpy as np


class Flaw(StrEnum):
    """What can be wrong with a photograph."""

    BLUR = "blur"
    GLARE = "glare"
    DARK = "dark"
    LOW_CONTRAST = "low contrast"
    CUT_OFF = "cut off"
    TOO_SMALL = "too small"
    TILTED = "tilted"
    MOIRE = "moire"
    FINGER = "finger"
    TWO_FILMS = "two films"


class Grade(StrEnum):
    """How well a photograph was taken."""

    TIDY = "tidy"
    USUAL = "usual"
    POOR = "poor"
    SCREEN = "screen"

    @property
    def careful(self) -> bool:
        """Whether the camera was told where to look."""
        return self is not Grade.USUAL and self is not Grade.POOR


class Backdrop(Enum):
    """What the film hangs on or is shown by."""

    LIGHT_BOX = "light box"
    WINDOW = "window"
    MONITOR = "monitor"


Range = tuple[float, float]

# What a level means, a range each for levels 0 to 3.
AMOUNTS: Mapping[Flaw, tuple[Range, Range, Range, Range]] = MappingProxyType(
    {
        # deviation of a Gaussian, or half a shake, in the film's longer sides
        Flaw.BLUR: ((0.0, 0.0007), (0.0011, 0.0020), (0.0055, 0.008), (0.011, 0.017)),
        # share of the film under reflections; from level 2 on they leave nothing but white
        Flaw.GLARE: ((0.0, 0.0), (0.01, 0.06), (0.05, 0.09), (0.13, 0.25)),
        # exposure
        Flaw.DARK: ((0.85, 1.08), (0.58, 0.70), (0.24, 0.34), (0.10, 0.17)),
        # share of the light that is haze
        Flaw.LOW_CONTRAST: ((0.0, 0.07), (0.14, 0.22), (0.52, 0.62), (0.72, 0.82)),
        # share of a side that is out of the frame
        Flaw.CUT_OFF: ((0.0, 0.0), (0.005, 0.018), (0.11, 0.18), (0.25, 0.40)),
        # the film's size over the largest that fits
        Flaw.TOO_SMALL: ((0.56, 1.0), (0.42, 0.50), (0.24, 0.31), (0.14, 0.20)),
        # turned by so many degrees
        Flaw.TILTED: ((0.0, 4.0), (6.0, 10.0), (18.0, 27.0), (32.0, 44.0)),
        # height of the waves
        Flaw.MOIRE: ((0.0, 0.0), (0.015, 0.03), (0.10, 0.16), (0.20, 0.30)),
        # share of the film that is covered
        Flaw.FINGER: ((0.0, 0.0), (0.004, 0.010), (0.05, 0.09), (0.13, 0.20)),
        # of another film, how much is in the frame
        Flaw.TWO_FILMS: ((0.0, 0.0), (0.02, 0.05), (1.0, 1.0), (1.0, 1.0)),
    }
)
_RETAKE = 2
_USUAL_SHARE = 0.3  # of each flaw, that a usual photograph has it slightly
_FLAWS_OF_POOR = (0.55, 0.33, 0.12)  # share with one, two, three flaws
_OF_SCREENS = (Flaw.MOIRE,)
_GRADES = {Grade.TIDY: 0.22, Grade.USUAL: 0.42, Grade.POOR: 0.16, Grade.SCREEN: 0.20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A photograph to be taken.

    Args:
        flaws: Levels 0 to 3; what is not named is 0.
    """

    grade: Grade
    backdrop: Backdrop
    flaws: Mapping[Flaw, int] = field(default_factory=dict)

    def level(self, flaw: Flaw) -> int:
        """How bad a flaw is, 0 to 3."""
        return self.flaws.get(flaw, 0)

    def amount(self, rng: np.random.Generator, flaw: Flaw) -> float:
        """How much of a flaw is drawn, in the unit of `AMOUNTS`."""
        return float(rng.uniform(*AMOUNTS[flaw][self.level(flaw)]))

    @property
    def to_be_retaken(self) -> bool:
        """Whether whoever took it should be asked to take it again."""
        return any(level >= _RETAKE for level in self.flaws.values())


def draw_shot(
    rng: np.random.Generator,
    grade: Grade | None = None,
    *,
    flaws: Mapping[Flaw, int] | None = None,
    without: frozenset[Flaw] = frozenset(),
) -> Shot:
    """Draw how a photograph is taken.

    Args:
        rng: Source of all chance.
        grade: How well; drawn too when None.
        flaws: Exactly these levels, instead of the ones that a grade brings along.
        without: Flaws that a grade must not bring along.
    """
    grade = grade or list(_GRADES)[rng.choice(len(_GRADES), p=list(_GRADES.values()))]
    screen = grade is Grade.SCREEN or bool(flaws and flaws.get(Flaw.MOIRE))
    hung = Backdrop.WINDOW if rng.random() < 0.3 else Backdrop.LIGHT_BOX
    backdrop = Backdrop.MONITOR if screen else hung
    levels = dict(_levels(rng, grade, without) if flaws is None else flaws)
    return Shot(grade=grade, backdrop=backdrop, flaws=levels)


def _levels(rng: np.random.Generator, grade: Grade, without: frozenset[Flaw]) -> dict[Flaw, int]:
    hung = [flaw for flaw in Flaw if flaw not in _OF_SCREENS and flaw not in without]
    if grade is Grade.TIDY:
        return {}
    if grade is Grade.SCREEN:
        hung = [*(f for f in _OF_SCREENS if f not in without), Flaw.BLUR, Flaw.GLARE, Flaw.DARK]
        hung += [Flaw.TILTED, Flaw.TOO_SMALL]
    levels = {flaw: 1 for flaw in hung if rng.random() < _USUAL_SHARE}
    if grade is Grade.POOR:
        count = 1 + int(rng.choice(3, p=_FLAWS_OF_POOR))
        for number in rng.choice(len(hung), count, replace=False):
            levels[hung[number]] = _RETAKE + int(rng.random() < 0.35)
    return without_contradiction(levels)


def without_contradiction(levels: Mapping[Flaw, int]) -> dict[Flaw, int]:
    """Leave out what cannot be in one photograph: a film that is too small is not cut off.

    Args:
        levels: Of each flaw.
    """
    kept = dict(levels)
    if kept.get(Flaw.CUT_OFF):
        kept.pop(Flaw.TOO_SMALL, None)
        if kept[Flaw.CUT_OFF] >= _RETAKE:
            kept.pop(Flaw.TWO_FILMS, None)
    if kept.get(Flaw.TWO_FILMS, 0) >= _RETAKE:
        for flaw in (Flaw.TOO_SMALL, Flaw.CUT_OFF, Flaw.TILTED):
            kept.pop(flaw, None)
    return kept

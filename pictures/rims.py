"""How blurred a photo is, told by the rim of the film in it: a step of light, as wide as the blur.

Knows greys and an outline. Must not know what is told of them. The phone page measures in the same
way.
"""

import numpy as np
from numpy.typing import NDArray

from pictures.corners import Corners
from pictures.edges import Floats

_PLACES = 48
"""Along each side, its ends left out."""

_END = 0.08
_STEP = 1 / 512
_REACH = 16
"""Steps to each side of the rim; a step is a share of the film's longest side."""

_FAR = 5
"""Outermost greys on each side, whose means are what the step leads from and to."""

_PIXEL = 0.8
"""Deviation, in pixels, of a rim that is not blurred at all."""

_LEAST_STEP = 35
_LEAST_PLACES = 6
_OF_NORMAL = float(np.sqrt(2 * np.pi))
"""A normal blur's steepest slope is the step over this many deviations."""


def blur(grey: NDArray[np.uint8], film: Corners) -> float | None:
    """Deviation of the blur across the most blurred side, as a share of the longest side.

    Args:
        grey: (h, w), 0 to 255.

    Returns:
        None where no side is a step that can be measured.
    """
    height, width = grey.shape
    corners = np.array(film) * [width, height]
    sides = np.roll(corners, -1, 0) - corners
    longest = max(float(np.hypot(*sides.T).max()), 1e-6)
    widths = [
        _of_side(grey, corner, side, longest * _STEP)
        for corner, side in zip(corners, sides, strict=True)
    ]
    widest = max((width for width in widths if width is not None), default=None)
    return None if widest is None else max(widest**2 - (_PIXEL / longest) ** 2, 0) ** 0.5


def _of_side(grey: NDArray[np.uint8], corner: Floats, side: Floats, step: float) -> float | None:
    along = _END + (1 - 2 * _END) * (np.arange(_PLACES) + 0.5) / _PLACES
    across = np.arange(-_REACH, _REACH + 1) * step
    outward = np.array([-side[1], side[0]]) / max(float(np.hypot(*side)), 1e-6)
    places = corner + along[:, None, None] * side + across[:, None] * outward
    greys, seen = _looked_at(grey, places)
    greys = (greys[:-2] + greys[1:-1] + greys[2:]) / 3  # a grain is no step
    seen = seen[:-2] & seen[1:-1] & seen[2:]
    height = np.abs(greys[:, :_FAR].mean(1) - greys[:, -_FAR:].mean(1))
    steepest = np.abs(greys[:, 2:] - greys[:, :-2]).max(1) / 2
    clear = seen & (height > _LEAST_STEP)
    if clear.sum() < _LEAST_PLACES:
        return None
    return float(np.median(height[clear] / steepest[clear])) / _OF_NORMAL * _STEP


def _looked_at(grey: NDArray[np.uint8], places: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Greys between pixels: (place, step); whether all of a place's steps lie in the picture."""
    height, width = grey.shape
    inside = np.all((places >= 0) & (places <= [width, height]), axis=(1, 2))
    x = np.clip(places[..., 0] - 0.5, 0, width - 1)
    y = np.clip(places[..., 1] - 0.5, 0, height - 1)
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    after, below = np.minimum(column + 1, width - 1), np.minimum(row + 1, height - 1)
    right, down = x - column, y - row
    upper = grey[row, column] * (1 - right) + grey[row, after] * right
    lower = grey[below, column] * (1 - right) + grey[below, after] * right
    greys: Floats = upper * (1 - down) + lower * down
    return greys, inside

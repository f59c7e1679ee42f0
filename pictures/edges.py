"""Straight edges of a picture: lines that many of its edge pixels lie on, and what lies along them.

Knows planes of grey levels. Must not know films. A line leans from the vertical by its slope:
x = at_middle + slope * (y - middle). Lines that lie are found in the plane transposed.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Plane: TypeAlias = NDArray[np.float32]
Floats: TypeAlias = NDArray[np.float64]

STEEPEST = 0.75
"""Slope up to which a line counts: 37 degrees."""

SAMPLES = 128
"""Points along a line at which the picture is looked at."""

OFFSETS_PX = (-14, -9, -5, 5, 9, 14)
"""How far from a line the grey beside it is looked at; negative is to its left."""

_LINES = 18
_NEAR_PX = 2.5
_VOTES_SPREAD = 0.12
"""Slope by which the direction of a pixel's edge may differ from its line's."""

_LEAST_VOTES = 6.0
_LEAST_PIXELS = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture as planes of equal shape (h, w).

    Args:
        grey: Luminance, 0 to 255.
        chroma: How far from grey each pixel is.
        across: Strength of the edge along x at each pixel, -1 (darkens) to 1 (brightens).
        down: Likewise along y.
        slope: dx/dy of the edge at each pixel.
    """

    grey: Plane
    chroma: Plane
    across: Plane
    down: Plane
    slope: Plane

    @property
    def turned(self) -> "Sheet":
        """The same with x and y exchanged."""
        with np.errstate(divide="ignore", invalid="ignore"):
            slope: Plane = np.nan_to_num(1 / self.slope.T).astype(np.float32)
        return Sheet(self.grey.T, self.chroma.T, self.down.T, self.across.T, slope)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that lean from the vertical, the two borders of the picture last.

    Args:
        at_middle: x of each at the middle of the picture's height.
        slope: dx/dy of each.
        middle: y where `at_middle` is.
        sums: What lies along each, summed up from the top: (quantity, line, sample).
    """

    at_middle: Floats
    slope: Floats
    middle: float
    sums: Floats

    def between(self, line: NDArray[np.intp], first: Floats, last: Floats) -> Floats:
        """Means of all quantities along lines, between two places counted in samples."""
        first, last = np.clip(first, 0, SAMPLES), np.clip(last, 0, SAMPLES)
        length = np.maximum(last - first, 1e-3)
        means: Floats = (self._sum(line, last) - self._sum(line, first)) / length
        return means

    def _sum(self, line: NDArray[np.intp], place: Floats) -> Floats:
        whole = np.minimum(place.astype(int), SAMPLES - 1)
        part = place - whole
        summed: Floats = (
            self.sums[:, line, whole] * (1 - part) + self.sums[:, line, whole + 1] * part
        )
        return summed


def sheet(rgb: Plane) -> Sheet:
    """Look for edges in a smoothed picture.

    Args:
        rgb: (h, w, 3), 0 to 255.
    """
    grey = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
    chroma = np.abs(rgb[..., 0] - grey) + np.abs(rgb[..., 2] - grey)
    across, down = np.zeros_like(grey), np.zeros_like(grey)
    across[:, 1:-1] = (grey[:, 2:] - grey[:, :-2]) / 2
    down[1:-1] = (grey[2:] - grey[:-2]) / 2
    size = np.hypot(across, down)
    noise = np.median(size) + 0.3
    around = _mean_around(size, max(grey.shape) // 16)
    clear = np.maximum(size - noise, 0)
    strength = clear / (clear + around + 0.5 * noise)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.nan_to_num(-down / across)
    return Sheet(grey, chroma, strength * np.sign(across), strength * np.sign(down), slope)


def lines(seen: Sheet) -> Lines:
    """Find the lines that lean from the vertical, those with most edge on them first."""
    height, width = seen.grey.shape
    middle = (height - 1) / 2
    at_middle, slope = _voted(seen, middle)
    at_middle, slope = [*at_middle, 0.0, width - 1.0], [*slope, 0.0, 0.0]
    found = np.array(at_middle), np.array(slope)
    return Lines(*found, middle, _sums(seen, *found, middle))


def _voted(seen: Sheet, middle: float) -> tuple[list[float], list[float]]:
    """Hough's vote: each edge pixel for the lines through it of about its own direction.

    The line with most votes takes its pixels out of the vote for the next one.
    """
    height, width = seen.grey.shape
    weight = np.abs(seen.across)
    peak = np.zeros(weight.shape, bool)
    peak[:, 1:-1] = (weight[:, 1:-1] >= weight[:, :-2]) & (weight[:, 1:-1] > weight[:, 2:])
    rows, columns = np.nonzero(peak & (np.abs(seen.slope) < 1.1 * STEEPEST) & (weight > 0.1))
    votes, own = weight[rows, columns].astype(np.float64), seen.slope[rows, columns]
    y = rows - middle
    step = 3.0 / height
    most = int(np.ceil(STEEPEST / step))
    margin = int(STEEPEST * height / 2) + 2
    bins = width + 2 * margin
    spread = np.arange(-(_VOTES_SPREAD // step), _VOTES_SPREAD // step + 1).astype(int)[:, None]
    slopes = np.round(own / step).astype(int) + spread
    offsets = np.round(columns - slopes * step * y + margin).astype(int)
    counted = (np.abs(slopes) <= most) & (offsets >= 0) & (offsets < bins)
    places = np.where(counted, (slopes + most) * bins + offsets, 0)
    cast = np.where(counted, votes * (1 - 0.5 * np.abs(spread) / len(spread) * 2), 0)
    ballot: Floats = np.zeros((2 * most + 1) * bins)
    ballot += np.bincount(places.ravel(), cast.ravel(), len(ballot))
    left = np.ones(len(votes), bool)
    found: tuple[list[float], list[float]] = [], []
    for _ in range(_LINES):
        smooth = ballot.reshape(-1, bins).copy()
        smooth[:, 1:-1] += 0.7 * (smooth[:, :-2] + smooth[:, 2:])
        best = int(smooth.argmax())
        if smooth.flat[best] < _LEAST_VOTES:
            break
        start, slope = best % bins - margin, (best // bins - most) * step
        near = left & (np.abs(columns - start - slope * y) < _NEAR_PX)
        near &= np.abs(own - slope) < 2 * _VOTES_SPREAD
        start, slope = _fitted(columns[near], y[near], votes[near], float(start), slope)
        gone = left & (np.abs(columns - start - slope * y) < _NEAR_PX)
        gone = near | (gone & (np.abs(own - slope) < 2 * _VOTES_SPREAD))
        ballot -= np.bincount(places[:, gone].ravel(), cast[:, gone].ravel(), len(ballot))
        left &= ~gone
        found[0].append(start)
        found[1].append(slope)
    return found


def _fitted(
    x: NDArray[np.intp], y: Floats, weight: Floats, start: float, slope: float
) -> tuple[float, float]:
    """The line that fits its pixels best; the voted one where they do not tell."""
    if len(x) < _LEAST_PIXELS:
        return start, slope
    total = weight.sum()
    mean_x, mean_y = (weight * x).sum() / total, (weight * y).sum() / total
    spread = (weight * (y - mean_y) ** 2).sum()
    if spread == 0:
        return start, slope
    fitted = (weight * (y - mean_y) * (x - mean_x)).sum() / spread
    if abs(fitted - slope) > 0.05:
        return start, slope
    return float(mean_x - fitted * mean_y), float(fitted)


def _sums(seen: Sheet, at_middle: Floats, slope: Floats, middle: float) -> Floats:
    """Edge that brightens, edge that darkens, being inside; grey, its square; chroma."""
    height, width = seen.grey.shape
    y = np.linspace(0, height - 1, SAMPLES)
    rows = np.round(y).astype(int)[None]
    x = at_middle[:, None] + slope[:, None] * (y - middle)[None]
    along = np.where(np.abs(seen.slope) < 1.2 * STEEPEST, seen.across, 0)
    edge = np.zeros(x.shape)
    for offset in range(-2, 3):
        column = np.round(x + offset).astype(int)
        inside = (column >= 0) & (column < width)
        here = np.where(inside, along[rows, np.clip(column, 0, width - 1)], 0)
        edge = np.where(np.abs(here) > np.abs(edge), here, edge)
    looked = [np.clip(edge, 0, 1), np.clip(-edge, 0, 1), (x >= 0) & (x <= width - 1)]
    for offset in OFFSETS_PX:
        beside = seen.grey[rows, np.clip(np.round(x + offset).astype(int), 0, width - 1)]
        looked += [beside, beside**2]
    for offset in (-7, 7):
        looked.append(seen.chroma[rows, np.clip(np.round(x + offset).astype(int), 0, width - 1)])
    stacked = np.stack([np.asarray(each, np.float64) for each in looked])
    return np.pad(stacked.cumsum(axis=2), ((0, 0), (0, 0), (1, 0)))


def _mean_around(plane: Plane, radius: int) -> Plane:
    """Mean over a square of `2 * radius + 1` pixels a side."""
    padded = np.pad(plane, ((radius + 1, radius), (radius + 1, radius)), mode="edge")
    sums = padded.astype(np.float64).cumsum(0).cumsum(1)
    side = 2 * radius + 1
    total = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    mean: Plane = (total / side**2).astype(np.float32)
    return mean

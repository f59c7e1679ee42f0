"""How sure it is that an outline found in a photo is the film's: what speaks for it, weighed.

Knows greys, outlines and their scores. Must not know how outlines are found. The usual wrong one
is the rim of a light box or a screen around the film: it has flat greys just inside it, and a
straight step of light further in. `inference.practice.sureness_fit` fits the weights.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from pictures.edges import Floats

_GRID = 96
_MARGIN = 0.2
"""Of the outline's sides, that is looked at around it."""

_ALONG = np.linspace(-_MARGIN, 1 + _MARGIN, _GRID)
_STRIP = (0.025, 0.08)
"""How far from a side the strips lie that are compared across it: shares of the other sides."""

_FLAT = (0.03, 0.12)
_FURTHER_IN = (0.06, 0.45)
_ENDS = (0.05, 0.95)
_INSIDE = (0.02, 0.98)
_LEAST_STEP = 0.12
_GREYS = 32
_OVERLAP_GRID = 48
_CONSIDERED = 40
"""Outlines with the highest scores: the others' shares are as good as nothing."""

FURTHEST = 6.0
"""Deviations from its mean beyond which evidence counts no more."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against an outline.

    Args:
        score: Log odds that the outlines' network gives it.
        rivals: How little of it the other likely outlines share (logarithm of 1 - expected IoU).
        step: Share of the side that has least of it along which light steps up, or down.
        flat: Spread of greys just inside its flattest side, as a share of the film's.
        next_flat: Likewise of the next side.
        inner: Strongest straight step of light further in, along a side.
        two_tone: Share of the film that has its two commonest greys of 32.
        oblong: Logarithm of the longer sides over the shorter ones.
        area: Logarithm of its share of the photo.
        contrast: Logarithm of the spread of its greys: in the dark, little can be told.
    """

    score: float
    rivals: float
    step: float
    flat: float
    next_flat: float
    inner: float
    two_tone: float
    oblong: float
    area: float
    contrast: float


NAMES = tuple(each.name for each in fields(Evidence))


@dataclass(frozen=True, slots=True)
class Weights:
    """What evidence weighs.

    Args:
        bias: Log odds of an outline with mean evidence.
        of: By name: its mean, its deviation, its weight in log odds a deviation.
    """

    bias: float
    of: Mapping[str, tuple[float, float, float]]


def evidence(grey: NDArray[np.uint8], places: Floats, scores: Floats) -> Evidence:
    """Gather what speaks for the outline with the highest score.

    Args:
        grey: The photo, (h, w).
        places: Of all outlines (outline, corner, x or y), in fractions of the photo's sides.
        scores: Log odds of each.
    """
    order = np.argsort(-scores)[:_CONSIDERED]
    places, share = places[order], np.exp(scores[order] - scores[order[0]])
    overlap = float((share * _overlaps(places)).sum() / share.sum())
    corners = np.clip(places[0], 0, 1)
    around, seen = _around(grey, places[0])
    inside = around[np.ix_(_between(_INSIDE), _between(_INSIDE))]
    low, high = np.percentile(inside, [2, 98])
    spread = high - low + 4
    sides = [(np.rot90(around, turn), np.rot90(seen, turn)) for turn in range(4)]
    flat = sorted(_flatness(side) / spread for side, _ in sides)
    counted = np.histogram(inside, _GREYS, (low, high + 1))[0] / inside.size
    lengths = np.hypot(*((np.roll(corners, -1, 0) - corners) * grey.shape[::-1]).T)
    x, y = corners.T
    area = abs((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2
    oblong = abs(np.log((lengths[0] + lengths[2] + 1e-6) / (lengths[1] + lengths[3] + 1e-6)))
    return Evidence(
        score=float(scores[order[0]]),
        rivals=float(np.log(1e-3 + 1 - overlap)),
        step=min(_step(side, there, spread) for side, there in sides),
        flat=flat[0],
        next_flat=flat[1],
        inner=max(_inner(side, spread) for side, _ in sides),
        two_tone=float(np.sort(counted)[-2:].sum()),
        oblong=float(oblong),
        area=float(np.log(area + 1e-3)),
        contrast=float(np.log(spread)),
    )


def sureness(found: Evidence, weights: Weights) -> float:
    """How likely the outline is the film's (IoU of 0.9 or more), 0 to 1."""
    odds = weights.bias
    for name, value in zip(NAMES, astuple(found), strict=True):
        mean, deviation, weight = weights.of[name]
        odds += weight * min(max((value - mean) / deviation, -FURTHEST), FURTHEST)
    return float(1 / (1 + np.exp(-odds)))


def _between(limits: tuple[float, float]) -> NDArray[np.bool_]:
    return (limits[0] < _ALONG) & (limits[1] > _ALONG)


def _around(grey: NDArray[np.uint8], place: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The outline and a margin as a square of greys, and whether each lies in the photo."""
    u, v = np.meshgrid(_ALONG, _ALONG)
    parts = np.stack([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v])
    height, width = grey.shape
    x, y = np.einsum("cij,cd->dij", parts, place * [width, height] - 0.5)
    seen = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    columns = np.clip(np.round(x), 0, width - 1).astype(int)
    rows = np.clip(np.round(y), 0, height - 1).astype(int)
    return grey[rows, columns].astype(np.float64), seen


def _step(side: Floats, seen: NDArray[np.bool_], spread: float) -> float:
    """Share of the upper side along which light steps as it mostly does; 1 of one not in sight."""
    middle = _between(_ENDS)
    within, beyond = _between(_STRIP), _between((-_STRIP[1], -_STRIP[0]))
    there = seen[np.ix_(beyond, middle)].all(0)
    if there.mean() < 0.5:
        return 1.0
    change = side[np.ix_(beyond, middle)].mean(0) - side[np.ix_(within, middle)].mean(0)
    change = change[there] * np.sign(np.median(change[there]))
    return float((change > _LEAST_STEP * spread).mean())


def _flatness(side: Floats) -> float:
    """Spread of greys along the upper side, just inside it."""
    return float(side[np.ix_(_between(_FLAT), _between(_ENDS))].std(1).mean())


def _inner(side: Floats, spread: float) -> float:
    """Strongest step of light along the upper side, between it and the middle."""
    change = np.diff(side[:, _between(_ENDS)], axis=0)
    place = (_ALONG[1:] + _ALONG[:-1]) / 2
    change = change[(place > _FURTHER_IN[0]) & (place < _FURTHER_IN[1])] / spread
    mean = np.abs(change.mean(1))
    alike = mean / (np.abs(change).mean(1) + 0.02)
    return float((mean * alike).max())


def _overlaps(places: Floats) -> Floats:
    """Intersection over union of each outline with the first, both within the photo."""
    corners = np.clip(places, 0, 1)
    low, high = corners[0].min(0), corners[0].max(0)
    low, high = np.maximum(low - (high - low), 0), np.minimum(high + (high - low), 1)
    steps = (np.arange(_OVERLAP_GRID) + 0.5) / _OVERLAP_GRID
    x, y = np.meshgrid(low[0] + steps * (high - low)[0], low[1] + steps * (high - low)[1])
    start, end = corners[:, :, None], np.roll(corners, -1, 1)[:, :, None]
    turn = (end[..., 0] - start[..., 0]) * (y.ravel() - start[..., 1])
    turn -= (end[..., 1] - start[..., 1]) * (x.ravel() - start[..., 0])
    within = (turn > 0).all(1)
    both, either = (within[0] & within).sum(1), (within[0] | within).sum(1)
    overlap: Floats = both / np.maximum(1, either)
    return overlap

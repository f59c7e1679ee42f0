"""Four-sided outlines in a picture that may be a film's, and what speaks for and against each.

Knows geometry and grey levels. Must not know which of the outlines is right.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pictures import edges
from pictures.edges import Floats, Lines, Sheet

Picks = NDArray[np.intp]

KEPT = 120
"""Outlines that are looked at closely: those with most edge on their sides."""

_LEAST_SIDE = 0.12
"""Of the picture's side, between two opposite sides of a film."""

_LEAST_PARALLEL = 0.35
_BORDERS = 2
_EDGE_OF_BORDER = 0.2
"""What the picture's own border counts as, beside an edge: a film may be cut off by it."""

_GRID = 14
_RING = 0.1


@dataclass(frozen=True, slots=True)
class Outlines:
    """Outlines, the likelier ones first as far as their edges tell.

    Args:
        corners: (outline, corner, x or y) in pixels; top left first, then clockwise.
        features: (outline, feature), numbers of the order of 1.
        cut: Whether each side is the picture's own border: (outline, left right top bottom).
    """

    corners: Floats
    features: Floats
    cut: NDArray[np.bool_]


def outlines(seen: Sheet) -> Outlines:
    """Put lines together to outlines.

    Returns:
        At most `KEPT`; none if there are no two lines each way.
    """
    upright, lying = edges.lines(seen), edges.lines(seen.turned)
    met = _Crossings(upright, lying, seen.grey.shape)
    sides, corners = _likeliest(met)
    cut = _is_border(met, sides)
    features = _features(seen, met, sides, corners, cut)
    return Outlines(corners, features, cut)


class _Crossings:
    """Where each line that stands crosses each that lies."""

    def __init__(self, upright: Lines, lying: Lines, shape: tuple[int, ...]) -> None:
        self.upright, self.lying = upright, lying
        self.height, self.width = shape
        a, m = upright.at_middle[:, None], upright.slope[:, None]
        b, n = lying.at_middle[None], lying.slope[None]
        self.y = (b + n * (a - m * upright.middle - lying.middle)) / (1 - n * m)
        self.x = a + m * (self.y - upright.middle)
        self.down = self.y / (self.height - 1) * edges.SAMPLES
        self.along = self.x / (self.width - 1) * edges.SAMPLES

    def edge_on_upright(self) -> Floats:
        """Share of edge on each standing line between each two that lie: (line, one, other)."""
        count, lying = self.x.shape
        line, one, other = np.meshgrid(*map(np.arange, (count, lying, lying)), indexing="ij")
        ends = self.down[line, one], self.down[line, other]
        means = self.upright.between(line, np.minimum(*ends), np.maximum(*ends))
        edge: Floats = means[0] + means[1]
        edge[-_BORDERS:] = _EDGE_OF_BORDER
        return edge

    def edge_on_lying(self) -> Floats:
        """Share of edge on each lying line between each two that stand: (line, one, other)."""
        upright, count = self.x.shape
        line, one, other = np.meshgrid(*map(np.arange, (count, upright, upright)), indexing="ij")
        ends = self.along[one, line], self.along[other, line]
        means = self.lying.between(line, np.minimum(*ends), np.maximum(*ends))
        edge: Floats = means[0] + means[1]
        edge[-_BORDERS:] = _EDGE_OF_BORDER
        return edge


def _pairs(found: Lines, least_px: float) -> Picks:
    """Lines that may be opposite sides, the one with the smaller coordinate first: (pair, 2)."""
    apart = found.at_middle[None] - found.at_middle[:, None] > least_px
    parallel = np.abs(found.slope[None] - found.slope[:, None]) < _LEAST_PARALLEL
    return np.argwhere(apart & parallel)


def _likeliest(met: _Crossings) -> tuple[Picks, Floats]:
    """The outlines with most edge on their sides: (side, outline) left right top bottom."""
    shorter = min(met.width, met.height)
    across = _pairs(met.upright, _LEAST_SIDE * shorter)
    down = _pairs(met.lying, _LEAST_SIDE * shorter)
    one, other = np.meshgrid(np.arange(len(across)), np.arange(len(down)), indexing="ij")
    left, right = across[one.ravel()].T
    top, bottom = down[other.ravel()].T
    upright, lying = met.edge_on_upright(), met.edge_on_lying()
    edge = np.sort(
        [
            upright[left, top, bottom],
            upright[right, top, bottom],
            lying[top, left, right],
            lying[bottom, left, right],
        ],
        axis=0,
    )
    likely = edge.mean(0) + 0.7 * edge[:2].mean(0)
    best = np.argsort(-likely)[:KEPT]
    sides = np.stack([left, right, top, bottom])[:, best]
    return sides, _corners(met, sides)


def _corners(met: _Crossings, sides: Picks) -> Floats:
    left, right, top, bottom = sides
    places = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return np.stack([np.stack([met.x[place], met.y[place]], -1) for place in places], 1)


def _is_border(met: _Crossings, sides: Picks) -> NDArray[np.bool_]:
    upright, lying = met.x.shape
    return np.stack([*(sides[:2] >= upright - _BORDERS), *(sides[2:] >= lying - _BORDERS)], 1)


def _features(
    seen: Sheet, met: _Crossings, sides: Picks, corners: Floats, cut: NDArray[np.bool_]
) -> Floats:
    white = float(np.percentile(seen.grey, 98)) + 1
    left, right, top, bottom = sides
    each = np.stack(
        [
            _side(met.upright, left, (met.down[left, top], met.down[left, bottom]), white, -1),
            _side(met.upright, right, (met.down[right, top], met.down[right, bottom]), white, 1),
            _side(met.lying, top, (met.along[left, top], met.along[right, top]), white, -1),
            _side(met.lying, bottom, (met.along[left, bottom], met.along[right, bottom]), white, 1),
        ]
    )  # (side, feature, outline)
    ranked = np.sort(each, axis=0)
    of_sides = [each.mean(0), ranked[0], ranked[1], ranked[3]]
    size = np.array([met.width, met.height])
    shape = _shape(corners, size, cut)
    return np.concatenate([*of_sides, shape, _inside_and_around(seen, corners, white)]).T


def _side(
    along: Lines, line: Picks, ends: tuple[Floats, Floats], white: float, outward: int
) -> Floats:
    """What lies along a side, inside and outside of it: (feature, outline).

    Args:
        outward: 1 if the outside is at larger coordinates, -1 if at smaller ones.
    """
    first, last = np.minimum(*ends), np.maximum(*ends)
    length = last - first
    mean = along.between(line, first + 0.01 * length, last - 0.01 * length)
    before = along.between(line, first - 0.15 * length, first - 0.03 * length)
    after = along.between(line, last + 0.03 * length, last + 0.15 * length)
    brighter, darker = mean[:2] if outward > 0 else mean[1::-1]
    beyond = before[0] + before[1], after[0] + after[1]
    grey = mean[3:15:2] / white
    spread = np.sqrt(np.maximum(mean[4:15:2] / white**2 - grey**2, 0))
    if outward < 0:
        grey, spread = grey[::-1], spread[::-1]
    chroma_in, chroma_out = (mean[15:17] if outward > 0 else mean[16:14:-1]) / white
    return np.stack(
        [
            brighter,
            darker,
            brighter + darker,
            np.abs(brighter - darker),
            np.maximum(*beyond),
            (beyond[0] + beyond[1]) / 2,
            grey[3] - grey[2],
            grey[4] - grey[1],
            grey[5] - grey[0],
            grey[4],
            grey[1],
            spread[4],
            spread[1],
            chroma_out - chroma_in,
            chroma_out,
            mean[2],
        ]
    )


def _shape(corners: Floats, size: Floats, cut: NDArray[np.bool_]) -> Floats:
    fractions = corners / size
    x, y = fractions[..., 0], fractions[..., 1]
    area = np.abs((x * np.roll(y, -1, 1) - np.roll(x, -1, 1) * y).sum(1)) / 2
    side = np.roll(corners, -1, 1) - corners
    length = np.hypot(side[..., 0], side[..., 1]) + 1e-6
    follows = np.roll(side, -1, 1)
    lean = np.abs((side * follows).sum(-1)) / (length * np.roll(length, -1, 1))
    aspect = np.log((length[:, 0] + length[:, 2]) / (length[:, 1] + length[:, 3]))
    taper = np.abs(np.log(length[:, :2] / length[:, 2:]))
    off_centre = np.abs(fractions.mean(1) - 0.5).max(-1)
    return np.stack(
        [
            np.log(area + 1e-4),
            np.abs(aspect),
            aspect,
            taper.max(1),
            lean.max(1),
            off_centre,
            cut.sum(1).astype(float),
        ]
    )


def _inside_and_around(seen: Sheet, corners: Floats, white: float) -> Floats:
    steps = (np.arange(_GRID) + 0.5) / _GRID
    u, v = (plane.ravel() for plane in np.meshgrid(steps, steps))
    inside = _looked_at(seen, corners, u, v, white)
    line = np.linspace(0, 1, 12)
    low, high = np.full(12, -_RING), np.full(12, 1 + _RING)
    u, v = np.concatenate([line, line, low, high]), np.concatenate([low, high, line, line])
    around = _looked_at(seen, corners, u, v, white)
    return np.stack(
        [
            *(inside[0].mean(1), inside[0].std(1)),
            *((inside[0] > 0.9).mean(1), (inside[0] < 0.15).mean(1), inside[1].mean(1)),
            *(around[0].mean(1), around[0].std(1), around[1].mean(1)),
            *((around[0] > 0.9).mean(1), inside[0].mean(1) - around[0].mean(1)),
        ]
    )


def _looked_at(
    seen: Sheet, corners: Floats, u: Floats, v: Floats, white: float
) -> tuple[Floats, Floats]:
    """Grey and chroma at places told as fractions of an outline's sides: (outline, place)."""
    parts = np.stack([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v])
    x, y = np.einsum("ocd,cp->dop", corners, parts)
    height, width = seen.grey.shape
    columns = np.clip(np.round(x), 0, width - 1).astype(int)
    rows = np.clip(np.round(y), 0, height - 1).astype(int)
    return seen.grey[rows, columns] / white, seen.chroma[rows, columns] / white

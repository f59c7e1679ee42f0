"""The film in a photo of one: where it is, straight and evened.

Knows pixels of photos. Must not know files, nor what a film shows. A film is not straightened where
its outline is not sure: a wrong crop is worse than a tilted film.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pictures import edges, outlines, sureness
from pictures.corners import Corner, Corners, NoOutline, corners
from pictures.edges import Floats, Sheet
from pictures.sureness_weights import WEIGHTS

SURE = 0.95
"""From here on an outline is used without asking."""

READ_SIDE_PX = 1_024
"""Longer side of a film made straight: models look at 896 px at most. The photo itself is kept."""

_LOOKED_AT_PX = 384
_LEAST_COLOUR = 1.0
"""Grey levels by which a photo's channels differ on average: a digital film's do not at all."""

_LEAST_SIDE_PX = 64
"""No photo of a film is smaller; in fewer pixels anything may look like one."""

_WHOLE_SHARE = 0.97
"""A film that fills this much of its photo needs no cutting out."""

_MOST_CUT = 2
"""Sides of a film that the photo's own border may cut off."""

_EVENED_PERCENTILES = (0.5, 99.5)
_LEAST_SPREAD = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmOutline:
    """Where a film seems to be in a photo.

    Args:
        corners: Fractions of the photo's width and height.
        sureness: How likely the outline is right (IoU of 0.9 or more), 0 to 1.
        another: Whether another film seems to hang beside it.
    """

    corners: Corners
    sureness: float
    another: bool = False

    @property
    def sure(self) -> bool:
        """Whether it is used without asking: of two films nobody knows which one is meant."""
        return self.sureness >= SURE and not self.another


class FilmWeights(NamedTuple):
    """What tells a film's outline from others: a small network, fitted on drawn photos.

    `inference.practice.finder_fit` fits it. `mean` and `spread` are the features' own.
    """

    mean: Floats
    spread: Floats
    hidden: Floats
    hidden_bias: Floats
    last: Floats
    last_bias: Floats

    def scores(self, features: Floats) -> Floats:
        """Log odds of each outline to be the film's."""
        units = np.clip((features - self.mean) / self.spread, -5, 5)
        scores: Floats = np.tanh(units @ self.hidden.T + self.hidden_bias) @ self.last
        return scores + self.last_bias


@dataclass(frozen=True, slots=True)
class Candidates:
    """Outlines that may be the film's.

    Args:
        places: Corners in fractions of the photo's sides: (outline, corner, x or y).
        features: (outline, feature).
        cut: How many sides of each are the photo's own border.
        grey: The photo, as small as it was looked at.
    """

    places: Floats
    features: Floats
    cut: Floats
    grey: NDArray[np.uint8]


def find_film(picture: Image.Image) -> FilmOutline | None:
    """Look for a film on a light box, at a window or on a monitor.

    Returns:
        The likeliest outline, None where there is none, where the picture is tiny, or where it is
        a bare film: without colour, or with nothing around it.
    """
    if min(picture.size) < _LEAST_SIDE_PX:
        return None
    found = candidates(picture)
    return None if found is None else likeliest(found, stored_weights())


def candidates(picture: Image.Image) -> Candidates | None:
    """All outlines of a picture that are worth a close look; None of a picture without colour."""
    seen = _sheet(picture)
    if seen.chroma.mean() < _LEAST_COLOUR:
        return None
    found = outlines.outlines(seen)
    if len(found.corners) == 0:
        return None
    height, width = seen.grey.shape
    places = (found.corners + 0.5) / [width, height]
    grey = seen.grey.astype(np.uint8)
    return Candidates(places, found.features, found.cut.sum(1).astype(float), grey)


def likeliest(found: Candidates, weights: FilmWeights) -> FilmOutline | None:
    """Of many outlines the film's, None if the likeliest one cannot be."""
    places, scores = found.places, weights.scores(found.features)
    best = int(scores.argmax())
    if found.cut[best] > _MOST_CUT:
        return None
    try:
        fractions = corners(np.clip(places[best], 0, 1).tolist())
    except NoOutline:
        return None
    if _area(fractions) > _WHOLE_SHARE:
        return None
    return FilmOutline(
        corners=fractions,
        sureness=sureness.sureness(sureness.evidence(found.grey, places, scores), WEIGHTS),
        another=_is_another(places, scores, best),
    )


def _is_another(places: Floats, scores: Floats, best: int) -> bool:
    """Whether an outline that is likely a film's too lies beside the best one."""
    middle, half = places.mean(1), np.ptp(places, axis=1) / 2
    apart = (np.abs(middle - middle[best]) > 0.8 * (half + half[best])).any(1)
    alike = np.abs(np.log(half / half[best])).max(1) < 0.4
    return bool((apart & alike & (scores > 1)).any())


def rectified(picture: Image.Image, film: Corners) -> Image.Image:
    """Cut a film out of its photo and make it straight.

    Returns:
        The film alone, at most `READ_SIDE_PX` on its longer side and never enlarged.
    """
    placed = np.array(film) * picture.size
    sides = np.hypot(*(np.roll(placed, -1, 0) - placed).T)
    width, height = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    scale = min(1.0, READ_SIDE_PX / max(width, height))
    if scale < 1:
        smaller = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
        picture = picture.resize(smaller, Image.Resampling.HAMMING)
        placed = np.array(film) * picture.size
    size = max(1, round(width * scale)), max(1, round(height * scale))
    kind, smooth = Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    return picture.transform(size, kind, _perspective(size, placed), smooth)


def evened(picture: Image.Image) -> Image.Image:
    """Take tint and haze from a film's photo, and spread its greys over the whole range.

    Each grey becomes one other grey all over the film, so no structure is made or lost.
    """
    grey = picture.convert("L")
    counts = np.cumsum(grey.histogram())
    low, high = (np.searchsorted(counts, counts[-1] * p / 100) for p in _EVENED_PERCENTILES)
    spread = max(int(high - low), _LEAST_SPREAD)
    table = [round(min(max((level - int(low)) / spread, 0), 1) * 255) for level in range(256)]
    return grey.point(table).convert("RGB")


def _sheet(picture: Image.Image) -> Sheet:
    scale = _LOOKED_AT_PX / max(picture.size)
    size = max(8, round(picture.width * scale)), max(8, round(picture.height * scale))
    resampling = Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BILINEAR
    small = picture.resize(size, resampling).filter(ImageFilter.GaussianBlur(1))
    return edges.sheet(np.asarray(small, np.float32))


def _area(film: Corners) -> float:
    return sum(
        (one[0] * two[1] - two[0] * one[1]) / 2
        for one, two in zip(film, (*film[1:], film[0]), strict=True)
    )


def _perspective(size: tuple[int, int], placed: Floats) -> list[float]:
    """Pillow's eight coefficients, which take a pixel of the film to the photo's."""
    width, height = size
    targets: list[Corner] = [(0, 0), (width, 0), (width, height), (0, height)]
    rows, values = [], []
    for (u, v), (x, y) in zip(targets, placed, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        values += [x, y]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(values))]


@cache
def stored_weights() -> FilmWeights:
    """Those in force."""
    text = (resources.files("pictures") / "film_weights.json").read_text(encoding="ascii")
    stored = cast("dict[str, list[float]]", json.loads(text))
    return FilmWeights(*(np.array(stored[name]) for name in FilmWeights._fields))

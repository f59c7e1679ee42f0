"""What is wrong with a photo of a film, as far as greys, colours and corners tell.

Knows pixels of a photo and the outline of the film in it. Must not know what is said about it. The
phone page measures in the same way (`gateway/phone/static/quality.js`), but for moiré, fingers and
a second film: whoever changes a measure changes it there too, and draws the shared photos anew
(`tests/photo_vectors.py`). A photo that is told of is read all the same, so what is doubtful is not
told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pictures import rims
from pictures.corners import Corners
from pictures.edges import Floats
from pictures.film import FilmOutline
from pictures.photo_limits import PHOTO_LIMITS
from pictures.picture import PhotoFault

_GRID = 256
"""Cells of the film, each way."""

_SAMPLES = 3
_UP_TO_WHITE = ((0.76, 0.84), (0.80, 0.88), (0.84, 0.92), (0.88, 0.96), (0.91, 0.99))
"""Shares of the film's greys, in order, between which what is mirrored in it may begin."""

_MIDDLE: Corners = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
"""What is measured where no film is known."""

_PATCH = 64
_SLOWEST_WAVES = 4
_SLOWEST_BENT_WAVES = 6
_FASTEST_WAVES = 30
"""Waves to a patch: ribs are fewer, a sensor's noise is more."""

_WARMER = 0.25
"""How much redder than the film, in the logarithm of red over blue, skin is."""

_LIGHT_ENOUGH = 30
_AT_BORDER = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoQuality:
    """What was measured in a photo, and what is wrong with it.

    Args:
        faults: The gravest first.
        bright: The grey that a tenth of the film is lighter than.
        spread: Between the greys of which a twentieth are darker, and lighter.
        white: How far the next greys of the film lie below its whitest part, as a share of that:
            what is mirrored in it stands out from all the rest.
        detail: Fine against coarse detail: blur takes the fine one first.
        rim: How far the film's rim is blurred, in its longest sides; None where it is not seen.
        waves: Height of the strongest regular waves, as a share of the light.
        skin: Share of the film that is far redder than the rest of it.
        size: Of the film's longer side, in the picture's that it could fill; None without outline.
        turned_degrees: How far the film is turned, None without outline.
        at_border: Share of the longest side that lies along the picture's border, likewise.
    """

    faults: tuple[PhotoFault, ...]
    bright: float
    spread: float
    white: float
    detail: float
    waves: float
    skin: float
    rim: float | None = None
    size: float | None = None
    turned_degrees: float | None = None
    at_border: float | None = None


def measure(picture: Image.Image, outline: FilmOutline | None) -> PhotoQuality:
    """Measure a photo.

    Args:
        picture: RGB, upright.
        outline: Of the film in it, as far as it is known.
    """
    film = _MIDDLE if outline is None else outline.corners
    colours = _cells(picture, film)
    grey = colours @ np.array([0.299, 0.587, 0.114])
    ordered = np.sort(grey, axis=None)
    values = {
        "bright": _at(ordered, 0.9),
        "spread": _at(ordered, 0.95) - _at(ordered, 0.05),
        "white": max(1 - _at(ordered, less) / _at(ordered, more) for less, more in _UP_TO_WHITE),
        "detail": _detail(grey),
        "waves": _waves(grey),
        "skin": _skin(colours, grey),
        **({} if outline is None else _shape(film, picture.size)),
    }
    rim = None if outline is None else rims.blur(_luminance(picture), film)
    found = PhotoQuality(faults=(), rim=rim, **values)
    faults = faults_of(found, PHOTO_LIMITS)
    if outline is not None and outline.another:
        faults.append(PhotoFault.TWO_FILMS)
    return replace(found, faults=tuple(faults))


def faults_of(found: PhotoQuality, limit: Mapping[str, float]) -> list[PhotoFault]:
    """What is wrong by the values that were measured, the gravest first.

    Args:
        limit: By the names of `PHOTO_LIMITS`.
    """
    wrong = {
        PhotoFault.DARK: found.bright < limit["bright"],
        PhotoFault.LOW_CONTRAST: found.spread < limit["spread_of_bright"] * found.bright,
        PhotoFault.GLARE: found.white > limit["white"],
        PhotoFault.BLUR: _is_blurred(found, limit),
        PhotoFault.TOO_SMALL: found.size is not None and found.size < limit["size"],
        PhotoFault.TILTED: found.turned_degrees is not None
        and found.turned_degrees > limit["turned_degrees"],
        PhotoFault.CUT_OFF: found.at_border is not None and found.at_border > limit["at_border"],
        PhotoFault.MOIRE: found.waves > limit["waves"],
        PhotoFault.FINGER: found.size is not None and found.skin > limit["skin"],
    }
    return [fault for fault, is_wrong in wrong.items() if is_wrong]


def _is_blurred(found: PhotoQuality, limit: Mapping[str, float]) -> bool:
    """By the film's rim; by what is on the film where the rim is not seen."""
    if found.rim is not None:
        return found.rim > limit["rim"]
    return found.spread >= limit["measurable_spread"] and found.detail < limit["detail"]


def _cells(picture: Image.Image, film: Corners) -> Floats:
    """The film's colours, each the mean of a cell: (row, column, 3)."""
    steps = _GRID * _SAMPLES
    placed = np.array(film) * picture.size
    quad = [float(value) for value in placed[[0, 3, 2, 1]].ravel()]
    kind, nearest = Image.Transform.QUAD, Image.Resampling.NEAREST
    looked_at = np.asarray(picture.transform((steps, steps), kind, quad, nearest))
    cells = looked_at.reshape(_GRID, _SAMPLES, _GRID, _SAMPLES, 3)
    mean: Floats = cells.mean((1, 3), dtype=np.float64)
    return mean


def _at(ordered: Floats, share: float) -> float:
    """The grey that so much of the film is no lighter than, at least 1."""
    return max(float(ordered[int(share * (len(ordered) - 1))]), 1.0)


def _detail(grey: Floats) -> float:
    """The mean square of the Laplacian at a cell's width, against that at four cells' width."""
    return _bend(grey) / (_bend(_halved(_halved(grey))) + 1)


def _bend(grey: Floats) -> float:
    inner = grey[2:-2, 2:-2]
    beside = grey[2:-2, 1:-3] + grey[2:-2, 3:-1] + grey[1:-3, 2:-2] + grey[3:-1, 2:-2]
    return float(((4 * inner - beside) ** 2).mean())


def _halved(grey: Floats) -> Floats:
    return (grey[::2, ::2] + grey[1::2, ::2] + grey[::2, 1::2] + grey[1::2, 1::2]) / 4


def _waves(grey: Floats) -> float:
    """Height of the strongest regular waves, as a share of the light.

    Either the same waves all over the film, where slow ones count too, or fast waves that bend.
    """
    count = _GRID // _PATCH
    patches = grey.reshape(count, _PATCH, count, _PATCH).swapaxes(1, 2).reshape(-1, _PATCH, _PATCH)
    mean = patches.mean((1, 2), keepdims=True)
    window = np.hanning(_PATCH)[:, None] * np.hanning(_PATCH)
    height = np.abs(np.fft.fft2((patches - mean) * window)) * 2 / window.sum() / (mean + 8)
    along = np.fft.fftfreq(_PATCH) * _PATCH
    to_patch = np.hypot(along[:, None], along)
    height[:, (to_patch < _SLOWEST_WAVES) | (to_patch > _FASTEST_WAVES)] = 0
    everywhere = np.exp(np.log(height + 1e-4).mean(0)).max()
    height[:, to_patch < _SLOWEST_BENT_WAVES] = 0
    ordered = np.sort(height.max((1, 2)))
    return float(max(everywhere, ordered[len(ordered) // 2]))


def _skin(colours: Floats, grey: Floats) -> float:
    warmth = np.log((colours[..., 0] + 2) / (colours[..., 2] + 2))
    ordered = np.sort(warmth, axis=None)
    usual = ordered[len(ordered) // 2]
    return float(((warmth - usual > _WARMER) & (grey > _LIGHT_ENOUGH)).mean())


def _luminance(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"))


def _shape(film: Corners, size: tuple[int, int]) -> dict[str, float]:
    placed = np.array(film) * size
    side = np.roll(placed, -1, 0) - placed
    length = np.hypot(side[:, 0], side[:, 1])
    across, down = (length[0] + length[2]) / 2, (length[1] + length[3]) / 2
    angle = np.degrees(np.arctan2(side[:, 1], side[:, 0]))
    off = np.abs((angle + 45) % 90 - 45)
    return {
        "size": float(max(across / size[0], down / size[1])),
        "turned_degrees": float(off.mean()),
        "at_border": _at_border(film),
    }


def _at_border(film: Corners) -> float:
    """How much of the picture's border a side lies on."""
    longest = 0.0
    for one, two in zip(np.array(film), np.roll(np.array(film), -1, 0), strict=True):
        both = np.stack([one, two])
        if (np.abs(both) < _AT_BORDER).all(0).any() or (np.abs(1 - both) < _AT_BORDER).all(0).any():
            longest = max(longest, float(np.hypot(*(two - one))))
    return longest

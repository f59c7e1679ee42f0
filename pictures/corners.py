"""Where the corners of a film are in a photo of it: a value, and what makes sense as one.

Knows coordinates only. Must not know pixels.
"""

import json
from typing import TypeAlias

Corner: TypeAlias = tuple[float, float]
Corners: TypeAlias = tuple[Corner, Corner, Corner, Corner]
"""Top left, top right, bottom right, bottom left, each (x, y) as fractions of the upright photo's
width and height."""

SMALLEST_AREA = 0.02
"""Share of the photo: a film smaller than this is no film."""

_DECIMALS = 5


class NoOutline(ValueError):
    """What was sent is no outline of a film within a photo."""


def parse(text: str) -> Corners:
    """Read corners that somebody sent, as JSON `[[x, y], [x, y], [x, y], [x, y]]`.

    Raises:
        NoOutline: They are no corners of a film.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoOutline from error
    return corners(value)


def dump(found: Corners) -> str:
    """Write corners as `parse` reads them."""
    return json.dumps(found, separators=(",", ":"))


def corners(value: object) -> Corners:
    """Check what JSON had for corners.

    Raises:
        NoOutline: They are not four, not within the photo, or not in their order around a film.
    """
    if not isinstance(value, list | tuple) or len(value) != 4:
        raise NoOutline
    first, second, third, fourth = (_corner(each) for each in value)
    found = (first, second, third, fourth)
    if not _clockwise(found) or _area(found) < SMALLEST_AREA:
        raise NoOutline
    return found


def _corner(value: object) -> Corner:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise NoOutline
    x, y = (_fraction(each) for each in value)
    return x, y


def _fraction(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise NoOutline  # NaN is not within either
    return round(float(value), _DECIMALS)


def _clockwise(found: Corners) -> bool:
    """Whether each corner is a right turn, as it is around a convex outline (y grows downwards)."""
    return all(_turn(found[n - 2], found[n - 1], found[n]) > 0 for n in range(4))


def _turn(one: Corner, two: Corner, three: Corner) -> float:
    return (two[0] - one[0]) * (three[1] - two[1]) - (two[1] - one[1]) * (three[0] - two[0])


def _area(found: Corners) -> float:
    return sum(_turn(found[0], found[n], found[n + 1]) for n in (1, 2)) / 2

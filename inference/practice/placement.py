"""Where a film lands in a photograph's frame, and what that does to its pixels.

Knows perspective. Must not know light. Corners are pixels (4, 2): the film's top left, top right,
bottom right, bottom left.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.practice.shots import Flaw, Shot

Corners: TypeAlias = NDArray[np.float64]
Size: TypeAlias = tuple[int, int]

_UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
_EDGE = 0.012  # of the frame, that a whole film keeps from it
_SIDES = np.array([[-1.0, 0.0], [1.0, 0.0], [0.0, -1.0], [0.0, 1.0]])


def place(rng: np.random.Generator, film: Size, frame: Size, shot: Shot) -> Corners:
    """Place a film as a shot wants it: how large, how far turned, how much of it out of the frame.

    Args:
        rng: Source of all chance.
        film: Width and height in pixels, like the frame's.
    """
    room = np.array(frame, dtype=np.float64)
    if shot.level(Flaw.TWO_FILMS) >= 2:
        room[0] *= 0.46
    scale = shot.amount(rng, Flaw.TOO_SMALL) * min(room / film)
    corners = (_UNIT - 0.5) * film * scale
    corners = _keystone(rng, shot, corners) @ _turn(rng, shot)
    cut = shot.amount(rng, Flaw.CUT_OFF)
    if cut:
        return _cut_off(rng, corners, room, cut)
    corners = _shrunk_to(corners, room * (1 - 2 * _EDGE))
    slack = room / 2 - _EDGE * room - np.abs(corners - _middle(corners)).max(axis=0)
    shift = rng.uniform(-0.8, 0.8, 2) * np.maximum(slack, 0)
    placed: Corners = corners - _middle(corners) + room / 2 + shift
    return placed


def _middle(corners: Corners) -> Corners:
    middle: Corners = (corners.min(axis=0) + corners.max(axis=0)) / 2
    return middle


def _keystone(rng: np.random.Generator, shot: Shot, corners: Corners) -> Corners:
    """One side nearer than the other, and a little of everything."""
    near = min(0.3, shot.level(Flaw.TILTED) * 0.07) * rng.uniform(0.3, 1.0) * rng.choice([-1, 1])
    along = corners[:, rng.integers(2)] / np.abs(corners).max()
    loose: Corners = corners * (1 + near * along + rng.uniform(-0.02, 0.02, (4, 1))[:, 0])[:, None]
    return loose


def _turn(rng: np.random.Generator, shot: Shot) -> Corners:
    angle = np.deg2rad(shot.amount(rng, Flaw.TILTED)) * rng.choice([-1, 1])
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _shrunk_to(corners: Corners, room: NDArray[np.float64]) -> Corners:
    shrunk: Corners = corners * min(1.0, float((room / np.ptp(corners, axis=0)).min()))
    return shrunk


def _cut_off(rng: np.random.Generator, corners: Corners, room: Corners, cut: float) -> Corners:
    """Large in the frame, and moved out over one of its edges."""
    extent = np.ptp(corners, axis=0)
    corners = corners * rng.uniform(0.92, 1.0) / (extent / room).max()
    extent = np.ptp(corners, axis=0)
    side = _SIDES[rng.integers(4)]
    placed: Corners = corners - _middle(corners) + room / 2
    placed += side * ((room - extent) / 2 + cut * extent)
    return placed


def onto(corners: Corners, points: NDArray[np.float64]) -> Corners:
    """Points given in the film's widths and heights, as pixels of the frame.

    Args:
        corners: Where the film lands.
        points: (n, 2); (0, 0) is the film's top left, (1, 1) its bottom right.
    """
    a, b, c, d, e, f, g, h = np.linalg.solve(*_equations(_UNIT, corners))
    x, y = points[:, 0], points[:, 1]
    share = g * x + h * y + 1
    return np.stack([(a * x + b * y + c) / share, (d * x + e * y + f) / share], axis=1)


def coefficients(corners: Corners, film: Size) -> list[float]:
    """Pillow's eight perspective coefficients, which take a photograph's pixel to the film's."""
    solved = np.linalg.solve(*_equations(corners, _UNIT * film))
    return [float(value) for value in solved]


def _equations(sources: Corners, targets: Corners) -> tuple[Corners, Corners]:
    rows, values = [], []
    for (x, y), (u, v) in zip(sources, targets, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.array(rows), np.array(values)


def warped(film: Image.Image, size: Size, corners: Corners) -> tuple[Image.Image, Image.Image]:
    """A film as it lies in the frame, RGB, and its mask, L."""
    data = coefficients(corners, film.size)
    kind, smooth = Image.Transform.PERSPECTIVE, Image.Resampling.BILINEAR
    picture = film.convert("RGB").transform(size, kind, data, smooth)
    mask = Image.new("L", film.size, 255).transform(size, kind, data, smooth)
    return picture, mask


def warped_structures(
    structures: NDArray[np.uint8] | None, corners: Corners, size: Size
) -> NDArray[np.uint8]:
    """A film's structure map as it lies in the frame.

    Args:
        structures: uint8 of the film's (height, width), if there is one.

    Returns:
        uint8 of the frame's (height, width), 0 off the film.
    """
    if structures is None:
        return np.zeros((size[1], size[0]), dtype=np.uint8)
    sheet = Image.fromarray(structures)
    data = coefficients(corners, sheet.size)
    kind = Image.Transform.PERSPECTIVE
    return np.asarray(sheet.transform(size, kind, data, Image.Resampling.NEAREST))


def straightened(frame: Image.Image, corners: Corners, size: Size) -> Image.Image:
    """What lies between a film's corners, warped back; a structure map stays one.

    Args:
        frame: The photograph, or the map in it, mode L.
        corners: Where the film is taken to be, pixels.
        size: Of what comes out.
    """
    solved = np.linalg.solve(*_equations(_UNIT * size, corners))
    smooth = Image.Resampling.NEAREST if frame.mode == "L" else Image.Resampling.BILINEAR
    data = [float(value) for value in solved]
    return frame.transform(size, Image.Transform.PERSPECTIVE, data, smooth)

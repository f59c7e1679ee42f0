"""Chests drawn by other rules than the phantoms': soft or sharp, grainy, in ovals, in outlines.

Knows strokes. What is drawn here is no film that the practice model knows, however like one it is.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from inference.practice.plates import Plane, Plate, at

Painter: TypeAlias = Callable[[Plate], None]


def spine(plate: Plate, x: float, bend: float, wide: float, count: int) -> None:
    """A column of vertebrae, from the top of the plate to its bottom."""
    for index in range(count):
        y = (index + 0.5) / count
        shift = bend * np.sin(np.pi * y)
        plate.oval(x + shift, y, wide, 0.36 / count, plate.rng.uniform(0.3, 0.5), 0.004)
        plate.oval(x + shift, y, 0.7 * wide, 0.22 / count, -0.12, 0.004)


def ribs(plate: Plate, left: float, wide: float, count: int, lean: float = 0.1) -> None:
    """Arcs from a spine outwards, plain strokes without a rim."""
    rng = plate.rng
    thick, level = rng.uniform(0.012, 0.03), rng.uniform(0.08, 0.28)
    u = np.linspace(0, 1, 12)
    for index in range(count):
        y = 0.1 + 0.75 * index / count
        arc = y + lean * (u**2) * rng.uniform(0.8, 1.6) - 0.06 * np.sin(np.pi * u)
        plate.line(np.stack([left + wide * u, arc], axis=1), thick, level, 0.003)


def _cage(plate: Plate, count: int, lean: float) -> None:
    ribs(plate, 0.5, 0.38, count, lean)
    ribs(plate, 0.5, -0.38, count, lean)


def _lungs(plate: Plate, shape: str, depth: float, blur: float) -> None:
    rng = plate.rng
    top, bottom = rng.uniform(0.08, 0.2), rng.uniform(0.66, 0.86)
    for side in (-1, 1):
        x = 0.5 + side * rng.uniform(0.19, 0.25)
        wide, y, high = rng.uniform(0.12, 0.17), (top + bottom) / 2, (bottom - top) / 2
        if shape == "oval":
            plate.oval(x, y, wide, high, -depth, blur)
            continue
        if shape == "wedge":
            rim = [[-0.35, -1], [0.3, -1], [1.1, 1], [0.0, 0.75], [-1, 1.05]]
        else:
            rim = [[-0.6, -0.6], [0.0, -1.05], [0.7, -0.5], [1.0, 0.9], [0.2, 0.7], [-0.9, 0.85]]
        outline = np.array(rim) * [side * wide, high] + [x, y]
        plate.blob(outline + rng.normal(0, 0.01, outline.shape), -depth, blur)


def _torso(plate: Plate, blur: float = 0.03) -> None:
    plate.oval(0.5, 0.62, plate.rng.uniform(0.42, 0.55), plate.rng.uniform(0.6, 0.8), 0.7, blur)
    plate.line(np.array([[0.5, -0.1], [0.5, 0.3]]), plate.rng.uniform(0.2, 0.4), 0.35, blur)


def chest(shape: str, blur: float, *, noise: float, ribs: int, arms: bool = False) -> Painter:
    """A chest by other rules than the phantoms': soft, grainy, with ribs as plain arcs or none."""

    def paint(plate: Plate) -> None:
        rng = plate.rng
        _torso(plate, rng.uniform(0.02, 0.06))
        _lungs(plate, shape, rng.uniform(0.32, 0.55), blur * rng.uniform(0.7, 1.5))
        heart = rng.uniform(0.1, 0.19)
        plate.oval(0.5 + rng.uniform(0.02, 0.08), rng.uniform(0.58, 0.7), heart, 0.16, 0.35, blur)
        plate.line(np.array([[0.5, -0.1], [0.5, 1.1]]), rng.uniform(0.08, 0.16), 0.25, 0.015)
        if ribs:
            _cage(plate, ribs + int(rng.integers(-1, 2)), rng.uniform(-0.05, 0.25))
        if rng.random() < 0.5:
            spine(plate, 0.5, rng.uniform(-0.02, 0.02), 0.05, 12)
        for side in (-1, 1):
            plate.bone(at(0.5 + side * 0.04, 0.14), at(0.5 + side * 0.4, 0.08), 0.03, 0.25)
            if arms:
                plate.bone(at(0.5 + side * 0.46, 0.1), at(0.5 + side * 0.5, 0.7), 0.07, 0.4)
        plate.cloud(rng.uniform(1.0, 1.8), noise * rng.uniform(0.6, 1.6))
        if rng.random() < 0.25:  # a tube or a wire
            wire = np.cumsum(rng.normal(0, 0.06, (8, 2)), axis=0) + at(0.5, 0.3)
            plate.line(wire, 0.012, 0.5, 0.001)

    return paint


def side_chest(plate: Plate) -> None:
    """A chest from the side."""
    plate.oval(0.5, 0.55, 0.4, 0.7, 0.65, 0.03)
    plate.oval(0.5, 0.45, 0.25, 0.3, -0.4, 0.02)
    plate.oval(0.42, 0.6, 0.15, 0.14, 0.3, 0.015)
    spine(plate, 0.75, 0.03, 0.05, 11)
    ribs(plate, 0.8, -0.6, 9, 0.25)


def baby(plate: Plate) -> None:
    """A newborn with its arms up."""
    plate.oval(0.5, 0.5, 0.3, 0.55, 0.5, 0.02)
    plate.oval(0.5, 0.05, 0.2, 0.13, 0.4, 0.01)
    _lungs(plate, "oval", 0.25, 0.012)
    plate.oval(0.52, 0.45, 0.16, 0.13, 0.35, 0.015)
    _cage(plate, 9, 0.02)
    for side in (-1, 1):
        plate.bone(at(0.5 + side * 0.28, 0.2), at(0.5 + side * 0.45, 0.02), 0.035, 0.35)


def animal(plate: Plate) -> None:
    """A dog, lying."""
    plate.oval(0.5, 0.5, 0.6, 0.36, 0.55, 0.03)
    plate.oval(0.4, 0.45, 0.3, 0.17, -0.35, 0.02)
    plate.oval(0.45, 0.52, 0.12, 0.13, 0.4)
    for index in range(9):
        x = 0.15 + 0.07 * index
        plate.line(np.array([[x, 0.25], [x + 0.03, 0.5], [x + 0.01, 0.78]]), 0.015, 0.2)
    plate.line(np.array([[-0.1, 0.22], [1.1, 0.25]]), 0.06, 0.4)


def thorax_slice(plate: Plate) -> None:
    """A slice through a chest."""
    plate.oval(0.5, 0.5, 0.42, 0.32, 0.6, 0.004)
    for side in (-1, 1):
        plate.oval(0.5 + side * 0.2, 0.48, 0.15, 0.2, -0.5, 0.004)
    plate.oval(0.53, 0.42, 0.1, 0.1, 0.3, 0.004)
    plate.oval(0.5, 0.68, 0.045, 0.05, 0.5, 0.003)


def gaussian_chest(plate: Plate) -> None:
    """Nothing but bumps: no edge anywhere."""
    width, height = plate.size
    x, y = np.linspace(0, 1, width)[None, :], np.linspace(0, 1, height)[:, None]

    def bump(cx: float, cy: float, wide: float, high: float) -> Plane:
        return np.exp(-(((x - cx) / wide) ** 2) - ((y - cy) / high) ** 2)

    rng = plate.rng
    density = 0.9 * bump(0.5, 0.7, 0.5, 0.7)
    for side in (-1, 1):
        density -= rng.uniform(0.3, 0.5) * bump(0.5 + side * 0.22, 0.42, 0.13, 0.27)
    density += 0.35 * bump(0.56, 0.6, 0.13, 0.15) + 0.25 * bump(0.5, 0.5, 0.06, 1.0)
    for index in range(9):
        density += 0.04 * np.sin(40 * (y + rng.uniform(0.1, 0.2) * (x - 0.5) ** 2) + index)
    plate.density = np.clip(plate.density + density, 0, None).astype(np.float32)


def skeleton_chest(plate: Plate) -> None:
    """A cage with nothing in it."""
    _cage(plate, 12, 0.18)
    spine(plate, 0.5, 0.0, 0.05, 13)
    for side in (-1, 1):
        plate.bone(at(0.5 + side * 0.03, 0.12), at(0.5 + side * 0.42, 0.1), 0.035, 0.5)


def sketch_chest(plate: Plate) -> None:
    """Outlines alone, as on a blackboard."""
    angles = np.linspace(0, 2 * np.pi, 40)
    for x, y, wide, high in (
        (0.28, 0.45, 0.16, 0.3),
        (0.72, 0.45, 0.16, 0.3),
        (0.55, 0.6, 0.14, 0.15),
    ):
        ring = np.stack([x + wide * np.cos(angles), y + high * np.sin(angles)], axis=1)
        plate.line(ring, 0.015, 0.8, 0.001)
    _cage(plate, 7, 0.0)

"""Chests drawn as soft and crowded as real films are, so that these are not taken for drawn ones.

Knows where things lie in a chest. What is drawn here is no film that the practice model knows.
"""

import numpy as np

from inference.practice.plates import Plate, Points, at

_LUNG = np.array([
    [0.10, 0.10], [0.22, 0.0], [0.45, 0.02], [0.68, 0.16], [0.84, 0.40], [0.93, 0.66],
    [0.97, 0.95], [0.88, 1.03], [0.62, 0.93], [0.35, 0.95], [0.20, 0.98], [0.16, 0.7], [0.12, 0.4],
])  # fmt: skip


def lifelike_chest(plate: Plate) -> None:
    """A chest with blurred borders, crossing ribs, hila, shoulder blades and texture."""
    rng = plate.rng
    middle, top = rng.uniform(0.45, 0.55), rng.uniform(0.06, 0.16)
    reach, bottom = rng.uniform(0.32, 0.46), rng.uniform(0.62, 0.86)
    soft = rng.uniform(0.008, 0.03)
    plate.blob(_body(rng, middle), rng.uniform(0.6, 0.9), 0.03)
    for side in (-1, 1):
        outline = _LUNG + rng.normal(0, 0.025, _LUNG.shape)
        if side == 1:  # the heart's bed
            outline[-4:, 0] += rng.uniform(0.1, 0.22)
        stretch = at(side * reach * rng.uniform(0.9, 1.1), bottom - top)
        plate.blob(outline * stretch + at(middle, top), -rng.uniform(0.3, 0.55), soft)
        _hilum(plate, at(middle + side * 0.09, top + 0.42 * (bottom - top)), side)
        _bones(plate, middle, top, side * reach, bottom - top)
        plate.oval(middle + side * 0.3, bottom + 0.18, 0.26, 0.22, rng.uniform(0.1, 0.3), 0.03)
    heart = rng.uniform(0.1, 0.2)
    plate.oval(middle + 0.06, bottom - 0.13, heart, 0.15, rng.uniform(0.2, 0.4), soft)
    plate.oval(middle + 0.06, top + 0.22, 0.05, 0.05, 0.12, soft)
    plate.line(np.stack([at(middle, -0.1), at(middle, 1.1)]), 0.1, rng.uniform(0.12, 0.3), 0.02)
    plate.line(np.stack([at(middle, -0.1), at(middle, top + 0.2)]), 0.035, -0.1, 0.008)
    plate.cloud(rng.uniform(1.0, 1.6), rng.uniform(0.015, 0.06))
    plate.cloud(rng.uniform(2.0, 2.6), rng.uniform(0.02, 0.1))


def _body(rng: np.random.Generator, middle: float) -> Points:
    wide, shoulder = rng.uniform(0.46, 0.62), rng.uniform(0.08, 0.22)
    half = [[0.1, -0.2], [0.13, 0.04], [wide, shoulder], [wide, 1.2]]
    return np.array([*half, *([-x, y] for x, y in half[::-1])]) + at(middle, 0.0)


def _hilum(plate: Plate, root: Points, side: int) -> None:
    rng = plate.rng
    plate.oval(float(root[0]), float(root[1]), 0.04, 0.07, rng.uniform(0.05, 0.15), 0.015)
    for _ in range(rng.integers(6, 14)):
        angle, long = rng.uniform(-1.3, 1.3), rng.uniform(0.05, 0.25)
        tip = root + long * at(side * np.cos(angle), np.sin(angle))
        bent = (root + tip) / 2 + rng.normal(0, 0.02, 2)
        plate.line(np.stack([root, bent, tip]), 0.012, rng.uniform(0.02, 0.09), 0.004)


def _bones(plate: Plate, middle: float, top: float, reach: float, high: float) -> None:
    """Ribs behind, ribs before, clavicle, shoulder blade."""
    rng = plate.rng
    u = np.linspace(0.05, 1.02, 12)
    level, thick = rng.uniform(0.03, 0.12), rng.uniform(0.018, 0.03)
    for index in range(10):
        y = top - 0.03 + high * index / rng.uniform(8.5, 9.5)
        behind = y + high * (0.03 - 0.08 * np.sin(2.2 * u) + 0.17 * u**3)
        plate.line(np.stack([middle + reach * u, behind], 1), thick, level, 0.004)
        before = y + high * (0.3 - 0.2 * u[4:] ** 2)
        plate.line(np.stack([middle + reach * u[4:], before], 1), thick, 0.6 * level, 0.006)
    rise = rng.uniform(-0.06, 0.02)
    clavicle = np.stack(
        [at(middle + 0.1 * reach, top + 0.07), at(middle + 1.1 * reach, top + rise)]
    )
    plate.line(clavicle, 0.03, rng.uniform(0.06, 0.16), 0.004)
    edge = np.array([[0.85, 0.0], [1.02, 0.2], [0.92, 0.45]]) * at(reach, high) + at(middle, top)
    plate.line(edge, 0.02, rng.uniform(0.03, 0.12), 0.006)

"""A patient's build and the sheet it is drawn on, in fractions of the film's height.

Knows coordinates, soft shapes and soft noise. Must not know findings' looks, photographs or torch.
A lung has its own coordinates: `u` from the midline (0) to the chest wall (1), `v` from the apex
(0) to the top of the diaphragm (1). The patient's right is at the left of the picture.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from inference.practice.truth import Finding, Side, Truth

Plane: TypeAlias = NDArray[np.float32]
Points: TypeAlias = NDArray[np.float64]

LUNG = (
    (0.17, 0.10), (0.26, 0.01), (0.44, -0.02), (0.62, 0.06), (0.79, 0.24), (0.91, 0.48),
    (0.97, 0.78), (1.0, 1.0), (0.99, 1.16), (0.93, 1.12), (0.78, 1.0), (0.54, 0.95),
    (0.30, 0.99), (0.12, 1.06), (0.12, 0.80), (0.15, 0.48), (0.16, 0.25),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Chest:
    """One patient's build, as fractions of the film's height.

    Args:
        midline: x of the spine.
        half_width: From the midline to the inner chest wall.
        apex: y of the lungs' tops.
        domes: y of the right and the left diaphragm's top.
        heart_ratio: Heart's width over the chest's (cardiothoracic ratio).
        turn: Tilt of the whole patient, radians.
        width: Film's width.
    """

    midline: float
    half_width: float
    apex: float
    domes: tuple[float, float]
    heart_ratio: float
    turn: float
    width: float

    def lung_xy(self, side: Side, uv: Iterable[tuple[float, float]] | Points) -> Points:
        """Lung coordinates to film coordinates (x, y)."""
        points = np.asarray(uv if isinstance(uv, np.ndarray) else list(uv), dtype=np.float64)
        sign, dome = (-1, self.domes[0]) if side is Side.RIGHT else (1, self.domes[1])
        x = self.midline + sign * self.half_width * points[:, 0]
        y = self.apex + (dome - self.apex) * points[:, 1]
        return self.turned(np.stack([x, y], axis=1))

    def turned(self, xy: Points) -> Points:
        """Film coordinates turned with the patient about the chest's middle."""
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        middle = np.array([self.midline, 0.45])
        turned: Points = (xy - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle
        return turned


class Canvas:
    """Draws soft shapes given in fractions of the height."""

    def __init__(self, rng: np.random.Generator, chest: Chest, height_px: int) -> None:
        self.rng = rng
        self.chest = chest
        self.height_px = height_px
        self.size = (round(chest.width * height_px), height_px)

    def polygon(self, xy: Points, blur: float = 0.0) -> Plane:
        """A filled outline, 1 inside."""
        sheet = Image.new("L", self.size)
        ImageDraw.Draw(sheet).polygon(self._flat(xy), fill=255)
        return self._plane(sheet, blur)

    def strokes(self, strokes: Iterable[tuple[Points, float, int]], blur: float = 0.0) -> Plane:
        """Lines of (points, width, grey level); later ones paint over earlier ones."""
        sheet = Image.new("L", self.size)
        pen = ImageDraw.Draw(sheet)
        for xy, width, level in strokes:
            width_px = max(1, round(width * self.height_px))
            pen.line(self._flat(xy), fill=level, width=width_px, joint="curve")
        return self._plane(sheet, blur)

    def cloud(self, cells: int) -> Plane:
        """Smooth noise of zero mean and about unit deviation, `cells` patches to the height."""
        coarse = self.rng.standard_normal((cells, cells)).astype(np.float32)
        sheet = Image.fromarray(coarse).resize(self.size, Image.Resampling.BICUBIC)
        return np.asarray(sheet, dtype=np.float32)

    def _flat(self, xy: Points) -> list[float]:
        return [float(value) for value in (xy * self.height_px).ravel()]

    def _plane(self, sheet: Image.Image, blur: float) -> Plane:
        radius_px = max(blur * self.height_px, 0.5)
        soft = sheet.filter(ImageFilter.GaussianBlur(radius_px))
        return np.asarray(soft, dtype=np.float32) / np.float32(255)


def draw_chest(rng: np.random.Generator, truth: Truth) -> Chest:
    """Draw a patient's build.

    Args:
        rng: Source of all chance.
        truth: Says whether the heart is enlarged: then it is clearly so.
    """
    enlarged = truth.finding is Finding.ENLARGED_HEART
    width = rng.uniform(0.85, 1.05)
    dome = rng.uniform(0.64, 0.76)
    return Chest(
        midline=width / 2 + rng.uniform(-0.03, 0.03),
        half_width=rng.uniform(0.325, 0.39),
        apex=rng.uniform(0.12, 0.20),
        domes=(dome, dome + rng.uniform(0.0, 0.03)),
        heart_ratio=rng.uniform(0.60, 0.70) if enlarged else rng.uniform(0.38, 0.47),
        turn=rng.uniform(-0.05, 0.05),
        width=width,
    )


def smooth(xy: Points, rounds: int = 3, *, closed: bool = True) -> Points:
    """Chaikin's corner cutting.

    Args:
        xy: Corners (n, 2).
        rounds: Each doubles the corners.
        closed: Whether the last corner joins the first.
    """
    for _ in range(rounds):
        following = np.roll(xy, -1, axis=0)
        cut = np.stack([0.75 * xy + 0.25 * following, 0.25 * xy + 0.75 * following], axis=1)
        cut = cut.reshape(-1, 2)
        xy = cut if closed else np.concatenate([xy[:1], cut[:-2], xy[-1:]])
    return xy

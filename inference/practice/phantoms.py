"""Chest films drawn from a seed, with the truth of what was drawn and where.

Knows a chest's outlines well enough to teach a small model, not a radiologist. Must not know
photographs, text or torch.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from inference.practice.chest import LUNG, Canvas, Plane, Points, draw_chest, smooth
from inference.practice.lesions import collapse, draw_lesion
from inference.practice.truth import Side, Truth, Zone, draw_truth

# Bits of a structure map: what stands at each pixel of a film.
ZONE_MASK = 0b0111  # 1-3: right upper, middle, lower; 4-6: left upper, middle, lower
HEART_BIT = 0b0001_0000
FINDING_BIT = 0b0010_0000
FILM_BIT = 0b0100_0000

_BODY = (
    (-0.13, -0.2), (-0.13, 0.02), (-0.20, 0.075), (-0.36, 0.11), (-0.52, 0.17), (-0.60, 0.30),
    (-0.60, 1.2), (0.60, 1.2), (0.60, 0.30), (0.52, 0.17), (0.36, 0.11), (0.20, 0.075),
    (0.13, 0.02), (0.13, -0.2),
)  # fmt: skip
_ZONE_ENDS = {Zone.UPPER: (-0.2, 1 / 3), Zone.MIDDLE: (1 / 3, 2 / 3), Zone.LOWER: (2 / 3, 1.3)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phantom:
    """A drawn film.

    Args:
        film: Grey picture, mode L.
        structures: uint8 of the film's (height, width): the bits above.
        truth: What it shows.
    """

    film: Image.Image
    structures: NDArray[np.uint8]
    truth: Truth


def draw_phantom(
    rng: np.random.Generator, truth: Truth | None = None, height_px: int = 512
) -> Phantom:
    """Draw one film.

    Args:
        rng: Source of all chance: the same state gives the same film.
        truth: What to show; drawn too when None.
        height_px: Height of the film; its width is 0.85 to 1.05 of that.

    Returns:
        The film, its structure map and the truth.
    """
    truth = truth or draw_truth(rng)
    canvas = Canvas(rng, draw_chest(rng, truth), height_px)
    lungs = {side: smooth(canvas.chest.lung_xy(side, LUNG)) for side in Side}
    air = {side: canvas.polygon(lungs[side], blur=0.006) for side in Side}
    lesion, lesion_mask = draw_lesion(canvas, truth, air)
    heart = _heart(canvas)
    density = _body(canvas)
    density -= (0.36 + canvas.rng.uniform(-0.03, 0.03)) * (air[Side.RIGHT] + air[Side.LEFT])
    density += _vessels(canvas, truth) * (air[Side.RIGHT] + air[Side.LEFT])
    density += lesion
    density = np.maximum(density, heart * (0.72 + canvas.rng.uniform(-0.04, 0.04)))
    density += 0.04 * heart
    density += _bones(canvas)
    film = _expose(canvas, density)
    structures = _structures(canvas, air, heart, lesion_mask)
    return Phantom(film=film, structures=structures, truth=truth)


def _body(canvas: Canvas) -> Plane:
    """Soft tissue: outline, belly, breasts, mediastinum."""
    build = canvas.rng.uniform(0.88, 1.12)
    outline = np.array(_BODY) * [build, 1.0] + [canvas.chest.midline, canvas.chest.apex - 0.15]
    density = 0.50 * canvas.polygon(smooth(canvas.chest.turned(outline)), blur=0.012)
    for side in Side:
        below = [(1.12, 1.3), (0.99, 1.14), (0.78, 1.0), (0.54, 0.95), (0.3, 0.99), (0.0, 1.06)]
        belly = canvas.chest.lung_xy(side, [*below, (0.0, 2.6), (1.12, 2.6)])
        density += 0.22 * canvas.polygon(belly, blur=0.015)
        if canvas.rng.random() < 0.4:
            density += _breast(canvas, side)
    middle = canvas.chest.lung_xy(
        Side.LEFT, [(-0.15, -0.2), (0.15, -0.2), (0.2, 0.5), (-0.19, 0.5)]
    )
    density += 0.18 * canvas.polygon(smooth(middle), blur=0.012)
    knuckle = canvas.chest.lung_xy(Side.LEFT, _circle(0.12, 0.29, 0.10, 0.08))
    return density + 0.10 * canvas.polygon(knuckle, blur=0.006)


def _breast(canvas: Canvas, side: Side) -> Plane:
    shape = canvas.chest.lung_xy(side, _circle(0.62, canvas.rng.uniform(0.80, 0.95), 0.36, 0.24))
    return canvas.rng.uniform(0.02, 0.06) * canvas.polygon(shape, blur=0.02)


def _circle(u: float, v: float, radius_u: float, radius_v: float) -> list[tuple[float, float]]:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return [(u + radius_u * np.cos(a), v + radius_v * np.sin(a)) for a in angles]


def _heart(canvas: Canvas) -> Plane:
    left, right = 2 * canvas.chest.heart_ratio * 0.66, 2 * canvas.chest.heart_ratio * 0.34
    outline = [
        (-0.12, 0.42), (0.15, 0.40), (0.22, 0.52), (0.62 * left, 0.66), (0.94 * left, 0.84),
        (left, 0.98), (0.92 * left, 1.08), (0.4 * left, 1.14), (-0.7 * right, 1.10),
        (-right, 0.92), (-right, 0.76), (-0.75 * right, 0.62),
    ]  # fmt: skip
    return canvas.polygon(smooth(canvas.chest.lung_xy(Side.LEFT, outline)), blur=0.007)


def _bones(canvas: Canvas) -> Plane:
    """Spine, ribs, clavicles, shoulder blades."""
    ribs, front, others = [], [], []
    gap = canvas.rng.uniform(0.108, 0.128)
    thick = canvas.rng.uniform(0.017, 0.022)
    for side in Side:
        for index in range(10):
            v = -0.06 + gap * index
            ribs += _tube(canvas.chest.lung_xy(side, _posterior_rib(v)), thick, 150, 95)
            front += _tube(
                canvas.chest.lung_xy(side, _anterior_rib(v + 0.18)), 1.1 * thick, 120, 80
            )
        others += _tube(canvas.chest.lung_xy(side, _clavicle(canvas)), 0.024, 190, 140)
        blade = [(0.88, 0.0), (1.15, 0.02), (1.06, 0.42), (0.98, 0.44), (0.88, 0.0)]
        others.append((canvas.chest.lung_xy(side, blade), 0.012, 90))
    density = 0.15 * canvas.strokes(ribs, blur=0.0022) + 0.09 * canvas.strokes(front, blur=0.0025)
    density += 0.15 * canvas.strokes(others, blur=0.003)
    return density + _spine(canvas)


def _tube(xy: Points, width: float, rim: int, core: int) -> list[tuple[Points, float, int]]:
    """A bone in profile: bright cortex, fainter marrow."""
    soft = smooth(xy, closed=False)
    return [(soft, width, rim), (soft, 0.6 * width, core)]


def _posterior_rib(v: float) -> list[tuple[float, float]]:
    reach = float(np.interp(v, [-0.06, 0.1, 0.3, 0.6, 1.0], [0.5, 0.7, 0.86, 0.98, 1.03]))
    return [
        (0.10, v + 0.03), (0.3 * reach, v - 0.02), (0.62 * reach, v + 0.005),
        (0.88 * reach, v + 0.09), (reach, v + 0.19),
    ]  # fmt: skip


def _anterior_rib(v: float) -> list[tuple[float, float]]:
    reach = float(np.interp(v, [0.1, 0.3, 0.6, 1.0], [0.76, 0.9, 1.0, 1.03]))
    return [(reach, v), (0.86 * reach, v + 0.10), (0.62 * reach, v + 0.17), (0.42, v + 0.18)]


def _clavicle(canvas: Canvas) -> list[tuple[float, float]]:
    tilt = canvas.rng.uniform(-0.04, 0.04)
    return [(0.13, 0.12), (0.4, 0.06 + tilt), (0.75, 0.03 + tilt), (1.12, -0.06 + 2 * tilt)]


def _spine(canvas: Canvas) -> Plane:
    column = canvas.chest.lung_xy(
        Side.LEFT, [(-0.10, -0.6), (0.10, -0.6), (0.12, 2.6), (-0.12, 2.6)]
    )
    discs = [
        (canvas.chest.lung_xy(Side.LEFT, [(-0.10, v), (0.10, v)]), 0.009, 130)
        for v in np.arange(-0.3, 1.8, 0.115)
    ]
    windpipe = canvas.chest.lung_xy(
        Side.LEFT, [(-0.03, -0.5), (0.035, -0.5), (0.03, 0.30), (-0.03, 0.30)]
    )
    density: Plane = 0.07 * canvas.polygon(column, blur=0.006)
    density -= 0.06 * canvas.strokes(discs, blur=0.003)
    density -= 0.09 * canvas.polygon(windpipe, blur=0.006)
    return density


def _vessels(canvas: Canvas, truth: Truth) -> Plane:
    """Branching hilar vessels; none reaches beyond a collapsed lung."""
    strokes = []
    for side in Side:
        reach = collapse(truth)[0] if truth.side is side else 1.0
        for angle in np.linspace(-1.3, 1.3, 9) + canvas.rng.uniform(-0.15, 0.15, 9):
            root = np.array([0.20, 0.48 + 0.1 * np.sin(angle)]) + canvas.rng.uniform(-0.02, 0.02, 2)
            length = reach * canvas.rng.uniform(0.36, 0.62)
            strokes += _branch(canvas, side, root, angle, length)
    return 0.17 * canvas.strokes(strokes, blur=0.004)


def _branch(
    canvas: Canvas, side: Side, start: Points, angle: float, length: float
) -> list[tuple[Points, float, int]]:
    bend = canvas.rng.uniform(-0.35, 0.35)
    middle = start + 0.45 * length * np.array([np.cos(angle), 0.9 * np.sin(angle)])
    strokes = [(canvas.chest.lung_xy(side, np.stack([start, middle])), 0.012, 190)]
    for turn in (bend + 0.25, bend - 0.25):
        tip = middle + 0.55 * length * np.array([np.cos(angle + turn), 0.9 * np.sin(angle + turn)])
        strokes.append((canvas.chest.lung_xy(side, np.stack([middle, tip])), 0.006, 120))
    return strokes


def _expose(canvas: Canvas, density: Plane) -> Image.Image:
    """Grain, tone curve, markers, collimation."""
    grain = 0.012 * canvas.cloud(24) + 0.010 * canvas.cloud(72)
    level = density * (1 + grain) + 0.04
    level += canvas.rng.uniform(0.0, 0.014) * canvas.rng.standard_normal(density.shape).astype(
        np.float32
    )
    level = np.clip(level * canvas.rng.uniform(0.95, 1.18), 0, None)
    level = 1 - np.exp(
        -((level / 0.62) ** canvas.rng.uniform(1.2, 1.7))
    )  # shoulder of a film's curve
    sheet = Image.fromarray((np.clip(level, 0, 1) * 255).astype(np.uint8))
    _mark(canvas, sheet)
    return sheet


def _mark(canvas: Canvas, sheet: Image.Image) -> None:
    """Lead letter on its own side, and now and then an unexposed border."""
    width_px, height_px = canvas.size
    pen = ImageDraw.Draw(sheet)
    if canvas.rng.random() < 0.6:
        letter, x = (
            ("R", canvas.rng.uniform(0.04, 0.12))
            if canvas.rng.random() < 0.5
            else ("L", canvas.rng.uniform(0.86, 0.93))
        )
        font = ImageFont.load_default(size=max(8, round(0.06 * height_px)))
        pen.text(
            (x * width_px, canvas.rng.uniform(0.03, 0.12) * height_px), letter, fill=235, font=font
        )
    if canvas.rng.random() < 0.3:
        border_px = round(canvas.rng.uniform(0.005, 0.025) * height_px)
        pen.rectangle((0, 0, width_px - 1, height_px - 1), outline=6, width=max(1, border_px))


def _structures(
    canvas: Canvas, air: dict[Side, Plane], heart: Plane, lesion_mask: Plane
) -> NDArray[np.uint8]:
    structures = np.full(heart.shape, FILM_BIT, dtype=np.uint8)
    for number, (side, zone) in enumerate(((s, z) for s in Side for z in Zone), start=1):
        top, bottom = _ZONE_ENDS[zone]
        band = canvas.chest.lung_xy(side, [(-0.2, top), (1.3, top), (1.3, bottom), (-0.2, bottom)])
        structures[(canvas.polygon(band) > 0.5) & (air[side] > 0.5)] = FILM_BIT | number
    structures[heart > 0.5] |= HEART_BIT
    structures[lesion_mask > 0.4] |= FINDING_BIT
    return structures

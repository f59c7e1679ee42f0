"""Chest films drawn from a seed, with the truth of what was drawn and where.

Knows a chest's outlines well enough to fool a small model, not a radiologist. Must not know
photographs, text or torch. Lengths are fractions of the film's height; a lung has its own
coordinates: `u` from the midline (0) to the chest wall (1), `v` from the apex (0) to the top of
the diaphragm (1). By convention the patient's right is at the left of the picture.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from inference.practice.truth import Finding, Side, Size, Truth, Zone, draw_truth

Plane: TypeAlias = NDArray[np.float32]
Points: TypeAlias = NDArray[np.float64]

# Bits of a structure map: what stands at each pixel of a film.
ZONE_MASK = 0b0111  # 1-3: right upper, middle, lower; 4-6: left upper, middle, lower
HEART_BIT = 0b0001_0000
FINDING_BIT = 0b0010_0000
FILM_BIT = 0b0100_0000

_LUNG = (
    (0.17, 0.10), (0.26, 0.01), (0.44, -0.02), (0.62, 0.06), (0.79, 0.24), (0.91, 0.48),
    (0.97, 0.78), (1.0, 1.0), (0.99, 1.16), (0.93, 1.12), (0.78, 1.0), (0.54, 0.95),
    (0.30, 0.99), (0.12, 1.06), (0.12, 0.80), (0.15, 0.48), (0.16, 0.25),
)  # fmt: skip
_BODY = (
    (-0.13, -0.2), (-0.13, 0.02), (-0.20, 0.075), (-0.36, 0.11), (-0.52, 0.17), (-0.60, 0.30),
    (-0.60, 1.2), (0.60, 1.2), (0.60, 0.30), (0.52, 0.17), (0.36, 0.11), (0.20, 0.075),
    (0.13, 0.02), (0.13, -0.2),
)  # fmt: skip
_ZONE_ENDS = {Zone.UPPER: (-0.2, 1 / 3), Zone.MIDDLE: (1 / 3, 2 / 3), Zone.LOWER: (2 / 3, 1.3)}
_OPACITY_V = {Zone.UPPER: (0.13, 0.25), Zone.MIDDLE: (0.43, 0.57), Zone.LOWER: (0.74, 0.85)}
_OPACITY_U = {Zone.UPPER: (0.38, 0.58), Zone.MIDDLE: (0.42, 0.72), Zone.LOWER: (0.52, 0.80)}


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
        return (xy - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle


class _Canvas:
    """Draws soft shapes given in fractions of the height."""

    def __init__(self, chest: Chest, height_px: int) -> None:
        self.height_px = height_px
        self.size = (round(chest.width * height_px), height_px)

    def polygon(self, xy: Points, blur: float = 0.0) -> Plane:
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

    def cloud(self, rng: np.random.Generator, cells: int) -> Plane:
        """Smooth noise of zero mean and about unit deviation, `cells` patches to the height."""
        coarse = rng.standard_normal((cells, cells)).astype(np.float32)
        sheet = Image.fromarray(coarse).resize(self.size, Image.Resampling.BICUBIC)
        return np.asarray(sheet, dtype=np.float32)

    def _flat(self, xy: Points) -> list[float]:
        return [float(value) for value in (xy * self.height_px).ravel()]

    def _plane(self, sheet: Image.Image, blur: float) -> Plane:
        radius_px = max(blur * self.height_px, 0.5)
        soft = sheet.filter(ImageFilter.GaussianBlur(radius_px))
        return np.asarray(soft, dtype=np.float32) / 255


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
    chest = _draw_chest(rng, truth)
    canvas = _Canvas(chest, height_px)
    lungs = {side: _smooth(chest.lung_xy(side, _LUNG)) for side in Side}
    air = {side: canvas.polygon(lungs[side], blur=0.006) for side in Side}
    lesion, lesion_mask = _draw_lesion(rng, canvas, chest, truth, air)
    heart = _heart(canvas, chest)
    density = _body(rng, canvas, chest)
    density -= (0.36 + rng.uniform(-0.03, 0.03)) * (air[Side.RIGHT] + air[Side.LEFT])
    density += _vessels(rng, canvas, chest, truth) * (air[Side.RIGHT] + air[Side.LEFT])
    density += lesion
    density = np.maximum(density, heart * (0.72 + rng.uniform(-0.04, 0.04)))
    density += 0.04 * heart
    density += _bones(rng, canvas, chest)
    film = _expose(rng, canvas, chest, density)
    structures = _structures(canvas, chest, air, heart, lesion_mask)
    return Phantom(film=film, structures=structures, truth=truth)


def _draw_chest(rng: np.random.Generator, truth: Truth) -> Chest:
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


def _smooth(xy: Points, rounds: int = 3, *, closed: bool = True) -> Points:
    """Chaikin's corner cutting."""
    for _ in range(rounds):
        following = np.roll(xy, -1, axis=0)
        cut = np.stack([0.75 * xy + 0.25 * following, 0.25 * xy + 0.75 * following], axis=1)
        cut = cut.reshape(-1, 2)
        xy = cut if closed else np.concatenate([xy[:1], cut[:-2], xy[-1:]])
    return xy


def _body(rng: np.random.Generator, canvas: _Canvas, chest: Chest) -> Plane:
    """Soft tissue: outline, belly, breasts, mediastinum."""
    build = rng.uniform(0.88, 1.12)
    outline = np.array(_BODY) * [build, 1.0] + [chest.midline, chest.apex - 0.15]
    density = 0.50 * canvas.polygon(_smooth(chest.turned(outline)), blur=0.012)
    for side in Side:
        below = [(1.12, 1.3), (0.99, 1.14), (0.78, 1.0), (0.54, 0.95), (0.3, 0.99), (0.0, 1.06)]
        belly = chest.lung_xy(side, [*below, (0.0, 2.6), (1.12, 2.6)])
        density += 0.22 * canvas.polygon(belly, blur=0.015)
        if rng.random() < 0.4:
            density += _breast(rng, canvas, chest, side)
    middle = chest.lung_xy(Side.LEFT, [(-0.15, -0.2), (0.15, -0.2), (0.2, 0.5), (-0.19, 0.5)])
    density += 0.18 * canvas.polygon(_smooth(middle), blur=0.012)
    knuckle = chest.lung_xy(Side.LEFT, _circle(0.12, 0.29, 0.10, 0.08))
    return density + 0.10 * canvas.polygon(knuckle, blur=0.006)


def _breast(rng: np.random.Generator, canvas: _Canvas, chest: Chest, side: Side) -> Plane:
    shape = chest.lung_xy(side, _circle(0.62, rng.uniform(0.80, 0.95), 0.36, 0.24))
    return rng.uniform(0.02, 0.06) * canvas.polygon(shape, blur=0.02)


def _circle(u: float, v: float, radius_u: float, radius_v: float) -> list[tuple[float, float]]:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return [(u + radius_u * np.cos(a), v + radius_v * np.sin(a)) for a in angles]


def _heart(canvas: _Canvas, chest: Chest) -> Plane:
    left, right = 2 * chest.heart_ratio * 0.66, 2 * chest.heart_ratio * 0.34
    outline = [
        (-0.12, 0.42), (0.15, 0.40), (0.22, 0.52), (0.62 * left, 0.66), (0.94 * left, 0.84),
        (left, 0.98), (0.92 * left, 1.08), (0.4 * left, 1.14), (-0.7 * right, 1.10),
        (-right, 0.92), (-right, 0.76), (-0.75 * right, 0.62),
    ]  # fmt: skip
    return canvas.polygon(_smooth(chest.lung_xy(Side.LEFT, outline)), blur=0.007)


def _bones(rng: np.random.Generator, canvas: _Canvas, chest: Chest) -> Plane:
    """Spine, ribs, clavicles, shoulder blades."""
    ribs, front, others = [], [], []
    gap = rng.uniform(0.108, 0.128)
    thick = rng.uniform(0.017, 0.022)
    for side in Side:
        for index in range(10):
            v = -0.06 + gap * index
            ribs += _tube(chest.lung_xy(side, _posterior_rib(v)), thick, 150, 95)
            front += _tube(chest.lung_xy(side, _anterior_rib(v + 0.18)), 1.1 * thick, 120, 80)
        others += _tube(chest.lung_xy(side, _clavicle(rng)), 0.024, 190, 140)
        blade = [(0.88, 0.0), (1.15, 0.02), (1.06, 0.42), (0.98, 0.44), (0.88, 0.0)]
        others.append((chest.lung_xy(side, blade), 0.012, 90))
    density = 0.15 * canvas.strokes(ribs, blur=0.0022) + 0.09 * canvas.strokes(front, blur=0.0025)
    density += 0.15 * canvas.strokes(others, blur=0.003)
    return density + _spine(canvas, chest)


def _tube(xy: Points, width: float, rim: int, core: int) -> list[tuple[Points, float, int]]:
    """A bone in profile: bright cortex, fainter marrow."""
    soft = _smooth(xy, closed=False)
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


def _clavicle(rng: np.random.Generator) -> list[tuple[float, float]]:
    tilt = rng.uniform(-0.04, 0.04)
    return [(0.13, 0.12), (0.4, 0.06 + tilt), (0.75, 0.03 + tilt), (1.12, -0.06 + 2 * tilt)]


def _spine(canvas: _Canvas, chest: Chest) -> Plane:
    column = chest.lung_xy(Side.LEFT, [(-0.10, -0.6), (0.10, -0.6), (0.12, 2.6), (-0.12, 2.6)])
    discs = [
        (chest.lung_xy(Side.LEFT, [(-0.10, v), (0.10, v)]), 0.009, 130)
        for v in np.arange(-0.3, 1.8, 0.115)
    ]
    windpipe = chest.lung_xy(Side.LEFT, [(-0.03, -0.5), (0.035, -0.5), (0.03, 0.30), (-0.03, 0.30)])
    density = 0.07 * canvas.polygon(column, blur=0.006) - 0.06 * canvas.strokes(discs, blur=0.003)
    return density - 0.09 * canvas.polygon(windpipe, blur=0.006)


def _vessels(rng: np.random.Generator, canvas: _Canvas, chest: Chest, truth: Truth) -> Plane:
    """Branching hilar vessels; none reaches beyond a collapsed lung."""
    strokes = []
    for side in Side:
        reach = _collapse(truth)[0] if truth.side is side else 1.0
        for angle in np.linspace(-1.3, 1.3, 9) + rng.uniform(-0.15, 0.15, 9):
            root = np.array([0.20, 0.48 + 0.1 * np.sin(angle)]) + rng.uniform(-0.02, 0.02, 2)
            length = reach * rng.uniform(0.36, 0.62)
            strokes += _branch(rng, chest, side, root, angle, length)
    return 0.17 * canvas.strokes(strokes, blur=0.004)


def _branch(
    rng: np.random.Generator, chest: Chest, side: Side, start: Points, angle: float, length: float
) -> list[tuple[Points, float, int]]:
    bend = rng.uniform(-0.35, 0.35)
    middle = start + 0.45 * length * np.array([np.cos(angle), 0.9 * np.sin(angle)])
    strokes = [(chest.lung_xy(side, np.stack([start, middle])), 0.012, 190)]
    for turn in (bend + 0.25, bend - 0.25):
        tip = middle + 0.55 * length * np.array([np.cos(angle + turn), 0.9 * np.sin(angle + turn)])
        strokes.append((chest.lung_xy(side, np.stack([middle, tip])), 0.006, 120))
    return strokes


def _collapse(truth: Truth) -> tuple[float, float]:
    """How much of a lung's width and height is left beside a pneumothorax."""
    if truth.finding is not Finding.PNEUMOTHORAX:
        return 1.0, 1.0
    return (0.77, 0.84) if truth.size is Size.SMALL else (0.50, 0.64)


def _draw_lesion(
    rng: np.random.Generator,
    canvas: _Canvas,
    chest: Chest,
    truth: Truth,
    air: dict[Side, Plane],
) -> tuple[Plane, Plane]:
    """Density the finding adds, and where it is (0 to 1)."""
    nothing = np.zeros_like(air[Side.RIGHT])
    if truth.side is None:
        return nothing, nothing
    lung = air[truth.side]
    match truth.finding:
        case Finding.OPACITY:
            mask = _opacity(rng, canvas, chest, truth, truth.side) * lung
            return mask * rng.uniform(0.26, 0.36), mask
        case Finding.EFFUSION:
            mask = _effusion(rng, canvas, chest, truth, truth.side) * lung
            return mask * rng.uniform(0.44, 0.54), mask
        case _:
            return _pneumothorax(rng, canvas, chest, truth, truth.side, lung)


def _opacity(
    rng: np.random.Generator, canvas: _Canvas, chest: Chest, truth: Truth, side: Side
) -> Plane:
    zone = truth.zone or Zone.MIDDLE
    u, v = rng.uniform(*_OPACITY_U[zone]), rng.uniform(*_OPACITY_V[zone])
    if side is Side.LEFT and zone is Zone.LOWER:
        u = rng.uniform(0.74, 0.84)  # beside the heart, not behind it
    radius = rng.uniform(0.040, 0.052) if truth.size is Size.SMALL else rng.uniform(0.080, 0.100)
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ripple = sum(
        rng.uniform(-0.12, 0.12) * np.cos(k * angles + rng.uniform(0, 6.3)) for k in (2, 3, 5)
    )
    rim = (radius * (1 + ripple))[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    patch = canvas.polygon(chest.lung_xy(side, [(u, v)]) + rim, blur=0.25 * radius)
    return np.clip(patch * (1 + 0.12 * canvas.cloud(rng, 40)), 0, 1)


def _effusion(
    rng: np.random.Generator, canvas: _Canvas, chest: Chest, truth: Truth, side: Side
) -> Plane:
    level = rng.uniform(0.74, 0.80) if truth.size is Size.SMALL else rng.uniform(0.38, 0.52)
    climb = rng.uniform(0.12, 0.18)
    u = np.linspace(-0.1, 1.1, 25)
    surface = [(float(a), float(level + 0.05 - climb * max(a, 0) ** 3)) for a in u]
    return canvas.polygon(chest.lung_xy(side, [*surface, (1.1, 1.4), (-0.1, 1.4)]), blur=0.008)


def _pneumothorax(
    rng: np.random.Generator,
    canvas: _Canvas,
    chest: Chest,
    truth: Truth,
    side: Side,
    lung: Plane,
) -> tuple[Plane, Plane]:
    """Air around a lung that shrank towards its root and the diaphragm."""
    width_left, height_left = _collapse(truth)
    root = np.array([0.12, 1.06])
    left = np.array([width_left, height_left]) + rng.uniform(-0.03, 0.03)
    outline = _smooth(chest.lung_xy(side, root + (np.array(_LUNG) - root) * left))
    shrunk = canvas.polygon(outline, blur=0.004)
    free = np.clip(lung - shrunk, 0, 1)
    edge = canvas.strokes([(np.concatenate([outline, outline[:1]]), 0.007, 255)], blur=0.0015)
    density = -0.16 * free + lung * (0.10 * shrunk + 0.16 * edge)
    return density, free


def _expose(rng: np.random.Generator, canvas: _Canvas, chest: Chest, density: Plane) -> Image.Image:
    """Grain, tone curve, markers, collimation."""
    grain = 0.012 * canvas.cloud(rng, 24) + 0.010 * canvas.cloud(rng, 72)
    level = density * (1 + grain) + 0.04
    level += rng.uniform(0.0, 0.014) * rng.standard_normal(density.shape).astype(np.float32)
    level = np.clip(level * rng.uniform(0.95, 1.18), 0, None)
    level = 1 - np.exp(-((level / 0.62) ** rng.uniform(1.2, 1.7)))  # shoulder of a film's curve
    sheet = Image.fromarray((np.clip(level, 0, 1) * 255).astype(np.uint8))
    _mark(rng, canvas, sheet)
    return sheet


def _mark(rng: np.random.Generator, canvas: _Canvas, sheet: Image.Image) -> None:
    """Lead letter on its own side, and now and then an unexposed border."""
    width_px, height_px = canvas.size
    pen = ImageDraw.Draw(sheet)
    if rng.random() < 0.6:
        letter, x = (
            ("R", rng.uniform(0.04, 0.12)) if rng.random() < 0.5 else ("L", rng.uniform(0.86, 0.93))
        )
        font = ImageFont.load_default(size=max(8, round(0.06 * height_px)))
        pen.text((x * width_px, rng.uniform(0.03, 0.12) * height_px), letter, fill=235, font=font)
    if rng.random() < 0.3:
        border_px = round(rng.uniform(0.005, 0.025) * height_px)
        pen.rectangle((0, 0, width_px - 1, height_px - 1), outline=6, width=max(1, border_px))


def _structures(
    canvas: _Canvas, chest: Chest, air: dict[Side, Plane], heart: Plane, lesion_mask: Plane
) -> NDArray[np.uint8]:
    structures = np.full(heart.shape, FILM_BIT, dtype=np.uint8)
    for number, (side, zone) in enumerate(((s, z) for s in Side for z in Zone), start=1):
        top, bottom = _ZONE_ENDS[zone]
        band = chest.lung_xy(side, [(-0.2, top), (1.3, top), (1.3, bottom), (-0.2, bottom)])
        structures[(canvas.polygon(band) > 0.5) & (air[side] > 0.5)] = FILM_BIT | number
    structures[heart > 0.5] |= HEART_BIT
    structures[lesion_mask > 0.4] |= FINDING_BIT
    return structures

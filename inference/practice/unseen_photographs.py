"""Photographs of another make, for evaluation alone: nothing is trained or set on them.

Other places (a lit table, a double light box on tiles, a bulb behind the film, a laptop), other
reflections, shadows and hands, another camera. Placement and the meaning of a flaw's level
are those of `photographs`.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from inference.practice.backdrops import Light, Scene, as_light, box_around, polygon, stretched
from inference.practice.photographs import (
    Photograph,
    covered,
    frame_size,
    laid_on,
    longer_side,
    taken,
)
from inference.practice.placement import Corners, Size, onto, place
from inference.practice.shots import Backdrop, Flaw, Shot, draw_shot

_UNSEEN = frozenset({Flaw.TWO_FILMS})  # shown by `photographs` alone


def photograph_unseen(
    film: Image.Image,
    rng: np.random.Generator,
    structures: NDArray[np.uint8] | None = None,
    long_side_px: int = 640,
    *,
    shot: Shot | None = None,
) -> Photograph:
    """Photograph a film in ways that nothing was trained on.

    Args:
        film: Grey or colour picture of the film.
        rng: Source of all chance.
        structures: uint8 (height, width) of the film, warped along with it.
        long_side_px: Longer side of the photograph.
        shot: How it is taken; drawn too when None. Two films are one here.
    """
    shot = shot or draw_shot(rng, without=_UNSEEN)
    size = frame_size(rng, long_side_px, shot)
    corners = place(rng, film.size, size, shot)
    scene = _scene(rng, size, corners, shot)
    light, _ = laid_on(scene, film, corners)
    light = covered(light, scene.over)
    if not shot.grade.careful:
        light = light * _phone_shadow(rng, size)
    light = _mirrored(rng, light, corners, shot)
    light = _thumbs(rng, light, corners, shot)
    return taken(_developed(rng, light, scene, shot, corners), corners, structures, shot)


def _scene(rng: np.random.Generator, size: Size, corners: Corners, shot: Shot) -> Scene:
    if shot.backdrop is Backdrop.MONITOR:
        return _laptop(rng, size, corners)
    if shot.backdrop is Backdrop.WINDOW:
        return _bulb(rng, size, shot)
    return _lit_table(rng, size, corners) if rng.random() < 0.5 else _double(rng, size, corners)


def _striped(rng: np.random.Generator, size: Size, cells: Size, spread: float) -> Image.Image:
    """Planks or tiles: patches with dark joints."""
    base = rng.uniform(60, 200) * rng.uniform((0.9, 0.75, 0.6), (1.1, 1.0, 0.95))
    patches = base + rng.normal(0, spread, (cells[1], cells[0], 1))
    sheet = Image.fromarray(np.clip(patches, 0, 255).astype(np.uint8))
    sheet = sheet.resize(size, Image.Resampling.NEAREST)
    pen, joint = ImageDraw.Draw(sheet), int(rng.integers(20, 110))
    for column in range(1, cells[0]):
        x = column * size[0] / cells[0]
        pen.line((x, 0, x, size[1]), fill=(joint, joint, joint), width=max(1, size[0] // 200))
    for row in range(1, cells[1]):
        y = row * size[1] / cells[1]
        pen.line((0, y, size[0], y), fill=(joint, joint, joint), width=max(1, size[0] // 200))
    return sheet.filter(ImageFilter.GaussianBlur(0.0015 * max(size)))


def _lit(rng: np.random.Generator, size: Size, glass: Corners, sheet: Image.Image) -> Scene:
    """A glowing plate, brightest in its middle and warm or cold, in what is around it."""
    mask = Image.new("L", size)
    polygon(ImageDraw.Draw(mask), glass, 255)
    share = np.asarray(mask, dtype=np.float32)[..., None] / 255
    middle, reach = glass.mean(axis=0), 0.75 * np.ptp(glass, axis=0)
    x = (np.arange(size[0], dtype=np.float32) - middle[0])[None, :] / reach[0]
    y = (np.arange(size[1], dtype=np.float32) - middle[1])[:, None] / reach[1]
    fall = 1 - np.float32(rng.uniform(0.0, 0.5)) * np.clip(x * x + y * y, 0, 1)
    warm = rng.uniform((1.0, 0.86, 0.68), (1.0, 1.0, 1.05)).astype(np.float32)
    glow: Light = fall[..., None] * warm
    light = as_light(sheet) * (1 - share) + np.float32(rng.uniform(1.0, 1.35)) * glow * share
    over = Image.new("RGBA", size)
    return Scene(light=light, through=glow, shining=share, over=over)


def _rounded(corners: Corners, margins: tuple[float, float, float, float]) -> Corners:
    """A box whose corners are cut."""
    left, top, right, bottom = margins
    cut = 0.06
    return onto(
        corners,
        np.array([
            [-left + cut, -top], [1 + right - cut, -top], [1 + right, -top + cut],
            [1 + right, 1 + bottom - cut], [1 + right - cut, 1 + bottom],
            [-left + cut, 1 + bottom], [-left, 1 + bottom - cut], [-left, -top + cut],
        ]),
    )  # fmt: skip


def _lit_table(rng: np.random.Generator, size: Size, corners: Corners) -> Scene:
    """A tablet or copying table that glows, on planks."""
    sheet = _striped(rng, size, (1, int(rng.integers(4, 9))), 18)
    left, top, right, bottom = (float(v) for v in rng.uniform(0.01, 0.35, 4))
    shade = int(rng.choice([15, 235]))
    rim = (left + 0.07, top + 0.07, right + 0.07, bottom + 0.07)
    polygon(ImageDraw.Draw(sheet), _rounded(corners, rim), (shade, shade, shade))
    return _lit(rng, size, _rounded(corners, (left, top, right, bottom)), sheet)


def _double(rng: np.random.Generator, size: Size, corners: Corners) -> Scene:
    """A light box of two panels on tiles: the other is dark or empty and lit."""
    sheet = _striped(rng, size, (int(rng.integers(4, 9)), int(rng.integers(5, 11))), 8)
    pen = ImageDraw.Draw(sheet)
    side = -1 if rng.random() < 0.5 else 1
    near = (0.06, 0.05, 0.06, 0.22)
    polygon(pen, box_around(corners, (1.5, 0.2, 1.5, 0.4)), (205, 208, 204))
    level = int(rng.choice([45, 250]))
    shift = np.array([1.16 * side, 0.0])
    unit = np.array([[-0.06, -0.05], [1.06, -0.05], [1.06, 1.22], [-0.06, 1.22]])
    polygon(pen, onto(corners, unit + shift), (level, level, level))
    scene = _lit(rng, size, box_around(corners, near), sheet)
    rail = ImageDraw.Draw(scene.over)
    bar = np.array([[-1.5, -0.12], [2.5, -0.12], [2.5, 0.008], [-1.5, 0.008]])
    polygon(rail, onto(corners, bar), (120, 120, 125, 255))
    for x in rng.uniform(0.1, 0.9, 2):
        ball = onto(corners, np.array([[x, 0.012]]))[0]
        reach = 0.02 * longer_side(corners)
        rail.ellipse((*(ball - reach), *(ball + reach)), fill=(225, 225, 228, 255))
    return scene


def _bulb(rng: np.random.Generator, size: Size, shot: Shot) -> Scene:
    """Held before a lamp or a bright door: a warm spot that falls off, all around it dark."""
    middle = np.array(size) * rng.uniform(0.35, 0.65, 2)
    x = (np.arange(size[0], dtype=np.float32) - middle[0])[None, :] / max(size)
    y = (np.arange(size[1], dtype=np.float32) - middle[1])[:, None] / max(size)
    wide = np.float32(rng.uniform(0.9, 1.4) if shot.grade.careful else rng.uniform(0.35, 0.8))
    fall = np.exp(-((x * x + y * y) / (wide * wide)))
    warm = rng.uniform((1.0, 0.85, 0.65), (1.0, 1.0, 1.0)).astype(np.float32)
    glow: Light = (0.12 + 0.95 * fall)[..., None] * warm
    wall = as_light(_striped(rng, size, (3, 2), 12)) * np.float32(rng.uniform(0.2, 0.9))
    light = wall * (0.25 + fall[..., None])
    shining = np.zeros((size[1], size[0], 1), dtype=np.float32)
    return Scene(light=light, through=glow, shining=shining, over=Image.new("RGBA", size))


def _laptop(rng: np.random.Generator, size: Size, corners: Corners) -> Scene:
    """A browser with a sidebar on a laptop; its keys below."""
    sheet = _striped(rng, size, (1, 5), 15)
    pen = ImageDraw.Draw(sheet)
    left, top, right, bottom = (float(v) for v in rng.uniform(0.03, 0.4, 4))
    polygon(pen, box_around(corners, (left + 0.3, top + 0.08, right + 0.3, 3.0)), (170, 172, 176))
    for row in range(4):
        for column in range(12):
            x, y = -left + 0.11 * column, 1.25 + bottom + 0.1 * row
            key = np.array([[x, y], [x + 0.08, y], [x + 0.08, y + 0.07], [x, y + 0.07]])
            polygon(pen, onto(corners, key), (35, 35, 38))
    polygon(
        pen, box_around(corners, (left + 0.04, top + 0.05, right + 0.04, bottom + 0.06)), (5,) * 3
    )
    page = int(rng.choice([18, 250]))
    glass = box_around(corners, (left, top, right, bottom))
    polygon(pen, glass, (page, page, page))
    lit = Image.new("L", size)
    polygon(ImageDraw.Draw(lit), glass, 255)
    for row in range(int(rng.integers(2, 7))):
        y = 0.1 + 0.12 * row
        line = np.array(
            [[-left, y], [-0.15 * left, y], [-0.15 * left, y + 0.03], [-left, y + 0.03]]
        )
        polygon(pen, onto(corners, line), (90, 110, 160))
    tint = rng.uniform((0.85, 0.92, 0.95), (1.0, 1.0, 1.15)).astype(np.float32)
    fall = np.linspace(rng.uniform(0.6, 1.0), rng.uniform(0.7, 1.0), size[1], dtype=np.float32)
    return Scene(
        light=as_light(sheet),
        through=fall[:, None, None] * tint * np.ones((1, size[0], 1), np.float32),
        shining=np.asarray(lit, dtype=np.float32)[..., None] / 255,
        over=Image.new("RGBA", size),
    )


def _blurred_mask(size: Size, shapes: list[Corners], blur: float) -> Light:
    sheet = Image.new("L", size)
    pen = ImageDraw.Draw(sheet)
    for shape in shapes:
        polygon(pen, shape, 255)
    soft = sheet.filter(ImageFilter.GaussianBlur(blur * max(size)))
    return np.asarray(soft, dtype=np.float32)[..., None] / 255


def _phone_shadow(rng: np.random.Generator, size: Size) -> Light:
    """The phone's own upright shadow with the arm below it."""
    if rng.random() < 0.5:
        return np.ones((1, 1, 1), dtype=np.float32)
    x, y = rng.uniform(0.2, 0.8), rng.uniform(0.4, 0.9)
    phone = np.array([[x, y], [x + 0.2, y - 0.02], [x + 0.22, y + 0.35], [x + 0.02, y + 0.36]])
    arm = np.array([[x + 0.05, y + 0.3], [x + 0.2, y + 0.3], [x + 0.4, 1.4], [x + 0.1, 1.4]])
    dark = _blurred_mask(size, [phone * size, arm * size], float(rng.choice([0.004, 0.03])))
    shadow: Light = 1 - np.float32(rng.uniform(0.2, 0.5)) * dark
    return shadow


def _mirrored(rng: np.random.Generator, light: Light, corners: Corners, shot: Shot) -> Light:
    """Ceiling lamps in a row, or a window's blind, mirrored in the film."""
    share, level = shot.amount(rng, Flaw.GLARE), shot.level(Flaw.GLARE)
    if not share:
        return light
    height, width = light.shape[:2]
    bars = int(rng.integers(2, 5))
    total = min(0.75, np.sqrt(share * 2.2))
    wide, high = total, share / total / bars
    x, y = rng.uniform(0.15, 0.85 - min(wide, 0.6)), rng.uniform(0.15, 0.55)
    rows = [y + 2.0 * high * row for row in range(bars)]
    shapes = [
        onto(
            corners,
            np.array([[x, r], [x + wide, r + 0.02], [x + wide, r + high + 0.02], [x, r + high]]),
        )
        for r in rows
    ]
    mask = _blurred_mask((width, height), shapes, 0.003)
    strength = 2.5 if level >= 2 else rng.uniform(0.1, 0.35)
    lit: Light = light + np.float32(strength) * mask
    return lit


def _thumbs(rng: np.random.Generator, light: Light, corners: Corners, shot: Shot) -> Light:
    """A thumb's ball from a corner or a side."""
    share = shot.amount(rng, Flaw.FINGER)
    if not share:
        return light
    height, width = light.shape[:2]
    reach = float(np.sqrt(share * 2 / np.pi))
    u, v = ((rng.uniform(0.15, 0.85), 1.0), (0.0, rng.uniform(0.2, 0.85)),
            (1.0, rng.uniform(0.2, 0.85)))[rng.integers(3)]  # fmt: skip
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    ball = np.stack([u + reach * np.cos(angles), v + reach * np.sin(angles)], axis=1)
    away = np.array([u - 0.5, v - 0.5])
    shapes = [onto(corners, ball), onto(corners, ball + 0.5 * reach * away / np.hypot(*away) * 2)]
    mask = _blurred_mask((width, height), shapes, 0.004)
    tone = np.array([0.8, 0.55, 0.42], np.float32) * np.float32(rng.uniform(0.2, 1.1))
    return light * (1 - mask) + tone * mask


def _developed(
    rng: np.random.Generator, light: Light, scene: Scene, shot: Shot, corners: Corners
) -> Image.Image:
    """Another camera: metered in the frame's middle, local contrast, darker towards its corners."""
    height, width = light.shape[:2]
    step = max(1, max(light.shape) // 64)
    seen = light[::step, ::step].mean(axis=-1)
    middle = seen[seen.shape[0] // 4 : -(seen.shape[0] // 4) or None,
                  seen.shape[1] // 4 : -(seen.shape[1] // 4) or None]  # fmt: skip
    metered = np.percentile(middle, 95 if shot.grade.careful else rng.uniform(80, 99))
    light = light * np.float32(rng.uniform(0.85, 1.0) / max(float(metered), 0.1))
    coarse = stretched(
        np.clip(seen / max(float(metered), 0.1), 0, 2).astype(np.float32)[::4, ::4], (width, height)
    )
    light = light * (1 + np.float32(rng.uniform(0.0, 0.3)) * (0.6 - np.clip(coarse, 0, 1.2)))
    haze = np.float32(shot.amount(rng, Flaw.LOW_CONTRAST))
    light = (light * (1 - haze) + haze * np.float32(0.45)) * np.float32(shot.amount(rng, Flaw.DARK))
    if shot.level(Flaw.MOIRE):
        rings = np.hypot(np.arange(width)[None, :] + 0.3 * width, np.arange(height)[:, None])
        waves = np.sin(rings * np.float32(rng.uniform(30, 160) / max(width, height)) * 2)
        strength = np.float32(shot.amount(rng, Flaw.MOIRE))
        light = light * (1 + strength * waves.astype(np.float32)[..., None] * scene.shining)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None]
    light = light * (1 - np.float32(rng.uniform(0.0, 0.2)) * (x * x + y * y) / 2)
    grain = rng.standard_normal((height, width, 3), dtype=np.float32) * np.float32(
        rng.uniform(0, 0.012)
    )
    shown = np.clip(light, 0, 1) ** np.float32(rng.uniform(0.8, 1.2)) + grain
    picture = Image.fromarray((np.clip(shown, 0, 1) * 255 + 0.5).astype(np.uint8))
    radius_px = shot.amount(rng, Flaw.BLUR) * longer_side(corners)
    return picture.filter(ImageFilter.GaussianBlur(radius_px))

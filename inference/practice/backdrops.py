"""What a film hangs on or is shown by, and the room around it.

Knows light boxes, windows and monitors. Must not know cameras. Light is float32 (h, w, 3) in units
of what comes through a clear film on an even light box: around it there is more.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from inference.practice.placement import Corners, Size, onto
from inference.practice.shots import Backdrop, Grade, Shot

Light: TypeAlias = NDArray[np.floating]
Margins: TypeAlias = tuple[float, float, float, float]

_FULL = 1.3  # the light that a sheet's 255 stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A place for a film.

    Args:
        light: All that is around it, the film left out, (h, w, 3).
        through: What would come through a clear film, (h, w, 3).
        shining: Share of each pixel that is light box, sky or screen, (h, w, 1).
        over: What covers the film's rim, clips and frames, RGBA.
    """

    light: Light
    through: Light
    shining: Light
    over: Image.Image


def draw_scene(rng: np.random.Generator, size: Size, corners: Corners, shot: Shot) -> Scene:
    """Draw what a film is seen on.

    Args:
        rng: Source of all chance.
        size: Of the frame, pixels.
        corners: Where the film will lie.
        shot: Says what it is to be; behind a tidy film the light is even.
    """
    painter = {
        Backdrop.LIGHT_BOX: _light_box,
        Backdrop.WINDOW: _window,
        Backdrop.MONITOR: _monitor,
    }
    scene = painter[shot.backdrop](rng, size, corners)
    if shot.grade is not Grade.TIDY:
        return scene
    small = stretched(np.asarray(scene.through)[:: size[1] // 8, :: size[0] // 8], size)
    even = 0.8 * small.mean(axis=(0, 1)) + 0.2 * small
    return replace(scene, through=even.astype(np.float32))


def clouds(
    rng: np.random.Generator, size: Size, base: float, spread: float, cells: int = 5
) -> Light:
    """Soft unevenness, a little of it coloured, (h, w, 3)."""
    shared, own = rng.normal(0, spread, (cells, cells, 1)), rng.normal(0, spread / 4, (1, 1, 3))
    coarse = (base + shared + own).astype(np.float32)
    return stretched(coarse, size)


def stretched(coarse: Light, size: Size) -> Light:
    """A coarse field made as large as a frame, smoothly.

    Args:
        coarse: (n, m, 3) or (n, m).
        size: Width and height.
    """
    layers = coarse[..., None] if coarse.ndim == 2 else coarse
    smooth = Image.Resampling.BICUBIC
    planes = [
        np.asarray(Image.fromarray(layers[..., channel]).resize(size, smooth))
        for channel in range(layers.shape[-1])
    ]
    return np.stack(planes, axis=-1)


def polygon(pen: ImageDraw.ImageDraw, points: Corners, fill: tuple[int, ...] | int) -> None:
    """Fill an outline given in pixels (n, 2)."""
    pen.polygon([float(value) for value in points.ravel()], fill=fill)


def box_around(corners: Corners, margins: Margins) -> Corners:
    """A rectangle around the film in its own plane.

    Args:
        corners: Where the film lies.
        margins: Left, top, right, bottom, in film widths and heights.
    """
    left, top, right, bottom = margins
    return onto(
        corners,
        np.array([[-left, -top], [1 + right, -top], [1 + right, 1 + bottom], [-left, 1 + bottom]]),
    )


def _room(rng: np.random.Generator, size: Size) -> Image.Image:
    """A wall with what hangs on it, dim beside a light box."""
    base = rng.uniform(0.03, 0.75)
    light = clouds(rng, size, base, 0.12) * rng.uniform(0.8, 1.15, 3).astype(np.float32)
    sheet = Image.fromarray((np.clip(light / _FULL, 0, 1) * 255).astype(np.uint8))
    pen = ImageDraw.Draw(sheet)
    for _ in range(rng.integers(0, 5)):
        middle, half = rng.uniform(-0.1, 1.1, 2) * size, rng.uniform(0.04, 0.3, 2) * size
        level = int(np.clip(base * rng.uniform(0.3, 1.8), 0, 1) * 196)
        red, green, blue = (int(v) for v in np.clip(level + rng.integers(-20, 21, 3), 0, 255))
        pen.rectangle((*(middle - half), *(middle + half)), fill=(red, green, blue))
    return sheet.filter(ImageFilter.GaussianBlur(0.002 * max(size)))


def as_light(sheet: Image.Image) -> Light:
    """A sheet's grey levels as light."""
    return np.asarray(sheet.convert("RGB"), dtype=np.float32) * np.float32(_FULL / 255)


def _margins(rng: np.random.Generator, low: float, high: float) -> Margins:
    """Left, top, right, bottom: a film is seldom in the middle of its light box."""
    left, top, right, bottom = (float(value) for value in rng.uniform(low, high, 4))
    if rng.random() < 0.5:  # it hangs from the upper rim
        top = float(rng.uniform(0.0, 0.06))
    return left, top, right, bottom


def _wider(margins: Margins, wide: float) -> Margins:
    left, top, right, bottom = margins
    return left + wide, top + wide, right + wide, bottom + wide


def _light_box(rng: np.random.Generator, size: Size, corners: Corners) -> Scene:
    sheet = _room(rng, size)
    pen = ImageDraw.Draw(sheet)
    reach = rng.choice([0.12, 0.4, 0.9])
    margins = _margins(rng, 0.02, reach)
    wide = rng.uniform(0.02, 0.12)
    grey = int(rng.choice([30, 90, 150, 200]) * rng.uniform(0.8, 1.1))
    frame = box_around(corners, _wider(margins, wide))
    glass = box_around(corners, margins)
    polygon(pen, frame, (grey, grey, min(255, grey + 4)))
    lit = Image.new("L", size)
    polygon(ImageDraw.Draw(lit), glass, 255)
    lit = lit.filter(ImageFilter.GaussianBlur(0.002 * max(size)))
    share = np.asarray(lit, dtype=np.float32)[..., None] / 255
    glow = _tubes(rng, size, glass) * _tint(rng)
    light = as_light(sheet)
    light += 0.25 * rng.random() * _halo(lit) * (1 - share)  # the box lights its wall
    light = light * (1 - share) + rng.uniform(1.05, 1.5) * glow * share
    return Scene(light=light, through=glow, shining=share, over=_clips(rng, size, corners))


def _halo(lit: Image.Image) -> Light:
    small = lit.resize((32, 32)).filter(ImageFilter.GaussianBlur(4))
    return np.asarray(small.resize(lit.size, Image.Resampling.BICUBIC), np.float32)[..., None] / 255


def _tint(rng: np.random.Generator) -> Light:
    return rng.uniform((0.88, 0.95, 0.9), (1.03, 1.03, 1.06)).astype(np.float32)


def _tubes(rng: np.random.Generator, size: Size, glass: Corners) -> Light:
    """Light of two to four tubes behind frosted glass, one of them weak or flickering."""
    count = int(rng.integers(2, 5))
    strengths = np.ones(count) if rng.random() < 0.5 else rng.uniform(0.45, 1.0, count)
    ripple = rng.uniform(0.0, 0.18)
    across = np.linspace(0, 1, 48)
    level = np.interp(across, (np.arange(count) + 0.5) / count, strengths)
    level *= 1 - ripple * (1 + np.cos(2 * np.pi * count * across)) / 2
    along = 1 - rng.uniform(0.0, 0.35) * (2 * np.linspace(0, 1, 48) - 1) ** 4
    field = np.outer(along, level) if rng.random() < 0.5 else np.outer(level, along)
    lit = np.clip(field, 0.2, None).astype(np.float32)
    spread = np.ptp(glass, axis=0)
    left, top = glass.min(axis=0)
    sheet = Image.fromarray(lit).transform(
        size,
        Image.Transform.AFFINE,
        (48 / spread[0], 0, -left * 48 / spread[0], 0, 48 / spread[1], -top * 48 / spread[1]),
        Image.Resampling.BILINEAR,
    )
    lamps: Light = np.maximum(np.asarray(sheet)[..., None], np.float32(0.3)).repeat(3, axis=-1)
    return lamps


def _clips(rng: np.random.Generator, size: Size, corners: Corners) -> Image.Image:
    """Clips or a rail that hold the film, and a label stuck on its corner."""
    over = Image.new("RGBA", size)
    pen = ImageDraw.Draw(over)
    shade = int(rng.integers(10, 200))
    if rng.random() < 0.5:
        for x in rng.uniform(0.08, 0.92, rng.integers(1, 4)):
            wide, high = rng.uniform(0.02, 0.05), rng.uniform(0.01, 0.045)
            clip = np.array([[x - wide, -0.05], [x + wide, -0.05], [x + wide, high],
                             [x - wide, high]])  # fmt: skip
            polygon(pen, onto(corners, clip), (shade, shade, shade, 255))
    elif rng.random() < 0.4:
        rail = np.array([[-0.3, -0.06], [1.3, -0.06], [1.3, 0.012], [-0.3, 0.012]])
        polygon(pen, onto(corners, rail), (shade, shade, shade, 255))
    if rng.random() < 0.3:
        x, y = rng.choice([0.02, 0.74]), rng.choice([0.015, 0.90])
        label = np.array([[x, y], [x + 0.24, y], [x + 0.24, y + 0.08], [x, y + 0.08]])
        paper = int(rng.integers(150, 236))
        polygon(pen, onto(corners, label), (paper, paper, paper - 10, 255))
    return over


def _window(rng: np.random.Generator, size: Size, corners: Corners) -> Scene:
    """Held against daylight: sky, what stands outside, bars of the frame."""
    sky = clouds(rng, size, rng.uniform(0.9, 1.4), rng.uniform(0.03, 0.15))
    slope = np.linspace(rng.uniform(0.8, 1.2), rng.uniform(0.5, 1.1), size[1], dtype=np.float32)
    outside = sky * slope[:, None, None] * _tint(rng)
    sheet = Image.fromarray((np.clip(outside / _FULL, 0, 1) * 255).astype(np.uint8))
    pen = ImageDraw.Draw(sheet)
    ridge = np.cumsum(rng.normal(0, 0.04, 9)) + rng.uniform(0.55, 1.1)
    line = np.stack([np.linspace(0, 1, 9), ridge], axis=1) * size
    ground = np.concatenate([line, np.array([[size[0], size[1]], [0, size[1]]])])
    green = rng.uniform(0.3, 0.8)
    polygon(pen, ground, (int(90 * green), int(120 * green), int(80 * green)))
    sheet = sheet.filter(ImageFilter.GaussianBlur(0.012 * max(size)))
    through = np.asarray(sheet, np.float32) * np.float32(_FULL / 255)
    through = np.float32(0.35) + np.float32(0.65) * through  # a film scatters what is behind it
    pen = ImageDraw.Draw(sheet)
    shade = int(rng.integers(20, 230))
    for x in rng.uniform(-0.1, 1.1, rng.integers(0, 3)):
        bar = np.array([[x, -0.1], [x + 0.05, -0.1], [x + 0.05, 1.1], [x, 1.1]]) * size
        polygon(pen, bar, (shade, shade, shade))
    everywhere = np.ones((size[1], size[0], 1), dtype=np.float32)
    return Scene(
        light=as_light(sheet),
        through=through,
        shining=everywhere,
        over=_clips(rng, size, corners),
    )


def _monitor(rng: np.random.Generator, size: Size, corners: Corners) -> Scene:
    """A viewer's window on a desktop, in a monitor's frame, on a desk."""
    sheet = _room(rng, size)
    pen = ImageDraw.Draw(sheet)
    screen = _margins(rng, 0.02, rng.choice([0.1, 0.5]))
    frame = box_around(corners, _wider(screen, 0.05 * rng.uniform(0.5, 1.5)))
    bezel = int(rng.choice([12, 30, 60, 190]))
    polygon(pen, frame, (bezel, bezel, bezel + 3))
    desktop = int(rng.choice([2, 25, 60, 120, 205]))
    glass = box_around(corners, screen)
    polygon(pen, glass, (desktop, desktop + 4, desktop + 12))
    left, top, right, bottom = (float(v) for v in np.array(screen) * rng.uniform(0, 1, 4))
    black = int(rng.integers(0, 14))
    polygon(pen, box_around(corners, (left, top, right, bottom)), (black, black, black))
    _menus(rng, pen, corners, (left, top, right, bottom))
    far = clouds(rng, size, 1.0, 0.03)
    slope = 1 + rng.uniform(-0.2, 0.2) * np.linspace(-1, 1, size[0], dtype=np.float32)
    through = far * slope[None, :, None] * _tint(rng) * np.float32(rng.uniform(0.85, 1.1))
    lit = Image.new("L", size)
    polygon(ImageDraw.Draw(lit), glass, 255)
    return Scene(
        light=as_light(sheet) * slope[None, :, None],
        through=through,
        shining=np.asarray(lit, dtype=np.float32)[..., None] / 255,
        over=Image.new("RGBA", size),
    )


def _menus(
    rng: np.random.Generator,
    pen: ImageDraw.ImageDraw,
    corners: Corners,
    window: Margins,
) -> None:
    """A title bar, a row of buttons, words in the picture's black margin."""
    left, top, right, _ = window
    grey = int(rng.choice([40, 70, 180, 230]))
    bar = box_around(corners, (left, top + rng.uniform(0.02, 0.06), right, -1.0 - top))
    polygon(pen, bar, (grey, grey, grey + 5))
    font = ImageFont.load_default(size=max(6.0, 0.02 * float(np.ptp(corners[:, 1]))))
    for x, y in rng.uniform((-left, -top), (0.3, 0.0), (rng.integers(0, 6), 2)):
        place = onto(corners, np.array([[x, y]]))[0]
        pen.text((float(place[0]), float(place[1])), "File  120 kV  L/W", fill=200, font=font)

"""Photographs of a plainer make: a film that nearly fills the frame, under soft glare and haze.

This is what the release of 24 November 2026 was taught and measured on; `photographs` makes what
phones bring in. The practice model learns some of these too, so that it reads them no worse. Must
not know chests, text or torch.
"""

import io
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from inference.practice.backdrops import Light
from inference.practice.placement import Corners, Size, warped, warped_structures


class Hung(Enum):
    """What the film hangs on, with its border's width in halves of the film."""

    LIGHT_BOX = 0.32
    MONITOR = 0.14
    WINDOW = 0.0


def plain_photograph(
    film: Image.Image, rng: np.random.Generator, structures: NDArray[np.uint8], long_side_px: int
) -> tuple[Image.Image, NDArray[np.uint8]]:
    """Photograph a film.

    Args:
        film: Grey or colour picture of the film.
        rng: Source of all chance.
        structures: uint8 (height, width) of the film.
        long_side_px: Longer side of the photograph.

    Returns:
        The photograph, RGB, and the structures where they lie in it, uint8 (height, width).
    """
    size = _frame(rng, long_side_px)
    corners = _place(rng, film.size, size)
    hung = list(Hung)[rng.integers(len(Hung))]
    scene = _scene(rng, size, corners, hung)
    picture, mask = warped(film, size, corners)
    scene.paste(picture, mask=mask)
    light = _exposed(rng, _with_glare(rng, np.asarray(scene, np.float32) / 255), hung)
    taken = Image.fromarray((np.clip(light, 0, 1) * 255).astype(np.uint8))
    return _kept(rng, taken), warped_structures(structures, corners, size)


def _frame(rng: np.random.Generator, long_side_px: int) -> Size:
    ratio = (0.75, 0.75, 0.8, 0.5625, 1.0)[rng.integers(5)]
    short_px = round(long_side_px * ratio)
    return (long_side_px, short_px) if rng.random() < 0.25 else (short_px, long_side_px)


def _place(rng: np.random.Generator, film: Size, frame: Size) -> Corners:
    scale = rng.uniform(0.72, 1.02) * min(frame[0] / film[0], frame[1] / film[1])
    half = np.array(film) * scale / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    corners = corners * (1 + rng.uniform(-0.06, 0.06, (4, 2)))  # perspective
    angle = np.clip(rng.normal(0, 0.07), -0.2, 0.2)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    slack = np.maximum(np.array(frame) / 2 - half, 0.02 * min(frame))
    placed: Corners = corners @ turn + np.array(frame) / 2 + rng.uniform(-0.7, 0.7, 2) * slack
    return placed


def _scene(rng: np.random.Generator, size: Size, corners: Corners, hung: Hung) -> Image.Image:
    """The room behind the film, and the light box or monitor around it."""
    base = rng.uniform(15, 190) * rng.uniform(0.75, 1.2, 3)
    uneven = rng.normal(0, 22, (5, 5, 1)) + rng.normal(0, 7, (5, 5, 3))
    coarse = np.clip(base + uneven, 0, 255).astype(np.uint8)
    scene = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    if hung is Hung.WINDOW:
        return scene
    centre = corners.mean(axis=0)
    around = centre + (corners - centre) * (1 + rng.uniform(0.4, 1.0) * hung.value)
    rim = centre + (around - centre) * 1.05
    if hung is Hung.LIGHT_BOX:
        frame, glow = (110, 112, 115), [int(rng.uniform(low, 255)) for low in (215, 235, 225)]
    else:
        shade = int(rng.uniform(8, 60))
        frame, glow = (shade + 12,) * 3, [shade] * 3
    pen = ImageDraw.Draw(scene)
    pen.polygon(rim.ravel().tolist(), fill=frame)
    pen.polygon(around.ravel().tolist(), fill=tuple(glow))
    return scene


def _grid(light: Light) -> tuple[Light, Light]:
    """Coordinates of every pixel, 0 to 1 along each side: x (1, w), y (h, 1)."""
    height, width = light.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return x, y


def _with_glare(rng: np.random.Generator, light: Light) -> Light:
    """Soft bright patches and, now and then, a lamp's stripe."""
    x, y = _grid(light)
    for _ in range(rng.integers(0, 3)):
        cx, cy = rng.uniform(-0.05, 1.05, 2)
        wide, high = rng.uniform(0.05, 0.22, 2)
        patch = np.exp(-(((x - cx) / wide) ** 2) - ((y - cy) / high) ** 2)
        light = light + (1 - light) * (rng.uniform(0.08, 0.40) * patch)[..., None]
    if rng.random() < 0.15:
        slope, offset = rng.uniform(-1, 1), rng.uniform(0, 1)
        stripe = np.exp(-(((x - offset + slope * (y - 0.5)) / rng.uniform(0.01, 0.04)) ** 2))
        light = light + (1 - light) * (rng.uniform(0.08, 0.25) * stripe)[..., None]
    return light


def _exposed(rng: np.random.Generator, light: Light, hung: Hung) -> Light:
    """Uneven light, haze, white balance, exposure, moiré of a monitor, noise."""
    x, y = _grid(light)
    slope = 1 + rng.uniform(-0.18, 0.18) * (x - 0.5) + rng.uniform(-0.18, 0.18) * (y - 0.5)
    tint = 1 + rng.uniform(-0.10, 0.10, 3)
    haze = rng.uniform(0.0, 0.16)
    light = haze + (1 - haze) * np.clip(light * slope[..., None], 0, 1)
    light = np.clip(light * tint * rng.uniform(0.72, 1.15), 0, None) ** rng.uniform(0.8, 1.3)
    if hung is Hung.MONITOR and rng.random() < 0.7:
        waves = rng.uniform(40, 220) * x + rng.uniform(-160, 160) * y
        light = light * (1 + rng.uniform(0.01, 0.05) * np.sin(waves))[..., None]
    exposed: Light = light + rng.uniform(0.0, 0.035) * rng.standard_normal(light.shape)
    return exposed


def _kept(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Through the lens and into a JPEG."""
    blurred = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.0035) * max(picture.size)))
    file = io.BytesIO()
    blurred.save(file, "JPEG", quality=int(rng.integers(45, 93)))
    return Image.open(file).convert("RGB")

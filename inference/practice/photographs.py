"""What a phone makes of a film: tilt, light box or monitor, glare, blur, exposure, moiré, JPEG.

Knows pictures and, for training, where each of the film's structures lands in them. Must not know
chests, text or torch. Levels are ones a person could still read through.
"""

import io
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Plane: TypeAlias = NDArray[np.floating]
Corners: TypeAlias = NDArray[np.float64]

_ORIENTATION_TAG = 0x0112  # EXIF
_STORED_AS = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


class Backdrop(Enum):
    """What the film hangs on, with its border's width in film widths."""

    LIGHT_BOX = 0.16
    MONITOR = 0.07
    WINDOW = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """A photographed film.

    Args:
        picture: RGB, upright.
        structures: The film's structure map warped with it, uint8 of (64, 64), 0 off the film.
    """

    picture: Image.Image
    structures: NDArray[np.uint8]


def photograph(
    film: Image.Image,
    rng: np.random.Generator,
    structures: NDArray[np.uint8] | None = None,
    long_side_px: int = 640,
) -> Photograph:
    """Photograph a film with a phone.

    Args:
        film: Grey or colour picture of the film.
        rng: Source of all chance.
        structures: uint8 (height, width) of the film, warped along with it.
        long_side_px: Longer side of the photograph.
    """
    size = _frame(rng, long_side_px)
    corners = _place(rng, film.size, size)
    backdrop = list(Backdrop)[rng.integers(len(Backdrop))]
    scene = _scene(rng, size, corners, backdrop)
    scene.paste(*_warped(film, size, corners))
    light = _expose(rng, _glare(rng, np.asarray(scene, np.float32) / 255), backdrop)
    picture = Image.fromarray((np.clip(light, 0, 1) * 255).astype(np.uint8))
    picture = _lens_and_jpeg(rng, picture)
    return Photograph(picture=picture, structures=_warp_structures(structures, corners, size))


def jpeg_bytes(picture: Image.Image, *, quality: int = 85, orientation: int = 1) -> bytes:
    """Encode a picture as a phone does: pixels as the sensor lay, uprightness in EXIF.

    Args:
        quality: JPEG quality, 1 to 95.
        orientation: EXIF orientation (tag 0x0112): 1, 3, 6 or 8.
    """
    turn = _STORED_AS[orientation]
    exif = Image.Exif()
    exif[_ORIENTATION_TAG] = orientation
    file = io.BytesIO()
    stored = picture if turn is None else picture.transpose(turn)
    stored.save(file, "JPEG", quality=quality, exif=exif)
    return file.getvalue()


def _frame(rng: np.random.Generator, long_side_px: int) -> tuple[int, int]:
    ratio = (0.75, 0.75, 0.8, 0.5625, 1.0)[rng.integers(5)]
    short_px = round(long_side_px * ratio)
    return (long_side_px, short_px) if rng.random() < 0.25 else (short_px, long_side_px)


def _place(rng: np.random.Generator, film: tuple[int, int], frame: tuple[int, int]) -> Corners:
    """Where the film's corners land: top left, top right, bottom right, bottom left."""
    fill = rng.uniform(0.72, 1.02)
    scale = fill * min(frame[0] / film[0], frame[1] / film[1])
    half = np.array(film) * scale / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    corners = corners * (1 + rng.uniform(-0.06, 0.06, (4, 2)))  # perspective
    angle = np.clip(rng.normal(0, 0.07), -0.2, 0.2)
    cos, sin = np.cos(angle), np.sin(angle)
    slack = np.maximum(np.array(frame) / 2 - half, 0.02 * min(frame))
    centre = np.array(frame) / 2 + rng.uniform(-0.7, 0.7, 2) * slack
    placed: Corners = corners @ np.array([[cos, sin], [-sin, cos]]) + centre
    return placed


def _coefficients(corners: Corners, film: tuple[int, int]) -> list[float]:
    """PIL's eight perspective coefficients, which take a photograph's pixel to the film's."""
    width, height = film
    targets = [(0, 0), (width, 0), (width, height), (0, height)]
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, targets, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(values))]


def _warped(
    film: Image.Image, size: tuple[int, int], corners: Corners
) -> tuple[Image.Image, tuple[int, int], Image.Image]:
    data = _coefficients(corners, film.size)
    kind, smooth = Image.Transform.PERSPECTIVE, Image.Resampling.BILINEAR
    picture = film.convert("RGB").transform(size, kind, data, smooth)
    mask = Image.new("L", film.size, 255).transform(size, kind, data, smooth)
    return picture, (0, 0), mask


def _warp_structures(
    structures: NDArray[np.uint8] | None, corners: Corners, size: tuple[int, int]
) -> NDArray[np.uint8]:
    if structures is None:
        return np.zeros((64, 64), dtype=np.uint8)
    sheet = Image.fromarray(structures)
    data = _coefficients(corners * (64 / np.array(size)), sheet.size)
    warped = sheet.transform((64, 64), Image.Transform.PERSPECTIVE, data, Image.Resampling.NEAREST)
    return np.asarray(warped)


def _scene(
    rng: np.random.Generator, size: tuple[int, int], corners: Corners, backdrop: Backdrop
) -> Image.Image:
    """The room behind the film, and the light box or monitor around it."""
    base = rng.uniform(15, 190) * rng.uniform(0.75, 1.2, 3)
    uneven = rng.normal(0, 22, (5, 5, 1)) + rng.normal(0, 7, (5, 5, 3))
    coarse = np.clip(base + uneven, 0, 255).astype(np.uint8)
    scene = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    if backdrop is Backdrop.WINDOW:
        return scene
    centre = corners.mean(axis=0)
    around = centre + (corners - centre) * (1 + 2 * rng.uniform(0.4, 1.0) * backdrop.value)
    rim = centre + (around - centre) * 1.05
    pen = ImageDraw.Draw(scene)
    if backdrop is Backdrop.LIGHT_BOX:
        glow = (int(rng.uniform(215, 255)), int(rng.uniform(235, 255)), int(rng.uniform(225, 255)))
        _fill(pen, rim, (110, 112, 115))
        _fill(pen, around, glow)
    else:
        shade = int(rng.uniform(8, 60))
        _fill(pen, rim, (shade + 12,) * 3)
        _fill(pen, around, (shade,) * 3)
    return scene


def _fill(pen: ImageDraw.ImageDraw, corners: Corners, colour: tuple[int, ...]) -> None:
    pen.polygon([float(value) for value in corners.ravel()], fill=colour)


def _grid(shape: tuple[int, ...]) -> tuple[Plane, Plane]:
    """Coordinates of every pixel, 0 to 1 along each side: x (1, w), y (h, 1)."""
    height, width = shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return x, y


def _glare(rng: np.random.Generator, light: Plane) -> Plane:
    """Reflections: soft bright patches and, now and then, a stripe of a lamp."""
    x, y = _grid(light.shape)
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


def _expose(rng: np.random.Generator, light: Plane, backdrop: Backdrop) -> Plane:
    """Exposure, white balance, uneven light, haze, moiré of a monitor, sensor noise."""
    x, y = _grid(light.shape)
    slope = 1 + rng.uniform(-0.18, 0.18) * (x - 0.5) + rng.uniform(-0.18, 0.18) * (y - 0.5)
    tint = 1 + rng.uniform(-0.10, 0.10, 3).astype(np.float32)
    haze = rng.uniform(0.0, 0.16)
    light = haze + (1 - haze) * np.clip(light * slope[..., None], 0, 1)
    light = np.clip(light * tint * rng.uniform(0.72, 1.15), 0, None) ** rng.uniform(0.8, 1.3)
    if backdrop is Backdrop.MONITOR and rng.random() < 0.7:
        waves = rng.uniform(40, 220) * x + rng.uniform(-160, 160) * y
        light = light * (1 + rng.uniform(0.01, 0.05) * np.sin(waves))[..., None]
    noise = rng.standard_normal(light.shape).astype(np.float32)
    return light + rng.uniform(0.0, 0.035) * noise


def _lens_and_jpeg(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    radius_px = rng.uniform(0.0, 0.0035) * max(picture.size)
    blurred = picture.filter(ImageFilter.GaussianBlur(radius_px))
    data = jpeg_bytes(blurred, quality=int(rng.integers(45, 93)))
    return Image.open(io.BytesIO(data)).convert("RGB")

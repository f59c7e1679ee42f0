"""What a phone's camera makes of light: exposure, tone, blur, noise, sharpening, moiré, JPEG.

Knows light and files. Must not know films or rooms.
"""

import io

import numpy as np
from PIL import Image, ImageFilter

from inference.practice.backdrops import Light
from inference.practice.shots import Backdrop, Flaw, Shot

_ORIENTATION_TAG = 0x0112  # EXIF
_STORED_AS = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
_METER_PX = 64  # a camera meters on a coarse picture


def develop(
    rng: np.random.Generator,
    light: Light,
    shot: Shot,
    *,
    on_film: Light,
    shining: Light,
    film_px: float,
) -> Image.Image:
    """Take the picture.

    Args:
        rng: Source of all chance.
        light: (h, w, 3), 1 for what comes through a clear film on an even light box.
        shot: Says how blurred, dark and hazy.
        on_film: Share of each pixel that is film, (h, w, 1): some phones meter there.
        shining: Share of each pixel that is light box, sky or screen: there a screen beats.
        film_px: The film's longer side in the frame.
    """
    light = _exposed(rng, light, on_film, shot)
    haze = np.float32(shot.amount(rng, Flaw.LOW_CONTRAST))
    light = light * (1 - haze) + haze * np.float32(rng.uniform(0.35, 0.6))
    tint = rng.uniform(0.91, 1.09, 3).astype(np.float32)
    light = light * tint * np.float32(shot.amount(rng, Flaw.DARK))
    light = _toned(rng, light)
    if shot.backdrop is Backdrop.MONITOR:
        light = light * (1 + _moire(rng, light, shot) * shining)
    picture = _as_picture(light)
    picture = _blurred(rng, picture, shot.amount(rng, Flaw.BLUR) * film_px)
    picture = _noisy(rng, picture, shot)
    if rng.random() < 0.6:
        radius_px, percent = rng.uniform(0.0008, 0.0025) * film_px, int(rng.integers(30, 160))
        picture = picture.filter(ImageFilter.UnsharpMask(radius_px, percent, 2))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=int(rng.integers(50, 95)))
    return Image.open(file).convert("RGB")


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


def _exposed(rng: np.random.Generator, light: Light, film: Light, shot: Shot) -> Light:
    """Metered on the film, on the whole frame, or on its highlights: then the film is dark.

    A tidy photograph is metered on the film.
    """
    step = max(1, max(light.shape) // _METER_PX)
    seen, where = light[::step, ::step].mean(axis=-1), film[::step, ::step, 0] > 0.5
    on_film = seen[where] if where.any() else seen
    bright = float(np.percentile(on_film, 97))
    highlights = float(np.percentile(seen, 98))
    share = 0.0 if shot.grade.careful else rng.uniform(0.0, 1.0)
    white = bright ** (1 - share) * highlights**share
    exposed: Light = light * np.float32(rng.uniform(0.86, 1.05) / max(white, 0.05))
    return exposed


def _toned(rng: np.random.Generator, light: Light) -> Light:
    """A curve with a shoulder: what is far too bright turns white softly."""
    knee = np.float32(rng.uniform(0.80, 0.95))
    over = np.maximum(light - knee, 0)
    shoulder = np.minimum(light, knee) + (1 - knee) * (1 - np.exp(-over / (1 - knee)))
    toned: Light = np.clip(shoulder, 0, 1) ** np.float32(rng.uniform(0.75, 1.3))
    return toned


def _moire(rng: np.random.Generator, light: Light, shot: Shot) -> Light:
    """Bands that bend a little, coloured or not, (h, w, 3)."""
    height, width = light.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    strength = np.float32(shot.amount(rng, Flaw.MOIRE))
    bent = x + np.float32(rng.uniform(-0.05, 0.05)) * y * y
    a, b = rng.uniform(25, 260), rng.uniform(-240, 240)
    waves = np.sin(np.float32(a) * bent + np.float32(b) * y)
    phase = rng.uniform(0, 1) * rng.uniform(-1, 1, 3).astype(np.float32)
    bands: Light = strength * waves[..., None] * (1 + phase)
    return bands


def _as_picture(light: Light) -> Image.Image:
    return Image.fromarray((np.clip(light, 0, 1) * 255 + 0.5).astype(np.uint8))


def _blurred(rng: np.random.Generator, picture: Image.Image, deviation_px: float) -> Image.Image:
    """Out of focus, or shaken: the picture laid over itself along a line."""
    if deviation_px < 0.7 or rng.random() < 0.65:
        return picture.filter(ImageFilter.GaussianBlur(deviation_px))
    angle, reach_px = rng.uniform(0, np.pi), 2 * deviation_px
    count = max(3, min(17, round(2 * reach_px)))
    whole = np.zeros((picture.height, picture.width, 3), dtype=np.float32)
    for shift in np.linspace(-reach_px, reach_px, count):
        moved = (1, 0, shift * np.cos(angle), 0, 1, shift * np.sin(angle))
        kind, smooth = Image.Transform.AFFINE, Image.Resampling.BILINEAR
        whole += np.asarray(picture.transform(picture.size, kind, moved, smooth))
    return Image.fromarray((whole / count + 0.5).astype(np.uint8))


def _noisy(rng: np.random.Generator, picture: Image.Image, shot: Shot) -> Image.Image:
    """A sensor's noise, more of it in the dark."""
    deviation = rng.uniform(0.0, 5.0) * (1 + 0.5 * shot.level(Flaw.DARK))
    grain = rng.standard_normal((picture.height, picture.width, 1), dtype=np.float32)
    noisy = np.asarray(picture, dtype=np.float32) + np.float32(deviation) * grain
    return Image.fromarray(np.clip(noisy + 0.5, 0, 255).astype(np.uint8))

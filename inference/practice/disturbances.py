"""What falls on a film or before it: lamps and windows mirrored in it, shadows, fingers.

Knows light. Must not know cameras. Soft things are made small and stretched.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from inference.practice.backdrops import Light, clouds, polygon, stretched
from inference.practice.placement import Corners, Size, onto
from inference.practice.shots import Flaw, Shot

_COARSE = 160  # longer side of a soft field
_SKIN = ((0.95, 0.72, 0.60), (0.72, 0.50, 0.38), (0.45, 0.29, 0.21), (0.27, 0.17, 0.13))


def with_reflections(rng: np.random.Generator, light: Light, corners: Corners, shot: Shot) -> Light:
    """Lamps and windows mirrored in the film.

    Args:
        rng: Source of all chance.
        light: (h, w, 3).
        corners: Where the film lies.
        shot: Says how bad.
    """
    height, width = light.shape[:2]
    size = (width, height)
    level, share = shot.level(Flaw.GLARE), shot.amount(rng, Flaw.GLARE)
    if level >= 2:
        return _whitened(rng, light, corners, share)
    veil = clouds(rng, size, 0.0, rng.uniform(0.0, 0.03))
    for _ in range(level * int(rng.integers(1, 4))):
        spot = _spot(rng, size, corners, share / 2, inside=rng.random() < 0.7)
        veil = veil + rng.uniform(0.08, 0.4) * spot
    lit: Light = light + np.maximum(veil, 0) * rng.uniform(0.85, 1.1, 3).astype(np.float32)
    return lit


def _whitened(rng: np.random.Generator, light: Light, corners: Corners, share: float) -> Light:
    """One or two reflections so bright that nothing is seen through them."""
    height, width = light.shape[:2]
    count = 1 + int(rng.random() < 0.4)
    for _ in range(count):
        spot = _spot(rng, (width, height), corners, share / count, inside=True)
        light = light + 2.2 * np.clip(1.6 * spot, 0, 1)
    return light


def _spot(
    rng: np.random.Generator, size: Size, corners: Corners, share: float, *, inside: bool
) -> Light:
    """A mirrored lamp, tube or window, 0 to 1, (h, w, 1).

    Args:
        share: Of the film, that it covers.
        inside: Whether it must lie on the film.
    """
    u, v = rng.uniform(0.22, 0.78, 2) if inside else rng.uniform(-0.1, 1.1, 2)
    longer = rng.choice([1.0, 1.5, 6.0], p=[0.45, 0.35, 0.2])
    tall = min(0.42, float(np.sqrt(share / longer / np.pi)))
    wide = min(0.48, float(share / tall / np.pi))
    if rng.random() < 0.5:
        wide, tall = tall, wide
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    power = rng.choice([1.0, 0.35])  # round, or a pane with corners
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    ring = np.sign(ring) * np.abs(ring) ** power
    rim = onto(corners, np.array([u, v]) + ring * [wide, tall])
    return _soft(size, rim, float(rng.choice([0.005, 0.015, 0.035])))


def _soft(size: Size, rim: Corners, blur: float) -> Light:
    """An outline filled and blurred, 0 to 1, (h, w, 1); the blur in longer sides of the frame."""
    scale = _COARSE / max(size)
    small = (max(2, round(size[0] * scale)), max(2, round(size[1] * scale)))
    sheet = Image.new("L", small)
    polygon(ImageDraw.Draw(sheet), rim * scale, 255)
    sheet = sheet.filter(ImageFilter.GaussianBlur(blur * _COARSE))
    coarse = np.asarray(sheet, dtype=np.float32) / np.float32(255)
    return np.clip(stretched(coarse, size), 0, 1)


def with_shadows(rng: np.random.Generator, light: Light, *, chance: float) -> Light:
    """The shadow of a hand, of a head, of the phone itself.

    Args:
        rng: Source of all chance.
        light: (h, w, 3).
        chance: Of each of two shadows.
    """
    height, width = light.shape[:2]
    for _ in range(2):
        if rng.random() < chance:
            outline = _hand(rng) * min(width, height) + rng.uniform(0, 1, 2) * (width, height)
            dark = _soft((width, height), outline, rng.uniform(0.008, 0.05))
            light = light * (1 - rng.uniform(0.15, 0.5) * dark)
    return light


def _hand(rng: np.random.Generator) -> Corners:
    """An outline about (0, 0): a lump, or a palm with fingers, in shorter sides of the frame."""
    angles = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    fingers = rng.choice([0, 0, 1]) * np.maximum(0, np.sin(5 * angles)) * (np.sin(angles) > -0.2)
    radius = rng.uniform(0.08, 0.3) * (1 + 1.1 * fingers + 0.15 * np.cos(2 * angles))
    turn = angles + rng.uniform(0, 2 * np.pi)
    return np.stack([radius * np.cos(turn), radius * rng.uniform(0.6, 1.2) * np.sin(turn)], axis=1)


def with_fingers(rng: np.random.Generator, light: Light, corners: Corners, shot: Shot) -> Light:
    """Fingers that hold the film, or lie before the lens, from its rim inwards.

    Args:
        rng: Source of all chance.
        light: (h, w, 3).
        corners: Where the film lies.
        shot: Says how much they cover.
    """
    share = shot.amount(rng, Flaw.FINGER)
    if not share:
        return light
    height, width = light.shape[:2]
    count = 1 if share < 0.03 else int(rng.integers(1, 3))
    tone = np.array(_SKIN[rng.integers(len(_SKIN))]) * rng.uniform(0.35, 1.0)
    for _ in range(count):
        finger = _soft((width, height), _finger(rng, corners, share / count), 0.003)
        shade = clouds(rng, (width, height), 1.0, 0.06, 12) * tone.astype(np.float32)
        light = light * (1 - finger) + shade * finger
    return light


def _finger(rng: np.random.Generator, corners: Corners, share: float) -> Corners:
    """A rounded finger over the film's rim, so much of the film under it."""
    wide = float(np.clip(np.sqrt(share / 2.2), 0.045, 0.3))
    deep = share / wide
    along = rng.uniform(0.12, 0.88)
    angles = np.linspace(0, np.pi, 12)
    tip = np.stack([wide / 2 * np.cos(angles), wide / 2 * np.sin(angles)], axis=1)
    tip[:, 1] += deep - wide / 2 * np.pi / 4
    finger = np.concatenate([[[wide / 2, -0.7]], tip, [[-wide / 2, -0.7]]])
    lean = rng.uniform(-0.4, 0.4)
    finger[:, 0] += lean * finger[:, 1] + along
    for _ in range(rng.integers(4)):  # from the top, the right, the bottom, the left
        finger = np.stack([1 - finger[:, 1], finger[:, 0]], axis=1)
    return onto(corners, finger)

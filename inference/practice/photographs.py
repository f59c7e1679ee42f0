"""What a phone makes of a film, with the truth of the photograph: its corners and its flaws.

Knows how a photograph comes to be, step by step, and, for training, where each of the film's
structures lands in it. Must not know chests, text or torch. `unseen_photographs` makes others,
which nothing is ever trained on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from inference.practice.backdrops import Light, Scene, draw_scene
from inference.practice.cameras import develop
from inference.practice.disturbances import with_fingers, with_reflections, with_shadows
from inference.practice.placement import (
    Corners,
    Size,
    place,
    straightened,
    warped,
    warped_structures,
)
from inference.practice.shots import Flaw, Grade, Shot, draw_shot

_FOG = 0.015  # light that the blackest film lets through


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """A photographed film.

    Args:
        picture: RGB, upright.
        structures: The film's structure map warped with it, uint8, 0 off the film.
        corners: The film's top left, top right, bottom right and bottom left, (x, y) in fractions
            of the picture's width and height; under 0 or over 1 where it is cut off.
        shot: How it was taken: grade and levels of flaws.
    """

    picture: Image.Image
    structures: NDArray[np.uint8]
    corners: tuple[tuple[float, float], ...]
    shot: Shot


def photograph(
    film: Image.Image,
    rng: np.random.Generator,
    structures: NDArray[np.uint8] | None = None,
    long_side_px: int = 640,
    *,
    shot: Shot | None = None,
) -> Photograph:
    """Photograph a film with a phone.

    Args:
        film: Grey or colour picture of the film.
        rng: Source of all chance.
        structures: uint8 (height, width) of the film, warped along with it.
        long_side_px: Longer side of the photograph: 4000 is 12 megapixels, 1600 about 2.
        shot: How it is taken; drawn too when None.
    """
    shot = shot or draw_shot(rng)
    size = frame_size(rng, long_side_px, shot)
    corners = place(rng, film.size, size, shot)
    scene = draw_scene(rng, size, corners, shot)
    light, on_film = laid_on(scene, film, corners)
    light = _beside(rng, light, film, shot, corners=corners, on_film=on_film, through=scene.through)
    light = covered(light, scene.over)
    light = with_shadows(rng, light, chance=_SHADOWS[shot.grade])
    light = with_reflections(rng, light, corners, shot)
    light = with_fingers(rng, light, corners, shot)
    picture = develop(
        rng,
        light,
        shot,
        on_film=on_film,
        shining=scene.shining,
        film_px=longer_side(corners),
    )
    return taken(picture, corners, structures, shot)


def straight(photo: Photograph, rng: np.random.Generator, size: Size) -> Image.Image:
    """The film cut out of its photograph and warped back, its corners found nearly.

    Half of them are evened, as `pictures.film` does it.
    """
    cut = straightened(photo.picture, nearly(photo, rng), size)
    return evened(cut) if rng.random() < 0.5 else cut


def nearly(photo: Photograph, rng: np.random.Generator) -> Corners:
    """A film's corners as they might be found, a few pixels off."""
    corners = np.array(photo.corners) * photo.picture.size
    return corners + rng.normal(0, 0.008, (4, 2)) * longer_side(corners)


def evened(picture: Image.Image) -> Image.Image:
    """Greys spread over the whole range, without tint."""
    return ImageOps.autocontrast(picture.convert("L"), cutoff=0.5).convert("RGB")


_SHADOWS: Mapping[Grade, float] = MappingProxyType(
    {Grade.TIDY: 0.0, Grade.USUAL: 0.3, Grade.POOR: 0.3, Grade.SCREEN: 0.1}
)


def frame_size(rng: np.random.Generator, long_side_px: int, shot: Shot) -> Size:
    """A phone's frame: mostly upright, wide for two films."""
    ratio = (0.75, 0.75, 0.75, 0.5625, 1.0)[rng.integers(5)]
    short_px = round(long_side_px * ratio)
    wide = rng.random() < 0.25 or shot.level(Flaw.TWO_FILMS) >= 2
    return (long_side_px, short_px) if wide else (short_px, long_side_px)


def longer_side(corners: Corners) -> float:
    """A film's longest side in the frame, pixels."""
    return float(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).max())


def laid_on(scene: Scene, film: Image.Image, corners: Corners) -> tuple[Light, Light]:
    """Lay a film on its place.

    Returns:
        The light (h, w, 3), and the share of each pixel that is film (h, w, 1).
    """
    height, width = scene.light.shape[:2]
    picture, mask = warped(film, (width, height), corners)
    share = np.asarray(mask, dtype=np.float32)[..., None] / 255
    clear = np.asarray(picture, dtype=np.float32) / 255
    through = scene.through * (_FOG + (1 - _FOG) * clear)
    return scene.light * (1 - share) + through * share, share


def covered(light: Light, over: Image.Image) -> Light:
    """Lay what holds the film over it."""
    if over.getbbox() is None:
        return light
    cover = np.asarray(over, dtype=np.float32) / 255
    return light * (1 - cover[..., 3:]) + cover[..., :3] * cover[..., 3:]


def _beside(
    rng: np.random.Generator,
    light: Light,
    film: Image.Image,
    shot: Shot,
    *,
    corners: Corners,
    on_film: Light,
    through: Light,
) -> Light:
    """Another film beside it: a strip of it at the frame's edge, or the whole of it."""
    share = shot.amount(rng, Flaw.TWO_FILMS)
    if not share:
        return light
    height, width = light.shape[:2]
    extent = np.ptp(corners, axis=0)
    if share >= 1:
        middle = np.array([0.75 * width, corners[:, 1].mean() + rng.uniform(-0.04, 0.04) * height])
        other = corners - corners.mean(axis=0) + middle
    else:
        right = corners[:, 0].mean() < width / 2
        x = width - corners[:, 0].min() if right else -corners[:, 0].max()
        x += -share * width if right else share * width
        other = corners + np.array([x, rng.uniform(-0.1, 0.1) * extent[1]])
    sheet = film.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture, mask = warped(sheet, (width, height), other)
    on_other = np.asarray(mask, dtype=np.float32)[..., None] / 255
    on_other = on_other * (1 - on_film)
    clear = np.asarray(picture, dtype=np.float32) / 255 * np.float32(rng.uniform(0.7, 1.0))
    return light * (1 - on_other) + through * (_FOG + clear) * on_other


def taken(
    picture: Image.Image,
    corners: Corners,
    structures: NDArray[np.uint8] | None,
    shot: Shot,
) -> Photograph:
    """Put a photograph and its truth together.

    Args:
        corners: In pixels.
        structures: Of the film, unwarped.
    """
    shares = corners / np.array(picture.size)
    return Photograph(
        picture=picture,
        structures=warped_structures(structures, corners, picture.size),
        corners=tuple((float(x), float(y)) for x, y in shares),
        shot=shot,
    )

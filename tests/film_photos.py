"""Photos of films, drawn from a seed, with the truth of where the film is."""

import io

import numpy as np
from PIL import Image, ImageDraw

from inference.practice.phantoms import draw_phantom
from inference.practice.photographs import Photograph, photograph
from inference.practice.shots import Grade, draw_shot
from pictures.corners import Corners

_GRID = np.stack(np.meshgrid(np.linspace(0, 1, 100), np.linspace(0, 1, 100)), -1).reshape(-1, 2)


def photo(seed: int, grade: Grade, long_side_px: int = 640) -> Photograph:
    """A photo of a drawn film."""
    rng = np.random.default_rng(seed)
    film = draw_phantom(rng, height_px=320).film
    return photograph(film, rng, long_side_px=long_side_px, shot=draw_shot(rng, grade))


def overlap(one: Corners, other: Corners | tuple[tuple[float, float], ...]) -> float:
    """Intersection over union of two outlines, within the photo."""
    first, second = _inside(one), _inside(other)
    return float((first & second).sum() / (first | second).sum())


def jpeg(picture: Image.Image) -> bytes:
    """As a phone sends it."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


def on_light_box(film: Image.Image | None = None) -> tuple[Image.Image, Corners]:
    """A film that hangs straight on a light box in a dim room, and its corners."""
    room = Image.new("RGB", (600, 800), (70, 62, 55))
    pen = ImageDraw.Draw(room)
    pen.rectangle((40, 60, 560, 740), fill=(95, 97, 100))
    pen.rectangle((60, 80, 540, 720), fill=(246, 250, 244))
    shown = film or draw_phantom(np.random.default_rng(7), height_px=480).film
    room.paste(shown.convert("RGB").resize((400, 480)), (100, 150))
    return room, ((1 / 6, 0.1875), (5 / 6, 0.1875), (5 / 6, 0.7875), (1 / 6, 0.7875))


def _inside(outline: Corners | tuple[tuple[float, float], ...]) -> np.ndarray:
    inside = np.ones(len(_GRID), bool)
    for (ax, ay), (bx, by) in zip(outline, (*outline[1:], outline[0]), strict=True):
        inside &= (bx - ax) * (_GRID[:, 1] - ay) - (by - ay) * (_GRID[:, 0] - ax) >= 0
    return inside

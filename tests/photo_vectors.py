"""Small photos with what is measured in them: Python and the phone page must give the same.

`python -m tests.photo_vectors` draws and measures them anew, after the measure was changed.
"""

import base64
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from pictures.corners import Corners
from pictures.corners import corners as corners_of
from pictures.film import FilmOutline
from pictures.quality import measure
from tests.film_photos import on_light_box

VECTORS = Path(__file__).parent / "data" / "photo_quality.json"
MEASURED_BY_THE_PAGE = (
    "bright",
    "spread",
    "white",
    "detail",
    "rim",
    "size",
    "turned_degrees",
    "at_border",
)
SIZE_PX = (270, 360)
"""So large that the film's rim is not blurred by its pixels."""
_GREYS = 6
"""Between those that are kept: it makes the file smaller."""


def read() -> list[dict[str, Any]]:
    """The photos, each with its corners, values and faults."""
    vectors: list[dict[str, Any]] = json.loads(VECTORS.read_text("ascii"))
    return vectors


def picture_of(vector: dict[str, Any]) -> Image.Image:
    """A photo of `read` as a picture."""
    size = vector["width"], vector["height"]
    return Image.frombytes("RGB", size, zlib.decompress(base64.b64decode(vector["rgb_zlib"])))


def measured(picture: Image.Image, corners: Corners) -> dict[str, Any]:
    """What Python measures, as the JSON has it."""
    found = asdict(measure(picture, FilmOutline(corners=corners, sureness=1)))
    return {
        "values": {name: found[name] for name in MEASURED_BY_THE_PAGE},
        "faults": list(found["faults"]),
    }


def drawn() -> Iterator[tuple[str, Image.Image, Corners]]:
    """A good photo and one of each fault."""
    good, corners = on_light_box()
    yield "good", good, corners
    yield "blurred", good.filter(ImageFilter.GaussianBlur(8)), corners
    yield "dark", _lit(good, lambda light: light * 0.3), corners
    yield "pale", _lit(good, lambda light: 0.5 + light * 0.2), corners
    yield "a lamp in it", _with_lamp(good), corners
    yield "far away", *_far(good, corners)
    yield "turned", *_turned(good, corners)
    a, b, c, d = (((x, (y * 800 - 220) / 580)) for x, y in corners)
    yield "cut off", good.crop((0, 220, 600, 800)), ((a[0], 0.0), (b[0], 0.0), c, d)


def _lit(picture: Image.Image, change: Callable[[np.ndarray], np.ndarray]) -> Image.Image:
    light = change(np.asarray(picture, np.float32) / 255)
    return Image.fromarray((np.clip(light, 0, 1) * 255).astype(np.uint8))


def _with_lamp(good: Image.Image) -> Image.Image:
    picture = good.copy()
    ImageDraw.Draw(picture).ellipse((200, 250, 340, 390), fill=(255, 255, 255))
    return picture


def _far(good: Image.Image, corners: Corners) -> tuple[Image.Image, Corners]:
    far = Image.new("RGB", (1800, 2400), (70, 62, 55))
    far.paste(good, (600, 800))
    a, b, c, d = (((x + 1) / 3, (y + 1) / 3) for x, y in corners)
    return far, (a, b, c, d)


def _turned(good: Image.Image, corners: Corners) -> tuple[Image.Image, Corners]:
    size, angle = np.array(good.size), np.radians(18)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    a, b, c, d = (((np.array(corners) - 0.5) * size @ turn / size) + 0.5).tolist()
    turned = good.rotate(-18, Image.Resampling.BICUBIC, fillcolor=(70, 62, 55))
    return turned, (tuple(a), tuple(b), tuple(c), tuple(d))


def _main() -> None:
    vectors = []
    for name, picture, drawn_corners in drawn():
        corners = corners_of(drawn_corners)
        small = picture.convert("L").resize(SIZE_PX, Image.Resampling.BICUBIC)
        small = small.point(lambda grey: grey - grey % _GREYS).convert("RGB")
        vectors.append(
            {"name": name, **_packed(small), "corners": corners} | measured(small, corners)
        )
    VECTORS.write_text(json.dumps(vectors, indent=1) + "\n", encoding="ascii")


def _packed(picture: Image.Image) -> dict[str, Any]:
    rgb = base64.b64encode(zlib.compress(picture.tobytes(), 9)).decode("ascii")
    return {"width": picture.width, "height": picture.height, "rgb_zlib": rgb}


if __name__ == "__main__":
    _main()

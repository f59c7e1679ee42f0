"""Pictures that are no drawn film, from a seed: what people send by mistake, and radiographs.

Knows a dozen kinds, each a few strokes deep. `HELD_OUT` kinds are never trained on, so that an
evaluation can ask for what the model has not seen. Must not know chests, text or torch.
"""

from collections.abc import Callable
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from inference.practice.photographs import photograph, straight
from inference.practice.radiographs import SEEN, UNSEEN, draw_radiograph

_Painter = Callable[[np.random.Generator, int, int], Image.Image]
_Colour = tuple[int, int, int]

_WORDS = (
    "the", "patient", "was", "seen", "in", "the", "clinic", "today", "with", "cough", "and",
    "fever", "since", "three", "days", "invoice", "total", "amount", "le", "malade", "date",
    "name", "village", "mother", "weight", "tablets", "twice", "daily", "water", "rain",
    "road",
)  # fmt: skip


def draw_kind(rng: np.random.Generator) -> str:
    """One of the kinds that are trained on, each as often."""
    return sorted(TRAINED)[rng.integers(len(TRAINED))]


def draw_negative(
    rng: np.random.Generator, kind: str | None = None, long_side_px: int = 320
) -> Image.Image:
    """Draw a picture that is no drawn film; half of them photographed as a film would be.

    Args:
        rng: Source of all chance.
        kind: A key of `TRAINED` or `HELD_OUT`; one of `TRAINED` is drawn when None.
        long_side_px: Longer side of the picture.
    """
    painter = {**TRAINED, **HELD_OUT}[kind or draw_kind(rng)]
    short_px = round(long_side_px * rng.uniform(0.6, 1.0))
    wide = rng.random() < 0.5
    size = (long_side_px, short_px) if wide else (short_px, long_side_px)
    picture = painter(rng, *size).convert("RGB")
    if rng.random() < 0.2:
        picture = picture.convert("L").convert("RGB")
    if rng.random() < 0.5:
        photo = photograph(picture, rng, long_side_px=long_side_px)
        return photo.picture if rng.random() < 0.5 else straight(photo, rng, picture.size)
    return picture.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.003) * long_side_px))


def _colour(rng: np.random.Generator, low: int = 0, high: int = 255) -> _Colour:
    red, green, blue = (int(value) for value in rng.integers(low, high + 1, 3))
    return red, green, blue


def _near(rng: np.random.Generator, colour: _Colour, spread: int = 20) -> _Colour:
    red, green, blue = (
        int(np.clip(value + rng.integers(-spread, spread + 1), 0, 255)) for value in colour
    )
    return red, green, blue


def _clouds(
    rng: np.random.Generator, size: tuple[int, int], base: _Colour, spread: float, cells: int
) -> Image.Image:
    shared, own = rng.normal(0, spread, (cells, cells, 1)), rng.normal(0, 4, (cells, cells, 3))
    coarse = np.clip(np.array(base) + shared + own, 0, 255).astype(np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def _noise(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    grain = int(rng.integers(1, 9))
    shape = (height // grain + 1, width // grain + 1, 3 if rng.random() < 0.5 else 1)
    values = np.clip(rng.normal(rng.uniform(60, 190), rng.uniform(20, 80), shape), 0, 255)
    sheet = Image.fromarray(np.broadcast_to(values, (*shape[:2], 3)).astype(np.uint8))
    return sheet.resize((width, height), Image.Resampling.NEAREST)


def _blank(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A finger on the lens, an empty light box, a dark room."""
    level = int(rng.choice([rng.integers(0, 40), rng.integers(40, 210), rng.integers(210, 256)]))
    return _clouds(rng, (width, height), (level, level, level), rng.uniform(0, 30), 3)


def _texture(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    sheet = _clouds(rng, (width, height), _colour(rng, 40, 210), 40, int(rng.integers(6, 60)))
    return Image.blend(sheet, _noise(rng, width, height), rng.uniform(0, 0.3))


def _text_page(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    paper, ink = _colour(rng, 200, 255), _colour(rng, 0, 90)
    if rng.random() < 0.15:
        paper, ink = ink, paper
    sheet = _clouds(rng, (width, height), paper, 8, 3)
    pen = ImageDraw.Draw(sheet)
    size_px = rng.uniform(0.025, 0.08) * height
    font = ImageFont.load_default(size=size_px)
    y = rng.uniform(0.02, 0.15) * height
    while y < height * 0.95:
        words = " ".join(rng.choice(_WORDS, rng.integers(3, 14)))
        pen.text((0.06 * width, y), words, fill=ink, font=font)
        y += size_px * rng.choice([1.3, 1.3, 1.3, 2.4])
    return sheet


def _skin(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    tone = [(224, 180, 150), (190, 135, 100), (130, 85, 60), (75, 48, 36)][rng.integers(4)]
    sheet = _clouds(rng, (width, height), _near(rng, tone), 10, 12)
    pen = ImageDraw.Draw(sheet)
    for _ in range(rng.integers(1, 9)):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        radius = rng.uniform(0.01, 0.16) * width
        colour = _near(rng, [(120, 50, 45), (70, 40, 30), (185, 80, 75)][rng.integers(3)])
        pen.ellipse((x - radius, y - radius * 0.8, x + radius, y + radius * 0.8), fill=colour)
    sheet = sheet.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 4)))
    return Image.blend(sheet, _noise(rng, width, height), 0.04)


def _food(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A plate or a cup on a table, with things on it."""
    sheet = _clouds(rng, (width, height), _colour(rng, 40, 190), 16, 6)
    pen = ImageDraw.Draw(sheet)
    x, y = rng.uniform(0.4, 0.6) * width, rng.uniform(0.4, 0.6) * height
    plate = _colour(rng, 120, 255)
    for scale in (1.0, 0.8):
        radius = scale * rng.uniform(0.36, 0.46) * min(width, height)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_near(rng, plate))
    colours = [_colour(rng, 30, 240) for _ in range(3)]
    for _ in range(rng.integers(1, 40)):
        dx, dy = rng.normal(0, 0.13, 2) * min(width, height)
        a, b = rng.uniform(0.02, 0.12, 2) * min(width, height)
        fill = _near(rng, colours[rng.integers(3)])
        pen.ellipse((x + dx - a, y + dy - b, x + dx + a, y + dy + b), fill=fill)
    return sheet.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2)))


def _landscape(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    sheet = _clouds(rng, (width, height), _near(rng, (150, 185, 225), 40), 14, 6)
    pen = ImageDraw.Draw(sheet)
    for level in np.sort(rng.uniform(0.35, 0.9, rng.integers(2, 5))):
        steps = np.cumsum(rng.normal(0, 0.035, 14)) + level
        ridge = [(width * i / 13, float(s) * height) for i, s in enumerate(steps)]
        pen.polygon([*ridge, (width, height), (0, height)], fill=_colour(rng, 20, 170))
    for _ in range(rng.integers(0, 7)):
        x, y, tall = rng.uniform(0, width), rng.uniform(0.5, 1) * height, rng.uniform(0.1, 0.4)
        pen.rectangle((x, y - tall * height, x + 0.12 * width, y), fill=_colour(rng, 30, 220))
    return Image.blend(sheet, _noise(rng, width, height), rng.uniform(0, 0.1))


def _objects(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A room: boxes, round things, bars."""
    sheet = _clouds(rng, (width, height), _colour(rng, 20, 230), 20, 4)
    pen = ImageDraw.Draw(sheet)
    for _ in range(rng.integers(3, 22)):
        x, y = rng.uniform(-0.1, 0.95) * width, rng.uniform(-0.1, 0.95) * height
        box = (x, y, x + rng.uniform(0.05, 0.5) * width, y + rng.uniform(0.05, 0.5) * height)
        draw = (pen.ellipse, pen.rectangle)[rng.integers(2)]
        draw(box, fill=_colour(rng), outline=_colour(rng) if rng.random() < 0.5 else None)
    return sheet.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2.5)))


def _fabric(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    a, b = rng.uniform(-0.4, 0.4, 2)
    wave = np.sin(a * x + b * y + rng.uniform(0, 6)) + rng.uniform(0, 1) * np.sin(b * x - a * y)
    first, second = np.array(_colour(rng)), np.array(_colour(rng))
    mix = (np.clip(wave, -1, 1)[..., None] + 1) / 2
    return Image.fromarray((first * mix + second * (1 - mix)).astype(np.uint8))


def _leaves(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    sheet = _clouds(rng, (width, height), _near(rng, (40, 70, 35), 30), 20, 8)
    pen = ImageDraw.Draw(sheet)
    for _ in range(rng.integers(10, 70)):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        angle, long = rng.uniform(0, 6.3), rng.uniform(0.05, 0.25) * width
        along = np.array([np.cos(angle), np.sin(angle)]) * long
        across = np.array([-along[1], along[0]]) * 0.22
        start = np.array([x, y])
        rim = [start, start + along / 2 + across, start + along, start + along / 2 - across]
        pen.polygon([float(v) for p in rim for v in p], fill=_near(rng, (70, 130, 55), 55))
    return sheet


def _screenshot(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A chat or a settings page."""
    dark = rng.random() < 0.4
    sheet = Image.new("RGB", (width, height), _colour(rng, 5, 45) if dark else (245, 245, 245))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 0, width, 0.09 * height), fill=_colour(rng))
    font, y = ImageFont.load_default(size=max(8, 0.03 * height)), 0.12 * height
    while y < 0.9 * height:
        left, tall = rng.choice([0.05, 0.35]) * width, rng.uniform(0.05, 0.2) * height
        fill = _colour(rng, 30, 90) if dark else _colour(rng, 200, 255)
        pen.rounded_rectangle((left, y, left + 0.58 * width, y + tall), radius=8, fill=fill)
        ink = (240, 240, 240) if dark else (20, 20, 20)
        pen.text((left + 8, y + 4), " ".join(rng.choice(_WORDS, 5)), fill=ink, font=font)
        y += tall + 0.02 * height
    return sheet


def _limb(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A film of an arm or a leg: two long bones in a soft sleeve."""
    sheet = Image.new("L", (width, height), int(rng.integers(3, 25)))
    pen = ImageDraw.Draw(sheet)
    middle, lean = rng.uniform(0.35, 0.65) * width, rng.uniform(-0.2, 0.2) * width
    line = [(middle - lean, -0.1 * height), (middle + lean, 1.1 * height)]
    pen.line(line, fill=int(rng.integers(50, 110)), width=round(rng.uniform(0.3, 0.55) * width))
    for offset in (-0.08, 0.08)[: rng.integers(1, 3)]:
        bone = [(x + offset * width, y) for x, y in line]
        thick = rng.uniform(0.06, 0.12) * width
        pen.line(bone, fill=int(rng.integers(170, 240)), width=round(thick))
        pen.line(bone, fill=int(rng.integers(120, 170)), width=round(0.5 * thick))
        x, y = bone[0][0] + (bone[1][0] - bone[0][0]) * 0.5, rng.uniform(0.3, 0.7) * height
        pen.ellipse((x - thick, y - thick, x + thick, y + thick), fill=200)
    sheet = sheet.filter(ImageFilter.GaussianBlur(0.006 * height))
    return Image.blend(sheet, _noise(rng, width, height).convert("L"), 0.05)


def _head_slice(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A CT or MR slice of a head: a bright ring around soft patches, on black."""
    sheet = Image.new("L", (width, height), int(rng.integers(0, 12)))
    pen = ImageDraw.Draw(sheet)
    x, y = width / 2, height / 2
    a, b = rng.uniform(0.28, 0.40) * width, rng.uniform(0.36, 0.46) * height
    pen.ellipse((x - a, y - b, x + a, y + b), fill=int(rng.integers(190, 256)))
    a, b = 0.9 * a, 0.9 * b
    pen.ellipse((x - a, y - b, x + a, y + b), fill=int(rng.integers(80, 150)))
    for _ in range(rng.integers(2, 16)):
        dx, dy = rng.uniform(-0.6, 0.6) * a, rng.uniform(-0.6, 0.6) * b
        r, s = rng.uniform(0.05, 0.3) * a, rng.uniform(0.05, 0.3) * b
        box = (x + dx - r, y + dy - s, x + dx + r, y + dy + s)
        pen.ellipse(box, fill=int(rng.integers(30, 170)))
    sheet = sheet.filter(ImageFilter.GaussianBlur(0.008 * height))
    return Image.blend(sheet, _noise(rng, width, height).convert("L"), 0.05)


def _ultrasound(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A fan of speckle on black."""
    x = (np.arange(width)[None, :] - width / 2) / height
    y = np.arange(height)[:, None] / height + rng.uniform(0.02, 0.15)
    fan = (np.abs(np.arctan2(x, y)) < rng.uniform(0.5, 0.8)) & (np.hypot(x, y) < 0.98)
    tissue = _clouds(rng, (width, height), (100, 100, 100), 60, int(rng.integers(5, 14)))
    speckle = rng.rayleigh(0.7, (height, width))
    level = np.asarray(tissue.convert("L")) * speckle * fan * rng.uniform(0.6, 1.2)
    sheet = Image.fromarray(np.clip(level, 0, 255).astype(np.uint8))
    return sheet.filter(ImageFilter.GaussianBlur(0.8))


def _bricks(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    sheet = _clouds(rng, (width, height), _colour(rng, 150, 220), 8, 10)
    pen = ImageDraw.Draw(sheet)
    tall, wide = rng.uniform(0.05, 0.1) * height, rng.uniform(0.12, 0.25) * width
    base = _near(rng, (160, 80, 60), 40)
    for row in range(int(height / tall) + 1):
        for column in range(-1, int(width / wide) + 1):
            x, y = (column + 0.5 * (row % 2)) * wide, row * tall
            box = (x + 2, y + 2, x + wide - 2, y + tall - 2)
            pen.rectangle(box, fill=_near(rng, base, 18))
    return sheet


def _chart(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    sheet = Image.new("RGB", (width, height), (255, 255, 255))
    pen = ImageDraw.Draw(sheet)
    left, bottom, bars = 0.1 * width, 0.9 * height, int(rng.integers(4, 12))
    pen.line((left, 0.05 * height, left, bottom, 0.95 * width, bottom), fill=(0, 0, 0), width=2)
    step = 0.85 * width / bars
    colour = _colour(rng, 20, 220)
    for index in range(bars):
        x, top = left + index * step, bottom - rng.uniform(0.05, 0.8) * height
        pen.rectangle((x + 3, top, x + step - 3, bottom), fill=colour)
    return sheet


def _coins(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    sheet = _clouds(rng, (width, height), _colour(rng, 20, 120), 12, 5)
    pen = ImageDraw.Draw(sheet)
    for _ in range(rng.integers(6, 26)):
        x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.05, 0.1) * width
        metal = _near(rng, [(190, 170, 110), (180, 180, 185), (160, 105, 70)][rng.integers(3)])
        pen.ellipse((x - r, y - r, x + r, y + r), fill=metal, outline=(60, 60, 50), width=2)
        pen.ellipse((x - r / 2, y - r / 2, x + r / 2, y + r / 2), outline=(90, 85, 70), width=2)
    return sheet


def _street_map(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    sheet = Image.new("RGB", (width, height), _near(rng, (238, 234, 224), 12))
    pen = ImageDraw.Draw(sheet)
    for _ in range(rng.integers(2, 6)):
        centre, spread = rng.uniform(0, 1, 2), rng.normal(0, 0.12, (7, 2))
        rim = (centre + spread) * [width, height]
        fill = [(180, 215, 170), (165, 200, 230)][rng.integers(2)]
        pen.polygon([float(v) for v in rim.ravel()], fill=fill)
    for _ in range(rng.integers(8, 24)):
        road = rng.uniform(-0.1, 1.1, (2, 2)) * [width, height]
        ends = [float(v) for v in road.ravel()]
        pen.line(ends, fill=(255, 255, 255), width=int(rng.integers(3, 12)))
    return sheet


def _film(kind: str) -> _Painter:
    def paint(rng: np.random.Generator, width: int, height: int) -> Image.Image:
        return draw_radiograph(rng, kind, width, height)

    return paint


TRAINED: MappingProxyType[str, _Painter] = MappingProxyType(
    {
        **{kind: _film(kind) for kind in SEEN},
        "blank": _blank,
        "fabric": _fabric,
        "food": _food,
        "head slice": _head_slice,
        "landscape": _landscape,
        "leaves": _leaves,
        "limb": _limb,
        "noise": _noise,
        "objects": _objects,
        "screenshot": _screenshot,
        "skin": _skin,
        "text page": _text_page,
        "texture": _texture,
        "ultrasound": _ultrasound,
    }
)
HELD_OUT: MappingProxyType[str, _Painter] = MappingProxyType(
    {
        **{kind: _film(kind) for kind in UNSEEN},
        "bricks": _bricks,
        "chart": _chart,
        "coins": _coins,
        "street map": _street_map,
    }
)

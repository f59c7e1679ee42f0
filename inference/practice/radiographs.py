"""Radiographs that are no drawn films: other parts of the body, and chests drawn otherwise.

Knows bones and shadows, each a few strokes deep. `UNSEEN` kinds are never trained on. Must not know
chests as `phantoms` draws them, text or torch.
"""

from types import MappingProxyType

import numpy as np
from PIL import Image

from inference.practice.lifelike_chests import lifelike_chest
from inference.practice.plates import Plate, at
from inference.practice.strange_chests import (
    Painter,
    animal,
    baby,
    chest,
    gaussian_chest,
    ribs,
    side_chest,
    skeleton_chest,
    sketch_chest,
    spine,
    thorax_slice,
)


def draw_radiograph(rng: np.random.Generator, kind: str, width: int, height: int) -> Image.Image:
    """Draw one.

    Args:
        rng: Source of all chance.
        kind: A key of `SEEN` or `UNSEEN`.
        width: Pixels, like the height.
    """
    plate = Plate(rng, width, height)
    {**SEEN, **UNSEEN}[kind](plate)
    return plate.developed()


def _fingers(plate: Plate, count: int, length: float) -> None:
    """Rays of three small bones from a middle."""
    rng = plate.rng
    x, y = rng.uniform(0.42, 0.58), rng.uniform(0.6, 0.72)
    plate.oval(x, y, 0.2, 0.16, 0.35, 0.02)
    for index in range(count):
        angle = np.deg2rad(-90 + (index - (count - 1) / 2) * rng.uniform(12, 20))
        along, place = at(np.cos(angle), np.sin(angle)), at(x, y)
        place = place + 0.08 * along
        plate.line(np.stack([place, place + length * along]), 0.07, 0.3, 0.01)
        for part in (0.4, 0.28, 0.18):
            end = place + part * length * along
            plate.bone(place, end, rng.uniform(0.022, 0.035))
            place = end + 0.018 * along


def _hand(plate: Plate) -> None:
    _fingers(plate, 5, plate.rng.uniform(0.4, 0.5))
    for _ in range(8):
        x, y = plate.rng.uniform(0.4, 0.6), plate.rng.uniform(0.66, 0.78)
        plate.oval(x, y, 0.03, 0.025, 0.3)


def _foot(plate: Plate) -> None:
    _fingers(plate, 5, plate.rng.uniform(0.3, 0.38))
    plate.oval(0.5, 0.85, 0.1, 0.13, 0.6, 0.01)


def _finger(plate: Plate) -> None:
    plate.line(np.array([[0.5, -0.1], [0.5, 1.1]]), plate.rng.uniform(0.3, 0.5), 0.35, 0.015)
    for y in (0.05, 0.4, 0.7):
        plate.bone(at(0.5, y), at(0.5, y + 0.25), 0.13, 0.6)


def _joint(plate: Plate, bend: float, second: float) -> None:
    """Two long bones that meet, with a second beside the lower one."""
    rng = plate.rng
    middle = at(rng.uniform(0.42, 0.58), rng.uniform(0.42, 0.58))
    wide = rng.uniform(0.12, 0.2)
    for start, end, thick in (
        (at(middle[0] + rng.uniform(-0.1, 0.1), -0.1), middle, 2.2 * wide),
        (middle, at(middle[0] + bend, 1.1), 1.9 * wide),
    ):
        plate.line(np.stack([start, end]), thick, 0.3, 0.02)
    plate.bone(at(middle[0] + rng.uniform(-0.08, 0.08), -0.1), middle - at(0, 0.02), wide, 0.55)
    plate.bone(middle + at(0, 0.03), at(middle[0] + bend, 1.1), 0.9 * wide, 0.5)
    if second:
        shift = at(second, 0.05)
        plate.bone(middle + shift, at(middle[0] + bend, 1.1) + shift, 0.4 * wide, 0.45)


def _knee(plate: Plate) -> None:
    _joint(plate, plate.rng.uniform(-0.08, 0.08), 0.13)
    plate.oval(0.5, 0.42, 0.09, 0.08, 0.25)


def _elbow(plate: Plate) -> None:
    _joint(plate, plate.rng.choice([-0.5, 0.5]), 0.1)


def _ankle(plate: Plate) -> None:
    _joint(plate, plate.rng.uniform(-0.1, 0.1), -0.12)
    plate.oval(0.5, 0.75, 0.22, 0.14, 0.4, 0.01)


def _shoulder(plate: Plate) -> None:
    plate.oval(0.3, 0.6, 0.6, 0.5, 0.3, 0.05)
    plate.oval(0.62, 0.35, 0.11, 0.11, 0.55)
    plate.bone(at(0.64, 0.4), at(0.75, 1.1), 0.1, 0.5)
    plate.bone(at(-0.05, 0.22), at(0.6, 0.2), 0.06, 0.4)
    plate.blob(np.array([[0.45, 0.3], [0.55, 0.4], [0.35, 0.85], [0.2, 0.4]]), 0.25)
    ribs(plate, 0.15, 0.35, 6)


def _femur(plate: Plate) -> None:
    lean = plate.rng.uniform(-0.2, 0.2)
    plate.line(np.array([[0.5 - lean, -0.1], [0.5 + lean, 1.1]]), 0.5, 0.35, 0.03)
    plate.bone(at(0.5 - lean, -0.05), at(0.5 + lean, 1.05), plate.rng.uniform(0.12, 0.18), 0.6)


def _lumbar_front(plate: Plate) -> None:
    plate.oval(0.5, 0.5, 0.48, 0.7, 0.3, 0.05)
    spine(plate, 0.5, plate.rng.uniform(-0.06, 0.06), 0.1, 7)
    for index in range(6):
        y = (index + 0.5) / 7
        plate.line(np.array([[0.3, y], [0.7, y]]), 0.025, 0.15)


def _lumbar_side(plate: Plate) -> None:
    plate.oval(0.5, 0.5, 0.5, 0.7, 0.35, 0.06)
    spine(plate, 0.45, plate.rng.uniform(0.05, 0.16), 0.11, 6)


def _neck(plate: Plate) -> None:
    plate.oval(0.5, 0.1, 0.4, 0.3, 0.5, 0.02)
    plate.line(np.array([[0.5, 0.2], [0.5, 1.1]]), 0.45, 0.25, 0.03)
    spine(plate, 0.45, plate.rng.uniform(-0.1, 0.1), 0.07, 9)


def _skull_front(plate: Plate) -> None:
    plate.oval(0.5, 0.45, 0.34, 0.4, 0.45)
    plate.oval(0.5, 0.45, 0.31, 0.37, -0.15)
    for x in (0.38, 0.62):
        plate.oval(x, 0.5, 0.075, 0.06, -0.2)
    plate.oval(0.5, 0.62, 0.05, 0.09, -0.15)
    plate.oval(0.5, 0.8, 0.16, 0.12, 0.25)


def _skull_side(plate: Plate) -> None:
    plate.oval(0.52, 0.4, 0.42, 0.34, 0.45)
    plate.oval(0.52, 0.4, 0.39, 0.31, -0.17)
    plate.oval(0.25, 0.65, 0.16, 0.12, 0.35)
    plate.line(np.array([[0.15, 0.85], [0.45, 0.78], [0.5, 0.55]]), 0.06, 0.35)
    spine(plate, 0.68, 0.03, 0.05, 9)


def _pelvis(plate: Plate) -> None:
    plate.oval(0.5, 0.5, 0.55, 0.6, 0.3, 0.05)
    for side in (-1, 1):
        plate.oval(0.5 + side * 0.25, 0.35, 0.18, 0.2, 0.35)
        plate.oval(0.5 + side * 0.24, 0.34, 0.13, 0.14, -0.15)
        plate.oval(0.5 + side * 0.3, 0.62, 0.07, 0.06, 0.45)
        plate.bone(at(0.5 + side * 0.33, 0.62), at(0.5 + side * 0.37, 1.1), 0.09, 0.5)
        plate.oval(0.5 + side * 0.1, 0.75, 0.09, 0.07, 0.3)
        plate.oval(0.5 + side * 0.1, 0.75, 0.05, 0.04, -0.25)
    spine(plate, 0.5, 0.0, 0.07, 9)


def _abdomen(plate: Plate) -> None:
    plate.oval(0.5, 0.5, 0.46, 0.6, 0.4, 0.04)
    spine(plate, 0.5, plate.rng.uniform(-0.03, 0.03), 0.07, 9)
    for _ in range(plate.rng.integers(4, 16)):
        x, y = plate.rng.uniform(0.15, 0.85), plate.rng.uniform(0.2, 0.85)
        wide, high = plate.rng.uniform(0.03, 0.1, 2)
        plate.oval(x, y, wide, high, plate.rng.uniform(-0.25, -0.08), 0.008)


def _jaws(plate: Plate) -> None:
    x = np.linspace(0.05, 0.95, 16)
    for sign in (-1, 1):
        y = 0.5 + sign * 0.1 + 0.25 * (x - 0.5) ** 2 * 2
        plate.line(np.stack([x, y + sign * 0.12], axis=1), 0.16, 0.3, 0.01)
        for tooth in range(14):
            place = at(x[tooth + 1], y[tooth + 1])
            plate.bone(place, place + at(0, sign * 0.16), 0.035, 0.6)


def _belly_slice(plate: Plate) -> None:
    plate.oval(0.5, 0.5, 0.43, 0.33, 0.5, 0.004)
    for _ in range(9):
        x, y = plate.rng.uniform(0.2, 0.8), plate.rng.uniform(0.3, 0.7)
        wide, high = plate.rng.uniform(0.03, 0.13, 2)
        plate.oval(x, y, wide, high, plate.rng.uniform(-0.25, 0.25), 0.004)
    plate.oval(0.5, 0.7, 0.05, 0.05, 0.5, 0.003)


def _breast(plate: Plate) -> None:
    side = plate.rng.choice([0.0, 1.0])
    plate.oval(side, 0.5, plate.rng.uniform(0.5, 0.75), 0.42, 0.4, 0.01)
    plate.cloud(1.4, 0.12)
    for _ in range(14):
        x, y = plate.rng.normal(side, 0.2), plate.rng.normal(0.5, 0.14)
        plate.oval(x, y, 0.05, 0.04, plate.rng.uniform(0.05, 0.2), 0.015)


def _prosthesis(plate: Plate) -> None:
    _pelvis(plate)
    plate.oval(0.8, 0.62, 0.08, 0.08, 1.2, 0.002)
    plate.line(np.array([[0.8, 0.62], [0.84, 1.05]]), 0.06, 1.2, 0.002)


def _plate_and_screws(plate: Plate) -> None:
    _femur(plate)
    plate.line(np.array([[0.58, 0.2], [0.6, 0.8]]), 0.05, 1.2, 0.002)
    for y in np.linspace(0.25, 0.75, 6):
        plate.line(np.array([[0.42, y], [0.6, y]]), 0.02, 1.0, 0.002)


def _texture(plate: Plate) -> None:
    plate.density = plate.density + 0.5
    plate.cloud(plate.rng.uniform(0.6, 2.4), plate.rng.uniform(0.1, 0.35))


def _mirrored(plate: Plate) -> None:
    """Noise that is the same on both sides: like a body, and none."""
    plate.density = plate.density + 0.5
    plate.cloud(plate.rng.uniform(1.2, 2.4), plate.rng.uniform(0.15, 0.35))
    plate.density = (plate.density + plate.density[:, ::-1]) / 2


def _wedge(plate: Plate) -> None:
    for index in range(10):
        step = np.array([[0.1, index], [0.9, index], [0.9, index + 1], [0.1, index + 1]])
        plate.blob(step * [1, 0.08] + [0, 0.1], 0.09 * index, 0.001)


def _barium(plate: Plate) -> None:
    _abdomen(plate)
    path = np.cumsum(plate.rng.normal(0, 0.09, (12, 2)), axis=0) + at(0.5, 0.3)
    plate.line(np.clip(path, 0.1, 0.9), 0.08, 0.9, 0.006)


SEEN: MappingProxyType[str, Painter] = MappingProxyType(
    {
        "abdomen": _abdomen,
        "animal": animal,
        "ankle": _ankle,
        "baby": baby,
        "barium": _barium,
        "belly slice": _belly_slice,
        "chest, blobs": chest("blob", 0.01, noise=0.05, ribs=9),
        "chest, blobs without ribs": chest("blob", 0.02, noise=0.08, ribs=0),
        "chest, grainy": chest("wedge", 0.01, noise=0.16, ribs=9),
        "chest, lifelike": lifelike_chest,
        "chest, lifelike again": lifelike_chest,  # what is most easily taken for a drawn film
        "chest, lifelike, thrice": lifelike_chest,
        "chest, many ribs": chest("wedge", 0.006, noise=0.05, ribs=13),
        "chest, ovals": chest("oval", 0.008, noise=0.05, ribs=8),
        "chest, ovals with arms": chest("oval", 0.02, noise=0.08, ribs=9, arms=True),
        "chest, sharp": chest("wedge", 0.003, noise=0.03, ribs=10),
        "chest, soft": chest("blob", 0.035, noise=0.08, ribs=10),
        "chest, soft ovals": chest("oval", 0.035, noise=0.06, ribs=0),
        "chest, wedges": chest("wedge", 0.015, noise=0.06, ribs=0, arms=True),
        "elbow": _elbow,
        "femur": _femur,
        "finger": _finger,
        "hand": _hand,
        "knee": _knee,
        "lumbar spine, front": _lumbar_front,
        "lumbar spine, side": _lumbar_side,
        "mirrored noise": _mirrored,
        "neck": _neck,
        "plate and screws": _plate_and_screws,
        "prosthesis": _prosthesis,
        "radiograph's texture": _texture,
        "shoulder": _shoulder,
        "side chest": side_chest,
        "skeleton chest": skeleton_chest,
        "skull, front": _skull_front,
        "step wedge": _wedge,
        "thorax slice": thorax_slice,
    }
)
UNSEEN: MappingProxyType[str, Painter] = MappingProxyType(
    {
        "breast": _breast,
        "chest, bumps": gaussian_chest,
        "chest, hazy": chest("blob", 0.025, noise=0.12, ribs=11, arms=True),
        "chest, sketch": sketch_chest,
        "foot": _foot,
        "jaws": _jaws,
        "pelvis": _pelvis,
        "skull, side": _skull_side,
    }
)

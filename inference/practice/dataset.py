"""The pictures the practice model learns from: drawn once, in parallel, and kept on disk.

Knows how many of what are drawn, and which structure stands in which cell of a picture. Must not
know text or torch. Every film is drawn from (seed, index), so that the set is the same on any
machine and with any number of processes.
"""

import hashlib
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.practice.negatives import draw_negative
from inference.practice.phantoms import FILM_BIT, FINDING_BIT, HEART_BIT, ZONE_MASK, draw_phantom
from inference.practice.photographs import photograph
from inference.practice.truth import Finding, Truth, every_truth

Bytes: TypeAlias = NDArray[np.uint8]

IMAGE_PX = 112
CELLS = 8
VIEWS = 3  # of each film: one clean, two photographed
STRUCTURES = 12  # six lung zones, heart, enlarged heart, three findings, film
TARGETS = STRUCTURES + 3 * 6  # and each finding in each zone

_FILM_HEIGHT_PX = 224
_PHOTO_SIDE_PX = 288
_SHARES = {
    Finding.NORMAL: 0.30,
    Finding.OPACITY: 0.26,
    Finding.EFFUSION: 0.15,
    Finding.PNEUMOTHORAX: 0.15,
    Finding.ENLARGED_HEART: 0.14,
}
_FINDING_CHANNELS = {Finding.OPACITY: 8, Finding.EFFUSION: 9, Finding.PNEUMOTHORAX: 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetPlan:
    """How much is drawn, from which seed."""

    seed: int = 0
    films: int = 14_000
    negatives: int = 7_000


class Dataset(NamedTuple):
    """What was drawn.

    Args:
        films: uint8 (films, VIEWS, IMAGE_PX, IMAGE_PX, 3): view 0 is the clean film.
        cells: uint8 (films, VIEWS, CELLS, CELLS, STRUCTURES): share of each cell that is it, 0-255.
        truths: int64 (films,): index into `every_truth()`.
        negatives: uint8 (negatives, IMAGE_PX, IMAGE_PX, 3).
    """

    films: Bytes
    cells: Bytes
    truths: NDArray[np.int64]
    negatives: Bytes


def load_or_draw(plan: DatasetPlan, cache: Path, processes: int) -> Dataset:
    """Draw the set, or map it from the cache where it was drawn before.

    Args:
        cache: Folder for about 125 kB a film.
        processes: How many draw at once.

    Returns:
        The set, its pictures mapped from disk.
    """
    key = hashlib.sha256(json.dumps(asdict(plan)).encode()).hexdigest()[:12]
    folder = cache / key
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _draw_all(plan, folder, processes)
        (folder / "complete").touch()
    truths = np.array([truth_index(plan, i) for i in range(plan.films)], dtype=np.int64)
    films, cells, negatives = (
        np.lib.format.open_memmap(folder / f"{name}.npy", mode="r")
        for name in ("films", "cells", "negatives")
    )
    return Dataset(films=films, cells=cells, truths=truths, negatives=negatives)


def truth_index(plan: DatasetPlan, index: int) -> int:
    """Which of `every_truth()` film `index` shows.

    Args:
        index: Number of the film.

    Returns:
        Index into `every_truth()`.
    """
    rng = np.random.default_rng((plan.seed, 0, index))
    finding = list(_SHARES)[rng.choice(len(_SHARES), p=list(_SHARES.values()))]
    choices = [i for i, truth in enumerate(every_truth()) if truth.finding is finding]
    return int(rng.choice(choices))


def model_view(picture: Image.Image) -> Bytes:
    """A picture as Gemma's image processor sizes it: RGB, squeezed to a square, bilinear.

    Returns:
        uint8 (IMAGE_PX, IMAGE_PX, 3).
    """
    square = picture.convert("RGB").resize((IMAGE_PX, IMAGE_PX), Image.Resampling.BILINEAR)
    return np.asarray(square)


def _draw_all(plan: DatasetPlan, folder: Path, processes: int) -> None:
    shapes = {
        "films": (plan.films, VIEWS, IMAGE_PX, IMAGE_PX, 3),
        "cells": (plan.films, VIEWS, CELLS, CELLS, STRUCTURES),
        "negatives": (plan.negatives, IMAGE_PX, IMAGE_PX, 3),
    }
    films, cells, negatives = (
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.uint8, shape)
        for name, shape in shapes.items()
    )
    with ProcessPoolExecutor(processes) as pool:
        drawn_films = pool.map(partial(_draw_film, plan), range(plan.films), chunksize=50)
        for index, (views, structures) in enumerate(drawn_films):
            films[index], cells[index] = views, structures
        drawn_negatives = pool.map(partial(_draw_other, plan), range(plan.negatives), chunksize=100)
        for index, view in enumerate(drawn_negatives):
            negatives[index] = view


def _draw_film(plan: DatasetPlan, index: int) -> tuple[Bytes, Bytes]:
    truth = every_truth()[truth_index(plan, index)]
    rng = np.random.default_rng((plan.seed, 1, index))
    phantom = draw_phantom(rng, truth, _FILM_HEIGHT_PX)
    views = [model_view(phantom.film)]
    cells = [cell_shares(phantom.structures, truth)]
    for _ in range(VIEWS - 1):
        photo = photograph(phantom.film, rng, phantom.structures, _PHOTO_SIDE_PX)
        views.append(model_view(photo.picture))
        cells.append(cell_shares(photo.structures, truth))
    return np.stack(views), np.stack(cells)


def _draw_other(plan: DatasetPlan, index: int) -> Bytes:
    rng = np.random.default_rng((plan.seed, 2, index))
    return model_view(draw_negative(rng, long_side_px=_PHOTO_SIDE_PX))


def cell_shares(structures: Bytes, truth: Truth) -> Bytes:
    """Which share of each cell every structure takes.

    Args:
        structures: Structure map, uint8 (height, width).
        truth: What the film shows: names the finding's bit.

    Returns:
        uint8 (CELLS, CELLS, STRUCTURES), 0 to 255.
    """
    sheet = Image.fromarray(structures).resize((64, 64), Image.Resampling.NEAREST)
    share = np.zeros((CELLS, CELLS, STRUCTURES), dtype=np.float64)
    for channel, mask in _masks(np.asarray(sheet), truth).items():
        blocks = mask.reshape(CELLS, 64 // CELLS, CELLS, 64 // CELLS)
        share[:, :, channel] = blocks.mean(axis=(1, 3))
    share[:, :, 8:11] = np.minimum(1, 2 * share[:, :, 8:11])  # half a cell is enough to name it
    return (share * 255).astype(np.uint8)


def with_places(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add each finding in each zone: what an answer about side and zone is read from.

    Args:
        shares: (..., STRUCTURES), 0 to 1.

    Returns:
        (..., TARGETS), 0 to 1.
    """
    zones, findings = shares[..., 0:6], shares[..., 8:11]
    places = findings[..., :, None] * zones[..., None, :]
    return np.concatenate([shares, places.reshape(*shares.shape[:-1], 18)], axis=-1)


def _masks(bits: Bytes, truth: Truth) -> dict[int, NDArray[np.bool]]:
    """Where each structure is, by its channel."""
    masks = {number - 1: (bits & ZONE_MASK) == number for number in range(1, 7)}
    heart = 7 if truth.finding is Finding.ENLARGED_HEART else 6
    masks[heart] = (bits & HEART_BIT) != 0
    if truth.finding in _FINDING_CHANNELS:
        masks[_FINDING_CHANNELS[truth.finding]] = (bits & FINDING_BIT) != 0
    masks[11] = (bits & FILM_BIT) != 0
    return masks

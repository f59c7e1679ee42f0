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

from inference.practice.negatives import draw_kind, draw_negative
from inference.practice.phantoms import (
    FILM_BIT,
    FINDING_BIT,
    HEART_BIT,
    ZONE_MASK,
    Phantom,
    draw_phantom,
)
from inference.practice.photographs import evened, nearly, photograph
from inference.practice.placement import straightened
from inference.practice.plain_photographs import plain_photograph
from inference.practice.radiographs import SEEN
from inference.practice.shots import Flaw, draw_shot
from inference.practice.truth import Finding, Side, Size, Truth, Zone, every_truth
from pictures.square import padded

Bytes: TypeAlias = NDArray[np.uint8]

IMAGE_PX = 112
CELLS = 8
VIEWS = 5  # of each film: file, photograph, the film cut out of that, that evened, plain photograph
STRUCTURES = 12  # six lung zones, heart, enlarged heart, three findings, film
TARGETS = STRUCTURES + 3 * 6  # and each finding in each zone

_FILM_HEIGHT_PX = 224
_PHOTO_SIDE_PX = 288
_SHARES = {
    Finding.OPACITY: 0.42,
    Finding.EFFUSION: 0.21,
    Finding.PNEUMOTHORAX: 0.21,
    Finding.ENLARGED_HEART: 0.16,
}
_FINDING_CHANNELS = {Finding.OPACITY: 8, Finding.EFFUSION: 9, Finding.PNEUMOTHORAX: 10}
_NOT_TAUGHT = frozenset({Flaw.TWO_FILMS})  # which of the two would be meant?


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetPlan:
    """How much is drawn, from which seed."""

    seed: int = 0
    patients: int = 4_400
    negatives: int = 6_000


class PlannedFilm(NamedTuple):
    """A film to be drawn: whose it is and what it shows."""

    patient: int
    truth: Truth


class Dataset(NamedTuple):
    """What was drawn.

    Args:
        films: uint8 (films, VIEWS, IMAGE_PX, IMAGE_PX, 3): view 0 is the file.
        cells: uint8 (films, VIEWS, CELLS, CELLS, STRUCTURES): share of each cell that is it, 0-255.
        truths: int64 (films,): index into `every_truth()`.
        patients: int64 (films,): whose; films of one patient differ in how far the finding went.
        negatives: uint8 (negatives, IMAGE_PX, IMAGE_PX, 3).
        radiographs: bool (negatives,): whether it is one, if of no drawn film.
    """

    films: Bytes
    cells: Bytes
    truths: NDArray[np.int64]
    patients: NDArray[np.int64]
    negatives: Bytes
    radiographs: NDArray[np.bool]


def load_or_draw(plan: DatasetPlan, cache: Path, processes: int) -> Dataset:
    """Draw the set, or map it from the cache where it was drawn before.

    Args:
        cache: Folder for about 200 kB a film.
        processes: How many draw at once.

    Returns:
        The set, its pictures mapped from disk.
    """
    drawn = json.dumps(asdict(plan) | {"views": VIEWS})
    folder = cache / hashlib.sha256(drawn.encode()).hexdigest()[:12]
    films = planned(plan)
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _draw_all(plan, films, folder, processes)
        (folder / "complete").touch()
    pictures, cells, negatives = (
        np.lib.format.open_memmap(folder / f"{name}.npy", mode="r")
        for name in ("films", "cells", "negatives")
    )
    return Dataset(
        films=pictures,
        cells=cells,
        truths=np.array([every_truth().index(film.truth) for film in films], dtype=np.int64),
        patients=np.array([film.patient for film in films], dtype=np.int64),
        negatives=negatives,
        radiographs=np.array([is_radiograph(plan, i) for i in range(plan.negatives)]),
    )


def planned(plan: DatasetPlan) -> list[PlannedFilm]:
    """All films: of each patient one without a finding, then the finding, small and large."""
    return [
        PlannedFilm(patient, truth)
        for patient in range(plan.patients)
        for truth in _course(np.random.default_rng((plan.seed, 0, patient)))
    ]


def _course(rng: np.random.Generator) -> tuple[Truth, ...]:
    finding = list(_SHARES)[rng.choice(len(_SHARES), p=list(_SHARES.values()))]
    normal = Truth(finding=Finding.NORMAL)
    if finding is Finding.ENLARGED_HEART:
        return normal, Truth(finding=finding)
    side = list(Side)[rng.integers(2)]
    zone = list(Zone)[rng.integers(3)] if finding is Finding.OPACITY else None
    return normal, *(Truth(finding=finding, side=side, zone=zone, size=size) for size in Size)


def model_view(picture: Image.Image) -> Bytes:
    """A picture as the model sees it: padded to a square, then sized as Gemma's processor does.

    Returns:
        uint8 (IMAGE_PX, IMAGE_PX, 3).
    """
    square = padded(picture).resize((IMAGE_PX, IMAGE_PX), Image.Resampling.BILINEAR)
    return np.asarray(square)


def _draw_all(
    plan: DatasetPlan, planned_films: list[PlannedFilm], folder: Path, processes: int
) -> None:
    count = len(planned_films)
    shapes = {
        "films": (count, VIEWS, IMAGE_PX, IMAGE_PX, 3),
        "cells": (count, VIEWS, CELLS, CELLS, STRUCTURES),
        "negatives": (plan.negatives, IMAGE_PX, IMAGE_PX, 3),
    }
    films, cells, negatives = (
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.uint8, shape)
        for name, shape in shapes.items()
    )
    with ProcessPoolExecutor(processes) as pool:
        drawn_films = pool.map(partial(_draw_film, plan), planned_films, chunksize=50)
        for index, (views, structures) in enumerate(drawn_films):
            films[index], cells[index] = views, structures
        drawn_negatives = pool.map(partial(_draw_other, plan), range(plan.negatives), chunksize=100)
        for index, view in enumerate(drawn_negatives):
            negatives[index] = view


def _draw_film(plan: DatasetPlan, film: PlannedFilm) -> tuple[Bytes, Bytes]:
    rng = np.random.default_rng((plan.seed, 1, film.patient))  # the same chest in all films
    return draw_views(draw_phantom(rng, film.truth, _FILM_HEIGHT_PX), plan.seed, film)


def draw_views(phantom: Phantom, seed: int, film: PlannedFilm) -> tuple[Bytes, Bytes]:
    """The film as a file, photographed, cut out of that, that evened, and photographed plainly.

    Args:
        seed: Of the set.
        film: Which one it is.

    Returns:
        Pictures uint8 (VIEWS, IMAGE_PX, IMAGE_PX, 3) and cells (VIEWS, CELLS, CELLS, STRUCTURES).
    """
    number = every_truth().index(film.truth)
    rng = np.random.default_rng((seed, 3, film.patient, number))
    shot = draw_shot(rng, without=_NOT_TAUGHT)
    photo = photograph(phantom.film, rng, phantom.structures, _PHOTO_SIDE_PX, shot=shot)
    seen, maps = [phantom.film, photo.picture], [phantom.structures, photo.structures]
    for finish in (lambda cut: cut, evened):
        corners = nearly(photo, rng)
        seen.append(finish(straightened(photo.picture, corners, phantom.film.size)))
        cut = straightened(Image.fromarray(photo.structures), corners, phantom.film.size)
        maps.append(np.asarray(cut))
    rng = np.random.default_rng((seed, 5, film.patient, number))
    plain, structures = plain_photograph(phantom.film, rng, phantom.structures, _PHOTO_SIDE_PX)
    seen.append(plain)
    maps.append(structures)
    return (
        np.stack([model_view(picture) for picture in seen]),
        np.stack([cell_shares(structures, film.truth) for structures in maps]),
    )


def _draw_other(plan: DatasetPlan, index: int) -> Bytes:
    rng, kind = _other(plan, index)
    return model_view(draw_negative(rng, kind, _PHOTO_SIDE_PX))


def is_radiograph(plan: DatasetPlan, index: int) -> bool:
    """Whether a picture that is no drawn film is a radiograph."""
    _, kind = _other(plan, index)
    return kind in SEEN


def _other(plan: DatasetPlan, index: int) -> tuple[np.random.Generator, str]:
    """A picture that is no drawn film, yet to be drawn, and its kind."""
    rng = np.random.default_rng((plan.seed, 2, index))
    return rng, draw_kind(rng)


def cell_shares(structures: Bytes, truth: Truth) -> Bytes:
    """Which share of each cell every structure takes.

    Args:
        structures: Structure map, uint8 (height, width), which is padded as its picture is.
        truth: What the film shows: names the finding's bit.

    Returns:
        uint8 (CELLS, CELLS, STRUCTURES), 0 to 255.
    """
    square = padded(Image.fromarray(structures)).getchannel(0)
    sheet = square.resize((64, 64), Image.Resampling.NEAREST)
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

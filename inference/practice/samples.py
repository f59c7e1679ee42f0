"""The sample films that the phone chat offers: `python -m inference.practice.samples <folder>`.

Knows six small pictures, the caption a nurse would send with each, and the page's `samples.json`.
Must not know the model that reads them, nor torch.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from inference.practice.negatives import draw_negative
from inference.practice.phantoms import draw_phantom
from inference.practice.photographs import jpeg_bytes, photograph
from inference.practice.truth import Finding, Side, Size, Truth, Zone

SAMPLES_FOLDER = Path(__file__).parent / "samples"

_LONG_SIDE_PX = 800
_FILE_MAX_BYTES = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSample:
    """One picture to try.

    Args:
        name: File name without its ending.
        title: What the page calls it: the complaint, so that it does not give the answer away.
        caption: What is sent with it.
        truth: What it shows, None for no chest film.
        photographed: As a phone photo, else as a clean film.
        seed: Of the picture.
    """

    name: str
    title: str
    caption: str
    truth: Truth | None
    photographed: bool
    seed: int


SAMPLES = (
    PracticeSample(
        name="film-1",
        title="Check before a job",
        caption="F 28, check before a job",
        truth=Truth(finding=Finding.NORMAL),
        photographed=False,
        seed=1,
    ),
    PracticeSample(
        name="film-2",
        title="Cough for three weeks",
        caption="M 45, cough and night sweats for 3 weeks",
        truth=Truth(finding=Finding.OPACITY, side=Side.RIGHT, zone=Zone.UPPER, size=Size.LARGE),
        photographed=True,
        seed=15,
    ),
    PracticeSample(
        name="film-3",
        title="Short of breath",
        caption="F 52, short of breath",
        truth=Truth(finding=Finding.EFFUSION, side=Side.LEFT, size=Size.LARGE),
        photographed=True,
        seed=20,
    ),
    PracticeSample(
        name="film-4",
        title="Sudden chest pain",
        caption="M 23, sudden chest pain",
        truth=Truth(finding=Finding.PNEUMOTHORAX, side=Side.LEFT, size=Size.LARGE),
        photographed=False,
        seed=4,
    ),
    PracticeSample(
        name="film-5",
        title="Swollen legs",
        caption="F 67, swollen legs",
        truth=Truth(finding=Finding.ENLARGED_HEART),
        photographed=True,
        seed=40,
    ),
    PracticeSample(
        name="plate",
        title="Not a film: lunch",
        caption="sent by mistake",
        truth=None,
        photographed=False,
        seed=50,
    ),
)


def draw_sample(sample: PracticeSample) -> Image.Image:
    """Draw a sample's picture.

    Returns:
        RGB picture, 800 px on its longer side.
    """
    rng = np.random.default_rng((88, sample.seed))
    if sample.truth is None:
        return draw_negative(rng, "food", _LONG_SIDE_PX)
    film = draw_phantom(rng, sample.truth, _LONG_SIDE_PX).film
    if sample.photographed:
        return photograph(film, rng, long_side_px=_LONG_SIDE_PX).picture
    return film.convert("RGB")


def write_samples(folder: Path) -> None:
    """Write all samples as JPEG, and `samples.json`.

    Args:
        folder: Made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for sample in SAMPLES:
        name = f"{sample.name}.jpg"
        (folder / name).write_bytes(_small_jpeg(draw_sample(sample)))
        entries.append({"file": name, "title": sample.title, "caption": sample.caption})
    (folder / "samples.json").write_text(json.dumps(entries, indent=2) + "\n")


def _small_jpeg(picture: Image.Image) -> bytes:
    """The best quality that stays under the size cap."""
    encoded = (jpeg_bytes(picture, quality=quality) for quality in range(88, 30, -4))
    return next(data for data in encoded if len(data) <= _FILE_MAX_BYTES)


def main() -> None:
    """Write the samples into the folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SAMPLES_FOLDER)
    write_samples(parser.parse_args().folder)


if __name__ == "__main__":
    main()

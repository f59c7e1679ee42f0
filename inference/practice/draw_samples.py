"""Draws the sample films anew: `python -m inference.practice.draw_samples <folder>`.

Must not know the model that reads them, nor torch.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

from inference.practice.cameras import jpeg_bytes
from inference.practice.negatives import draw_negative
from inference.practice.phantoms import draw_phantom
from inference.practice.photographs import photograph
from inference.practice.samples import SAMPLES, SAMPLES_FOLDER, PracticeSample
from inference.practice.shots import Grade, draw_shot

_LONG_SIDE_PX = 800
_FILE_MAX_BYTES = 60_000


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
        shot = draw_shot(rng, Grade.TIDY)
        return photograph(film, rng, long_side_px=_LONG_SIDE_PX, shot=shot).picture
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
        entries.append({"file": name, **_words(sample)})
    listing = json.dumps(entries, indent=2, ensure_ascii=False)
    (folder / "samples.json").write_text(listing + "\n", encoding="utf-8")


def _words(sample: PracticeSample) -> dict[str, object]:
    """Title and caption, in English and in the others."""
    others = {
        language.value: {"title": title, "caption": caption}
        for language, (title, caption) in sample.others.items()
    }
    return {"title": sample.title, "caption": sample.caption, "others": others}


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

"""Photographs, pictures that are no film, samples and the cells that training looks at."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageOps

from inference.practice.dataset import CELLS, STRUCTURES, cell_shares
from inference.practice.draw_samples import write_samples
from inference.practice.negatives import HELD_OUT, TRAINED, draw_negative
from inference.practice.phantoms import FILM_BIT, draw_phantom
from inference.practice.photographs import jpeg_bytes, photograph
from inference.practice.samples import SAMPLES, SAMPLES_FOLDER
from inference.practice.truth import Finding, Side, Size, Truth

LEFT_EFFUSION = Truth(finding=Finding.EFFUSION, side=Side.LEFT, size=Size.LARGE)


def test_the_same_seed_takes_the_same_photograph() -> None:
    film = draw_phantom(np.random.default_rng(1), height_px=200).film
    first, again = (photograph(film, np.random.default_rng(2), long_side_px=240) for _ in range(2))
    assert first.picture.tobytes() == again.picture.tobytes()
    assert max(first.picture.size) == 240


def test_structures_are_warped_with_the_film() -> None:
    """A white film on whatever backdrop is bright just where the warped map says film."""
    white = Image.new("L", (200, 220), 255)
    everywhere = np.full((220, 200), FILM_BIT, dtype=np.uint8)
    photo = photograph(white, np.random.default_rng(5), everywhere, long_side_px=320)
    grey = np.asarray(photo.picture.convert("L").resize((64, 64)), dtype=np.float64)
    on_film = photo.structures != 0
    assert 0.2 < on_film.mean() < 1
    assert grey[on_film].mean() > grey[~on_film].mean() + 20


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_phones_file_turns_upright_by_its_exif_orientation(orientation: int) -> None:
    film = draw_phantom(np.random.default_rng(1), height_px=200).film.convert("RGB")
    stored = Image.open(io.BytesIO(jpeg_bytes(film, quality=92, orientation=orientation)))
    turned = ImageOps.exif_transpose(stored)
    assert stored.getexif()[0x0112] == orientation
    assert turned.size == film.size
    assert np.asarray(ImageChops.difference(turned, film)).mean() < 3


@pytest.mark.parametrize("kind", [*TRAINED, *HELD_OUT])
def test_every_kind_of_negative_is_drawn_alike_from_a_seed(kind: str) -> None:
    first, again = (draw_negative(np.random.default_rng(3), kind, 120) for _ in range(2))
    assert first.mode == "RGB"
    assert max(first.size) == 120
    assert first.tobytes() == again.tobytes()


def test_held_out_kinds_are_never_trained_on() -> None:
    assert not set(TRAINED) & set(HELD_OUT)


def test_cells_name_the_finding_on_the_side_where_it_is() -> None:
    phantom = draw_phantom(np.random.default_rng(0), LEFT_EFFUSION, height_px=256)
    cells = cell_shares(phantom.structures, phantom.truth)
    assert cells.shape == (CELLS, CELLS, STRUCTURES)
    effusion = cells[:, :, 9]
    assert effusion[:, CELLS // 2 :].max() == 255
    assert effusion[:, : CELLS // 2 - 1].max() == 0
    assert cells[:, :, [8, 10]].max() == 0


def test_samples_are_small_jpegs_with_a_title_and_a_caption(tmp_path: Path) -> None:
    write_samples(tmp_path)
    entries = json.loads((tmp_path / "samples.json").read_text())
    assert len(entries) == len(SAMPLES)
    for entry in entries:
        file = tmp_path / entry["file"]
        assert file.stat().st_size <= 60_000
        with Image.open(file) as picture:
            assert picture.format == "JPEG"
        assert entry["title"]


def test_the_samples_in_the_repository_are_the_ones_that_the_script_writes() -> None:
    entries = json.loads((SAMPLES_FOLDER / "samples.json").read_text())
    assert [e["caption"] for e in entries] == [sample.caption for sample in SAMPLES]
    assert {path.name for path in SAMPLES_FOLDER.glob("*.jpg")} == {e["file"] for e in entries}

"""Photographs, pictures that are no film, samples and the cells that training looks at."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageOps

from inference.contract import Language
from inference.practice.cameras import jpeg_bytes
from inference.practice.dataset import (
    CELLS,
    IMAGE_PX,
    STRUCTURES,
    VIEWS,
    DatasetPlan,
    PlannedFilm,
    cell_shares,
    draw_views,
    model_view,
    planned,
)
from inference.practice.draw_samples import write_samples
from inference.practice.negatives import HELD_OUT, TRAINED, draw_negative
from inference.practice.phantoms import FILM_BIT, draw_phantom
from inference.practice.photographs import Photograph, photograph
from inference.practice.radiographs import SEEN, UNSEEN
from inference.practice.samples import SAMPLES, SAMPLES_FOLDER
from inference.practice.shots import Flaw, Grade, draw_shot
from inference.practice.truth import Finding, Side, Size, Truth
from inference.practice.unseen_photographs import photograph_unseen

LEFT_EFFUSION = Truth(finding=Finding.EFFUSION, side=Side.LEFT, size=Size.LARGE)


def test_the_same_seed_takes_the_same_photograph() -> None:
    film = draw_phantom(np.random.default_rng(1), height_px=200).film
    first, again = (photograph(film, np.random.default_rng(2), long_side_px=240) for _ in range(2))
    assert first.picture.tobytes() == again.picture.tobytes()
    assert max(first.picture.size) == 240


def taken(
    film: Image.Image,
    seed: int,
    grade: Grade = Grade.TIDY,
    flaws: dict[Flaw, int] | None = None,
    *,
    unseen: bool = False,
) -> Photograph:
    rng = np.random.default_rng(seed)
    shot = draw_shot(rng, grade, flaws=flaws)
    take = photograph_unseen if unseen else photograph
    everywhere = np.full((film.height, film.width), FILM_BIT, dtype=np.uint8)
    return take(film, rng, everywhere, long_side_px=320, shot=shot)


def grey(picture: Image.Image) -> NDArray[np.float64]:
    return np.asarray(picture.convert("L"), dtype=np.float64)


@pytest.mark.parametrize("unseen", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_the_film_lies_where_a_photographs_corners_say(seed: int, *, unseen: bool) -> None:
    """Given the true corners, what is warped back is the film that was photographed."""
    film = draw_phantom(np.random.default_rng(seed), height_px=256).film
    photo = taken(film, seed, unseen=unseen)
    corners = np.array(photo.corners) * photo.picture.size
    assert corners.min() >= 0
    back = _rectified(photo, film.size)
    inner = (slice(30, -30), slice(30, -30))
    assert np.corrcoef(grey(back)[inner].ravel(), grey(film)[inner].ravel())[0, 1] > 0.9


def _rectified(photo: Photograph, size: tuple[int, int]) -> Image.Image:
    corners = np.array(photo.corners) * photo.picture.size
    quad = corners[[0, 3, 2, 1]].ravel()
    return photo.picture.transform(
        size, Image.Transform.QUAD, tuple(float(v) for v in quad), Image.Resampling.BILINEAR
    )


def test_structures_are_warped_with_the_film() -> None:
    """The warped map says film just inside the corners."""
    film = Image.new("L", (200, 220), 200)
    photo = taken(film, 5)
    share = np.array(photo.corners)
    x, y = share[:, 0], share[:, 1]
    area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    assert (photo.structures != 0).mean() == pytest.approx(area, abs=0.03)


def test_a_tidy_photograph_has_no_flaw_and_a_poor_one_is_to_be_taken_again() -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        assert not draw_shot(rng, Grade.TIDY).flaws
        assert not draw_shot(rng, Grade.USUAL).to_be_retaken
        assert not draw_shot(rng, Grade.SCREEN).to_be_retaken
        poor = draw_shot(rng, Grade.POOR)
        assert poor.to_be_retaken
        assert poor.level(Flaw.TWO_FILMS) < 2 or not poor.level(Flaw.CUT_OFF)


@pytest.mark.parametrize("unseen", [False, True])
def test_a_flaw_grows_with_its_level(*, unseen: bool) -> None:
    film = draw_phantom(np.random.default_rng(4), height_px=256).film

    def mean(flaw: Flaw, level: int, measured: Callable[[Photograph], float]) -> float:
        flaws = {flaw: level}
        return float(np.mean([measured(taken(film, seed, Grade.USUAL, flaws, unseen=unseen))
                              for seed in range(5)]))  # fmt: skip

    def sharpness(photo: Photograph) -> float:
        return float(np.diff(grey(_rectified(photo, film.size)), axis=0).std())

    def light(photo: Photograph) -> float:
        return float(grey(_rectified(photo, film.size)).mean())

    def contrast(photo: Photograph) -> float:
        return float(np.ptp(np.percentile(grey(_rectified(photo, film.size)), [5, 95])))

    def turned(photo: Photograph) -> float:
        (ax, ay), (bx, by) = np.array(photo.corners[:2]) * photo.picture.size
        return -abs(float(np.arctan2(by - ay, bx - ax)))

    def inside(photo: Photograph) -> float:
        return float(np.clip(photo.corners, 0, 1).sum() == np.sum(photo.corners))

    for flaw, measured in (
        (Flaw.BLUR, sharpness),
        (Flaw.DARK, light),
        (Flaw.LOW_CONTRAST, contrast),
        (Flaw.TILTED, turned),
        (Flaw.CUT_OFF, inside),
    ):
        assert mean(flaw, 0, measured) > mean(flaw, 2, measured), flaw
        assert mean(flaw, 2, measured) >= mean(flaw, 3, measured), flaw


def test_photographs_kept_for_evaluation_are_of_another_make() -> None:
    film = draw_phantom(np.random.default_rng(1), height_px=256).film
    known, unseen = taken(film, 3), taken(film, 3, unseen=True)
    assert known.corners == unseen.corners
    assert np.abs(grey(known.picture) - grey(unseen.picture)).mean() > 10


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
    assert set(SEEN) <= set(TRAINED)
    assert set(UNSEEN) <= set(HELD_OUT)
    assert len(SEEN) >= 30
    assert len(UNSEEN) >= 8


def test_each_view_of_a_film_shows_the_finding_in_the_same_place() -> None:
    """Cut out of its photograph, a film lies as it did in the file, and so do its structures."""
    film = PlannedFilm(1, LEFT_EFFUSION)
    phantom = draw_phantom(np.random.default_rng(0), LEFT_EFFUSION, height_px=224)
    pictures, cells = draw_views(phantom, 0, film)
    assert pictures.shape == (VIEWS, IMAGE_PX, IMAGE_PX, 3)
    for cut in (2, 3):
        moved = np.abs(cells[cut].astype(int) - cells[0].astype(int))
        assert moved.mean() < 12


def test_a_patients_films_differ_in_how_far_the_finding_went() -> None:
    films = planned(DatasetPlan(patients=40))
    for patient in range(40):
        first, *others = (film.truth for film in films if film.patient == patient)
        assert first.finding is Finding.NORMAL
        assert len({(truth.finding, truth.side, truth.zone) for truth in others}) == 1


def test_what_the_model_sees_is_padded_not_stretched() -> None:
    wide = model_view(Image.new("RGB", (200, 100), (255, 255, 255)))
    assert wide[: IMAGE_PX // 5].max() == 0
    assert wide[IMAGE_PX // 2].min() == 255


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
    assert [
        {code: (said["title"], said["caption"]) for code, said in entry["others"].items()}
        for entry in entries
    ] == [sample.others for sample in SAMPLES]
    for sample in SAMPLES:
        assert {*sample.others} == {*Language} - {Language.ENGLISH}
    assert {path.name for path in SAMPLES_FOLDER.glob("*.jpg")} == {e["file"] for e in entries}

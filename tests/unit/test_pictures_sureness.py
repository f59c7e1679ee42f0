"""How sure an outline is: what speaks for it and against it, where the film is known."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pictures.sureness import NAMES, Evidence, evidence, sureness
from pictures.sureness_weights import WEIGHTS
from tests.film_photos import on_light_box

FILM = np.array([[1 / 6, 0.1875], [5 / 6, 0.1875], [5 / 6, 0.7875], [1 / 6, 0.7875]])
BOX = np.array([[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]])


def greys(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L").resize((288, 384)))


def of(*places: NDArray[np.float64], scores: tuple[float, ...] = (4.0, -4.0)) -> Evidence:
    picture, _ = on_light_box()
    return evidence(greys(picture), np.stack(places), np.array(scores))


def test_a_films_own_outline_is_surer_than_the_rim_of_the_box_with_the_same_score() -> None:
    film, box = of(FILM, BOX), of(BOX, FILM)
    assert sureness(film, WEIGHTS) > 0.9
    assert sureness(box, WEIGHTS) < 0.5


def test_the_rim_of_a_box_has_flat_greys_inside_and_a_step_further_in() -> None:
    film, box = of(FILM, BOX), of(BOX, FILM)
    assert box.next_flat < 0.5 * film.next_flat
    assert box.inner > 2 * film.inner


def test_another_outline_with_as_high_a_score_makes_less_sure_unless_it_is_nearly_the_same() -> (
    None
):
    scores = (3.0, 2.9)
    alone, beside = of(FILM, BOX, scores=(3.0, -9.0)), of(FILM, BOX, scores=scores)
    nearly = of(FILM, FILM + 0.004, scores=scores)
    assert sureness(beside, WEIGHTS) < sureness(alone, WEIGHTS) - 0.01
    assert sureness(nearly, WEIGHTS) > sureness(beside, WEIGHTS)


def test_the_outline_with_the_highest_score_is_judged_wherever_it_stands() -> None:
    assert of(FILM, BOX) == of(BOX, FILM, scores=(-4.0, 4.0))


def test_a_side_along_which_nothing_steps_is_told() -> None:
    moved = FILM + np.array([[0, 0], [-0.2, 0], [-0.2, 0], [0, 0]])
    assert of(FILM, BOX).step > 0.9
    assert of(moved, BOX).step < 0.7


def test_shape_and_size_are_those_of_the_outline_in_the_photo() -> None:
    found = of(FILM, BOX)
    assert found.area == pytest.approx(np.log(0.4), abs=0.01)
    assert found.oblong == pytest.approx(np.log(480 / 400), abs=0.01)


def test_a_side_out_of_sight_speaks_not_against_an_outline() -> None:
    picture, _ = on_light_box()
    cropped = picture.crop((100, 0, 600, 800))
    places = np.array([[[0, 0.1875], [0.8, 0.1875], [0.8, 0.7875], [0, 0.7875]]])
    assert evidence(greys(cropped), places, np.array([3.0])).step > 0.9


def test_what_lies_at_one_place_or_in_one_grey_can_be_judged() -> None:
    grey = np.full((384, 288), 90, np.uint8)
    for places in (np.full((1, 4, 2), 0.5), FILM[None], FILM[None] * 3 - 1):
        found = evidence(grey, places, np.array([0.0]))
        assert all(np.isfinite([getattr(found, name) for name in NAMES]))
        assert 0 <= sureness(found, WEIGHTS) <= 1


def test_evidence_far_beyond_all_that_was_fitted_on_counts_no_more() -> None:
    film = of(FILM, BOX)
    far, further = (replace(film, inner=value) for value in (1e3, 1e9))
    assert sureness(far, WEIGHTS) == sureness(further, WEIGHTS)

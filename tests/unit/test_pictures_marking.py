"""A place marked on a film: right is at the left of the picture; what lies stays bare."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageChops

from inference.practice.phantoms import draw_phantom
from inference.practice.truth import every_truth
from pictures.errors import NotAFrontalFilm
from pictures.marking import LONGEST_PX, marked
from pictures.places import MarkWords, Place, Side, Zone

WORDS = MarkWords(right="Patient's right", left="Patient's left", label="Where the text says: here")


def film(seed: int = 1) -> Image.Image:
    return draw_phantom(np.random.default_rng(seed)).film.convert("RGB")


def drawn_on(picture: Image.Image, place: Place) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what was drawn, in shares of the film."""
    result = marked(picture, place, WORDS)
    band_px = (result.height - picture.height) // 2
    within = result.crop((0, band_px, picture.width, band_px + picture.height))
    box = ImageChops.difference(within, picture).getbbox()
    assert box is not None
    left, top, right, bottom = box
    width, height = picture.size
    return left / width, top / height, right / width, bottom / height


@pytest.mark.parametrize("zone", [None, *Zone])
def test_the_patients_right_is_marked_at_the_left_of_the_picture(zone: Zone | None) -> None:
    left, _, right, _ = drawn_on(film(), Place(side=Side.RIGHT, zone=zone))
    assert 0 <= left < right <= 0.52


@pytest.mark.parametrize("zone", [None, *Zone])
def test_the_patients_left_is_marked_at_the_right_of_the_picture(zone: Zone | None) -> None:
    left, _, right, _ = drawn_on(film(), Place(side=Side.LEFT, zone=zone))
    assert 0.48 <= left < right <= 1


def test_zones_lie_one_under_the_other() -> None:
    zones = (Zone.UPPER, Zone.MIDDLE, Zone.LOWER)
    boxes = [drawn_on(film(), Place(side=Side.RIGHT, zone=zone)) for zone in zones]
    middles = [(top + bottom) / 2 for _, top, _, bottom in boxes]
    assert middles == sorted(middles)


def test_both_sides_are_marked_where_both_are_named() -> None:
    left, _, right, _ = drawn_on(film(), Place(side=Side.BOTH, zone=Zone.LOWER))
    assert left < 0.2
    assert right > 0.8


def test_what_lies_within_the_mark_stays_as_it_was() -> None:
    picture = film()
    result = marked(picture, Place(side=Side.RIGHT, zone=Zone.LOWER), WORDS)
    band_px = (result.height - picture.height) // 2
    x, y = round(0.28 * picture.width), round(0.69 * picture.height)
    box = (x - 20, y - 20, x + 20, y + 20)
    shown = result.crop((box[0], box[1] + band_px, box[2], box[3] + band_px))
    assert ImageChops.difference(shown, picture.crop(box)).getbbox() is None


@pytest.mark.parametrize("turns", [1, 3])
def test_a_film_that_lies_on_its_side_is_not_marked(turns: int) -> None:
    rng = np.random.default_rng(2)
    for truth in every_truth():
        lying = draw_phantom(rng, truth, 256).film.rotate(90 * turns, expand=True).convert("RGB")
        with pytest.raises(NotAFrontalFilm):
            marked(lying, Place(side=Side.RIGHT), WORDS)


def test_a_film_that_stands_upright_is_marked_whatever_it_shows() -> None:
    rng = np.random.default_rng(3)
    for truth in every_truth():
        marked(draw_phantom(rng, truth, 256).film.convert("RGB"), Place(side=Side.RIGHT), WORDS)


def test_a_picture_of_one_grey_is_not_marked() -> None:
    with pytest.raises(NotAFrontalFilm):
        marked(Image.new("RGB", (300, 300), "grey"), Place(side=Side.LEFT), WORDS)


def test_words_in_any_language_and_of_any_length_fit_on_the_picture() -> None:
    long = MarkWords(right="ɓangare " * 9, left="côté " * 20, label="Où le texte le dit : " * 9)
    picture = film()
    result = marked(picture, Place(side=Side.LEFT), long)
    edges = [
        result.crop((0, 0, 3, result.height)),
        result.crop((result.width - 3, 0, *result.size)),
    ]
    for edge in edges:
        top = edge.crop((0, 0, 3, (result.height - picture.height) // 2))
        assert top.getcolors() == [(3 * top.height, (16, 16, 16))]


def test_a_large_film_is_made_smaller() -> None:
    large = film().resize((2600, 3000))
    assert marked(large, Place(side=Side.LEFT), WORDS).width <= LONGEST_PX


def test_a_word_across_a_film_reaches_over_most_of_it_and_stays_on_it() -> None:
    place = Place(side=Side.RIGHT, zone=Zone.LOWER)
    plain = marked(film(), place, WORDS)
    struck = marked(film(), place, replace(WORDS, across="WITHDRAWN"))
    box = ImageChops.difference(struck, plain).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert right - left > plain.width * 0.5
    assert bottom - top > plain.height * 0.5
    reds = np.asarray(struck)[..., 0].astype(int) - np.asarray(struck)[..., 1]
    assert (reds > 100).sum() > plain.width * plain.height * 0.01

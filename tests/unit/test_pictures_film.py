"""The film in a photo: found where it is sure, left alone where it is not, and made straight."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from inference.practice.negatives import HELD_OUT, TRAINED
from inference.practice.phantoms import draw_phantom
from inference.practice.shots import Grade
from pictures.decoded import Decoded
from pictures.film import READ_SIDE_PX, SURE, FilmOutline, evened, find_film, rectified
from pictures.photo import looked_at
from pictures.picture import PhotoFault
from tests.film_photos import on_light_box, overlap, photo

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def test_a_film_on_a_light_box_is_found_to_a_hundredth() -> None:
    picture, truth = on_light_box()
    found = find_film(picture)
    assert found is not None
    assert found.sureness >= SURE
    assert np.abs(np.array(found.corners) - truth).max() < 0.01


@pytest.mark.parametrize("size", [(300, 400), (1500, 2000)])
def test_a_film_is_found_in_a_photo_of_any_size(size: tuple[int, int]) -> None:
    picture, truth = on_light_box()
    found = find_film(picture.resize(size))
    assert found is not None
    assert overlap(found.corners, truth) > 0.95


def test_of_careful_photos_most_are_surely_found_and_none_wrongly() -> None:
    sure = 0
    for seed in range(12):
        shown = photo(seed, Grade.TIDY)
        found = find_film(shown.picture)
        if found is not None and found.sureness >= SURE:
            sure += 1
            assert overlap(found.corners, shown.corners) > 0.8, seed
    assert sure >= 7


def test_a_bare_film_is_left_alone() -> None:
    film = draw_phantom(np.random.default_rng(3), height_px=480).film
    assert find_film(film.convert("RGB")) is None
    bordered = Image.new("RGB", (560, 600), (4, 4, 4))
    bordered.paste(film.resize((480, 520)), (40, 40))
    assert find_film(bordered) is None


@pytest.mark.parametrize("kind", ["skin", "landscape", "limb", "text page", "noise"])
def test_a_picture_of_something_else_is_not_cut(kind: str) -> None:
    for seed in range(4):
        draw = {**TRAINED, **HELD_OUT}[kind]
        found = find_film(draw(np.random.default_rng(seed), 400, 300).convert("RGB"))
        assert found is None or found.sureness < SURE, seed


def test_a_picture_without_an_edge_has_no_film() -> None:
    for size in ((1, 1), (3, 900), (640, 480)):
        assert find_film(Image.new("RGB", size, (120, 90, 60))) is None


@pytest.mark.parametrize("size", [(8, 8), (60, 80)])
def test_a_picture_too_small_for_a_film_has_none_and_is_not_judged(size: tuple[int, int]) -> None:
    tiny = on_light_box()[0].resize(size)
    assert find_film(tiny) is None
    assert looked_at(Decoded(image=tiny, lossless=False)).note is None


def test_a_film_made_straight_is_the_film() -> None:
    drawn = draw_phantom(np.random.default_rng(5), height_px=480).film
    picture, truth = on_light_box(drawn)
    straight = rectified(picture, truth)
    assert straight.size == (400, 480)
    difference = np.asarray(straight.convert("L"), int) - np.asarray(drawn.resize((400, 480)), int)
    assert np.abs(difference).mean() < 2


def test_a_film_made_straight_is_no_larger_than_models_look_at() -> None:
    assert max(rectified(Image.new("RGB", (3000, 2000)), WHOLE).size) == READ_SIDE_PX
    assert rectified(Image.new("RGB", (30, 20)), WHOLE).size == (30, 20)


def test_a_tilted_film_is_made_straight_with_its_top_at_the_top() -> None:
    picture = Image.new("RGB", (400, 400), (250, 250, 240))
    corners = [(200, 20), (380, 200), (200, 380), (20, 200)]
    pen = ImageDraw.Draw(picture)
    pen.polygon(corners, fill=(60, 60, 60))
    pen.polygon([(200, 20), (290, 110), (200, 200), (110, 110)], fill=(200, 0, 0))
    top_left, top_right, bottom_right, bottom_left = ((x / 400, y / 400) for x, y in corners)
    straight = rectified(picture, (top_left, top_right, bottom_right, bottom_left))
    red, _, blue = straight.getpixel((60, 60))  # type: ignore[misc]
    assert red > blue + 100
    assert straight.getpixel((200, 200)) == (60, 60, 60)


def test_evening_spreads_the_greys_and_takes_the_tint_but_keeps_their_order() -> None:
    ramp = np.arange(256, dtype=np.float32)[None].repeat(64, 0)
    dim = np.stack([40 + 0.3 * ramp, 50 + 0.3 * ramp, 30 + 0.3 * ramp], -1).astype(np.uint8)
    shown = np.asarray(evened(Image.fromarray(dim)))
    assert (shown[..., 0] == shown[..., 2]).all()
    row = shown[0, :, 0].astype(int)
    assert (np.diff(row) >= 0).all()
    assert row[0] == 0
    assert row[-1] == 255


def test_evening_a_picture_of_one_grey_invents_nothing() -> None:
    shown = np.asarray(evened(Image.new("RGB", (20, 20), (90, 90, 90))))
    assert np.unique(shown).size == 1


@pytest.mark.parametrize("another", [False, True])
def test_of_two_films_none_is_cut_out_unasked(
    monkeypatch: pytest.MonkeyPatch, *, another: bool
) -> None:
    picture, corners = on_light_box()
    outline = FilmOutline(corners=corners, sureness=0.99, another=another)
    monkeypatch.setattr("pictures.film.find_film", lambda _: outline)
    seen = looked_at(Decoded(image=picture, lossless=False))
    assert seen.note is not None
    assert seen.note.faults is not None
    assert (PhotoFault.TWO_FILMS in seen.note.faults) == another
    assert (seen.read is None) == another
    assert (seen.note.film is None) == another


def test_corners_that_were_set_are_used_whatever_else_hangs_there() -> None:
    picture, corners = on_light_box()
    seen = looked_at(Decoded(image=picture, lossless=False), corners)
    assert seen.read is not None

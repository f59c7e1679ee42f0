"""What tells a film's outline from others is fitted to the truth of drawn photographs."""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from inference.practice import finder_fit
from inference.practice.finder_fit import Looked, fitted, looked_at, of_weights
from inference.practice.shots import Grade
from pictures.film import SURE, Candidates, FilmWeights, find_film, stored_weights
from tests.film_photos import on_light_box

OUTLINES = 30


def photos(rng: np.random.Generator, count: int) -> Iterator[Looked]:
    """Photos whose outlines tell how right they are by two of their ten features."""
    for number in range(count):
        is_film = number % 4 > 0
        overlaps = rng.uniform(0.2, 0.85, OUTLINES)
        overlaps[rng.choice(OUTLINES, 3, replace=False)] = rng.uniform(0.92, 1.0, 3)
        features = rng.normal(0, 1, (OUTLINES, 10))
        features[:, 2] = 12 * (overlaps - 0.9) if is_film else -1
        features[:, 7] = is_film
        middle, half = (
            rng.uniform(0.4, 0.6, (OUTLINES, 1, 2)),
            rng.uniform(0.1, 0.3, (OUTLINES, 1, 1)),
        )
        places = middle + half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
        grey = rng.integers(0, 255, (64, 64)).astype(np.uint8)
        found = Candidates(places, features, np.zeros(OUTLINES), grey)
        grade = Grade.TIDY if is_film else None
        yield Looked(grade, found, overlaps if is_film else np.zeros(OUTLINES))


def test_the_outline_that_overlaps_most_is_chosen_and_none_where_there_is_no_film() -> None:
    weights = fitted(list(photos(np.random.default_rng(1), 120)), seed=1, steps=600)
    others = list(photos(np.random.default_rng(2), 80))
    counted = {m.name: (m.right, m.total) for m in of_weights(others, weights)}
    assert counted["tidy: an outline of IoU >= 0.95 is there"][1] == 60
    there, chosen = (
        counted[f"tidy: {what}"][0]
        for what in ("an outline of IoU >= 0.95 is there", "chosen, IoU >= 0.95")
    )
    assert chosen >= 0.9 * there
    assert counted["cut out wrongly (IoU < 0.8)"] == (0, 60)
    assert counted["no film: cut out all the same"] == (0, 20)


def test_the_same_seed_fits_the_same_weights() -> None:
    seen = list(photos(np.random.default_rng(1), 8))
    one, again = (fitted(seen, seed=3, steps=20) for _ in range(2))
    assert all((a == b).all() for a, b in zip(one, again, strict=True))
    other = fitted(seen, seed=4, steps=20)
    assert not np.allclose(one.hidden, other.hidden)


def test_a_photo_without_outlines_is_counted_as_not_found() -> None:
    missed = Looked(Grade.TIDY, None, np.zeros(0))
    counted = {m.name: (m.right, m.total) for m in of_weights([missed], stored_weights())}
    assert counted["tidy: chosen, IoU >= 0.95"] == (0, 1)


def test_each_grade_is_drawn_and_a_picture_without_a_film() -> None:
    looked = looked_at(1, 1, processes=1)
    assert [each.grade for each in looked] == [*Grade, None]
    tidy = looked[0]
    assert tidy.found is not None
    assert len(tidy.overlaps) == len(tidy.found.places)
    assert tidy.overlaps.max() > 0.9


def test_what_is_written_are_the_weights_that_the_finder_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = stored_weights()
    file = tmp_path / "weights.json"
    monkeypatch.setattr(finder_fit, "looked_at", lambda *_, **__: [])
    monkeypatch.setattr(finder_fit, "fitted", lambda *_: kept)
    monkeypatch.setattr("sys.argv", ["finder_fit", "--out", str(file)])
    finder_fit.main()
    written = json.loads(file.read_text())
    stored = json.loads((resources.files("pictures") / "film_weights.json").read_text())
    assert written.keys() == stored.keys()
    for name, value in stored.items():
        assert np.allclose(written[name], value, atol=1e-5)


def test_the_finder_uses_the_weights_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, _ = on_light_box()
    seeing = find_film(picture)
    blind = FilmWeights(*(np.zeros_like(each) for each in stored_weights()))
    monkeypatch.setattr("pictures.film.stored_weights", lambda: blind._replace(spread=np.ones(81)))
    found = find_film(picture)
    assert seeing is not None
    assert found is not None
    assert found.sureness < SURE < seeing.sureness

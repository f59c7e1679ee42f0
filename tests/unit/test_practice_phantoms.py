"""Drawn films show what their truth says, where it says."""

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.practice.phantoms import FINDING_BIT, HEART_BIT, ZONE_MASK, Phantom, draw_phantom
from inference.practice.truth import Finding, Side, Size, Truth, Zone, every_truth

SIDED = [truth for truth in every_truth() if truth.side is not None]


def draw(truth: Truth | None, seed: int = 0) -> Phantom:
    return draw_phantom(np.random.default_rng(seed), truth, height_px=256)


def finding_pixels(phantom: Phantom) -> NDArray[np.bool]:
    return np.asarray(phantom.structures & FINDING_BIT, dtype=np.bool)


def name(truth: Truth) -> str:
    return " ".join(str(part) for part in (truth.size, truth.side, truth.zone, truth.finding))


def test_the_same_seed_draws_the_same_film() -> None:
    first, again, other = draw(None, seed=7), draw(None, seed=7), draw(None, seed=8)
    assert first.truth == again.truth
    assert first.film.tobytes() == again.film.tobytes()
    assert np.array_equal(first.structures, again.structures)
    assert first.film.tobytes() != other.film.tobytes()


@pytest.mark.parametrize("truth", SIDED, ids=name)
def test_the_patients_right_is_at_the_left_of_the_picture(truth: Truth) -> None:
    phantom = draw(truth)
    columns = np.nonzero(finding_pixels(phantom))[1]
    spine = phantom.film.width / 2
    assert columns.size
    assert (columns.mean() < spine) == (truth.side is Side.RIGHT)


@pytest.mark.parametrize("truth", SIDED, ids=name)
def test_the_finding_changes_the_films_brightness_where_its_truth_says(truth: Truth) -> None:
    phantom = draw(truth)
    grey = np.asarray(phantom.film, dtype=np.float64)
    there = finding_pixels(phantom)
    other_lung = range(4, 7) if truth.side is Side.RIGHT else range(1, 4)
    healthy = grey[np.isin(phantom.structures & ZONE_MASK, other_lung)].mean()
    if truth.finding is Finding.PNEUMOTHORAX:
        assert grey[there].mean() < healthy - 10
    else:
        assert grey[there].mean() > healthy + 25


@pytest.mark.parametrize("zone", Zone)
@pytest.mark.parametrize("side", Side)
def test_an_opacity_lies_in_its_zone(side: Side, zone: Zone) -> None:
    truth = Truth(finding=Finding.OPACITY, side=side, zone=zone, size=Size.SMALL)
    for seed in range(8):
        phantom = draw(truth, seed)
        numbers = phantom.structures[finding_pixels(phantom)] & ZONE_MASK
        expected = 1 + 3 * list(Side).index(side) + list(Zone).index(zone)
        assert np.bincount(numbers).argmax() == expected


def test_large_is_clearly_larger_than_small() -> None:
    for truth in SIDED:
        if truth.size is Size.SMALL:
            large = Truth(finding=truth.finding, side=truth.side, zone=truth.zone, size=Size.LARGE)
            small_area = max(finding_pixels(draw(truth, seed)).sum() for seed in range(5))
            large_area = min(finding_pixels(draw(large, seed)).sum() for seed in range(5))
            assert large_area > 1.2 * small_area, name(truth)


def test_an_enlarged_heart_is_over_half_the_chest_and_every_other_is_under() -> None:
    for truth in every_truth():
        structures = draw(truth).structures
        lungs = np.nonzero((structures & ZONE_MASK) != 0)[1]
        heart = np.nonzero((structures & HEART_BIT) != 0)[1]
        ratio = np.ptp(heart) / np.ptp(lungs)
        assert (ratio > 0.55) == (truth.finding is Finding.ENLARGED_HEART), name(truth)


def test_a_normal_film_has_no_finding_drawn() -> None:
    assert not finding_pixels(draw(Truth(finding=Finding.NORMAL))).any()


def test_a_truth_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="side"):
        Truth(finding=Finding.EFFUSION)
    with pytest.raises(ValueError, match="zone"):
        Truth(finding=Finding.EFFUSION, side=Side.LEFT, size=Size.SMALL, zone=Zone.UPPER)
    with pytest.raises(ValueError, match="side"):
        Truth(finding=Finding.NORMAL, side=Side.LEFT, size=Size.SMALL)


def test_every_truth_stands_once() -> None:
    assert len(every_truth()) == len(set(every_truth())) == 22

"""Limits for photos are fitted between what is harmless and what should be taken again."""

from dataclasses import replace

import numpy as np
import pytest

from inference.practice import limit_fit
from inference.practice.limit_fit import LIMITS, Measured, fitted, of_limits, parted, photographs
from inference.practice.shots import Backdrop, Flaw, Grade, Shot
from pictures.photo_limits import PHOTO_LIMITS
from pictures.quality import PhotoQuality

GOOD = PhotoQuality(
    faults=(), bright=200, spread=180, white=0.05, detail=0.2, waves=0.01, skin=0.0, rim=0.001,
    size=0.8, turned_degrees=1.0, at_border=0.0,
)  # fmt: skip


def photo(flaw: Flaw, level: int, quality: PhotoQuality | None) -> Measured:
    shot = Shot(grade=Grade.USUAL, backdrop=Backdrop.WINDOW, flaws={flaw: level})
    return Measured(shot=shot, quality=quality)


def test_a_limit_lies_in_the_widest_gap_between_the_harmless_and_the_flawed() -> None:
    slight = [photo(Flaw.DARK, level, GOOD) for level in (0, 1)] * 20
    dark = [photo(Flaw.DARK, level, replace(GOOD, bright=40)) for level in (2, 3)] * 20
    limits = fitted([*slight, *dark])
    assert limits["bright"] == pytest.approx(120)
    assert limits["rim"] == PHOTO_LIMITS["rim"], "nothing was blurred: nothing is fitted"
    assert set(limits) == {*LIMITS, "measurable_spread"} == set(PHOTO_LIMITS)


def test_where_they_mix_one_missed_counts_as_two_told_wrongly() -> None:
    harmless = np.array([0.0, 1.0, 2.0, 5.0])
    assert parted(harmless, np.array([4.0, 6.0, 7.0])) == 3.0
    assert parted(np.array([*harmless, 5.2, 5.4]), np.array([4.0, 6.0, 7.0])) == pytest.approx(5.7)


def test_what_is_told_named_and_seen_is_counted() -> None:
    photos = [
        photo(Flaw.DARK, 2, replace(GOOD, bright=40)),
        photo(Flaw.TILTED, 3, replace(GOOD, bright=40)),
        photo(Flaw.BLUR, 2, GOOD),
        photo(Flaw.FINGER, 3, None),
        photo(Flaw.DARK, 0, GOOD),
        photo(Flaw.DARK, 1, replace(GOOD, skin=0.5)),
    ]
    counted = {m.name: (m.right, m.total) for m in of_limits(photos, PHOTO_LIMITS)}
    assert counted["dark, level 2 or 3, film seen: named"] == (1, 1)
    assert counted["to be retaken: film seen"] == (3, 4)
    assert counted["these, film seen: told"] == (2, 3)
    assert counted["told: rightly named"] == (1, 2)
    assert counted["level 0: told all the same"] == (0, 1)
    assert counted["level 1: told all the same"] == (1, 1)


def test_photographs_are_drawn_of_each_level_and_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit_fit, "LIMITS", {"bright": LIMITS["bright"]})
    photos = photographs(1, 1, processes=1)
    assert [each.shot.flaws for each in photos] == [{Flaw.DARK: level} for level in range(4)]
    assert photos[0].quality is not None
    assert photos[0].quality.bright > PHOTO_LIMITS["bright"]

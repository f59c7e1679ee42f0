"""The corners of a film as somebody sends them: untrusted JSON, until it makes sense."""

import json

import pytest

from pictures import corners

UPRIGHT = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.8], [0.1, 0.8]]


def test_corners_are_read_and_written_alike() -> None:
    found = corners.parse(json.dumps(UPRIGHT))
    assert found == ((0.1, 0.1), (0.9, 0.1), (0.9, 0.8), (0.1, 0.8))
    assert corners.parse(corners.dump(found)) == found


def test_a_tilted_film_and_one_that_fills_the_photo_have_corners() -> None:
    assert corners.corners([[0.3, 0], [1, 0.3], [0.7, 1], [0, 0.7]])
    assert corners.corners([[0, 0], [1, 0], [1, 1], [0, 1]])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "{}",
        "null",
        "[[" * 100_000,
        json.dumps(UPRIGHT[:3]),
        json.dumps([*UPRIGHT, [0.5, 0.5]]),
        "[[0.1, 0.1], [0.9, 0.1], [0.9, 0.8], [0.1, NaN]]",
        "[[0.1, 0.1], [0.9, 0.1], [0.9, 0.8], [0.1, Infinity]]",
        "[[0.1, 0.1], [0.9, 0.1], [0.9, 0.8], [0.1, 1.2]]",
        "[[-0.1, 0.1], [0.9, 0.1], [0.9, 0.8], [0.1, 0.8]]",
        "[[true, 0.1], [0.9, 0.1], [0.9, 0.8], [0.1, 0.8]]",
        '[["0.1", 0.1], [0.9, 0.1], [0.9, 0.8], [0.1, 0.8]]',
        "[[0.1], [0.9, 0.1], [0.9, 0.8], [0.1, 0.8]]",
        "[0.1, 0.9, 0.9, 0.1]",
        json.dumps(UPRIGHT[::-1]),
        json.dumps([UPRIGHT[0], UPRIGHT[2], UPRIGHT[1], UPRIGHT[3]]),
        "[[0.5, 0.5], [0.6, 0.5], [0.6, 0.6], [0.5, 0.6]]",
        "[[0.1, 0.1], [0.9, 0.1], [0.2, 0.2], [0.1, 0.8]]",
        f"[[0.1, 0.1], [0.9, 0.1], [0.9, 0.8], [0.1, {'9' * 5000}]]",
    ],
)
def test_what_is_no_outline_of_a_film_is_refused(text: str) -> None:
    with pytest.raises(corners.NoOutline):
        corners.parse(text)

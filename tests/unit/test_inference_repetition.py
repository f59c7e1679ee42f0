"""When an answer goes in circles."""

from collections.abc import Sequence

import pytest

from inference.repetition import looped_tokens


@pytest.mark.parametrize(
    ("tokens", "looped"),
    [
        ([], 0),
        ([7] * 31, 0),
        ([7] * 32, 31),
        ([1, 2, 3] + [7] * 32, 31),
        ([5, 6, 7, 8] * 8, 28),
        ([*range(20)] * 3, 0),
        ([*range(20)] * 4, 60),
        ([*range(200)], 0),
        ([5, 6] * 15 + [5, 7], 0),
        (["no ", "effusion. "] * 16, 30),
    ],
)
def test_only_a_tail_said_many_times_over_is_a_loop(tokens: Sequence[object], looped: int) -> None:
    assert looped_tokens(tokens) == looped

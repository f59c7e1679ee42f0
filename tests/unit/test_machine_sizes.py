import pytest

from machine.sizes import size_words


@pytest.mark.parametrize(
    ("size_bytes", "said"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (480_000, "480 kB"),
        (999_999, "1 MB"),
        (2_440_000, "2.4 MB"),
        (50_000_000, "50 MB"),
        (999_990_000, "1 GB"),
        (1_250_000_000, "1.2 GB"),
    ],
)
def test_sizes_are_said_in_the_unit_that_shows_them(size_bytes: int, said: str) -> None:
    assert size_words(size_bytes) == said

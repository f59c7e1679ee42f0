"""How far two prompts begin alike."""

import pytest

from inference.runtime.prefix_cache import PrefixCache, TokenKey, common_prefix, token_keys

IMAGE = 7
ONE, TWO = b"features of one", b"features of two"


def marks(ids: list[int], *pictures: bytes) -> list[TokenKey]:
    return token_keys(ids, pictures, IMAGE)


def test_tokens_of_a_picture_are_told_apart_by_what_it_shows() -> None:
    both = marks([1, IMAGE, IMAGE, 2, IMAGE, IMAGE, 3], ONE, TWO)
    assert both == marks([1, IMAGE, IMAGE, 2, IMAGE, IMAGE, 3], ONE, TWO)
    assert both[1] == both[2] != both[4] == both[5]
    assert both[::3] == [1, 2, 3]
    assert marks([1, 2]) == [1, 2]


@pytest.mark.parametrize(
    ("held", "asked", "count"),
    [
        (marks([]), marks([1, 2]), 0),
        (marks([1, 2, 3]), marks([1, 2, 4, 5]), 2),
        (marks([1, 2, 3]), marks([1, 2, 3]), 2),  # the last token is always read
        (marks([1, 2, 3]), marks([1, 2, 3, 4]), 3),
        (marks([1, IMAGE, IMAGE, 2], ONE), marks([1, IMAGE, IMAGE, 2, 3], ONE), 4),
        (marks([1, IMAGE, IMAGE, 2], ONE), marks([1, IMAGE, IMAGE, 2, 3], TWO), 1),
        (marks([1, IMAGE], ONE), marks([1, IMAGE, IMAGE, 2], ONE), 1),  # never in its midst
    ],
)
def test_what_is_in_common_ends_before_the_last_token_and_outside_of_pictures(
    held: list[TokenKey], asked: list[TokenKey], count: int
) -> None:
    assert common_prefix(held, asked) == count


def test_where_nothing_was_read_nothing_is_gone_on_from() -> None:
    assert PrefixCache(kept=True).resumed([1, 2, 3]) is None

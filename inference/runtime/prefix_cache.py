"""What was read last, for a prompt that begins alike to go on from.

Knows tokens, pictures by their features' digests, and caches. Must not know cases: what is kept is
of use only to a prompt with the very same beginning, for which it would have been made anew. So it
never depends on who was read before what an answer says, but for the rounding of numbers.
"""

from collections.abc import Sequence
from hashlib import sha256
from itertools import takewhile

from transformers import DynamicCache

from inference.runtime.caches import cut, forked

TokenKey = int | bytes
"""What tells tokens apart: an id, or for those of a picture a digest of the picture's features."""


def token_keys(ids: Sequence[int], pictures: Sequence[bytes], image_token: int) -> list[TokenKey]:
    """Tell a prompt's tokens apart.

    Args:
        pictures: Each picture's features, in order; all pictures have as many tokens.
        image_token: The id that stands in the place of each of them.
    """
    each_tokens = ids.count(image_token) // max(1, len(pictures))
    digests = (sha256(features).digest() for features in pictures)
    of_pictures = iter([digest for digest in digests for _ in range(each_tokens)])
    return [next(of_pictures) if token == image_token else token for token in ids]


def common_prefix(held: Sequence[TokenKey], keys: Sequence[TokenKey]) -> int:
    """Tokens that both begin with: neither all, as the last counts, nor a part of a picture.

    Args:
        held: What was read already.
        keys: A prompt, at least one token.
    """
    same = takewhile(lambda pair: pair[0] == pair[1], zip(held, keys[:-1], strict=False))
    count = sum(1 for _ in same)
    while count and isinstance(keys[count], bytes) and keys[count] == keys[count - 1]:
        count -= 1
    return count


class PrefixCache:
    """The sequence that was read last, with its keys and values.

    Args:
        kept: Whether anything is: it takes one more cache's memory, which `inference.tiers` counts.
    """

    def __init__(self, *, kept: bool) -> None:
        self.kept = kept
        self._keys: Sequence[TokenKey] = ()
        self._cache: DynamicCache | None = None

    def keep(self, keys: Sequence[TokenKey], cache: DynamicCache) -> None:
        """Keep a sequence in place of the one before.

        Args:
            cache: Their keys and values, not changed.
        """
        if self.kept:
            self._keys, self._cache = keys, forked(cache)

    def forget(self) -> None:
        """Give the memory back."""
        self._keys, self._cache = (), None

    def resumed(self, keys: Sequence[TokenKey]) -> DynamicCache | None:
        """Where a prompt can go on.

        Returns:
            A cache of its beginning, None where it must be read from there: the library lets a
            picture's tokens see each other only in a prompt that is read at once.
        """
        count = common_prefix(self._keys, keys)
        if self._cache is None or not count or not _is_text(keys[count:]):
            return None
        return cut(self._cache, count)


def _is_text(keys: Sequence[TokenKey]) -> bool:
    return all(isinstance(mark, int) for mark in keys)

"""What is fuzzed: a function that takes any bytes, and examples to begin with.

Knows nothing of who makes the bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One way in.

    Args:
        name: As it stands on the command line and in the table of results.
        what: The same for people.
        feed: Takes the bytes; whatever it raises is a finding.
        seeds: Makes the examples that others are made of.
        tokens: Pieces that a mutation may put in.
        max_bytes: How long an example may get.
    """

    name: str
    what: str
    feed: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    tokens: tuple[bytes, ...] = ()
    max_bytes: int = 4096


class Drawn:
    """Choices that a target takes from the first bytes that it is fed.

    Args:
        data: What came.
        choices: How many bytes of it are choices.
    """

    def __init__(self, data: bytes, choices: int) -> None:
        self._choices = data[:choices].ljust(choices, b"\0")
        self.rest = data[choices:]

    def number(self, place: int) -> int:
        """A number from 0 to 255."""
        return self._choices[place]

    def pieces(self, place: int) -> list[bytes]:
        """The rest, in pieces of the length that a choice says."""
        size = self.number(place) + 1
        return [self.rest[at : at + size] for at in range(0, len(self.rest), size)]

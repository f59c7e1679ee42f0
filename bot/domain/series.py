"""A case whose pictures are slices of one scan, and how many of them are looked at.

Knows cases. Must not know engines.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.cases import Case, StoredPicture


def is_series(case: Case) -> bool:
    """Whether a case's pictures are slices of one scan, in the order in which they lie."""
    notes = [picture.note for picture in case.pictures]
    places = [note.frame for note in notes if note is not None and note.frame is not None]
    totals = {None if note is None else note.frames for note in notes}
    told = len(places) == len(notes) > 1 and len(totals) == 1
    return told and all(place < later for place, later in itertools.pairwise(places))


def within_budget(case: Case, most: int) -> Case:
    """A case with no more of a series' slices than are to be looked at, evenly spaced."""
    if not is_series(case):
        return case
    return replace(case, pictures=tuple(spread(case.pictures, most)))


def spread(pictures: Sequence[StoredPicture], most: int) -> Sequence[StoredPicture]:
    """So many pictures, evenly spaced, the first and the last among them; of one the middle."""
    last = len(pictures) - 1
    if last < most:
        return pictures
    if most == 1:
        return [pictures[last // 2]]
    return [pictures[round(number * last / (most - 1))] for number in range(most)]

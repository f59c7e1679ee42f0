"""How well the film in a photo is found, and what is wrong with the photo told: tables.

Knows the truth of drawn photographs, and what `pictures` says of them. Must not know models.
`python -m inference.practice.film_tables` prints the tables; with `--unseen`, those of the second
make of photographs, on which nothing was fitted.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from inference.practice.measures import Measure
from inference.practice.phantoms import draw_phantom
from inference.practice.photographs import Photograph, photograph
from inference.practice.shots import Flaw, Grade, Shot, draw_shot
from inference.practice.unseen_photographs import photograph_unseen
from pictures.film import find_film
from pictures.photo import SEEN
from pictures.picture import PhotoFault
from pictures.quality import measure

_TABLES = 0xF17A
_RASTER_PX = 240
_RETAKE = 2
_WITHOUT_TWIN = frozenset({Flaw.TWO_FILMS})
"""The second make shows one film alone."""

FAULT_OF = {flaw: PhotoFault[flaw.name] for flaw in Flaw}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A drawn photograph, and what was made of it.

    Args:
        shot: The truth.
        sureness: Of the outline found, 0 where there is none.
        used: Whether the film is cut out without asking.
        overlap: Of that outline with the true one, intersection over union within the photo.
        faults: That were told.
    """

    shot: Shot
    sureness: float
    used: bool
    overlap: float
    faults: tuple[PhotoFault, ...]


def draw(seed: tuple[int, ...], shot: Shot, *, unseen: bool, side_px: int) -> Photograph:
    """Draw a photograph of a film."""
    rng = np.random.default_rng((_TABLES, *seed))
    film = draw_phantom(rng, height_px=min(640, side_px)).film
    take = photograph_unseen if unseen else photograph
    return take(film, rng, long_side_px=side_px, shot=shot)


def judge(shown: Photograph) -> Judged:
    """Do with a photograph what the picture process does with it."""
    found = find_film(shown.picture)
    seen = found if found is not None and found.sureness >= SEEN else None
    return Judged(
        shot=shown.shot,
        sureness=0.0 if found is None else found.sureness,
        used=found is not None and found.sure,
        overlap=0.0 if found is None else overlap(found.corners, shown.corners),
        faults=() if seen is None else measure(shown.picture, seen).faults,
    )


def overlap(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> float:
    """Intersection over union of two outlines, as far as they lie within the photo."""
    first, second = _raster(one), _raster(other)
    return float((first & second).sum() / max(1, (first | second).sum()))


def _raster(
    outline: Sequence[tuple[float, float]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    sheet = Image.new("1", (_RASTER_PX, _RASTER_PX))
    scaled = [(x * _RASTER_PX, y * _RASTER_PX) for x, y in outline]
    ImageDraw.Draw(sheet).polygon(scaled, fill=1)
    return np.asarray(sheet)


def of_corners(judged: Sequence[Judged]) -> Iterator[Measure]:
    """Corners by grade, and how often a film was cut out wrongly."""
    for grade in Grade:
        group = [each for each in judged if each.shot.grade is grade]
        least = 0.9 if grade is Grade.POOR else 0.95
        good = sum(each.overlap >= least for each in group)
        yield Measure(name=f"{grade}: corners, IoU >= {least}", right=good, total=len(group))
        used = [each for each in group if each.used]
        yield Measure(name=f"{grade}: cut out unasked", right=len(used), total=len(group))
        good = sum(each.overlap >= least for each in used)
        yield Measure(name=f"{grade}: of these IoU >= {least}", right=good, total=len(used))
    wrong = sum(each.used and each.overlap < 0.8 for each in judged)
    yield Measure(name="cut out wrongly (IoU < 0.8)", right=wrong, total=len(judged), at_most=0.005)


def of_faults(judged: Sequence[Judged]) -> Iterator[Measure]:
    """What should be retaken and is told so, the reason, and false alarms."""
    retake = [each for each in judged if each.shot.to_be_retaken]
    for flaw in Flaw:
        group = [each for each in retake if each.shot.level(flaw) >= _RETAKE]
        named = sum(FAULT_OF[flaw] in each.faults for each in group)
        yield Measure(name=f"{flaw}, level 2 or 3: told by name", right=named, total=len(group))
    told = [each for each in retake if each.faults]
    yield Measure(name="to be retaken: told", right=len(told), total=len(retake), at_least=0.95)
    named = sum(
        any(each.shot.level(flaw) and FAULT_OF[flaw] in each.faults for flaw in Flaw)
        for each in told
    )
    yield Measure(name="told: a right reason named", right=named, total=len(told), at_least=0.9)
    tidy = [each for each in judged if each.shot.grade is Grade.TIDY and not each.shot.flaws]
    alarms = sum(bool(each.faults) for each in tidy)
    yield Measure(name="tidy: told all the same", right=alarms, total=len(tidy), at_most=0.05)
    slight = [e for e in judged if e.shot.grade is not Grade.TIDY and not e.shot.to_be_retaken]
    alarms = sum(bool(each.faults) for each in slight)
    yield Measure(name="usual, screen: told all the same", right=alarms, total=len(slight))


def _judged(
    seed: tuple[int, ...], grade: Grade, flaw: Flaw | None, unseen: bool, side_px: int
) -> Judged:
    flaws = None if flaw is None else {flaw: _RETAKE + seed[1] % 2}
    rng = np.random.default_rng((_TABLES, 1, *seed))
    without = _WITHOUT_TWIN if unseen else frozenset()
    shot = draw_shot(rng, grade, flaws=flaws, without=without)
    return judge(draw(seed, shot, unseen=unseen, side_px=side_px))


def main() -> None:
    """Draw, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--n", type=int, default=100, help="photographs of each grade, of each flaw"
    )
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--side", type=int, default=1000, help="longer side, pixels")
    options = parser.parse_args()
    shots: list[tuple[tuple[int, ...], Grade, Flaw | None]] = [
        *(
            ((0, n, place), grade, None)
            for place, grade in enumerate(Grade)
            for n in range(options.n)
        ),
        *(
            ((1, n, place), Grade.USUAL, flaw)
            for place, flaw in enumerate(Flaw)
            if not (options.unseen and flaw in _WITHOUT_TWIN)
            for n in range(options.n // 2)
        ),
    ]
    judged = [_judged(*wanted, options.unseen, options.side) for wanted in shots]
    graded = judged[: options.n * len(Grade)]
    lines = [each.line() for each in (*of_corners(graded), *of_faults(judged))]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

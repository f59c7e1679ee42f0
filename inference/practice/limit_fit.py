"""From where on a photo should be taken again, fitted: `python -m inference.practice.limit_fit`.

Knows the truth of drawn photographs, and what `pictures.quality` measures in them. Must not know
how it does so. Prints what belongs into `pictures/photo_limits.py`, and what these limits make of
photographs of another seed, and of the make on which nothing was fitted.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inference.practice.film_tables import FAULT_OF, draw
from inference.practice.measures import Measure
from inference.practice.shots import Flaw, Grade, Shot, draw_shot
from pictures.film import find_film
from pictures.photo import SEEN
from pictures.photo_limits import PHOTO_LIMITS
from pictures.quality import PhotoQuality, faults_of, measure

_FITTING, _HELD_OUT = 11, 12
"""Seeds."""

_MISSED = 2
"""A photograph that should be taken again and is not told counts as so many told wrongly."""

_LEAST = 20
"""Photographs, harmless and flawed, from which a limit is fitted."""

_LEVELS = range(4)


class Limit(NamedTuple):
    """What a limit is about.

    Args:
        flaw: That it tells of.
        value: That is held against it, None where it was not measured.
        above: Whether the flaw is above it.
    """

    flaw: Flaw
    value: Callable[[PhotoQuality], float | None]
    above: bool


LIMITS: Mapping[str, Limit] = {
    "bright": Limit(Flaw.DARK, lambda found: found.bright, above=False),
    "spread_of_bright": Limit(
        Flaw.LOW_CONTRAST, lambda found: found.spread / found.bright, above=False
    ),
    "white": Limit(Flaw.GLARE, lambda found: found.white, above=True),
    "rim": Limit(Flaw.BLUR, lambda found: found.rim, above=True),
    "detail": Limit(
        Flaw.BLUR, lambda found: found.detail if found.rim is None else None, above=False
    ),
    "size": Limit(Flaw.TOO_SMALL, lambda found: found.size, above=False),
    "turned_degrees": Limit(Flaw.TILTED, lambda found: found.turned_degrees, above=True),
    "at_border": Limit(Flaw.CUT_OFF, lambda found: found.at_border, above=True),
    "waves": Limit(Flaw.MOIRE, lambda found: found.waves, above=True),
    "skin": Limit(Flaw.FINGER, lambda found: found.skin, above=True),
}
"""All but `measurable_spread`, which is no border between good and bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A drawn photograph.

    Args:
        shot: The truth: one flaw at most.
        quality: What was measured, None where no film was seen.
    """

    shot: Shot
    quality: PhotoQuality | None


def fitted(photos: Sequence[Measured]) -> dict[str, float]:
    """Each limit where the fewest photographs are judged wrongly.

    One on which too few photographs tell anything stays as it is.
    """
    limits = dict(PHOTO_LIMITS)
    for name, (flaw, value, above) in LIMITS.items():
        harmless = _values(value, [each for each in photos if not each.shot.to_be_retaken])
        flawed = _values(value, [each for each in photos if _is_to_be_told(each, flaw)])
        if min(len(harmless), len(flawed)) >= _LEAST:
            sign = 1 if above else -1
            limits[name] = sign * parted(sign * np.array(harmless), sign * np.array(flawed))
    return limits


def parted(harmless: NDArray[np.float64], flawed: NDArray[np.float64]) -> float:
    """Where the fewest harmless values lie above, and flawed ones below: in the widest such gap."""
    ordered = np.unique(np.concatenate([harmless, flawed]))
    limits, gaps = (ordered[1:] + ordered[:-1]) / 2, np.diff(ordered)
    alarms = (harmless[:, None] > limits).sum(0)
    missed = (flawed[:, None] < limits).sum(0)
    wrong = alarms + _MISSED * missed
    return float(limits[np.where(wrong == wrong.min(), gaps, 0).argmax()])


def of_limits(photos: Sequence[Measured], limits: Mapping[str, float]) -> Iterator[Measure]:
    """What limits tell of, flaw by flaw and together; where no film is seen, nothing is told."""
    retake = [each for each in photos if each.shot.to_be_retaken]
    seen = [each for each in retake if each.quality is not None]
    for flaw in dict.fromkeys(limit.flaw for limit in LIMITS.values()):
        group = [each for each in seen if _is_to_be_told(each, flaw)]
        yield _share(f"{flaw}, level 2 or 3, film seen: named", [_named(e, limits) for e in group])
    told = [each for each in retake if _told(each, limits)]
    yield _share("to be retaken: film seen", [each.quality is not None for each in retake])
    yield _share("these, film seen: told", [_told(each, limits) for each in seen], at_least=0.95)
    yield _share("told: rightly named", [_named(each, limits) for each in told], at_least=0.9)
    for level, at_most in ((0, 0.05), (1, None)):
        harmless = [e for e in photos if max(e.shot.flaws.values()) == level]
        name = f"level {level}: told all the same"
        yield _share(name, [_told(each, limits) for each in harmless], at_most=at_most)


def _share(
    name: str, hits: list[bool], at_least: float | None = None, at_most: float | None = None
) -> Measure:
    return Measure(name=name, right=sum(hits), total=len(hits), at_least=at_least, at_most=at_most)


def _values(
    value: Callable[[PhotoQuality], float | None], photos: Sequence[Measured]
) -> list[float]:
    measured = [value(each.quality) for each in photos if each.quality is not None]
    return [each for each in measured if each is not None]


def _is_to_be_told(photo: Measured, flaw: Flaw) -> bool:
    return photo.shot.to_be_retaken and photo.shot.level(flaw) > 0


def _told(photo: Measured, limits: Mapping[str, float]) -> bool:
    return photo.quality is not None and bool(faults_of(photo.quality, limits))


def _named(photo: Measured, limits: Mapping[str, float]) -> bool:
    flaws = {FAULT_OF[flaw] for flaw in photo.shot.flaws}
    return photo.quality is not None and not flaws.isdisjoint(faults_of(photo.quality, limits))


def photographs(seed: int, n: int, processes: int, *, unseen: bool = False) -> list[Measured]:
    """Draw and measure `n` photographs of each flaw and level."""
    flaws = dict.fromkeys(limit.flaw for limit in LIMITS.values())
    wanted = [(flaw, level, i) for flaw in flaws for level in _LEVELS for i in range(n)]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(partial(_measured, seed, unseen), wanted, chunksize=8))


def _measured(seed: int, unseen: bool, wanted: tuple[Flaw, int, int]) -> Measured:
    flaw, level, number = wanted
    key = (seed, list(Flaw).index(flaw), level, number)
    grade = Grade.SCREEN if flaw is Flaw.MOIRE else Grade.USUAL if level else Grade.TIDY
    shot = draw_shot(np.random.default_rng((1, *key)), grade, flaws={flaw: level})
    photo = draw(key, shot, unseen=unseen, side_px=640)
    outline = find_film(photo.picture)
    if outline is None or outline.sureness < SEEN:
        return Measured(shot=photo.shot, quality=None)
    return Measured(shot=photo.shot, quality=measure(photo.picture, outline))


def main() -> None:
    """Draw, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=25, help="photographs of each flaw and level")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    limits = fitted(photographs(_FITTING, options.n, options.processes))
    lines = [
        f"{name:<20} now {PHOTO_LIMITS[name]:<8g} fitted {limits[name]:.3g}" for name in LIMITS
    ]
    for title, unseen in (("the make that was fitted on", False), ("the other make", True)):
        held_out = photographs(_HELD_OUT, options.n, options.processes, unseen=unseen)
        for which, tried in (("as they are now", PHOTO_LIMITS), ("fitted", limits)):
            lines += ["", f"Another seed, {title}, limits {which}:"]
            lines += [each.line() for each in of_limits(held_out, tried)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

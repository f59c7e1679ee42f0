"""How sure an outline is, fitted and counted: `python -m inference.practice.sureness_fit`.

Knows the truth of drawn photographs, and what speaks for the outline that `pictures.film` finds in
them. Must not know how outlines are found. Fits the weights of `pictures/sureness_weights.py` on
one make of photographs and on pictures without a film, and counts on another seed and on the other
make what would be cut out from each sureness on. With `--count` nothing is fitted: what is in force
is counted. With `--out` the fitted weights are written.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from inference.practice.film_tables import draw, overlap
from inference.practice.measures import Measure
from inference.practice.negatives import HELD_OUT, TRAINED
from inference.practice.shots import Flaw, Grade, draw_shot
from pictures import film, sureness
from pictures.edges import Floats
from pictures.sureness import NAMES, Evidence, Weights
from pictures.sureness_weights import WEIGHTS

_FITTING, _COUNTED = 201, 303
"""Seeds."""

_SIDES_PX, _SIDE_SHARES = (640, 960), (0.75, 0.25)
_ONE_FILM = 0.8
_QUALITIES = (70, 93)
_RIGHT, _WRONG = 0.9, 0.8
_HELD_BACK = 2.0
"""How much weights are pulled to nothing, in photographs."""

_ROUNDS = 30
_LEAST_DEVIATION = 1e-3
_TRIED = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A drawn picture, and the outline found in it.

    Args:
        grade: None for a picture without a film.
        evidence: For the likeliest outline, None where there is none.
        usable: Whether that outline is cut out, if it is sure enough.
        overlap: Of that outline with the film's true one.
    """

    grade: Grade | None
    evidence: Evidence | None
    usable: bool
    overlap: float

    def sureness(self, weights: Weights) -> float:
        """Of the outline, 0 where it is never cut out."""
        if self.evidence is None or not self.usable:
            return 0.0
        return sureness.sureness(self.evidence, weights)


def samples(seed: int, n: int, others: int, processes: int, *, unseen: bool) -> list[Sample]:
    """Draw `n` photographs of each grade and `others` pictures without a film, and look at them."""
    wanted = [(place, i) for i in range(n) for place in range(len(Grade))]
    wanted += [(len(Grade), i) for i in range(others)]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(partial(sample, seed, unseen), wanted, chunksize=8))


def sample(seed: int, unseen: bool, wanted: tuple[int, int]) -> Sample:
    """Draw a photograph as it comes from a phone, a JPEG, and look at it.

    Args:
        seed: Of all of them.
        unseen: Whether it is of the second make.
        wanted: Number of the grade, after the last one a picture without a film; number in it.
    """
    place, number = wanted
    rng = np.random.default_rng((seed, *wanted))
    side_px = int(rng.choice(_SIDES_PX, p=_SIDE_SHARES))
    if place == len(Grade):
        return looked_at(_sent(rng, _no_film(rng, number, unseen)), None, ())
    without = frozenset({Flaw.TWO_FILMS}) if unseen or rng.random() < _ONE_FILM else frozenset()
    shot = draw_shot(rng, list(Grade)[place], without=without)
    photo = draw((seed, *wanted), shot, unseen=unseen, side_px=side_px)
    return looked_at(_sent(rng, photo.picture), shot.grade, photo.corners)


def looked_at(
    picture: Image.Image, grade: Grade | None, corners: Sequence[tuple[float, float]]
) -> Sample:
    """Look for the film in a picture whose film is known."""
    found, weights = film.candidates(picture), film.stored_weights()
    outline = None if found is None else film.likeliest(found, weights)
    if found is None or outline is None:
        return Sample(grade=grade, evidence=None, usable=False, overlap=0.0)
    scores = weights.scores(found.features)
    return Sample(
        grade=grade,
        evidence=sureness.evidence(found.grey, found.places, scores),
        usable=not outline.another,
        overlap=overlap(outline.corners, corners) if grade else 0.0,
    )


def _no_film(rng: np.random.Generator, number: int, unseen: bool) -> Image.Image:
    """A picture of something else as a phone takes it: tinted, unevenly lit, or in the dark."""
    kinds = sorted((HELD_OUT if unseen else TRAINED).items())
    size = (480, 640) if rng.random() < 0.5 else (640, 480)
    light = np.asarray(kinds[number % len(kinds)][1](rng, *size).convert("RGB"), np.float32)
    tint = rng.uniform(0.9, 1.05, 3)
    y = np.linspace(-1, 1, light.shape[0])[:, None, None]
    x = np.linspace(-1, 1, light.shape[1])[None, :, None]
    slope = 1 + rng.uniform(-0.15, 0.15) * x + rng.uniform(-0.15, 0.15) * y
    light = light * tint * slope * rng.choice([1, 1, 1, 0.25])
    light = light + rng.normal(0, rng.uniform(0, 5), light.shape)
    return Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))


def _sent(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=int(rng.integers(*_QUALITIES)))
    return Image.open(file).convert("RGB")


def fitted(photos: Sequence[Sample]) -> Weights:
    """Fit a logistic regression by Newton's method: is the outline right (IoU of 0.9 or more)?"""
    seen = [each for each in photos if each.evidence is not None]
    values = np.array([astuple(each.evidence) for each in seen if each.evidence is not None])
    right = np.array([each.overlap >= _RIGHT for each in seen], np.float64)
    mean, deviation = values.mean(0), np.maximum(values.std(0), _LEAST_DEVIATION)
    units = np.clip((values - mean) / deviation, -sureness.FURTHEST, sureness.FURTHEST)
    units = np.column_stack([units, np.ones(len(units))])
    held = _HELD_BACK * np.diag([*np.ones(len(NAMES)), 0.0])
    weights: Floats = np.zeros(len(NAMES) + 1)
    for _ in range(_ROUNDS):
        likely = 1 / (1 + np.exp(-units @ weights))
        slope = units.T @ (likely - right) + held @ weights
        bend = (units.T * (likely * (1 - likely))) @ units + held
        weights = weights - np.linalg.solve(bend, slope)
    rows = np.round([mean, deviation, weights[:-1]], 4).T.tolist()
    return Weights(
        bias=round(float(weights[-1]), 4),
        of={name: (row[0], row[1], row[2]) for name, row in zip(NAMES, rows, strict=True)},
    )


def of_sureness(photos: Sequence[Sample], weights: Weights) -> Iterator[str]:
    """What is cut out from each sureness on, and how many of these wrongly, as lines."""
    sure = np.array([each.sureness(weights) for each in photos])
    films = np.array([each.grade is not None for each in photos])
    wrong = np.array([each.overlap < _WRONG for each in photos])
    for least in _TRIED:
        cut = sure >= least
        yield Measure(
            name=f"sureness >= {least}: cut out", right=int(cut[films].sum()), total=films.sum()
        ).line()
        yield Measure(
            name="    wrongly (IoU < 0.8)",
            right=int((cut & wrong)[films].sum()),
            total=films.sum(),
            at_most=0.005,
        ).line()
        yield Measure(name="    no film", right=int(cut[~films].sum()), total=(~films).sum()).line()


def of_grades(photos: Sequence[Sample], weights: Weights) -> Iterator[str]:
    """By grade: IoU of the corners, and what is cut out at the sureness in force, as lines."""
    for grade in Grade:
        some = [each for each in photos if each.grade is grade]
        for least in (0.95, _RIGHT, _WRONG):
            good = sum(each.overlap >= least for each in some)
            yield Measure(name=f"{grade}: IoU >= {least}", right=good, total=len(some)).line()
        cut = [each for each in some if each.sureness(weights) >= film.SURE]
        yield Measure(name=f"{grade}: cut out unasked", right=len(cut), total=len(some)).line()
        good = sum(each.overlap >= _RIGHT for each in cut)
        yield Measure(name="    of these IoU >= 0.9", right=good, total=len(cut)).line()


def written(weights: Weights) -> str:
    """The weights as the module that holds them."""
    rows = "".join(f'        "{name}": {weights.of[name]},\n' for name in NAMES)
    doc = (
        '"""What each piece of evidence for an outline weighs: written by '
        "`inference.practice.sureness_fit`.\n\n"
        "A row each: its mean, its deviation, its weight in log odds a deviation.\n"
        '"""\n\n'
    )
    return (
        f"{doc}from pictures.sureness import Weights\n\n"
        f"WEIGHTS = Weights(\n    bias={weights.bias},\n    of={{\n{rows}    }},\n)\n"
    )


def main() -> None:
    """Draw, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="photographs of each grade to fit on")
    parser.add_argument("--counted", type=int, default=125, help="likewise, to count on")
    parser.add_argument("--others", type=int, default=120, help="pictures without a film")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--count", action="store_true", help="fit nothing")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    others = options.others, options.processes
    weights = WEIGHTS
    if not options.count:
        weights = fitted(samples(_FITTING, options.n, *others, unseen=False))
    lines = [] if options.count else [written(weights)]
    for title, unseen in (("the make that was fitted on", False), ("the other make", True)):
        photos = samples(_COUNTED, options.counted, *others, unseen=unseen)
        lines += ["", f"Another seed, {title}:", *of_grades(photos, weights)]
        lines += of_sureness(photos, weights)
    sys.stdout.write("\n".join(lines) + "\n")
    if options.out is not None:
        options.out.write_text(written(weights), encoding="ascii")


if __name__ == "__main__":
    main()

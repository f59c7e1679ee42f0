"""What tells a film's outline from others, fitted: `python -m inference.practice.finder_fit`.

Knows the truth of drawn photographs, and the outlines that `pictures.film` considers in them. Must
not know what their features mean. Fits the network of `pictures/film_weights.json` on photographs
of one make and on pictures without a film, and counts on photographs of the other make what the
present weights and the fitted ones find. With `--out` the fitted ones are written; those of
`sureness_fit` are for scores as they are now, so they have to be fitted again then.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.practice.film_tables import draw, overlap
from inference.practice.measures import Measure
from inference.practice.negatives import HELD_OUT, TRAINED
from inference.practice.shots import Flaw, Grade, draw_shot
from pictures.film import Candidates, FilmWeights, candidates, likeliest, stored_weights

_FITTING, _HELD_OUT = 13, 14
"""Seeds."""

SIDE_PX = 640
_RIGHT = 0.9
"""Overlap from which on an outline counts as the film's."""

_UNITS = 16
_STEPS, _BATCH = 4_000, 32
_RATE = 2e-3
_DECAY = 1e-3
_SHARPNESS = 25.0
"""How much likelier an outline is to be wanted the more it overlaps: e-fold for each 0.04."""

_WRONG = 0.8
_LEAST_SPREAD = 1e-3
_NEGATIVES_SHARE = 0.25
_ALWAYS_THERE = {Flaw.TWO_FILMS}
"""A photograph of two films has two right outlines."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looked:
    """A drawn picture, and the outlines considered in it.

    Args:
        grade: None for a picture without a film.
        found: None where no outline was.
        overlaps: Of each outline with the film's true one.
    """

    grade: Grade | None
    found: Candidates | None
    overlaps: Floats


def fitted(photos: Sequence[Looked], seed: int, steps: int = _STEPS) -> FilmWeights:
    """Fit the network by Adam.

    Two things are asked of the scores: that each tells how likely its outline is right, and that
    of one photo's outlines the one with most overlap has the highest.
    """
    seen = [each for each in photos if each.found is not None]
    features = [each.found.features for each in seen if each.found is not None]
    together = np.concatenate(features)
    mean, spread = together.mean(0), together.std(0) + _LEAST_SPREAD
    units = [np.clip((each - mean) / spread, -5, 5) for each in features]
    rng = np.random.default_rng(seed)
    width = together.shape[1]
    weights = [
        rng.normal(0, width**-0.5, (_UNITS, width)),
        np.zeros(_UNITS),
        rng.normal(0, _UNITS**-0.5, _UNITS),
        np.zeros(1),
    ]
    moved = [(np.zeros_like(each), np.zeros_like(each)) for each in weights]
    for step in range(1, steps + 1):
        chosen = rng.choice(len(seen), _BATCH)
        batch = np.concatenate([units[i] for i in chosen])
        wanted = [seen[i].overlaps for i in chosen]
        slopes = _slopes(weights, batch, wanted)
        rate = _RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
        for place, slope in enumerate(slopes):
            first, second = moved[place]
            first += 0.1 * (slope - first)
            second += 0.001 * (slope**2 - second)
            even = first / (1 - 0.9**step), second / (1 - 0.999**step)
            weights[place] -= rate * (even[0] / (np.sqrt(even[1]) + 1e-8))
            weights[place] -= rate * _DECAY * weights[place]
    hidden, hidden_bias, last, last_bias = weights
    return FilmWeights(mean, spread, hidden, hidden_bias, last, last_bias[0])


def _slopes(weights: list[Floats], units: Floats, wanted: Sequence[Floats]) -> list[Floats]:
    """Of the loss, for each of the weights."""
    hidden, hidden_bias, last, last_bias = weights
    active = np.tanh(units @ hidden.T + hidden_bias)
    scores = active @ last + last_bias
    ends = np.cumsum([len(each) for each in wanted])[:-1]
    of_scores = np.concatenate(
        [
            _of_scores(each, overlaps)
            for each, overlaps in zip(np.split(scores, ends), wanted, strict=True)
        ]
    ) / len(wanted)
    back = of_scores[:, None] * last * (1 - active**2)
    return [back.T @ units, back.sum(0), active.T @ of_scores, of_scores.sum(keepdims=True)]


def _of_scores(scores: Floats, overlaps: Floats) -> Floats:
    """Slope of one photo's loss for each score: of being right, and of being the best."""
    right = overlaps >= _RIGHT
    likely = 1 / (1 + np.exp(-scores))
    slope: Floats = (likely - right) / np.where(right, max(1, right.sum()), max(1, (~right).sum()))
    slope += (likely - right) / len(scores)
    if right.any():
        share = np.exp(scores - scores.max())
        best = np.where(right, np.exp(_SHARPNESS * (overlaps - overlaps.max())), 0)
        slope += share / share.sum() - best / best.sum()
    return slope


def looked_at(seed: int, n: int, processes: int, *, unseen: bool = False) -> list[Looked]:
    """Draw `n` photographs of each grade, and pictures without a film, and look at them."""
    wanted = [(place, i) for place in range(len(Grade)) for i in range(n)]
    wanted += [(len(Grade), i) for i in range(round(n * _NEGATIVES_SHARE * len(Grade)))]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(partial(_looked, seed, unseen), wanted, chunksize=8))


def _looked(seed: int, unseen: bool, wanted: tuple[int, int]) -> Looked:
    place, number = wanted
    rng = np.random.default_rng((seed, *wanted))
    if place == len(Grade):
        kinds = list((HELD_OUT if unseen else TRAINED).values())
        found = candidates(kinds[number % len(kinds)](rng, 480, 640).convert("RGB"))
        return Looked(None, found, np.zeros(0 if found is None else len(found.places)))
    grade = list(Grade)[place]
    shot = draw_shot(rng, grade, without=frozenset(_ALWAYS_THERE))
    photo = draw((seed, *wanted), shot, unseen=unseen, side_px=SIDE_PX)
    found = candidates(photo.picture)
    places = [] if found is None else np.clip(found.places, 0, 1).tolist()
    overlaps = [overlap([(x, y) for x, y in each], photo.corners) for each in places]
    return Looked(grade, found, np.array(overlaps))


def of_weights(photos: Sequence[Looked], weights: FilmWeights) -> Iterator[Measure]:
    """What is found with weights: corners by grade, and what would be cut out unasked, wrongly."""
    results = [(each, *_outcome(each, weights)) for each in photos]
    for grade in Grade:
        of_grade = [(each, iou, used) for each, iou, used in results if each.grade is grade]
        goal = 0.9 if grade is Grade.POOR else 0.95
        there = sum(bool((each.overlaps >= goal).any()) for each, _, _ in of_grade)
        yield Measure(
            name=f"{grade}: an outline of IoU >= {goal} is there", right=there, total=len(of_grade)
        )
        good = sum(iou >= goal for _, iou, _ in of_grade)
        yield Measure(name=f"{grade}: chosen, IoU >= {goal}", right=good, total=len(of_grade))
        cut = sum(used for _, _, used in of_grade)
        yield Measure(name=f"{grade}: cut out unasked", right=cut, total=len(of_grade))
    films = [(iou, used) for each, iou, used in results if each.grade is not None]
    wrong = sum(used and iou < _WRONG for iou, used in films)
    yield Measure(name="cut out wrongly (IoU < 0.8)", right=wrong, total=len(films), at_most=0.005)
    others = [used for each, _, used in results if each.grade is None]
    yield Measure(name="no film: cut out all the same", right=sum(others), total=len(others))


def _outcome(photo: Looked, weights: FilmWeights) -> tuple[float, bool]:
    """Overlap of the outline that is chosen, and whether it is used unasked."""
    outline = None if photo.found is None else likeliest(photo.found, weights)
    if photo.found is None or outline is None:
        return 0.0, False
    if photo.grade is None:
        return 0.0, outline.sure
    best = int(weights.scores(photo.found.features).argmax())
    return float(photo.overlaps[best]), outline.sure


def main() -> None:
    """Draw, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=400, help="photographs of each grade")
    parser.add_argument("--held-out", type=int, default=150, help="likewise, of the other make")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    weights = fitted(looked_at(_FITTING, options.n, options.processes), options.seed)
    lines = []
    for title, unseen in (("the make that was fitted on", False), ("the other make", True)):
        photos = looked_at(_HELD_OUT, options.held_out, options.processes, unseen=unseen)
        for which, tried in (("as they are now", stored_weights()), ("fitted", weights)):
            lines += ["", f"Another seed, {title}, weights {which}:"]
            lines += [each.line() for each in of_weights(photos, tried)]
    sys.stdout.write("\n".join(lines) + "\n")
    if options.out is not None:
        kept = {name: np.round(value, 6).tolist() for name, value in weights._asdict().items()}
        options.out.write_text(json.dumps(kept) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()

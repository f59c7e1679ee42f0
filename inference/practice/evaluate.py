"""Measure the practice model: `python -m inference.practice.evaluate --seed 1 --n 1000`.

Knows the goals and counts what meets them, on pictures nobody trained on, through the unmodified
processor, chat template and parser. Must not know how the model was trained. The exit status is 1
when a goal is missed.
"""

import argparse
import json
import logging
import math
import sys
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
from PIL import Image

from inference.contract import ReadRequest
from inference.practice.answers import QuestionTopic, follow_up, understand
from inference.practice.conversations import draw_question, draw_request
from inference.practice.folder import MODEL_FOLDER
from inference.practice.modelling import PracticeReader
from inference.practice.negatives import HELD_OUT, TRAINED, draw_negative
from inference.practice.phantoms import draw_phantom
from inference.practice.photographs import photograph
from inference.practice.truth import Finding, Truth
from inference.prompts import build_messages

_log = logging.getLogger(__name__)

_BATCH = 32
_BATCHES_AHEAD = 2  # drawn while one is read
_FILM_HEIGHT_PX = 512
_PHOTO_SIDE_PX = 640
_EVALUATION = 77  # keeps these draws apart from training's, whatever the seed


_AT_LEAST = {
    "clean films: finding": 0.99,
    "clean films: side": 0.99,
    "clean films: zone": 0.98,
    "photographed films: all right": 0.94,
    "photographed films: side": 0.97,
    "photographed films: normals called normal": 0.92,
    "no films: named so": 0.97,
    "no films, of unseen kinds: named so": 0.97,
}
_AT_MOST = {"all films: called no chest film": 0.01}


class Group(StrEnum):
    """A kind of picture that is counted apart."""

    CLEAN = "clean films"
    PHOTOGRAPHED = "photographed films"
    NO_FILM = "no films"
    UNSEEN = "no films, of unseen kinds"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationCase:
    """A picture, what it shows, and what is asked of it: first a reading, then `topic`."""

    group: Group
    truth: Truth | None
    picture: Image.Image
    request: ReadRequest
    topic: QuestionTopic


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the model made of a case.

    Args:
        group: Kind of picture.
        truth: What it shows, None for no chest film.
        understood: False if the answer was none of the taught ones.
        said: What the answer says it shows, None for no chest film.
        follow_up_right: Whether the question after it was answered truly.
    """

    group: Group
    truth: Truth | None
    understood: bool
    said: Truth | None
    follow_up_right: bool

    def agrees(self, *names: str) -> bool:
        """Whether the answer is right in these fields of a truth.

        Args:
            names: Fields; what is no film has none and must only be named so.

        Returns:
            True if all agree.
        """
        if not self.understood or self.said is None or self.truth is None:
            return self.understood and self.said is self.truth
        return all(getattr(self.said, name) == getattr(self.truth, name) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something counted.

    Args:
        name: What, for people.
        right: How often it was so.
        total: Of how many.
        at_least: Goal as a share, if there is one.
        at_most: Goal for what should be rare.
    """

    name: str
    right: int
    total: int
    at_least: float | None = None
    at_most: float | None = None

    @property
    def share(self) -> float:
        """Share that was so."""
        return self.right / max(1, self.total)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share."""
        return wilson(self.right, self.total)

    @property
    def met(self) -> bool:
        """Whether the goal is met, True where there is none."""
        low = self.at_least is None or self.share >= self.at_least
        return low and (self.at_most is None or self.share <= self.at_most)

    def line(self) -> str:
        """The measure as a line of a table."""
        low, high = self.interval
        goal = ""
        if self.at_least is not None:
            goal = f"goal >= {self.at_least:.2f}  "
        if self.at_most is not None:
            goal = f"goal <= {self.at_most:.2f}  "
        verdict = "" if not goal else "met" if self.met else "MISSED"
        count = f"{self.right}/{self.total}"
        return (
            f"{self.name:<45} {self.share:.3f} [{low:.3f}, {high:.3f}] {count:>11}  {goal}{verdict}"
        )


def wilson(right: int, total: int) -> tuple[float, float]:
    """Wilson's score interval at 95 %.

    Returns:
        Lower and upper bound; 0 and 1 without trials.
    """
    if total == 0:
        return 0.0, 1.0
    z, share = 1.96, right / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    spread /= 1 + z * z / total
    return max(0.0, centre - spread), min(1.0, centre + spread)


def draw_case(seed: int, group: Group, index: int) -> EvaluationCase:
    """Draw one picture of a group with a patient and a question.

    Args:
        seed: Of the whole evaluation.
        index: Number within the group.
    """
    rng = np.random.default_rng((_EVALUATION, seed, list(Group).index(group), index))
    truth, picture = None, None
    if group in {Group.CLEAN, Group.PHOTOGRAPHED}:
        phantom = draw_phantom(rng, height_px=_FILM_HEIGHT_PX)
        truth, picture = phantom.truth, phantom.film.convert("RGB")
        if group is Group.PHOTOGRAPHED:
            picture = photograph(phantom.film, rng, long_side_px=_PHOTO_SIDE_PX).picture
    else:
        kinds = sorted(TRAINED if group is Group.NO_FILM else HELD_OUT)
        picture = draw_negative(rng, kinds[index % len(kinds)], _PHOTO_SIDE_PX)
    topic = list(QuestionTopic)[rng.integers(len(QuestionTopic))]
    request = replace(
        draw_request(rng, truth),
        request_id=f"{group}-{index}",
        question=draw_question(rng, topic),
    )
    return EvaluationCase(group=group, truth=truth, picture=picture, request=request, topic=topic)


def read_cases(reader: PracticeReader, cases: Sequence[EvaluationCase]) -> list[Outcome]:
    """Have the model read each case and answer its question, with its own reading before it.

    Args:
        cases: At most a batch.
    """
    pictures = [[case.picture] for case in cases]
    first = [build_messages(replace(case.request, question=None)) for case in cases]
    readings = reader.answer(first, pictures)
    asked = [
        build_messages(replace(case.request, reading=text))
        for case, text in zip(cases, readings, strict=True)
    ]
    answers = reader.answer(asked, pictures, max_new_tokens=60)
    return [_outcome(*row) for row in zip(cases, readings, answers, strict=True)]


def _outcome(case: EvaluationCase, text: str, answer: str) -> Outcome:
    try:
        said, understood = understand(text), True
    except ValueError:
        said, understood = None, False
    return Outcome(
        group=case.group,
        truth=case.truth,
        understood=understood,
        said=said,
        follow_up_right=answer == follow_up(case.truth, case.topic),
    )


def measure(outcomes: Sequence[Outcome]) -> list[Measure]:
    """Count what the goals are about.

    Returns:
        The measures, those without a goal among them.
    """
    groups = {group: [o for o in outcomes if o.group is group] for group in Group}
    films = groups[Group.CLEAN] + groups[Group.PHOTOGRAPHED]
    hits: dict[str, list[bool]] = {}
    for group in (Group.CLEAN, Group.PHOTOGRAPHED):
        hits |= _film_hits(group, groups[group])
    hits["all films: called no chest film"] = [o.understood and o.said is None for o in films]
    for group in (Group.NO_FILM, Group.UNSEEN):
        hits[f"{group}: named so"] = [o.agrees() for o in groups[group]]
    hits["follow-up questions: answered truly"] = [o.follow_up_right for o in outcomes]
    return [
        Measure(
            name=name,
            right=sum(values),
            total=len(values),
            at_least=_AT_LEAST.get(name),
            at_most=_AT_MOST.get(name),
        )
        for name, values in hits.items()
    ]


def _film_hits(group: Group, outcomes: Sequence[Outcome]) -> dict[str, list[bool]]:
    sided = [o for o in outcomes if o.truth is not None and o.truth.side is not None]
    zoned = [o for o in sided if o.truth is not None and o.truth.zone is not None]
    normal = [o for o in outcomes if o.truth is not None and o.truth.finding is Finding.NORMAL]
    return {
        f"{group}: finding": [o.agrees("finding") for o in outcomes],
        f"{group}: side": [o.agrees("side") for o in sided],
        f"{group}: zone": [o.agrees("zone") for o in zoned],
        f"{group}: size": [o.agrees("size") for o in sided],
        f"{group}: all right": [o.agrees("finding", "side", "zone") for o in outcomes],
        f"{group}: normals called normal": [o.agrees("finding") for o in normal],
    }


def evaluate(reader: PracticeReader, seed: int, n: int, processes: int) -> list[Outcome]:
    """Read `n` pictures of each group.

    Args:
        processes: How many draw at once.

    Returns:
        One outcome a picture.
    """
    numbered = [(group, number) for group in Group for number in range(n)]
    batches = [numbered[start : start + _BATCH] for start in range(0, len(numbered), _BATCH)]
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(processes) as pool:
        drawing = deque[list[Future[EvaluationCase]]]()
        for batch in [*batches, *[[]] * _BATCHES_AHEAD]:
            drawing.append([pool.submit(draw_case, seed, *number) for number in batch])
            if len(drawing) > _BATCHES_AHEAD:
                outcomes += read_cases(reader, [case.result() for case in drawing.popleft()])
                _log.info("read %d of %d", len(outcomes), len(numbered))
    return outcomes


def main() -> None:
    """Evaluate, print the measures, leave with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--n", type=int, default=1000, help="pictures of each group")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    reader = PracticeReader(options.model)
    measures = measure(evaluate(reader, options.seed, options.n, options.processes))
    if options.json:
        rows = [asdict(m) | {"share": m.share, "interval": m.interval} for m in measures]
        report = json.dumps(rows, indent=2)
    else:
        report = "\n".join(m.line() for m in measures)
    sys.stdout.write(report + "\n")
    sys.exit(0 if all(m.met for m in measures) else 1)


if __name__ == "__main__":
    main()

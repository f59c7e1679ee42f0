"""Measure the practice model: `python -m inference.practice.evaluate --seed 1 --n 1000`.

Knows the goals and counts what meets them, on pictures nobody trained on, through the unmodified
processor, chat template and parser. Must not know how the model was trained. The exit status is 1
when a goal is missed.
"""

import argparse
import json
import logging
import sys
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from PIL import Image

from inference.practice.answers import comparison, follow_up, understand
from inference.practice.cases import FILMS, GRADES, EvaluationCase, Group, Way, draw_case
from inference.practice.folder import MODEL_FOLDER
from inference.practice.measures import Measure, side_by_side
from inference.practice.modelling import PracticeReader
from inference.practice.truth import Finding, Truth
from inference.prompts import build_messages

_log = logging.getLogger(__name__)

_BATCH = 32
_BATCHES_AHEAD = 2  # drawn while one is read
_FOLLOW_UP_TOKENS = 60

_AT_LEAST = {
    "clean films: finding": 0.99,
    "clean films: side": 0.99,
    "clean films: zone": 0.98,
    "tidy photos, film found: all right": 0.97,
    "usual photos, film found: all right": 0.90,
    "poor photos, film found: all right": 0.75,
    "photos of screens, film found: all right": 0.95,
    "all photos, film found: normals called normal": 0.90,
    "no drawn films: named so": 0.97,
    "no films, of unseen kinds: named so": 0.97,
    "radiographs of unseen kinds: named so": 0.95,
}
_AT_MOST = {"all films: called no drawn film": 0.01}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the model made of a case.

    Args:
        group: Kind of picture.
        truth: What it shows, None for no drawn film.
        understood: False if the answer was none of the taught ones.
        said: What the answer says it shows, None for no drawn film.
        follow_up_right: Whether the question after it was answered truly, None if none was asked.
        way: How its photograph came to the model.
        change_right: Whether what has changed was said truly, None if nothing was compared.
    """

    group: Group
    truth: Truth | None
    understood: bool
    said: Truth | None
    follow_up_right: bool | None = None
    way: Way = Way.AS_TAKEN
    change_right: bool | None = None

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

    @property
    def right(self) -> bool:
        """Whether finding, side and zone are."""
        return self.agrees("finding", "side", "zone")


def read_cases(reader: PracticeReader, cases: Sequence[EvaluationCase]) -> list[Outcome]:
    """Have the model read each case and answer its question, with its own reading before it.

    Photographs are read as taken, and with the film cut out.

    Args:
        cases: At most a batch.
    """
    outcomes: list[Outcome] = []
    for compared in (False, True):
        some = [case for case in cases if (case.group is Group.COMPARED) is compared]
        if some:
            outcomes += _compared(reader, some) if compared else _asked(reader, some)
    for way in (Way.FOUND, Way.TRUE):
        photos = [case for case in cases if case.straight]
        if photos:
            straight = [(case.straight[way],) for case in photos]
            texts = _read(reader, photos, straight)
            outcomes += [
                _outcome(case, text, way=way) for case, text in zip(photos, texts, strict=True)
            ]
    return outcomes


def _read(
    reader: PracticeReader,
    cases: Sequence[EvaluationCase],
    pictures: Sequence[tuple[Image.Image, ...]],
) -> list[str]:
    requests = [replace(case.request, question=None) for case in cases]
    return reader.answer([build_messages(r) for r in requests], [list(p) for p in pictures])


def _asked(reader: PracticeReader, cases: Sequence[EvaluationCase]) -> list[Outcome]:
    pictures = [case.pictures for case in cases]
    readings = _read(reader, cases, pictures)
    asked = [
        build_messages(replace(case.request, reading=text))
        for case, text in zip(cases, readings, strict=True)
    ]
    answers = reader.answer(asked, [list(p) for p in pictures], _FOLLOW_UP_TOKENS)
    return [
        _outcome(case, text, follow_up_right=answer == follow_up(case.truth, case.topic))
        for case, text, answer in zip(cases, readings, answers, strict=True)
    ]


def _compared(reader: PracticeReader, cases: Sequence[EvaluationCase]) -> list[Outcome]:
    texts = _read(reader, cases, [case.pictures for case in cases])
    return [
        _outcome(
            case,
            text,
            change_right=_change(text) == _change(comparison(case.older, case.truth)),
        )
        for case, text in zip(cases, texts, strict=True)
    ]


def _change(text: str) -> str:
    return text.rpartition("COMPARISON:")[2].strip()


def _outcome(
    case: EvaluationCase,
    text: str,
    *,
    way: Way = Way.AS_TAKEN,
    follow_up_right: bool | None = None,
    change_right: bool | None = None,
) -> Outcome:
    try:
        said, understood = understand(text), True
    except ValueError:
        said, understood = None, False
    return Outcome(
        group=case.group,
        truth=case.truth,
        understood=understood,
        said=said,
        way=way,
        follow_up_right=follow_up_right,
        change_right=change_right,
    )


def measure(outcomes: Sequence[Outcome]) -> list[Measure]:
    """Count what the goals are about.

    Returns:
        The measures, those without a goal among them.
    """
    hits = _film_hits(Group.CLEAN, [o for o in outcomes if o.group is Group.CLEAN])
    for group in GRADES:
        for way in Way:
            seen = [o for o in outcomes if o.group is group and o.way is way]
            hits |= _film_hits(f"{group}, {way}", seen)
    for way in Way:
        photos = [o for o in outcomes if o.group in GRADES and o.way is way]
        normal = [o.agrees("finding") for o in photos if _is_normal(o)]
        hits[f"all photos, {way}: normals called normal"] = normal
    films = [o for o in outcomes if o.group in FILMS]
    hits["all films: called no drawn film"] = [o.understood and o.said is None for o in films]
    for group in (Group.NO_FILM, Group.OTHER, Group.RADIOGRAPH):
        hits[f"{group}: named so"] = [o.agrees() for o in outcomes if o.group is group]
    compared = [o for o in outcomes if o.change_right is not None]
    hits["older and newer: the newer all right"] = [o.right for o in compared]
    hits["older and newer: change said truly"] = [o.change_right is True for o in compared]
    asked = [o.follow_up_right for o in outcomes if o.follow_up_right is not None]
    hits["follow-up questions: answered truly"] = asked
    read = [o.follow_up_right for o in outcomes if o.follow_up_right is not None and o.right]
    hits["follow-up questions, read rightly: answered truly"] = read
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


def _is_normal(outcome: Outcome) -> bool:
    return outcome.truth is not None and outcome.truth.finding is Finding.NORMAL


def _film_hits(name: str, outcomes: Sequence[Outcome]) -> dict[str, list[bool]]:
    sided = [o for o in outcomes if o.truth is not None and o.truth.side is not None]
    zoned = [o for o in sided if o.truth is not None and o.truth.zone is not None]
    return {
        f"{name}: finding": [o.agrees("finding") for o in outcomes],
        f"{name}: side": [o.agrees("side") for o in sided],
        f"{name}: zone": [o.agrees("zone") for o in zoned],
        f"{name}: size": [o.agrees("size") for o in sided],
        f"{name}: all right": [o.right for o in outcomes],
        f"{name}: normals called normal": [o.agrees("finding") for o in outcomes if _is_normal(o)],
    }


def before_and_after(measures: Sequence[Measure]) -> str:
    """All right, before and after the film was cut out of its photograph, side by side."""
    named = {each.name: each for each in measures}
    rows = [(str(group), [named[f"{group}, {way}: all right"] for way in Way]) for group in GRADES]
    normals = [named[f"all photos, {way}: normals called normal"] for way in Way]
    return side_by_side([*rows, ("normals called normal", normals)], [*Way])


def evaluate(reader: PracticeReader, seed: int, n: int, processes: int) -> list[Outcome]:
    """Read `n` pictures of each group.

    Args:
        processes: How many draw at once.

    Returns:
        One outcome a picture, three a photograph.
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
                _log.info("read %d pictures", len(outcomes))
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
        report = "\n".join([*(m.line() for m in measures), "", before_and_after(measures)])
    sys.stdout.write(report + "\n")
    sys.exit(0 if all(m.met for m in measures) else 1)


if __name__ == "__main__":
    main()

"""What a checkout of EdgeRad measures its practice model on, and how that model reads pictures.

`inference.practice.beside` runs this file in two checkouts: each draws, asks and understands by its
own code. It imports only what the release of 24 November 2026 has as well. A folder of pictures
holds `cases.json` and PNG files.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image

from inference.contract import Language, PatientContext, ReadRequest, Sex
from inference.practice.answers import reading, understand
from inference.practice.folder import MODEL_FOLDER
from inference.practice.modelling import PracticeReader
from inference.practice.truth import Truth, every_truth
from inference.prompts import build_messages

_BATCH = 32
_LANGUAGES = (Language.ENGLISH, Language.FRENCH)
"""What every release was taught to be asked in."""


def draw(folder: Path, seed: int, n: int, groups: Sequence[str] = ()) -> None:
    """Draw `n` photographs of each group, and twice as many where the film is not photographed.

    Args:
        folder: To be made.
        seed: Of all chance.
        groups: Those alone, all of this checkout's where none is named.
    """
    folder.mkdir(parents=True)
    rows = [row for case in _cases(seed, n, groups) for row in _rows(folder, case)]
    (folder / "cases.json").write_text(json.dumps(rows), encoding="utf-8")


def _cases(seed: int, n: int, groups: Sequence[str]) -> Iterator[Any]:
    has_cases = find_spec("inference.practice.cases") is not None
    drawing = import_module(f"inference.practice.{'cases' if has_cases else 'evaluate'}")
    for group in groups or drawing.Group:
        first = drawing.draw_case(seed, group, 0)
        if len(first.request.pictures) == 1:
            several = n if getattr(first, "straight", None) else 2 * n
            yield first
            yield from (drawing.draw_case(seed, group, index) for index in range(1, several))


def _rows(folder: Path, case: Any) -> Iterator[dict[str, Any]]:
    """One picture a way in which it comes to the model."""
    straight = getattr(case, "straight", {})
    as_taken = case.pictures[0] if hasattr(case, "pictures") else case.picture
    group = f"{case.group}, as taken" if straight else str(case.group)
    seen = {group: as_taken, **{f"{case.group}, {way}": cut for way, cut in straight.items()}}
    for number, (name, picture) in enumerate(seen.items()):
        file = f"{case.request.request_id.replace(' ', '-')}-{number}.png"
        picture.save(folder / file, compress_level=1)
        yield {
            "group": name,
            "file": file,
            "truth": None if case.truth is None else asdict(case.truth),
            "patient": asdict(case.request.patient),
        }


def read(folder: Path, out: Path) -> None:
    """Have this checkout's model read all pictures of a folder, asked for as of a chest."""
    rows = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    reader = PracticeReader(MODEL_FOLDER)
    outcomes: list[dict[str, bool]] = []
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        asked = [build_messages(_request(row, start + i)) for i, row in enumerate(batch)]
        texts = reader.answer(asked, [[Image.open(folder / row["file"])] for row in batch])
        outcomes += [_outcome(row, text) for row, text in zip(batch, texts, strict=True)]
    out.write_text(json.dumps(outcomes), encoding="utf-8")


def _request(row: dict[str, Any], number: int) -> ReadRequest:
    told = row["patient"]
    patient = PatientContext(
        age_years=told["age_years"],
        sex=None if told["sex"] is None else Sex(told["sex"]),
        indication=told["indication"],
    )
    language = _LANGUAGES[number % len(_LANGUAGES)]
    return ReadRequest(request_id="", pictures=(b"",), patient=patient, language=language)


def _outcome(row: dict[str, Any], text: str) -> dict[str, bool]:
    truth = next((t for t in every_truth() if asdict(t) == row["truth"]), None)
    try:
        said, understood = understand(text), True
    except ValueError:
        said, understood = None, False
    return {
        "right": understood and _place(said) == _place(truth),
        "urgency": _urgency(text) == _urgency(reading(truth)),
        "no_film": understood and said is None,
    }


def _place(truth: Truth | None) -> tuple[object, ...] | None:
    return None if truth is None else (truth.finding, truth.side, truth.zone)


def _urgency(text: str) -> str:
    return text.partition("URGENCY:")[2].partition("\n")[0].strip()


def main() -> None:
    """Draw into a folder, or read one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, help="read, and write outcomes there; else draw")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--n", type=int, default=75)
    options = parser.parse_args()
    if options.out:
        read(options.folder, options.out)
    else:
        draw(options.folder, options.seed, options.n)


if __name__ == "__main__":
    main()

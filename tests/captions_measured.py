"""How well captions are understood, measured on files of captions whose truth was written first.

`python -m tests.captions_measured FILE...` prints the precision, recall and leaks of each file, and
each caption that was misread. A file is a table as in `tests/data/captions` (`.tsv`), or has one
JSON object a line (`.jsonl`): `caption`, `age` (`{"value": 3, "unit": "days"}` or null), `sex`,
`reference`, and `leaks`, the parts that must not reach a prompt.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.captions import parse_caption
from inference.contract import Sex

FOLDER = Path(__file__).parent / "data" / "captions"
IN_YEARS = {"y": 1.0, "m": 1 / 12, "w": 7 / 365.25, "d": 1 / 365.25, "h": 1 / 365.25 / 24}
SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, "-": None}
_WITHIN = 0.005
"""Of an age: what two ways to count days into years may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A caption, and what it tells; `hidden` must not reach a prompt."""

    caption: str
    age_years: float | None
    sex: Sex | None
    reference: str | None
    hidden: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Count:
    """How often something was told, was taken, and was taken right."""

    told: int = 0
    taken: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """The share of what was taken that is right."""
        return self.right / self.taken if self.taken else 1.0

    @property
    def recall(self) -> float:
        """The share of what was told that was taken, and right."""
        return self.right / self.told if self.told else 1.0


@dataclass(slots=True, kw_only=True)
class Figures:
    """What came of a file of captions."""

    captions: int = 0
    age: Count = field(default_factory=Count)
    sex: Count = field(default_factory=Count)
    reference: Count = field(default_factory=Count)
    leaking: int = 0
    misread: list[str] = field(default_factory=list)


def told(file: Path) -> list[Told]:
    """The captions of a file, in its order."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".jsonl":
        return [_of_json(json.loads(line)) for line in text.splitlines() if line.strip()]
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_of_row(row) for row in rows]


def _of_row(row: dict[str, str]) -> Told:
    age = row["age"]
    return Told(
        caption=row["caption"],
        age_years=None if age == "-" else float(age[:-1]) * IN_YEARS[age[-1]],
        sex=SEXES[row["sex"]],
        reference=None if row["reference"] == "-" else row["reference"],
        hidden=tuple(part for part in row["hidden"].split(";") if part),
    )


def _of_json(told: dict[str, object]) -> Told:
    age, sex, reference, leaks = (told[key] for key in ("age", "sex", "reference", "leaks"))
    years = None
    if isinstance(age, dict):
        years = float(age["value"]) * IN_YEARS[str(age["unit"])[0]]
    return Told(
        caption=str(told["caption"]),
        age_years=years,
        sex=SEXES[str(sex or "-")[0].upper()],
        reference=None if reference is None else str(reference),
        hidden=tuple(map(str, leaks)) if isinstance(leaks, list) else (),
    )


def figures(captions: Iterable[Told]) -> Figures:
    """What `parse_caption` takes from captions, beside what they tell."""
    found = Figures()
    for each in captions:
        found.captions += 1
        wrong = list(_compared(each, found))
        if wrong:
            found.misread.append(f"{each.caption!r}: {', '.join(wrong)}")
    return found


def _compared(each: Told, found: Figures) -> Iterator[str]:
    facts = parse_caption(each.caption)
    patient = facts.patient
    for name, count, truth, taken in (
        ("age", found.age, each.age_years, patient.age_years),
        ("sex", found.sex, each.sex, patient.sex),
        ("reference", found.reference, each.reference, facts.patient_reference),
    ):
        is_right = truth is not None and _is_same(truth, taken)
        count.told += truth is not None
        count.taken += taken is not None
        count.right += is_right
        if truth != taken and not is_right:
            yield f"{name} is {truth}, taken as {taken}"
    indication = (patient.indication or "").casefold()
    leaks = [part for part in each.hidden if part.casefold() in indication]
    found.leaking += bool(leaks)
    yield from (f"leaks {part}" for part in leaks)


def _is_same(truth: object, taken: object) -> bool:
    if isinstance(truth, float) and isinstance(taken, float):
        return abs(truth - taken) <= _WITHIN * truth
    return truth == taken


def _shown(name: str, count: Count) -> str:
    return f"{name} {count.precision:.3f} / {count.recall:.3f} ({count.right} of {count.told})"


def report(file: Path) -> str:
    """The misread captions of a file, and its figures."""
    found = figures(told(file))
    shown = (
        _shown("age", found.age),
        _shown("sex", found.sex),
        _shown("reference", found.reference),
        f"{found.leaking} captions leak",
    )
    summary = f"{file}: {found.captions} captions; precision / recall: {'; '.join(shown)}"
    return "\n".join([*found.misread, summary])


if __name__ == "__main__":
    sys.stdout.writelines(f"{report(Path(file))}\n" for file in sys.argv[1:])

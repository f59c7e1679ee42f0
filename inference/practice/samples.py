"""The sample films that the phone chat offers, with the caption a nurse would send with each.

Their files are in `SAMPLES_FOLDER`; `inference.practice.draw_samples` drew them.
"""

from dataclasses import dataclass
from pathlib import Path

from inference.practice.truth import Finding, Side, Size, Truth, Zone

SAMPLES_FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSample:
    """One picture to try.

    Args:
        name: File name without its ending.
        title: What the page calls it: the complaint, so that it does not give the answer away.
        caption: What is sent with it.
        truth: What it shows, None for no chest film.
        photographed: As a phone photo, else as a clean film.
        seed: Of the picture.
    """

    name: str
    title: str
    caption: str
    truth: Truth | None
    photographed: bool
    seed: int


SAMPLES = (
    PracticeSample(
        name="film-1",
        title="Check before a job",
        caption="F 28, check before a job",
        truth=Truth(finding=Finding.NORMAL),
        photographed=False,
        seed=1,
    ),
    PracticeSample(
        name="film-2",
        title="Cough for three weeks",
        caption="M 45, cough and night sweats for 3 weeks",
        truth=Truth(finding=Finding.OPACITY, side=Side.RIGHT, zone=Zone.UPPER, size=Size.LARGE),
        photographed=True,
        seed=60,
    ),
    PracticeSample(
        name="film-3",
        title="Short of breath",
        caption="F 52, short of breath",
        truth=Truth(finding=Finding.EFFUSION, side=Side.LEFT, size=Size.LARGE),
        photographed=True,
        seed=62,
    ),
    PracticeSample(
        name="film-4",
        title="Sudden chest pain",
        caption="M 23, sudden chest pain",
        truth=Truth(finding=Finding.PNEUMOTHORAX, side=Side.LEFT, size=Size.LARGE),
        photographed=False,
        seed=4,
    ),
    PracticeSample(
        name="film-5",
        title="Swollen legs",
        caption="F 67, swollen legs",
        truth=Truth(finding=Finding.ENLARGED_HEART),
        photographed=True,
        seed=63,
    ),
    PracticeSample(
        name="plate",
        title="Not a film: lunch",
        caption="sent by mistake",
        truth=None,
        photographed=False,
        seed=50,
    ),
)

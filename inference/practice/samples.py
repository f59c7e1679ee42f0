"""The sample films that the phone chat offers, with the caption a nurse would send with each.

Their files are in `SAMPLES_FOLDER`; `inference.practice.draw_samples` drew them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from inference.contract import Language
from inference.practice.truth import Finding, Side, Size, Truth, Zone

SAMPLES_FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSample:
    """One picture to try.

    Args:
        name: File name without its ending.
        title: What the page calls it: the complaint, so that it does not give the answer away.
        caption: What is sent with it.
        others: Title and caption in the chat's other languages.
        truth: What it shows, None for no chest film.
        photographed: As a phone photo, else as a clean film.
        seed: Of the picture.
    """

    name: str
    title: str
    caption: str
    others: Mapping[Language, tuple[str, str]]
    truth: Truth | None
    photographed: bool
    seed: int


SAMPLES = (
    PracticeSample(
        name="film-1",
        title="Check before a job",
        caption="F 28, check before a job",
        others={
            Language.FRENCH: ("Visite avant embauche", "F 28, visite avant embauche"),
            Language.PORTUGUESE: ("Exame para emprego", "F 28, exame para emprego"),
            Language.HAUSA: ("Gwajin shiga aiki", "F 28, gwajin shiga aiki"),
        },
        truth=Truth(finding=Finding.NORMAL),
        photographed=False,
        seed=1,
    ),
    PracticeSample(
        name="film-2",
        title="Cough for three weeks",
        caption="M 45, cough and night sweats for 3 weeks",
        others={
            Language.FRENCH: (
                "Toux depuis trois semaines",
                "M 45, toux et sueurs nocturnes depuis 3 semaines",
            ),
            Language.PORTUGUESE: (
                "Tosse há três semanas",
                "M 45, tosse e suores noturnos há 3 semanas",
            ),
            Language.HAUSA: ("Tari na mako uku", "M 45, tari da gumin dare na mako 3"),
        },
        truth=Truth(finding=Finding.OPACITY, side=Side.RIGHT, zone=Zone.UPPER, size=Size.LARGE),
        photographed=True,
        seed=60,
    ),
    PracticeSample(
        name="film-3",
        title="Short of breath",
        caption="F 52, short of breath",
        others={
            Language.FRENCH: ("Essoufflement", "F 52, essoufflement"),
            Language.PORTUGUESE: ("Falta de ar", "F 52, falta de ar"),
            Language.HAUSA: ("Wahalar numfashi", "F 52, wahalar numfashi"),
        },
        truth=Truth(finding=Finding.EFFUSION, side=Side.LEFT, size=Size.LARGE),
        photographed=True,
        seed=62,
    ),
    PracticeSample(
        name="film-4",
        title="Sudden chest pain",
        caption="M 23, sudden chest pain",
        others={
            Language.FRENCH: ("Douleur thoracique soudaine", "M 23, douleur thoracique soudaine"),
            Language.PORTUGUESE: ("Dor súbita no peito", "M 23, dor súbita no peito"),
            Language.HAUSA: ("Ciwon ƙirji na farat ɗaya", "M 23, ciwon ƙirji na farat ɗaya"),
        },
        truth=Truth(finding=Finding.PNEUMOTHORAX, side=Side.LEFT, size=Size.LARGE),
        photographed=False,
        seed=4,
    ),
    PracticeSample(
        name="film-5",
        title="Swollen legs",
        caption="F 67, swollen legs",
        others={
            Language.FRENCH: ("Jambes gonflées", "F 67, jambes gonflées"),
            Language.PORTUGUESE: ("Pernas inchadas", "F 67, pernas inchadas"),
            Language.HAUSA: ("Kumburin ƙafafu", "F 67, kumburin ƙafafu"),
        },
        truth=Truth(finding=Finding.ENLARGED_HEART),
        photographed=True,
        seed=63,
    ),
    PracticeSample(
        name="plate",
        title="Not a film: lunch",
        caption="sent by mistake",
        others={
            Language.FRENCH: ("Pas un cliché : un repas", "envoyé par erreur"),
            Language.PORTUGUESE: ("Não é uma película: um almoço", "enviado por engano"),
            Language.HAUSA: ("Ba fim ba: abincin rana", "an aika bisa kuskure"),
        },
        truth=None,
        photographed=False,
        seed=50,
    ),
)

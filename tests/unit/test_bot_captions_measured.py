"""How well captions are understood, on captions whose age, sex and reference were written first.

`written_first.tsv` was there before the parser, `kept_aside.tsv` was not looked at while it was
made, `nasty.tsv` is what somebody thought of who tried to break it, and was looked at.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.captions import CaptionFacts, parse_caption
from inference.contract import Sex

FOLDER = Path(__file__).parents[1] / "data" / "captions"
IN_YEARS = {"y": 1.0, "m": 1 / 12, "w": 7 / 365.25, "d": 1 / 365.25}
SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, "-": None}
LEAST_PRECISION = 0.99


@dataclass(frozen=True)
class Told:
    """A caption, and what it tells; `hidden` must not reach a prompt."""

    caption: str
    age_years: float | None
    sex: Sex | None
    reference: str | None
    hidden: tuple[str, ...]


def told(file_name: str) -> list[Told]:
    """The captions of a file."""
    with (FOLDER / file_name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Told(
            caption=row["caption"],
            age_years=_years(row["age"]),
            sex=SEXES[row["sex"]],
            reference=None if row["reference"] == "-" else row["reference"],
            hidden=tuple(part for part in row["hidden"].split(";") if part),
        )
        for row in rows
    ]


def _years(age: str) -> float | None:
    return None if age == "-" else float(age[:-1]) * IN_YEARS[age[-1]]


def precision_and_recall(pairs: Iterable[tuple[object, object]]) -> tuple[float, float]:
    """Of pairs of what is so and what was understood."""
    both = list(pairs)
    right = sum(truth == found for truth, found in both if found is not None)
    return (
        right / sum(found is not None for _, found in both),
        right / sum(truth is not None for truth, _ in both),
    )


def _age(facts: CaptionFacts) -> float | None:
    years = facts.patient.age_years
    return None if years is None else round(years, 3)


@pytest.mark.parametrize("file_name", ["written_first.tsv", "kept_aside.tsv", "nasty.tsv"])
def test_age_sex_and_reference_are_right_wherever_they_are_taken(file_name: str) -> None:
    rows = [(row, parse_caption(row.caption)) for row in told(file_name)]
    ages = [
        (None if row.age_years is None else round(row.age_years, 3), _age(facts))
        for row, facts in rows
    ]
    sexes = [(row.sex, facts.patient.sex) for row, facts in rows]
    references = [(row.reference, facts.patient_reference) for row, facts in rows]
    for pairs, least_recall in ((ages, 0.90), (sexes, 0.92), (references, 0.85)):
        precision, recall = precision_and_recall(pairs)
        assert precision >= LEAST_PRECISION
        assert recall >= least_recall


@pytest.mark.parametrize("file_name", ["written_first.tsv", "kept_aside.tsv", "nasty.tsv"])
def test_nothing_that_identifies_somebody_reaches_the_prompt(file_name: str) -> None:
    for row in told(file_name):
        indication = (parse_caption(row.caption).patient.indication or "").casefold()
        for part in row.hidden:
            assert part.casefold() not in indication, row.caption


PHONES = (
    "76 12 34 56",
    "+223 76 12 34 56",
    "00223 76123456",
    "0803 456 7712",
    "08034567712",
    "+234-803-456-7712",
    "77.123.45.67",
    "621 45 78 90",
    "955123456",
    "(+245) 955 123 456",
    "07 07 08 09 10",
)
RECORDS = ("445512", "0098812", "2024-00918", "0104/2023/00231", "CHU-2024-118", "AB1234", "4471")


@pytest.mark.parametrize("before", ["", "cough ", "M 45, ", "F 32 ans toux ", "shekara 40 tari "])
@pytest.mark.parametrize("number", [*PHONES, *RECORDS])
def test_no_phone_or_record_number_reaches_the_prompt_though_nothing_announces_it(
    before: str, number: str
) -> None:
    indication = parse_caption(f"{before}{number}").patient.indication or ""
    groups = re.findall(r"\d{2,}", number)
    assert not set(groups) & set(re.findall(r"\d{2,}", indication.replace(before.strip(" ,"), "")))


@pytest.mark.parametrize(
    "caption",
    [
        "CD4 1200, cough",
        "WBC 15000, fever",
        "TB in 2019, cough",
        "SpO2 88%, BP 120/80",
        "Pleural Effusion Right Side",
        "Toux Fièvre Amaigrissement",
        "Derrame Pleural Direito",
        "Chest Pain And Cough",
        "TB Treatment Month 5",
        "HTA AVC ancien",
        "Fracture Left Femur",
        "Ciwon Kirji",
        "Patient Complains Of Severe Waist Pain Since Yesterday",
        "Known Case Of Peptic Ulcer With Epigastric Pain",
        "Road Traffic Accident With Multiple Abrasions And Lacerations",
        "Productive Whitish Sputum, Night Sweats, Anorexia",
        "Left Sided Weakness And Slurred Speech",
        "Swollen Tender Right Knee After Football",
        "Chronic Otitis Media With Discharge",
        "Painless Neck Swelling Gradually Increasing",
        "Burning Micturition And Flank Pain",
        "Congestive Cardiac Failure, Pedal Oedema",
        "Suspected Foreign Body Inhalation Groundnut",
        "Diabetic Foot With Gangrenous Toes",
        "Bilateral Basal Crepitations",
        "Cleft Lip Repair Review",
        "Severe Acute Malnutrition With Cough",
        "Snake Bite Left Ankle",
        "Kaposi Sarcoma Lesions On Legs",
        "Upper Gastrointestinal Bleeding",
        "Douleur Thoracique Gauche Depuis Hier",
        "Toux Grasse Avec Expectorations Verdâtres",
        "Chute De Vélo Avec Impotence Fonctionnelle",
        "Fièvre Au Long Cours, Sueurs Nocturnes",
        "Masse Abdominale Douloureuse",
        "Accident De La Voie Publique Moto Contre Voiture",
        "Traumatisme Crânien Avec Perte De Connaissance",
        "Dyspnée Stade Trois",
        "Suspicion De Fracture Du Col Fémoral",
        "Brûlure Par Eau Chaude",
        "Tosse Produtiva Com Sangue",
        "Dor Abdominal Intensa Desde Ontem",
        "Queda De Altura Com Dor Lombar",
        "Suspeita De Tuberculose Pulmonar",
        "Massa Mamária Esquerda Dolorosa",
        "Febre Alta Com Convulsões",
        "Dificuldade Em Respirar",
        "Tari Mai Jini Da Zufar Dare",
        "Ciwon Kirji Mai Tsanani",
        "Kumburin Kafa Da Numfashi Sama Sama",
        "DOULEUR ABDOMINALE FEBRILE DEPUIS TROIS JOURS",
        "CHRONIC COUGH WITH HAEMOPTYSIS AND WEIGHT LOSS",
        "HISTORY OF HYPERTENSION PRESENTING WITH BREATHLESSNESS",
        "Hemoglobin Low, Sickle Cell Crisis, Hip Pain",
        "Post Operative Wound Infection",
        "Chest Tube Insertion Check Position",
        "Nasogastric Tube Placement Confirm",
        "Routine Pre Employment Medical Check",
        "Preschool Child Refusing Feeds And Lethargic",
    ],
)
def test_what_identifies_nobody_stays_in_the_indication(caption: str) -> None:
    assert parse_caption(caption).patient.indication == caption

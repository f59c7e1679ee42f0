"""What a caption says of the patient is found, and nothing that it does not say."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.captions import parse_caption, parse_told
from bot.captions.typed import doubtful_m
from inference.contract import Sex
from inference.practice.samples import SAMPLES, PracticeSample

F, M = Sex.FEMALE, Sex.MALE


@pytest.mark.parametrize(
    ("caption", "age_years", "sex", "reference"),
    [
        ("M 45 ans toux 3 semaines", 45, M, None),
        ("F/32y, fever", 32, F, None),
        ("female, 6 months old, ref 2231", 0.5, F, "2231"),
        ("homme 60a douleur", 60, M, None),
        ("enfant 8 mois", 8 / 12, None, None),
        ("enfant 8 mois toux 2 jours", 8 / 12, None, None),
        ("ID: AB-12", None, None, "AB-12"),
        ("dossier 334", None, None, "334"),
        ("45F cough", 45, F, None),
        ("2 y/o boy", 2, M, None),
        ("Pt 0034", None, None, "0034"),
        ("girl 14", 14, F, None),
        ("girl 14 fever", 14, F, None),
        ("M 45", 45, M, None),
        ("M45", 45, M, None),
        ("45 M cough", 45, M, None),
        ("45/F", 45, F, None),
        ("Femme de 30 ans, enceinte", 30, F, None),
        ("patiente 27 ans toux", 27, F, None),
        ("45 year old male with chest pain", 45, M, None),
        ("a 6-month-old girl, wheeze", 0.5, F, None),
        ("CXR of a 71 years old woman", 71, F, None),
        ("Age: 6 mois, sexe: F", 0.5, F, None),
        ("âgé de 52 ans", 52, None, None),
        ("garçon, 3 ans, fièvre", 3, M, None),
        ("fillette 18 mois, Réf : X/77", 1.5, F, "X/77"),
        ("45 ans, toux", 45, None, None),
        ("45 ans toux", 45, None, None),
        ("32y F cough", 32, F, None),
        ("ref 2231 2y/o f", 2, F, "2231"),
        ("Mrs, 40 yrs, dossier n° 12/2024", 40, F, "12/2024"),
        ("M, cough and weight loss", None, M, None),
        ("male 38\nfever", 38, M, None),
        ("nouveau-né 10 jours", 10 / 365.25, None, None),
        ("patient 45 years, MRN 5512", 45, None, "5512"),
        ("Sex: F  Age: 33  ID 9", 33, F, "9"),
        ("he is 61 years", 61, M, None),
        ("he is 61 years male", 61, M, None),
        ("She is 61 years on treatment", 61, F, None),
        ("She's 61", 61, F, None),
        ("she is 61, cough", 61, F, None),
        ("elle a 61 ans", 61, F, None),
        ("il a 45 ans, toux", 45, M, None),
        ("the baby is 5 months", 5 / 12, None, None),
        ("patient is about 70 years", 70, None, None),
        ("l'enfant a 8 mois", 8 / 12, None, None),
        ("F 32 anos, tosse 3 semanas, ref 2231", 32, F, "2231"),
        ("homem de 54 anos com tosse", 54, M, None),
        ("criança 8 meses, febre", 8 / 12, None, None),
        ("Idade: 6 meses, sexo: F", 0.5, F, None),
        ("recém-nascido 10 dias", 10 / 365.25, None, None),
        ("F shekaru 32, tari sati 3, ref 2231", 32, F, "2231"),
        ("namiji shekara 54, tari", 54, M, None),
        ("yarinya wata 8", 8 / 12, F, None),
    ],
)
def test_what_nurses_type_is_understood(
    caption: str, age_years: float | None, sex: Sex | None, reference: str | None
) -> None:
    facts = parse_caption(caption)
    assert facts.patient.age_years == (None if age_years is None else pytest.approx(age_years))
    assert facts.patient.sex is sex
    assert facts.patient_reference == reference


@pytest.mark.parametrize(
    ("caption", "age_years", "sex", "reference"),
    [
        ("36 ans BK contrôle M6", 36, None, None),  # read as a boy of 6 before
        ("T4 N1 M1", None, None, None),  # as male, 1
        ("lit M 4", None, None, None),  # as a boy of 4
        ("fibrose F3, 52 ans", 52, None, None),  # as a girl of 3
        ("Nom: Traoré 45 ans homme toux", 45, M, None),
        ("brother of patient 0034, M 20", 20, M, None),  # as reference 0034
        ("H 54 ans", 54, M, None),
        ("Mr", None, M, None),
        ("masc", None, M, None),
        ("8/12 F", 8 / 12, F, None),
        ("enceinte", None, F, None),
        ("dan shekara 40", 40, M, None),
        ("OPD no 445", None, None, "445"),
        ("Hosp no 445", None, None, "445"),
        ("HN 445", None, None, "445"),
        ("UHID 445", None, None, "445"),
        ("Card no 445", None, None, "445"),
        ("Folder no 445", None, None, "445"),
        ("N° 445", None, None, "445"),
        ("Nº 445", None, None, "445"),
        ("ref. no. 2231", None, None, "2231"),
        ("enft 8m", 8 / 12, None, None),
        ("BP 120/80 45F", 45, F, None),
        ("neonate of 3 days, grunting", 3 / 365.25, None, None),
        ("\u200e45F cough", 45, F, None),
        ("45\u200bF cough", 45, F, None),
        ("\ufeffM 45 cough", 45, M, None),
        ("🙏 M 45 cough", 45, M, None),
        ("👩🏾‍⚕️ 45F cough", 45, F, None),
        ("４５F cough", 45, F, None),  # noqa: RUF001 - some keyboards type these
    ],
)
def test_what_was_misunderstood_once_is_understood(
    caption: str, age_years: float | None, sex: Sex | None, reference: str | None
) -> None:
    test_what_nurses_type_is_understood(caption, age_years, sex, reference)


@pytest.mark.parametrize(
    ("caption", "months", "sex"),
    [
        ("F 1 year 6 months", 18, F),
        ("F 1 year 6 months, cough", 18, F),
        ("F 1 year and 6 months", 18, F),
        ("1 an 6 mois, toux", 18, None),
        ("enfant 1 an et 6 mois toux 2 jours", 18, None),
        ("fille d'1 an et demi, fièvre", 18, F),
        ("garçon 2 ans et demi", 30, M),
        ("F 1 ano e 6 meses", 18, F),
        ("criança de 1 ano e 3 meses com febre", 15, None),
        ("menina 1 ano e meio", 18, F),
        ("yarinya shekara 1 da wata 6", 18, F),
        ("namiji shekara 2 watanni 3, tari", 27, M),
        ("F 18 mois", 18, F),
        ("M 1y6m", 18, M),
        ("M 1y6m cough", 18, M),
        ("M 1a8m", 20, M),
        ("F 1 yr 6/12", 18, F),
        ("F 1 yr 11/12, wheeze", 23, F),
        ("F/1y 6/12", 18, F),
        ("a 1 year 6 months old girl", 18, F),
        ("1-year-6-month-old boy, cough", 18, M),
        ("girl, 1 year and 2 months old", 14, F),
        ("Age: 1 an 6 mois, sexe: F", 18, F),
        ("F 0 years 6 months", 6, F),
        ("F 2 years 6 months, cough", 30, F),
        ("F 1 y/o 6 months", 18, F),
        ("F 1 year old, cough 6 months", 12, F),
        ("F 1 year, cough 6 months", 12, F),
        ("M 45 ans 3 mois de toux", 45 * 12, M),
        ("M 45 years 3 months cough", 45 * 12, M),
        ("F 3 ans, 2 mois de toux", 36, F),
    ],
)
def test_years_and_months_are_one_age(caption: str, months: int, sex: Sex | None) -> None:
    """A child of 18 months is no child of 12: under two years, months matter."""
    patient = parse_caption(caption).patient
    assert patient.age_years == pytest.approx(months / 12)
    assert patient.sex is sex


@pytest.mark.parametrize(
    "caption",
    [
        "F 1 year 6 months cough",
        "F 1 an 6 mois de toux",
        "F 1 year, 6 months",
        "M 1 year 6/12 cough",
        "cough for 1 year 6 months",
        "F 1 year 18 months",
        "1 year and a half of cough",
        "F 6/12/2024",
    ],
)
def test_months_that_may_be_a_duration_are_asked_about(caption: str) -> None:
    """A year, then six months that may be the cough's: neither 12 nor 18 months is guessed."""
    assert parse_caption(caption).patient.age_years is None


@pytest.mark.parametrize(
    "caption",
    [
        "no fever for 45 days",
        "cough 3 weeks",
        "cough for 3 years",
        "tosse há 3 anos",
        "tari shekara 3",
        "cough, 3 years",
        "M 3 weeks cough",
        "3 years cough",
        "6 years old fracture",
        "fracture 2 years old, pain",
        "TB treatment 6 months",
        "temp 38.5, BP 120/80",
        "fever 101F",
        "temp 38 F",
        "had TB at age 5",
        "depuis l'âge de 5 ans",
        "F 12 weeks pregnant",
        "M 60 kg",
        "F 38.5",
        "mother 30 years old, child 2 years old",
        "6m cough",
        "SpO2 94%",
        "T12 fracture",
        "seen 12/03/2024",
        "fumeur 20 ans",
        "M 20 cigarettes",
        "male 12 lead ECG",
        "0 years",
        "M 300",
        "",
        "he is 3 weeks post op",
        "she is 12 weeks pregnant",
        "il y a 45 ans",
        "il a 3 semaines de toux",
        "he is 61 kg",
        "she is 38.5",
        "she has 3 years of cough",
        "film 50 M",
        "size 40 M",
        "tube 60 M",
        "lot 45 M",
        "Rue 40 M",
        "newborn, day 3 of antibiotics",
        "newborn, antibiotics day 3",
        "newborn, day 5 phototherapy",
        "newborn day 3 since admission",
        "nouveau-n\u00e9, jour 3 d'antibiotiques",
    ],
)
def test_an_age_that_may_be_something_else_is_not_taken(caption: str) -> None:
    assert parse_caption(caption).patient.age_years is None


@pytest.mark.parametrize(
    ("told", "age_years", "sex"),
    [
        ("61", 61, None),
        ("61 ans", 61, None),
        ("5 months", 5 / 12, None),
        ("3 weeks.", 21 / 365.25, None),
        ("about 61 years old", 61, None),
        ("~ 40", 40, None),
        ("environ 40 ans", 40, None),
        ("5 months girl", 5 / 12, F),
        ("F", None, F),
        ("elle a 61 ans", 61, F),
        ("18 mois", 1.5, None),
        ("1 an 6 mois", 1.5, None),
        ("1 ano e 6 meses", 1.5, None),
        ("1 year 6 months", 1.5, None),
        ("1y6m", 1.5, None),
        ("1 yr 6/12", 1.5, None),
        ("1 an et demi", 1.5, None),
        ("1 an 6 mois, fille", 1.5, F),
        ("6m", 0.5, None),
        ("24m", 2, None),
        ("45, M", 45, M),
        ("5/12 F", 5 / 12, F),
        ("8/12", 8 / 12, None),
        ("18 mo", 1.5, None),
        ("2w", 14 / 365.25, None),
        ("45M ?TB", 45, M),
        ("BP 120/80 45F", 45, F),
        ("shekara 40", 40, None),
        ("wata 6", 0.5, None),
    ],
)
def test_when_the_age_was_asked_for_a_bare_number_is_one(
    told: str, age_years: float | None, sex: Sex | None
) -> None:
    patient = parse_told(told)
    assert patient.age_years == (None if age_years is None else pytest.approx(age_years))
    assert patient.sex is sex


@pytest.mark.parametrize(("told", "number"), [("18 M", 18), ("18M", 18), ("6 m", 6), ("24 M.", 24)])
def test_a_bare_m_below_25_is_asked_about(told: str, number: int) -> None:
    """A man of 18 years, or a child of 18 months?"""
    assert parse_told(told).age_years is None
    assert parse_told(told).sex is None
    assert doubtful_m(told) == number


@pytest.mark.parametrize("told", ["45M", "6m", "18", "18 mois", "M", "cough 18 M", "0 M", ""])
def test_what_is_clear_or_no_age_is_not_asked_about(told: str) -> None:
    assert doubtful_m(told) is None


@pytest.mark.parametrize(
    "told", ["0", "300", "94%", "61 kg", "38.5°", "61 62", "thanks", "1/2", "1 an 18 mois"]
)
def test_what_is_no_age_is_not_told_as_one(told: str) -> None:
    assert parse_told(told).age_years is None


@pytest.mark.parametrize(
    "caption",
    [
        "M. tuberculosis suspected",
        "F/U after treatment",
        "fever 101F",
        "assaulted by a man",
        "M or F unknown",
        "boy or girl?",
        "il m'a dit",
        "3 m fall",
        "human bite",
    ],
)
def test_a_sex_that_may_be_something_else_is_not_taken(caption: str) -> None:
    assert parse_caption(caption).patient.sex is None


@pytest.mark.parametrize(
    "caption",
    ["patient 45 ans", "id", "no id", "dossier 3 ans", "referred 12 days ago", "ref age 4"],
)
def test_a_number_that_is_no_record_number_is_not_a_reference(caption: str) -> None:
    assert parse_caption(caption).patient_reference is None


def test_the_whole_caption_becomes_the_indication() -> None:
    assert parse_caption("M 45 ans,  toux\n3 semaines").patient.indication == (
        "M 45 ans, toux; 3 semaines"
    )


@pytest.mark.parametrize(
    ("caption", "indication"),
    [
        ("female, ref 2231, cough", "female, cough"),
        ("ref 2231", None),
        ("cough ID: AB-12 since May", "cough, since May"),
        ("Name: Jane Roe, DOB 12/03/1980, cough", "cough"),
        ("Nom : Dupont; toux", "toux"),
        ("ref 2231 cough (film 2231)", "cough (film)"),
    ],
)
def test_what_identifies_the_patient_is_left_out_of_the_indication(
    caption: str, indication: str | None
) -> None:
    assert parse_caption(caption).patient.indication == indication


@given(st.text(max_size=300))
@example("ref 1 ref 2 id id 3")
def test_any_text_can_be_parsed_and_parsing_its_indication_changes_nothing(caption: str) -> None:
    facts = parse_caption(caption)
    again = parse_caption(facts.patient.indication or "")
    assert again.patient_reference is None
    assert facts.patient.indication != ""


_WORDS = st.lists(
    st.sampled_from(["M 45", "cough", "fièvre", "3 weeks", ",", "\n", "female", "douleur", ";"])
)
_CUES = re.compile("AGE|AVE|EMR|HRN|IPD|IPP|NBR|NIP|PID|REF|SEX|STR|UHN|URN|WWW|YRS")
"""Letters that say themselves what number follows."""
_REFERENCES = st.from_regex(r"[A-Z]{1,3}[-/]?[0-9]{2,5}", fullmatch=True).filter(
    lambda each: not _CUES.match(each)
)


@given(
    _WORDS, st.sampled_from(["ref ", "ID: ", "dossier n° ", "MRN", "Réf. "]), _REFERENCES, _WORDS
)
@example([], "ref ", "SA00", [])
@example([], "ref ", "G-445", [])
@example([], "ref ", "AV0012", [])
def test_the_reference_never_reaches_the_indication(
    before: list[str], keyword: str, reference: str, after: list[str]
) -> None:
    caption = " ".join([*before, f"{keyword.strip()} {reference}", *after, reference])
    facts = parse_caption(caption)
    assert facts.patient_reference == reference
    assert len(reference) < 4 or reference not in (facts.patient.indication or "")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_caption_of_a_sample_is_understood_in_every_language(sample: PracticeSample) -> None:
    """Who tries EdgeRad sees at once what it understands."""
    told = parse_caption(sample.caption).patient
    for _title, caption in sample.others.values():
        facts = parse_caption(caption)
        assert (facts.patient.sex, facts.patient.age_years) == (told.sex, told.age_years)
        assert facts.patient.indication == caption
        assert facts.patient_reference is None

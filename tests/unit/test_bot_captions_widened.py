"""The ways to tell age and sex that captions of others showed, each with what it must not take.

Each class stands beside its nearest look-alikes: what says an age in one caption is a dose, a
measure, a stay or somebody else's age in the next.
"""

import pytest

from bot.captions import parse_caption
from inference.contract import Sex

F, M = Sex.FEMALE, Sex.MALE
DAYS, HOURS = 1 / 365.25, 1 / 365.25 / 24


@pytest.mark.parametrize(
    ("caption", "age_years"),
    [
        ("2 1/2 yrs boy", 2.5),
        ("2-1/2 years old girl", 2.5),
        ("1 9/12 yr old M", 1.75),
        ("2 ans 1/2, fille", 2.5),
        ("enfant 2 ans ½, brûlure", 2.5),
        ("3 and a half year old boy", 3.5),
        ("F one and half years", 1.5),
        ("bébé d'un mois et demi", 1.5 / 12),
        ("she is fourteen years old", 14),
        ("a thirty-five year old man", 35),
        ("dame de soixante-dix ans", 70),
        ("homme de quatre-vingt-douze ans", 92),
        ("homme de soixante et onze ans", 71),
        ("mulher de trinta e dois anos", 32),
        ("mace yar shekara talatin da biyar", 35),
        ("yaro dan shekara goma sha biyu", 12),
        ("shekara arba'in namiji", 40),
        ("girl of about ten, limping", 10),
        ("Female. Sixty-two (62). Cough", 62),
    ],
)
def test_fractions_and_numbers_as_words_are_ages(caption: str, age_years: float) -> None:
    assert parse_caption(caption).patient.age_years == pytest.approx(age_years)


@pytest.mark.parametrize(
    "caption",
    [
        "two weeks of cough",
        "one year of weight loss, man",
        "since six months, woman coughing",
        "il y a deux ans",
        "toux depuis trois mois, homme",
        "dor há duas semanas, mulher",
        "tari tun wata biyu, mace",
        "depuis l'âge de dix ans",
        "2 1/2 tabs given",
        "1 1/2 litres drained, man",
        "2 1/2 weeks cough",
        "one and half hours ago, man fell",
        "woman 3/4 weight bearing",
    ],
)
def test_fractions_and_numbers_as_words_are_no_ages_of_a_complaint(caption: str) -> None:
    assert parse_caption(caption).patient.age_years is None


@pytest.mark.parametrize(
    ("caption", "age_years"),
    [
        ("45 yaers old man", 45),
        ("6 moths old baby", 0.5),
        ("9mnths F diarrhoea", 0.75),
        ("40yers old", 40),
        ("45yearold male", 45),
        ("5yrsoldboy fever", 5),
        ("52yrsM cough", 52),
        ("M_45_cough", 45),
        ("45|M|cough", 45),
        ("(47)(F) cough", 47),
        ("F [30 yrs] asthma", 30),
        ("Age-45 Sex-M", 45),
        ("Age (yrs): 34", 34),
        ("Age in months: 7, girl", 7 / 12),
        ("F. 5 mths. VSD", 5 / 12),
        ("M/C/5 yrs fever", 5),
        ("F/Ch/18 months burn", 1.5),
        ("Xray hand. tailor. 41. woman", 41),
        ("Teacher, 39, M. cough", 39),
        ("farmer 49 male snake bite", 49),
        ("Xray for Mr Bature (driver). 38. chest tight", 38),
        ("old woman from village 70+ cough", 70),
        ("kyasbi? makaranta, 11 yrs, wasu", 11),
        ("pt is 55, hes been coughing", 55),
        ("hello i am 27 years old i hav cough", 27),
        ("patient 48yrs HIV", 48),
        ("Bed 6 male ward. 29yrs. chest tube", 29),
        ("Patient: 51 / Female", 51),
        ("Kid 7. fell from bike", 7),
        ("14 yrs. M. cough.", 14),
        ("Mother of twins, 30, chest pain", 30),
        ("hand xray lady tailor 33", 33),
        ("labourer 28y fell from scaffolding", 28),
        ("Fell from tree. 9 years. Left arm", 9),
        ("pt says 70. male. chest pain", 70),
        ("lactating mother 34 yrs, baby 5 days old", 34),
        ("chief's wife 60yrs, stroke", 60),
        ("patient age-8 sex-F", 8),
        ("F 28yrs post CS day 3 dyspnoea", 28),
        ("this is John 14 yrs fell", 14),
        ("Age seventeen female. LMP 6/52", 17),
        ("grand daughter of chief, 3 yrs, convulsion", 3),
        ("infant girl 10 weeks old stridor", 70 * DAYS),
        ("rash both legs 9yr sch girl", 9),
        ("my patient Josephine (24), SOB", 24),
        ("77/8812 — male — 9 months — pneumonia", 0.75),
        ("I'm a 31yr old midwife", 31),
        ("she get 19 years, belle pain", 19),
        ("my baby girl is 5 weeks and 3 days", 5 * 7 * DAYS),
        ("18 mois, PB 108mm, oedemes", 1.5),
        ("Fell yest. Boy. Ten. Right hand", 10),
        ("Mass in abdomen 3 yrs, female pt 47", 47),
        ("lump, thigh, 2 yrs, man of 35 yrs", 35),
        ("Ht failure? 3 pillows. 58. M. smoker", 58),
        ("14m old with burns. mother is 19", 14 / 12),
    ],
)
def test_an_age_is_found_however_it_is_parted_spelt_or_joined(
    caption: str, age_years: float
) -> None:
    assert parse_caption(caption).patient.age_years == pytest.approx(age_years)


@pytest.mark.parametrize(
    "caption",
    [
        "woman, fever, 38, cough",
        "man, HR high, 110, sweating",
        "CTR 60, woman",
        "PCV 22, lady, pale",
        "M/C/S 3 days",
        "M/C/S sent",
        "page 2, 34",
        "woman, 20 cigarettes",
        "girl with cough, 3 years",
        "woman with knee pain, 10 years",
        "goitre 20 years",
        "male, HTN 20 years, DM 15 years",
        "scar from 2 years old burn",
        "man, fell 20 feet",
        "sats 70+, man",
        "AFB 3+, man",
        "1. woman with cough 2. man with fever",
        "woman pushed by her husband, 45",
        "boy hit by a 40 year old man",
        "3 months, weight loss",
        "6 months, TB treatment",
        "18 months, cough",
        "student, asthma, 12 years",
        "pupil epileptic, 10 yrs",
        "old man, 20 sticks a day",
        "came at 14h30, homme",
        "16 F foley, woman",
        "Foley 16F in situ, male",
        "M 16 screw",
        "grávida, 2ª gestação",
        "films 2, 3, 4 of 5, male",
        "SpO2 90, 88, 85, man",
        "knee pain 10 years girl",
        "mother of 3 months baby",
        "M, 2 weeks old fracture",
        "patient's wife 40 yrs coughs",
        "Sr. Armando, 70 e tal anos",
        "F/U, child 2 of 3",
        "50 to 60 yrs man",
        "old lady, 65 or 70 yrs, cough",
        "lives with aunt 40 yrs",
        "smoker 30 yrs",
        "worked in mines 35 years",
        "he has 3 years cough",
        "5 weeks and 3 days of fever",
        "goitre 25 years",
        "woman with husband (55)",
        "fell 9 years ago, pain",
        "old burn, 8 years, contracture",
        "John 3 weeks cough",
        "twin (2), male",
        "2 ans ½ de toux",
        "woman, Hb 8, 30 units",
    ],
)
def test_a_number_that_may_be_something_else_stays_one(caption: str) -> None:
    assert parse_caption(caption).patient.age_years is None


@pytest.mark.parametrize(
    ("caption", "age_years"),
    [
        ("neonate 6 hrs old grunting", 6 * HOURS),
        ("RN 10h de vida fem", 10 * HOURS),
        ("nouveau né 36h, fille", 36 * HOURS),
        ("nné H6 de vie", 6 * HOURS),
        ("nouveau-né H12, masculin", 12 * HOURS),
        ("newborn female 8hrs, bloated", 8 * HOURS),
        ("term baby girl 36 hours jaundice", 36 * HOURS),
        ("Baby born yesterday, 1 day, female, 2.1kg", 1 * DAYS),
        ("newborn day 3 on oxygen", 3 * DAYS),
        ("DOL 4 preterm, on CPAP", 4 * DAYS),
        ("RN, 2º dia de vida, icterícia", 2 * DAYS),
        ("jariri kwanansa 4, numfashi", 4 * DAYS),
        ("bébé 3 semaines ictère", 21 * DAYS),
        ("RN 3 dias, sexo masc, mãe 21 anos", 3 * DAYS),
        ("neonate D3 of life, mother 22 primip", 3 * DAYS),
    ],
)
def test_hours_and_days_of_a_newborn_are_its_age(caption: str, age_years: float) -> None:
    assert parse_caption(caption).patient.age_years == pytest.approx(age_years)


@pytest.mark.parametrize(
    "caption",
    [
        "chest pain 4 hours",
        "RTA 6 hrs ago",
        "operated 6 hrs old injury",
        "day 3 dyspnoea",
        "newborn on day 3 antibiotics",
        "D5 of antibiotics, neonate",
        "33 weeks baby on CPAP",
        "baby 3 days fever",
        "infant cough 2 weeks",
        "baby 3 weeks cough",
        "neonate, 33 weeks, grunting",
        "enfant amené par sa grand-mère de 60 ans",
        "mother 30 years old, child 2 years old",
        "his father, 60 yrs, brought him",
        "child brought by grandma 70 yrs",
        "sister 15 yrs had TB. cough in patient",
    ],
)
def test_a_stay_a_complaint_or_anothers_age_is_not_the_patients(caption: str) -> None:
    assert parse_caption(caption).patient.age_years is None


@pytest.mark.parametrize(
    ("caption", "sex"),
    [
        ("my grandson 6 yrs fell", M),
        ("ma mère, 70 ans, essoufflée", F),
        ("gd mère 82 ans", F),
        ("My father is 70 and coughs blood", M),
        ("this is the father. 44 yrs", M),
        ("sister of index case, 15 yrs", F),
        ("Mother of 4, 36 yrs", F),
        ("minha filha tem 3 anos", F),
        ("matata shekara 30", F),
        ("sunansa bala musa shekara 50", M),
        ("she fell from a tree", F),
        ("pt is 55, hes coughing, his wife died", M),
        ("wmn 34 wit cof", F),
        ("38 yr old para 5", F),
        ("post C/S day 2, 24yrs", F),
        ("pte 29 ans, toux", F),
        ("radio du vieux. 77 ans", M),
        ("pé diabético, utente fem", F),
        ("neonate, mother primip, baby male", M),
        ("34yr lactating mother, baby at home", F),
        ("il a 62 ans, il crache du sang", M),
        ("this is the 9yr old daughter", F),
        ("69yrs old papa with stroke", M),
        ("unconscious M ~50", M),
        ("Elderly F, 80s", F),
        ("son mari est décédé, elle tousse", F),
        ("M 40 kg, cough", M),
        ("CT: mother of 5 aged 41", F),
        ("Age 33. Sex? f", F),
        ("mère allaitante 22 ans", F),
        ("uwar yara biyar shekara 36", F),
        ("âge: inconnu. sexe: m. coma", M),
        ("conducteur, 34 ans", M),
        ("Mother of twins, 30", F),
    ],
)
def test_kinship_pronouns_and_what_is_said_of_women_tell_the_sex(caption: str, sex: Sex) -> None:
    assert parse_caption(caption).patient.sex is sex


@pytest.mark.parametrize(
    "caption",
    [
        "brother had TB, child 5 yrs",
        "elle dit que son enfant tousse",
        "contact of father with TB",
        "lives with aunt 40 yrs",
        "her baby has fever",
        "renversé par un homme",
        "vieux foyer de tuberculose",
        "dor há 5 dias, comprimidos para 5 dias",
        "send by mail",
        "lady doctor asks",
        "the nurse on duty, she says normal",
        "il y a du sang",
        "il/elle",
        "mother of patient is a nurse",
        "ciwon ciki wata 6",
    ],
)
def test_a_sex_that_may_be_somebody_elses_is_not_taken(caption: str) -> None:
    assert parse_caption(caption).patient.sex is None


@pytest.mark.parametrize(
    ("caption", "reference"),
    [
        ("HospNo:22345 F 60yrs", "22345"),
        ("MR# 3341 f 41", "3341"),
        ("refrence 2231/24, female", "2231/24"),
        ("Ref(2231) F/30", "2231"),
        ("OPD/2231/24 lady", "2231/24"),
        ("card number is 4471", "4471"),
        ("opd card3320", "3320"),
        ("fiche UB 052", "UB 052"),
        ("code 0045/CI/17", "0045/CI/17"),
        ("ANC no 1183", "1183"),
        ("A&E 0912, M 28", "0912"),
        ("boletim 1203", "1203"),
        ("CXR? HRN 55-21-09", "55-21-09"),
        ("dossier pédiatrie 3312/26", "3312/26"),
        ("NO 4471. F. 26", "4471"),
        ("n° urgence 8871", "8871"),
    ],
)
def test_a_record_number_is_found_behind_more_words(caption: str, reference: str) -> None:
    facts = parse_caption(caption)
    assert facts.patient_reference == reference
    assert reference not in (facts.patient.indication or "")


@pytest.mark.parametrize(
    "caption",
    [
        "x-ray no 3321",
        "staff no 221",
        "Ghana card GHA-722334455-1",
        "no: 08035551234 F 20",
        "code ARV 01/22/0345",
        "father no 3901122",
        "no 3 rib fracture",
        "seen in clinic 2021 for TB",
        "seen at Korle clinic. 9/12 f",
        "admitted hospital 2019, woman",
        "lives no. 22 Mosque Road, Brikama",
        "Patient: 51 / Female",
        "patient age-8 sex-F",
        "no cough no fever 1200 ml drained",
    ],
)
def test_a_number_of_something_else_is_no_record_number(caption: str) -> None:
    assert parse_caption(caption).patient_reference is None


@pytest.mark.parametrize(
    ("caption", "hidden"),
    [
        ("send to adaobi.n@gmail.com. F 29", ("adaobi", "gmail")),
        ("mail ada @ yahoo.fr, F 29", ("ada", "yahoo")),
        ("ada at gmail dot com, F 29", ("ada", "gmail", "com")),
        ("see www.ada-obi.org F 29", ("ada", "obi")),
        ("my name is chinyere i am 27", ("chinyere",)),
        ("je m'appelle moussa, j'ai 40 ans", ("moussa",)),
        ("o doente chama-se braima sanhá, 50 anos", ("braima", "sanh")),
        ("emeka obi 45 m cough", ("emeka", "obi")),
        ("xray of amina yusuf, 19 years", ("amina", "yusuf")),
        ("kossivi agbeko 33 f cough", ("kossivi", "agbeko")),
        ("mme traorou 45 ans", ("traorou",)),
        ("enfant Akissi 5 ans", ("Akissi",)),
        ("Gift, 9 months, F", ("Gift",)),
        ("Mr. Sunday Adeyemi, 54 yrs", ("Sunday", "Adeyemi")),
        ("garçon, né en 2019, tousse", ("2019",)),
        ("K. Mensah, M, 12/04/1980, cough", ("Mensah", "1980")),
        ("reported by J. Tetteh (CHN)", ("Tetteh",)),
        ("Lives no. 22 Mosque Road, Brikama", ("22", "Mosque")),
        ("44ans, rue KK-28 porte 310 Koira", ("28", "310", "Koira")),
        ("villa 214 Sicap Foire, toux", ("214", "Sicap", "Foire")),
        ("morada: Rua da Praia nº 12, F 30 anos", ("Praia", "12")),
        ("tél papa: 70.11.22.33 fille 6 ans", ("70", "11", "22")),
        ("Issoufou garçon 14 ans", ("Issoufou",)),
    ],
)
def test_addresses_and_names_in_small_letters_do_not_reach_the_prompt(
    caption: str, hidden: tuple[str, ...]
) -> None:
    indication = parse_caption(caption).patient.indication or ""
    assert [part for part in hidden if part in indication] == []


@pytest.mark.parametrize(
    "caption",
    [
        "M. avium? S. Aureus?",
        "ferida por bala",
        "fracture, chute de pierre",
        "seen @ night, sweats",
        "Dr asks for effusion",
        "called again for review",
        "drain on the left, mr spine tender",
        "burning feet, walks on the road",
        "lives near the main street",
        "dor aos domingos",
        "maison, F 20 ans",
        "porte 310 F 30 ans",
        "Croup, 2 yrs M",
    ],
)
def test_words_beside_names_and_addresses_stay_in_the_indication(caption: str) -> None:
    assert parse_caption(caption).patient.indication == caption


@pytest.mark.parametrize(
    "caption",
    [
        "boy twenty kg",
        "female eighty over fifty",
        "male thirty tablets swallowed",
        "woman thirty weeks",
        "34 weeks F",
        "30+4 weeks F",
        "menopause 17 years",
        "infertility 17 years",
        "diabetic 17 years, foot ulcer, female",
        "worked in cement factory 31 years. cough",
        "old TB 33 years",
        "man diabetic 33 years",
        "ciwon suga shekara 22",
        "tari na shekara 18",
        "bócio 34 anos",
        "fall, 2 years, hip pain",
        "chute, 3 ans, douleur hanche",
        "neighbour 29 years has TB. child cough",
        "Referred by midwife 44 years",
        "bébé d'une séropositive de 28 ans",
        "contact avec un tuberculeux de 40 ans",
        "raped by man 43 yrs",
        "child of woman 33 years, jaundice",
        "last child 3 years",
        "puerperal 10 days",
        "Mme Awa Diop G4P3 33 SA toux",
        "nouveau né à H12",
        "M30 & F28",
        "HIV+ M 2 yrs ART",
        "F 3 yrs on ART",
        "VIH+ F 3 ans sous ARV",
        "DM F 6 yrs insulin",
        "M 5 years COPD",
    ],
)
def test_what_is_counted_of_a_complaint_or_said_of_somebody_else_is_no_age(caption: str) -> None:
    assert parse_caption(caption).patient.age_years is None


@pytest.mark.parametrize(
    ("caption", "age_years"),
    [
        ("male thirty percent burns, 45 yrs", 45),
        ("enfant 3 ans contact d'un tuberculeux de 40 ans", 3),
        ("old man here 70 years with cough", 70),
        ("R wrist. 9 yr. fell", 9),
        ("3 yr old M on ART", 3),
        ("M 45 yrs HTN", 45),
        ("F 52 ans HTA", 52),
    ],
)
def test_the_patients_age_is_found_beside_such_numbers(caption: str, age_years: float) -> None:
    assert parse_caption(caption).patient.age_years == age_years


@pytest.mark.parametrize(
    "caption",
    [
        "ingested Paraquat, F 20",
        "bitten by Viper",
        "Girl Raped",
        "on Warfarin",
        "rule out Pneumoperitoneum M 40",
        "died from Ebola",
        "works at Quarry M 40",
        "Lassa, M 30",
        "Tachycardia, M 33",
        "fell from Mango tree M 12",
        "has Syphilis",
    ],
)
def test_a_complaint_that_begins_with_a_capital_is_no_name(caption: str) -> None:
    assert parse_caption(caption).patient.indication == caption

"""What kind of picture a caption speaks of, in four languages."""

import pytest

from bot.captions.kinds import kind_said
from inference.contract import PictureKind

CHEST, BONE, CT, MRI = PictureKind.CHEST, PictureKind.BONE, PictureKind.CT, PictureKind.MRI
SKIN, ECHO, OTHER = PictureKind.SKIN, PictureKind.ULTRASOUND, PictureKind.OTHER

SAID = [
    ("M 45, cough and night sweats for 3 weeks", CHEST),
    ("CXR F 30 rash and fever", CHEST),
    ("chest x-ray, fell from a tree, wrist pain", CHEST),
    ("F 52, short of breath", CHEST),
    ("H 54 ans toux, BK+", CHEST),
    ("radio pulmonaire F 30", CHEST),
    ("enfant 3 ans, détresse respiratoire", CHEST),
    ("Rx tórax, M 60, dispneia", CHEST),
    ("tari da zazzabi, dan shekara 40", CHEST),
    ("rib fracture?", None),
    ("xray left wrist, M 20", BONE),
    ("X-ray knee, old TB", BONE),
    ("M 12 fell, wrist swollen", BONE),
    ("Rx du genou droit", BONE),
    ("fracture du fémur ?", BONE),
    ("raio x do punho", BONE),
    ("queda, dor no joelho", BONE),
    ("karaya, gwiwa", BONE),
    ("CT chest, M 60, cough", CT),
    ("brain CT after RTA", CT),
    ("scanner cérébral F 40", CT),
    ("TDM thoracique", CT),
    ("TC de crânio", CT),
    ("TC 38, toux", CHEST),
    ("MRI spine", MRI),
    ("IRM du rachis", MRI),
    ("ressonância da coluna", MRI),
    ("USS abdomen F 22", ECHO),
    ("échographie obstétricale 24 SA", ECHO),
    ("ecografia abdominal", ECHO),
    ("obstetric scan, 24 weeks", ECHO),
    ("itchy rash on both arms, F 6", SKIN),
    ("skin lesion M 30", SKIN),
    ("éruption depuis 3 jours, F 8 ans", SKIN),
    ("ulcère de jambe", SKIN),
    ("lesão da pele, comichão", SKIN),
    ("ƙaiƙayi da kuraje", SKIN),
    ("HIV, cough, rash", None),
    ("AXR vomiting M 2", OTHER),
    ("ASP, occlusion ?", OTHER),
    ("ECG M 60", OTHER),
    ("CT and MRI brain", None),
    ("M 45", None),
    ("", None),
    ("please read", None),
    ("fever 3 days", None),
    ("ref 2231, F 36", None),
    ("main complaint fever", None),
    ("perte de poids", None),
]


@pytest.mark.parametrize(("caption", "kind"), SAID, ids=[caption or "-" for caption, _ in SAID])
def test_a_caption_says_its_kind_of_picture_or_nothing(
    caption: str, kind: PictureKind | None
) -> None:
    assert kind_said(caption) is kind

"""What a DICOM object says that it shows."""

import pytest

from pictures.picture import Subject
from pictures.subject import subject_of


@pytest.mark.parametrize(
    ("modality", "part", "subject"),
    [
        ("CR", "CHEST", Subject.CHEST),
        ("DX", "Thorax ", Subject.CHEST),
        ("DX", "HAND", Subject.BONE),
        ("CR", "C SPINE", Subject.BONE),
        ("DX", "ABDOMEN", Subject.OTHER),
        ("DX", "", None),
        ("DX", None, None),
        ("CT", "CHEST", Subject.CT),
        ("MR", "BRAIN", Subject.MRI),
        ("us", None, Subject.ULTRASOUND),
        ("MG", "BREAST", Subject.OTHER),
        ("HC", None, None),
        ("", "CHEST", None),
        (None, None, None),
        ("DX", "Amina Traoré, her hand", None),
    ],
)
def test_tags_tell_the_subject_and_nothing_else(
    modality: str | None, part: str | None, subject: Subject | None
) -> None:
    assert subject_of(modality, part) is subject

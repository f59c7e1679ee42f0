"""What somebody sets right in a case: each correction is a version, and the earlier one is kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inference.contract import PictureKind, Reading, Sex


class Field(StrEnum):
    """What of a case is corrected; the names are the store's words too."""

    REFERENCE = "reference"
    AGE = "age"
    SEX = "sex"
    SIDE = "side"
    KIND = "kind"
    CAPTION = "caption"
    INDICATION = "indication"
    PICTURES = "pictures"
    WITHDRAWN = "withdrawn"

    @property
    def is_told_to_model(self) -> bool:
        """Whether a reading depends on it."""
        return self not in {Field.REFERENCE, Field.CAPTION, Field.WITHDRAWN}


class Side(StrEnum):
    """Which side of the patient the picture shows, where its sender says so."""

    LEFT = "left"
    RIGHT = "right"


class WithdrawalReason(StrEnum):
    """Why a case is withdrawn."""

    PICTURE = "picture"
    PATIENT = "patient"
    TWICE = "twice"
    OTHER = "other"


class Awaited(StrEnum):
    """What somebody was asked to type."""

    REFERENCE = "reference"
    AGE = "age"
    PATIENT = "patient"


Value = str | float | Sex | Side | PictureKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a field shall be from now on, None for nothing."""

    field: Field
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A version of a field.

    Args:
        name: Who made it.
        old: What the field was before, as text; None for nothing, and for what was deleted.
        new: What it became.
    """

    field: Field
    old: str | None
    new: str | None
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierReading:
    """A reading that was made before a correction, and replaced by a later one.

    Args:
        reviewer: Who had signed it off, None for nobody.
    """

    reading: Reading
    answered_at: datetime
    reviewer: str | None
    review_agrees: bool | None
    review_note: str | None

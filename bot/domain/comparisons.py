"""Which older film a newer one of the same patient may be compared with.

Knows cases. Must not know who may see them, nor what is said. Nothing is compared unless a person
confirms that both are the same patient's: a reference may be typed wrong.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case, ComparedWith, StoredPicture
from inference.contract import Comparison, PictureKind
from pictures import ViewPosition


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmPair:
    """An older film and a newer one, taken in the same view as far as is known.

    Args:
        with_: The older's case.
        prior: Name of its picture, as a model reads it.
        current_at: When the newer one was sent.
        current: Name of its picture, likewise.
        view: Of the newer one, None where its file does not say.
    """

    with_: ComparedWith
    prior: str
    current_at: datetime
    current: str
    view: ViewPosition | None = None

    @property
    def names(self) -> tuple[str, str]:
        """The pictures, the older first."""
        return self.prior, self.current

    @property
    def days(self) -> Comparison:
        """When each was sent, by the clinic's clock, as a model is told."""
        older, newer = self.with_.sent_at, self.current_at
        return Comparison(
            prior=older.astimezone().date().isoformat(),
            current=newer.astimezone().date().isoformat(),
        )


def pair_of(case: Case, prior: Case) -> FilmPair | None:
    """The films of two cases that may be compared, None if none may.

    Both cases must be of chests, under one reference, of one sex as far as that is known, and
    neither withdrawn. Of several pictures those are taken whose files say the same frontal view.
    A poor photo is compared with nothing.
    """
    if prior.case_id >= case.case_id or not _alike(case, prior):
        return None
    films = next(
        (
            (older, newer)
            for newer in case.pictures
            for older in prior.pictures
            if _same_view(older, newer, alone=len(case.pictures) == len(prior.pictures) == 1)
        ),
        None,
    )
    if films is None:
        return None
    return FilmPair(
        with_=ComparedWith(case_id=prior.case_id, sent_at=prior.created_at),
        prior=films[0].read,
        current_at=case.created_at,
        current=films[1].read,
        view=view_of(films[1]),
    )


def _alike(case: Case, prior: Case) -> bool:
    reference, before = case.patient_reference, prior.patient_reference
    if reference is None or before is None or reference.casefold() != before.casefold():
        return False
    if case.withdrawal is not None or prior.withdrawal is not None:
        return False
    chests = {case.kind, prior.kind} <= {None, PictureKind.CHEST}
    return chests and len({case.patient.sex, prior.patient.sex} - {None}) < 2


def _same_view(older: StoredPicture, newer: StoredPicture, *, alone: bool) -> bool:
    """Whether two good pictures are of one frontal view; where files do not say, a person does.

    Args:
        alone: Whether each is its case's only picture.
    """
    if _is_poor(older) or _is_poor(newer):
        return False
    views = {view_of(older), view_of(newer)}
    if ViewPosition.LATERAL in views or (None in views and not alone):
        return False
    return len(views - {None}) < 2


def _is_poor(picture: StoredPicture) -> bool:
    """Whether a photo has a fault by which a change could be taken for one of the patient's."""
    return picture.note is not None and bool(picture.note.faults)


def view_of(picture: StoredPicture) -> ViewPosition | None:
    """How a picture was taken, None where its file does not say."""
    return None if picture.note is None else picture.note.view

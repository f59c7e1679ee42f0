"""A film with a place marked on it: which answers name one, and what is written on and under it.

Knows cases and places. Must not know how a film is drawn. It claims nothing of its own: it points
where the answer's words point, and says so.
"""

from bot.domain.cases import Case
from bot.domain.messages import Reply
from bot.locale import Translator
from bot.replies.corrections import withdrawal_line
from bot.replies.markup import bold, italic, lines, paragraphs, plain
from bot.replies.reading import banner, short_disclaimer
from inference.answers.named_place import named_place
from inference.contract import PictureKind, Reading
from pictures import ViewPosition
from pictures.places import MarkWords, Place, Side, Zone


def place_of(case: Case, reading: Reading) -> Place | None:
    """The place that a reading names on the case's one film, None where none may be marked.

    With several pictures nobody can tell which one the text means. Where a side was set by a person
    the picture may be of one side alone.
    """
    if len(case.pictures) != 1 or case.side is not None:
        return None
    if case.kind not in {None, PictureKind.CHEST}:
        return None
    note = case.pictures[0].note
    if note is not None and note.view is ViewPosition.LATERAL:
        return None
    said = reading.sections
    return named_place("\n".join(part for part in (said.findings, said.impression) if part))


def words(case: Case, place: Place, t: Translator) -> MarkWords:
    """What is written on the film; across it, that its case was withdrawn."""
    return MarkWords(
        right=t.gettext("Patient's right"),
        left=t.gettext("Patient's left"),
        label=_label(place, t),
        across="" if case.withdrawal is None else t.gettext("WITHDRAWN"),
    )


def explained(case: Case, reading: Reading, t: Translator) -> str:
    """What a mark means, for the film on paper."""
    place = place_of(case, reading)
    label = "" if place is None else f"{_label(place, t)}. "
    return label + t.gettext("Drawn from the answer's words, not found in the picture.")


def caption(case: Case, reading: Reading, t: Translator) -> Reply:
    """What stands under the film."""
    place = place_of(case, reading)
    text = paragraphs(
        None if case.withdrawal is None else withdrawal_line(case.withdrawal, t),
        banner(reading.engine, t),
        None if place is None else bold(_label(place, t)),
        lines(
            plain(t.gettext("Drawn from the answer's words, not found in the picture.")),
            plain(t.gettext("Case {case}", case=case.code)),
        ),
        italic(short_disclaimer(t)),
    )
    return Reply(text=text)


def _label(place: Place, t: Translator) -> str:
    sides = {
        Side.RIGHT: t.gettext("right side"),
        Side.LEFT: t.gettext("left side"),
        Side.BOTH: t.gettext("both sides"),
    }
    zones = {
        Zone.UPPER: t.gettext("upper zone"),
        Zone.MIDDLE: t.gettext("middle zone"),
        Zone.LOWER: t.gettext("lower zone"),
        Zone.APEX: t.gettext("apex"),
        Zone.HILUM: t.gettext("hilum"),
        Zone.BASE: t.gettext("base"),
        Zone.COSTOPHRENIC: t.gettext("costophrenic angle"),
    }
    where = [sides[place.side], *([] if place.zone is None else [zones[place.zone]])]
    return t.gettext("Where the text says: {place}", place=", ".join(where))

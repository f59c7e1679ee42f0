"""A supervisor's sign-off of a case: the verdict, its note, and who is told.

Knows cases and people. Must not know SQL or Telegram.
"""

from bot.domain.cases import Case, CaseStatus
from bot.domain.messages import Button, Reply
from bot.domain.people import Person
from bot.locale import Translator
from bot.replies import words
from bot.replies.buttons import Action, button
from bot.replies.markup import Html, bold, lines, paragraphs, plain, quoted, said, typed


def review_buttons(case: Case, reader: Person, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """What a supervisor can do with a case: sign it off, or have it read again if that failed.

    Args:
        reader: Who looks at it.

    Returns:
        Rows of buttons; none for a health worker, or where somebody else has signed it off.
    """
    if not reader.role.sees_all_cases or case.withdrawal is not None:
        return ()
    if case.status is CaseStatus.FAILED:
        return ((button(t.gettext("Try again"), Action.TRY_AGAIN, case.case_id),),)
    if case.status is not CaseStatus.ANSWERED or case.reviewed_by not in {None, reader.user_id}:
        return ()
    return (
        (
            button(t.gettext("Reviewed: I agree"), Action.AGREE, case.case_id),
            button(t.gettext("I disagree"), Action.DISAGREE, case.case_id),
        ),
    )


def review_line(case: Case, reviewer: Person | None, t: Translator) -> Html | None:
    """HTML that says who signed a case off, and how; None for a case without a reading."""
    if case.status is not CaseStatus.ANSWERED:
        return None
    if case.reviewed_at is None:
        return plain(t.gettext("Not reviewed yet."))
    name, when = "" if reviewer is None else words.name(reviewer.name), t.moment(case.reviewed_at)
    verdict = (
        t.gettext("Reviewed by {name}, {when}: agrees.", name=name, when=when)
        if case.review_agrees
        else t.gettext("Reviewed by {name}, {when}: DISAGREES.", name=name, when=when)
    )
    return lines(bold(verdict), quoted(case.review_note or ""))


def reviewed(case: Case, t: Translator) -> Reply:
    """Confirms a sign-off.

    Args:
        case: The case, signed off.

    Returns:
        One message; a reply to it becomes the sign-off's note, and so does what follows at once
        on a disagreement.
    """
    if case.review_agrees:
        verdict = t.gettext("{case} signed off: you agree.", case=case.code)
        hint = t.gettext("To tell the sender what to do, reply to this message.")
    else:
        verdict = t.gettext("{case} signed off: you disagree.", case=case.code)
        hint = t.gettext(
            "Write why, and what to do: your next message is the note, and goes to the sender. "
            "Later, reply to this one."
        )
    return Reply(text=lines(bold(verdict), plain(hint)))


def reviewed_notice(case: Case, reviewer: Person, t: Translator) -> Reply:
    """Tells the sender whether a supervisor agrees with a reading, and what to do.

    Args:
        case: The case, signed off.
    """
    name, note = words.name(reviewer.name), quoted(case.review_note or "")
    if case.review_agrees:
        agrees = t.gettext("☑ {case}: {name} agrees with the reading.", case=case.code, name=name)
        what = plain(t.gettext("What to do:")) if note else None
        return Reply(text=lines(bold(agrees), what, note))
    text = paragraphs(
        bold(t.gettext("⚠️ {case}: your supervisor disagrees with the reading", case=case.code)),
        typed(t.gettext("Reviewed by {name}. Ask before you act on it.", name=name)),
        note,
    )
    return Reply(text=text)


def opened(case: Case, reader: Person, t: Translator) -> Reply:
    """Tells the sender who has opened the case."""
    name = words.name(reader.name)
    return Reply(
        text=typed(t.gettext("👁 {case}: {name} has opened it.", case=case.code, name=name))
    )


def review_noted(case: Case, t: Translator) -> Reply:
    """Confirms a note."""
    return said(t.gettext("Your note on {case} is kept.", case=case.code))


def reviewed_by_another(case: Case, t: Translator) -> str:
    """Answers a sign-off that came too late, in plain text."""
    return t.gettext("{case} was signed off by somebody else.", case=case.code)

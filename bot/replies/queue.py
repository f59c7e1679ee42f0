"""What a sender is told of a case before and instead of its answer.

Knows cases and their place in the queue. Must not know SQL or Telegram.
"""

from bot.domain.cases import Case, ComparedWith, QueuePosition, case_code
from bot.domain.corrections import WithdrawalReason
from bot.domain.ids import CaseId, ReadingId
from bot.domain.messages import Button, Reply
from bot.domain.series import is_series
from bot.locale import Translator
from bot.replies import words
from bot.replies.buttons import Action, button, in_rows
from bot.replies.markup import bold, lines, paragraphs, plain, said, typed
from bot.replies.reading import correct_button, open_case_button
from inference.contract import Looked, PatientContext, PictureKind, Sex

NEAREST_AGES_YEARS = ((0.5, 3, 10, 20), (35, 50, 65, 80))
"""What the age buttons offer: an age that is near enough; the exact one can be typed."""


def received(case: Case, place: QueuePosition, t: Translator) -> Reply:
    """Tells the sender that the case is safe, and when its answer can be expected.

    Args:
        place: Where it stands in the queue.

    Returns:
        One message with buttons: to cancel, and to tell what the caption did not.
    """
    text = paragraphs(
        lines(
            bold(t.gettext("Received: case {case}", case=case.code)),
            typed(words.told(case, t)),
            plain(_pictures(case, t)) if len(case.pictures) > 1 else None,
        ),
        plain(_place(place, t.gettext("Your picture is next."), t)),
        plain(_asked(case, t)),
        plain(_assumed(case, t)),
    )
    return Reply(text=text, buttons=_buttons(case, t))


def _pictures(case: Case, t: Translator) -> str:
    if is_series(case):
        return words.slices(case, t)
    return t.ngettext("{n} picture", "{n} pictures", len(case.pictures))


def engine_failed(case: Case, t: Translator) -> Reply:
    """Tells that nothing can be read at the moment, and that nothing is lost."""
    return said(
        t.gettext(
            "The reading engine is not running at the moment. Case {case} is safe and waits for "
            "it. Tell your supervisor, and do not wait for the answer to treat the patient.",
            case=case.code,
        )
    )


def pictures_gone(case: Case, t: Translator) -> Reply:
    """Answers a question about a case whose pictures were deleted for their age."""
    return said(
        t.gettext(
            "The pictures of case {case} are no longer kept, so nothing more can be read from "
            "them. Send a new picture.",
            case=case.code,
        )
    )


def received_question(
    reading_id: ReadingId, case: Case, place: QueuePosition, t: Translator
) -> Reply:
    """Tells that a follow-up question waits.

    Args:
        reading_id: The question's own place in the queue, to cancel it by.
        case: The case it is about.
        place: Where it stands in the queue.

    Returns:
        One message with a button to cancel.
    """
    text = lines(
        bold(t.gettext("Question on case {case} received", case=case.code)),
        plain(_place(place, t.gettext("Your question is next."), t)),
    )
    return Reply(text=text, buttons=((cancel_button(reading_id, t),),))


def received_comparison(
    reading_id: ReadingId, case: Case, prior: ComparedWith, place: QueuePosition, t: Translator
) -> Reply:
    """Tells that a comparison waits.

    Args:
        reading_id: Its own place in the queue, to cancel it by.
        case: The newer case.
        prior: The older one.
        place: Where it stands in the queue.

    Returns:
        One message with a button to cancel.
    """
    text = lines(
        bold(
            t.gettext(
                "{case} will be compared with {prior} of {day}",
                case=case.code,
                prior=prior.code,
                day=t.day(prior.sent_at),
            )
        ),
        plain(_place(place, t.gettext("The comparison is next."), t)),
    )
    return Reply(text=text, buttons=((cancel_button(reading_id, t),),))


def reading_begun(
    case: Case, reading_id: ReadingId, typical_s: float | None, t: Translator
) -> Reply:
    """Tells that the model has begun.

    Args:
        reading_id: Its first reading or a question on it, to cancel it by.
        typical_s: How long a reading takes, None where nothing was read yet to judge by.

    Returns:
        New words for the "received" message.
    """
    return Reply(
        text=lines(
            bold(t.gettext("⏳ {case}: being read now", case=case.code)),
            None if typical_s is None else plain(expected(typical_s, t)),
        ),
        buttons=((correct_button(case, t), cancel_button(reading_id, t)),),
    )


def slices_looked_at(
    case: Case, looked: Looked, buttons: tuple[tuple[Button, ...], ...], t: Translator
) -> Reply:
    """Tells how many slices of a series the model has looked at.

    Args:
        buttons: Of the "received" message.

    Returns:
        New words for it.
    """
    seen = t.gettext("{n} of {count} slices looked at", n=looked.count, count=looked.of)
    begun = bold(t.gettext("⏳ {case}: being read now", case=case.code))
    return Reply(text=lines(begun, plain(seen)), buttons=buttons)


def answered(case: Case, t: Translator) -> Reply:
    """New words for a "received" message that the answer could not take the place of."""
    return Reply(
        text=bold(t.gettext("✅ {case}: answered", case=case.code)),
        buttons=((open_case_button(case, t),),),
    )


def cancelled(case: Case, t: Translator) -> Reply:
    """Tells that a case was taken back."""
    return said(t.gettext("{case}: cancelled. It will not be read.", case=case.code))


def question_cancelled(case: Case, t: Translator) -> Reply:
    """Tells that a follow-up question was taken back."""
    return said(
        t.gettext(
            "The question on case {case} is cancelled: it will not be answered.", case=case.code
        )
    )


def too_late_to_cancel(case: Case, t: Translator) -> Reply:
    """Tells that a case cannot be taken back any more."""
    state = words.status(case.status, t)
    return said(
        t.gettext("{case} can no longer be cancelled: {state}.", case=case.code, state=state)
    )


def nothing_to_cancel(t: Translator) -> Reply:
    """Tells that no case of this person waits."""
    return said(t.gettext("You have no case waiting."))


def patient_noted(case: Case, t: Translator, *, in_time: bool) -> str:
    """Confirms what a button told of the patient.

    Args:
        case: The case with it.
        in_time: Whether the reading will still use it.

    Returns:
        Plain text, short enough for the answer to a button.
    """
    kind = "" if case.kind is None else words.kind(case.kind, t)
    about = ", ".join(part for part in (words.patient(case.patient, t), kind) if part)
    if in_time:
        return t.gettext("Noted: {patient}.", patient=about)
    return t.gettext("Noted: {patient}. The reading had begun without it.", patient=about)


def months_or_male(case: Case, number: int, t: Translator) -> Reply:
    """Asks what an answer such as `18 M` means: below 25 it may be months.

    Args:
        number: What stood before the letter.
    """
    years, months = float(number), round(number / 12, 4)
    male = words.patient(PatientContext(age_years=years, sex=Sex.MALE), t)
    text = t.gettext("{case}: do you mean months, or a male patient?", case=case.code)
    young = button(words.months(number, t), Action.AGE, case.case_id, months)
    grown = button(male, Action.AGE, case.case_id, number, Sex.MALE)
    return Reply(text=plain(text), buttons=((young, grown),))


def failed(case: Case, t: Translator) -> Reply:
    """Tells the sender that there will be no answer, with a button to try again."""
    text = paragraphs(
        bold(t.gettext("⚠️ {case} could not be read", case=case.code)),
        plain(
            t.gettext(
                "The model failed several times. The case is kept and a supervisor is told. "
                "Do not wait for an answer: act on what you see and know."
            )
        ),
    )
    return Reply(text=text, buttons=((_again_button(case, t),),))


def question_failed(case: Case, t: Translator) -> Reply:
    """Tells that a follow-up question will have no answer."""
    return said(
        t.gettext(
            "⚠️ The question on case {case} could not be answered. You may ask it again.",
            case=case.code,
        )
    )


def failed_notice(case: Case, t: Translator) -> Reply:
    """Tells a supervisor that somebody's case has no answer."""
    name = words.name(case.sender_name)
    text = lines(
        bold(t.gettext("⚠️ {case} could not be read", case=case.code)),
        typed(t.gettext("From: {name}", name=name)),
    )
    return Reply(text=text, buttons=((open_case_button(case, t), _again_button(case, t)),))


def which_case(t: Translator) -> Reply:
    """Asks which of several waiting cases an age or a sex is meant for."""
    return said(
        t.gettext(
            "Several of your cases wait, so I do not know which patient you mean. "
            "Please send it again as a reply to that picture."
        )
    )


def not_delivered(case: Case, t: Translator) -> Reply:
    """Tells a supervisor that the server will not take an answer for whoever asked."""
    text = t.gettext(
        "The answer to case {case} could not be delivered to {name}. Tell {name} what it says.",
        case=case.code,
        name=words.name(case.sender_name),
    )
    return Reply(text=bold(f"⚠️ {text}"), buttons=((open_case_button(case, t),),))


def not_answered_yet(case: Case, t: Translator) -> Reply:
    """Answers a question about a case that has no reading to ask about."""
    state = words.status(case.status, t)
    return said(
        t.gettext(
            "{case} has no answer to ask about: {state}. Ask again once it is answered.",
            case=case.code,
            state=state,
        )
    )


def queued_again(case: Case, t: Translator) -> Reply:
    """Tells that a failed case is tried again."""
    return said(t.gettext("{case} waits to be read again.", case=case.code))


def went_wrong(t: Translator) -> Reply:
    """Apologises for a message that could not be handled, whatever it was."""
    return said(
        t.gettext(
            "Sorry, something went wrong with this message. Please send it again; if it "
            "happens again, tell your supervisor."
        )
    )


def _place(place: QueuePosition, next_up: str, t: Translator) -> str:
    if place.ahead == 0:
        where = next_up
    else:
        where = t.ngettext(
            "{n} reading comes before it.", "{n} readings come before it.", place.ahead
        )
    if place.wait_s is None:
        return where
    return f"{where} {expected(place.wait_s, t)}"


def expected(wait_s: float, t: Translator) -> str:
    """When an answer can be expected."""
    return t.gettext("Answer expected in {wait}.", wait=words.wait(wait_s, t))


def _asked(case: Case, t: Translator) -> str:
    """What would make the reading better; never waited for."""
    patient = case.patient
    if patient.age_years is None and patient.sex is None:
        return t.gettext(
            "Sex and age improve the reading, if you know them: press, "
            "or reply with them, such as “F 32\u00a0years”."
        )
    if patient.age_years is None:
        return t.gettext(
            "The age improves the reading, if you know it: press the nearest, "
            "or reply with it, such as “32\u00a0years”."
        )
    if patient.sex is None:
        return t.gettext("The patient's sex improves the reading, if you know it.")
    return ""


def _assumed(case: Case, t: Translator) -> str:
    if case.kind is not None:
        return ""
    return t.gettext("It is read as a chest X-ray. If it is another picture, press which.")


def _buttons(case: Case, t: Translator) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if case.patient.sex is None:
        rows.append(
            tuple(
                button(words.sex(sex, t).capitalize(), Action.SEX, case.case_id, sex) for sex in Sex
            )
        )
    if case.patient.age_years is None:
        rows.extend(
            tuple(
                button(f"≈ {words.age(years, t)}", Action.AGE, case.case_id, years) for years in row
            )
            for row in NEAREST_AGES_YEARS
        )
    if len(case.pictures) > 1 and not is_series(case):
        rows.append((button(t.gettext("Two patients: split"), Action.SPLIT, case.case_id),))
    if case.kind is None:
        rows.extend(_kind_buttons(case, t))
    return (*rows, (correct_button(case, t), cancel_button(case.reading_id, t)))


def _kind_buttons(case: Case, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """All but the chest, as which it is read if nobody presses anything."""
    kinds = [kind for kind in PictureKind if kind is not PictureKind.CHEST]
    return in_rows([_kind_button(case, kind, t) for kind in kinds])


def _kind_button(case: Case, kind: PictureKind, t: Translator) -> Button:
    word = words.kind(kind, t)
    return button(word[:1].upper() + word[1:], Action.KIND, case.case_id, kind)


def sent_before(case: Case, before: CaseId, t: Translator) -> Reply:
    """Tells that the same picture was sent before, for another case.

    Args:
        before: The other case.
    """
    code = case_code(before)
    again = t.gettext("⚠️ The same picture was sent before: case {case}. Is it twice?", case=code)
    look = button(t.gettext("Open {case}", case=code), Action.OPEN_CASE, before)
    twice = t.gettext("Sent twice: withdraw {case}", case=case.code)
    take_back = button(twice, Action.WITHDRAW, case.case_id, WithdrawalReason.TWICE, "yes")
    return Reply(text=bold(again), buttons=((look,), (take_back,)))


def cancel_button(reading_id: ReadingId, t: Translator) -> Button:
    """A button that takes a reading back."""
    return button(t.gettext("Cancel"), Action.CANCEL, reading_id)


def _again_button(case: Case, t: Translator) -> Button:
    return button(t.gettext("Try again"), Action.TRY_AGAIN, case.case_id)

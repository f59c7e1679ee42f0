"""What is said when somebody sets a case right: what is wrong, what changed, what is read again.

Knows cases and their corrections. Must not know SQL or Telegram.
"""

from collections.abc import Callable, Iterable, Sequence
from textwrap import shorten

from bot.domain.cases import Case, CaseStatus, QueuePosition, Withdrawal
from bot.domain.corrections import (
    Awaited,
    Correction,
    EarlierReading,
    Field,
    Side,
    WithdrawalReason,
)
from bot.domain.messages import Button, Reply
from bot.locale import Translator
from bot.replies import words
from bot.replies.buttons import Action, button, in_rows
from bot.replies.markup import (
    Html,
    bold,
    is_sendable,
    lines,
    paragraphs,
    plain,
    quoted,
    said,
    typed,
)
from bot.replies.questions import ask_button
from bot.replies.queue import cancel_button, expected
from bot.replies.reading import correct_button, open_case_button, report_button
from inference.answers.thoughts import strip_thoughts
from inference.contract import PatientContext, PictureKind, Sex

YES = "yes"
SHOWN_CHARS = 200
"""So much of a caption is shown; all of it is kept."""
FIRST_TO_SPLIT_OFF = 2


def menu(case: Case, t: Translator) -> Reply:
    """Asks what of a case is wrong."""
    text = paragraphs(
        bold(t.gettext("Correct case {case}", case=case.code)),
        typed(words.told(case, t)),
        plain(t.gettext("What is wrong?")),
    )
    case_id = case.case_id
    rows = [
        (
            button(t.gettext("Reference"), Action.CORRECT_FIELD, case_id, Awaited.REFERENCE),
            button(t.gettext("Age"), Action.CORRECT_FIELD, case_id, Awaited.AGE),
            button(t.gettext("Sex"), Action.CORRECT_FIELD, case_id, Field.SEX),
            button(t.gettext("Side"), Action.CORRECT_FIELD, case_id, Field.SIDE),
        ),
        (
            button(t.gettext("Wrong patient"), Action.CORRECT_FIELD, case_id, Awaited.PATIENT),
            button(t.gettext("Wrong picture"), Action.WITHDRAW, case_id, WithdrawalReason.PICTURE),
            button(t.gettext("Kind of picture"), Action.CORRECT_FIELD, case_id, Field.KIND),
        ),
        (button(t.gettext("Withdraw the case"), Action.WITHDRAW, case_id),),
    ]
    if len(case.pictures) > 1:
        rows.append((split_button(case, t),))
    return Reply(text=text, buttons=tuple(rows))


def asked(case: Case, awaited: Awaited, t: Translator) -> Reply:
    """Asks to type what is right."""
    question = {
        Awaited.REFERENCE: t.gettext("Type the right reference, such as 2231."),
        Awaited.AGE: t.gettext("Type the right age, such as 36\u00a0years."),
        Awaited.PATIENT: t.gettext(
            "Type what is true of this patient, as in a caption, such as “F 36\u00a0years, cough, "
            "ref 2231”. It takes the place of what was said before."
        ),
    }[awaited]
    return Reply(text=lines(bold(case.code), plain(question)))


def asked_by_buttons(case: Case, field: Field, t: Translator) -> Reply:
    """Asks to press what is right."""
    question, values = _choice(field, t)
    made = [
        button(word[:1].upper() + word[1:], Action.CORRECT_TO, case.case_id, field, value)
        for word, value in values
    ]
    return Reply(text=lines(bold(case.code), plain(question)), buttons=in_rows(made))


def _choice(field: Field, t: Translator) -> tuple[str, Iterable[tuple[str, str]]]:
    if field is Field.SEX:
        return t.gettext("Which sex is right?"), ((words.sex(sex, t), sex) for sex in Sex)
    if field is Field.KIND:
        kinds = ((words.kind(kind, t), kind) for kind in PictureKind)
        return t.gettext("What kind of picture is it?"), kinds
    sides = ((words.side(side, t), side) for side in Side)
    return t.gettext("Which side of the patient does the picture show?"), sides


def not_understood(case: Case, t: Translator) -> Reply:
    """Answers what cannot be what was asked for."""
    text = t.gettext("{case}: I do not understand this. Nothing was changed.", case=case.code)
    return Reply(text=plain(text), buttons=((correct_button(case, t),),))


def corrected(case: Case, made: Sequence[Correction], t: Translator) -> Reply:
    """Tells what was corrected, and whether the reading knows of it.

    Args:
        case: The case as it is now.
    """
    if not made:
        return said(t.gettext("{case}: it is so already.", case=case.code))
    text = paragraphs(
        lines(
            bold(t.gettext("{case} is corrected", case=case.code)),
            *(typed(_change(each, t)) for each in shown(made)),
        ),
        plain(_of_reading(case, t)),
    )
    return Reply(text=text, buttons=buttons_of_card(case, t))


def corrected_notice(case: Case, made: Sequence[Correction], name: str, t: Translator) -> Reply:
    """Tells others who have to do with a case that it was corrected."""
    head = t.gettext("✏️ {case} was corrected by {name}", case=case.code, name=words.name(name))
    text = lines(bold(head), *(typed(_change(each, t)) for each in shown(made)))
    return Reply(text=text, buttons=((open_case_button(case, t),),))


def offered(case: Case, told: PatientContext, t: Translator) -> Reply:
    """Offers a correction in answer to what sounds like one, in place of asking the model."""
    text = paragraphs(
        bold(t.gettext("{case}: is something wrong?", case=case.code)),
        plain(
            t.gettext(
                "This sounds like a correction, so the model was not asked. "
                "To ask the model, send it again with a question mark."
            )
        ),
    )
    rows = [(correct_button(case, t),)]
    if told.age_years is not None or told.sex is not None:
        label = t.gettext("Correct to: {patient}", patient=words.patient(told, t))
        years = 0 if told.age_years is None else round(told.age_years, 4)
        rows.insert(0, (button(label, Action.AGE, case.case_id, years, told.sex or ""),))
    return Reply(text=text, buttons=tuple(rows))


def read_again(case: Case, place: QueuePosition, t: Translator) -> Reply:
    """Tells that a case is read again, as its new "received" message."""
    wait = "" if place.wait_s is None else expected(place.wait_s, t)
    text = lines(
        bold(t.gettext("{case} is read again with what was corrected", case=case.code)),
        typed(words.told(case, t)),
        plain(t.gettext("The reading before it is kept, and marked.")),
        plain(wait) if wait else None,
    )
    return Reply(text=text, buttons=((cancel_button(case.reading_id, t),),))


def replaced(reply: Reply, t: Translator) -> Reply | None:
    """An answer that was replaced, with the mark of that; None if it would not fit."""
    marked = paragraphs(
        bold(t.gettext("⚠️ REPLACED: this reading was made before a correction.")), Html(reply.text)
    )
    return Reply(text=marked) if is_sendable(marked) else None


def withdrawal_asked(case: Case, reason: WithdrawalReason | None, t: Translator) -> Reply:
    """Asks why a case is withdrawn, and whether it shall be."""
    reasons = list(WithdrawalReason) if reason is None else [reason]
    text = paragraphs(
        bold(t.gettext("Withdraw {case}?", case=case.code)),
        plain(
            t.gettext(
                "It stays in the records, marked as withdrawn. Nobody is called to it, and it is "
                "not read. The patient's other cases stay as they are."
            )
        ),
    )
    rows = tuple(
        (button(why(each, t), Action.WITHDRAW, case.case_id, each, YES),) for each in reasons
    )
    return Reply(text=text, buttons=rows)


def withdrawn(case: Case, reason: WithdrawalReason, t: Translator) -> Reply:
    """Tells that a case was withdrawn."""
    again = {
        WithdrawalReason.PICTURE: t.gettext("Send the right picture."),
        WithdrawalReason.PATIENT: t.gettext("Send the picture again, with the right caption."),
    }.get(reason, "")
    text = t.gettext("✖️ {case} is withdrawn: {reason}.", case=case.code, reason=why(reason, t))
    return Reply(
        text=lines(bold(text), plain(again) if again else None),
        buttons=((_undo_button(case, t),),),
    )


def brought_back(case: Case, t: Translator) -> Reply:
    """Tells that the withdrawal of a case was undone."""
    text = t.gettext("↩ {case} is back: its withdrawal was undone.", case=case.code)
    waits = case.status is CaseStatus.WAITING
    return Reply(
        text=lines(bold(text), plain(t.gettext("It waits to be read.")) if waits else None),
        buttons=buttons_of_card(case, t),
    )


def withdrawn_alarm(case: Case, name: str, reason: WithdrawalReason, t: Translator) -> Reply:
    """New words for a message of an alarm whose case was withdrawn."""
    text = t.gettext(
        "✖️ {case} was withdrawn by {name}: {reason}.",
        case=case.code,
        name=words.name(name),
        reason=why(reason, t),
    )
    return Reply(text=bold(text), buttons=((open_case_button(case, t),),))


def is_withdrawn(case: Case, t: Translator) -> Reply:
    """Answers a question about a case that was withdrawn."""
    return said(
        t.gettext("{case} was withdrawn, so nothing is read from it any more.", case=case.code)
    )


def withdrawal_line(withdrawal: Withdrawal, t: Translator) -> Html:
    """HTML that says who withdrew a case, when and why."""
    return bold(
        t.gettext(
            "✖️ WITHDRAWN by {name}, {when}: {reason}.",
            name=words.name(withdrawal.name),
            when=t.moment(withdrawal.at),
            reason=why(withdrawal.reason, t),
        )
    )


def why(reason: WithdrawalReason, t: Translator) -> str:
    """A reason to withdraw a case, in a word or two."""
    return {
        WithdrawalReason.PICTURE: t.gettext("wrong picture"),
        WithdrawalReason.PATIENT: t.gettext("wrong patient"),
        WithdrawalReason.TWICE: t.gettext("sent twice"),
        WithdrawalReason.OTHER: t.gettext("other reason"),
    }[reason]


def history(made: Sequence[Correction], t: Translator) -> Html | None:
    """HTML that lists what was corrected; None where nothing was."""
    rows = [
        typed(f"{t.moment(each.at)}, {words.name(each.name)}: {_change(each, t)}")
        for each in shown(made)
    ]
    return lines(bold(t.gettext("Corrections")), *rows) if rows else None


def earlier(reading: EarlierReading, t: Translator) -> Html:
    """HTML with a reading that was replaced, marked so, in a quotation."""
    return lines(
        bold(
            t.gettext(
                "⚠️ REPLACED: reading of {when}, made before a correction",
                when=t.moment(reading.answered_at),
            )
        ),
        plain(_verdict(reading, t)) if reading.reviewer is not None else None,
        quoted(strip_thoughts(reading.reading.text)),
    )


def outdated_line(case: Case, t: Translator) -> Html | None:
    """HTML that must stand above a reading made without a correction; None for others."""
    if not case.outdated or case.status is not CaseStatus.ANSWERED:
        return None
    return bold(t.gettext("⚠️ This reading was made before a correction."))


def buttons_of_card(case: Case, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """What may be set right in a case."""
    if case.withdrawal is not None:
        return ((_undo_button(case, t),),)
    row = [correct_button(case, t)]
    if case.outdated and case.status is CaseStatus.ANSWERED and case.pictures:
        row.append(read_again_button(case, t))
    return (tuple(row),)


def _undo_button(case: Case, t: Translator) -> Button:
    return button(t.gettext("Undo the withdrawal"), Action.BRING_BACK, case.case_id)


def read_again_button(case: Case, t: Translator) -> Button:
    """A button that has a case read again."""
    return button(t.gettext("Read again"), Action.READ_AGAIN, case.case_id)


def split_button(case: Case, t: Translator) -> Button:
    """A button that makes two cases of one."""
    return button(t.gettext("Two patients: split"), Action.SPLIT, case.case_id)


def split_asked(case: Case, t: Translator) -> Reply:
    """Asks from which picture on it is another patient."""
    text = lines(
        bold(case.code), plain(t.gettext("From which picture on is it the other patient?"))
    )
    row = tuple(
        button(str(number), Action.SPLIT, case.case_id, number)
        for number in range(FIRST_TO_SPLIT_OFF, len(case.pictures) + 1)
    )
    return Reply(text=text, buttons=(row,))


def split_off(case: Case, other: Case, t: Translator) -> Reply:
    """Tells which cases there are now.

    Args:
        case: The case that was there before.
        other: The new one, with the later pictures.
    """
    text = paragraphs(
        bold(
            t.gettext(
                "{case} is split: the other patient is {other}", case=case.code, other=other.code
            )
        ),
        plain(
            t.gettext(
                "Say who each of them is: {case} has the caption, {other} has none yet.",
                case=case.code,
                other=other.code,
            )
        ),
    )
    first = button(t.gettext("Correct {case}", case=case.code), Action.CORRECT, case.case_id)
    second = button(t.gettext("Correct {case}", case=other.code), Action.CORRECT, other.case_id)
    again = (read_again_button(case, t),) if case.outdated else ()
    return Reply(text=text, buttons=((first, second), again) if again else ((first, second),))


def shown(made: Sequence[Correction]) -> tuple[Correction, ...]:
    """Those that people are told: the indication is a part of the caption."""
    return tuple(each for each in made if each.field is not Field.INDICATION)


def _change(made: Correction, t: Translator) -> str:
    old, new = (_value(made.field, value, t) for value in (made.old, made.new))
    return t.gettext("{field}: {old} → {new}", field=_field(made.field, t), old=old, new=new)


def _field(field: Field, t: Translator) -> str:
    return {
        Field.REFERENCE: t.gettext("reference"),
        Field.AGE: t.gettext("age"),
        Field.SEX: t.gettext("sex"),
        Field.SIDE: t.gettext("side"),
        Field.KIND: t.gettext("kind of picture"),
        Field.CAPTION: t.gettext("caption"),
        Field.INDICATION: t.gettext("caption"),
        Field.PICTURES: t.gettext("pictures"),
        Field.WITHDRAWN: t.gettext("withdrawn"),
    }[field]


def _value(field: Field, value: str | None, t: Translator) -> str:
    if value is None:
        return "–"  # noqa: RUF001 - stands for nothing
    worded: dict[Field, Callable[[str], str]] = {
        Field.AGE: lambda years: words.age(float(years), t),
        Field.SEX: lambda sex: words.sex(Sex(sex), t),
        Field.SIDE: lambda side: words.side(Side(side), t),
        Field.KIND: lambda kind: words.kind(PictureKind(kind), t),
        Field.WITHDRAWN: lambda reason: why(WithdrawalReason(reason), t),
        Field.CAPTION: lambda text: f"“{shorten(text, SHOWN_CHARS, placeholder='…')}”",
    }
    return worded[field](value) if field in worded else value


def _of_reading(case: Case, t: Translator) -> str:
    if case.status is CaseStatus.WAITING:
        return t.gettext("The reading will use it.")
    if case.status is CaseStatus.READING and case.outdated:
        return t.gettext(
            "The reading had begun without it. Once it is there, it can be made again."
        )
    if case.status is CaseStatus.ANSWERED and case.outdated:
        return t.gettext("The reading was made without it.")
    return ""


def _verdict(reading: EarlierReading, t: Translator) -> str:
    name = words.name(reading.reviewer or "")
    if reading.review_agrees:
        return t.gettext("{name} agreed with it.", name=name)
    return t.gettext("{name} DISAGREED with it.", name=name)


def answer_with_buttons(replies: Sequence[Reply], case: Case, t: Translator) -> list[Reply]:
    """An answer's messages, the last with what may be asked, set right and printed."""
    *before, last = replies
    (row,) = buttons_of_card(case, t)
    asking = () if case.withdrawal is not None else (ask_button(case, t),)
    rows = in_rows((*asking, *row, report_button(case, t)))
    return [*before, Reply(text=last.text, buttons=(*last.buttons, *rows))]

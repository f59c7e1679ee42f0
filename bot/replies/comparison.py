"""A newer film beside an older one: the offer to compare them, and what the model says has changed.

Knows cases and readings. Must not know SQL or Telegram. A change is stated only where the model's
own words are plain, and these always stand below it.
"""

from bot.domain.cases import Case, ComparedWith
from bot.domain.messages import Button, Reply
from bot.locale import Translator
from bot.replies.buttons import Action, button
from bot.replies.markup import Html, bold, italic, lines, paragraphs, plain, said
from bot.replies.reading import (
    banner,
    body,
    case_line,
    disclaimer,
    engine_line,
    messages,
    truncated,
    urgency,
)
from inference.answers.changes import Change, ComparedFinding, changes_in
from inference.answers.thoughts import strip_thoughts
from inference.contract import Reading


def offer(case: Case, prior: ComparedWith, t: Translator) -> Reply:
    """Asks whether an older film is the same patient's, and whether to compare the two."""
    question = t.gettext(
        "An earlier film has the same reference: {prior} of {day}.",
        prior=prior.code,
        day=t.day(prior.sent_at),
    )
    sure = t.gettext("Compare only if both films are of this patient, taken in the same way.")
    look = button(t.gettext("Open {case}", case=prior.code), Action.OPEN_CASE, prior.case_id)
    text = lines(bold(case.code), plain(question), plain(sure))
    return Reply(text=text, buttons=((compare_button(case, prior, t),), (look,)))


def compare_button(case: Case, prior: ComparedWith, t: Translator) -> Button:
    """A button by which a person confirms that two films are one patient's."""
    words = asked(prior, t)
    return button(words, Action.COMPARE, case.case_id, prior.case_id)


def asked(prior: ComparedWith, t: Translator) -> str:
    """What a comparison is called, on its button and in the history of its case."""
    return t.gettext("Compare with {prior} of {day}", prior=prior.code, day=t.day(prior.sent_at))


def not_by_this_model(t: Translator) -> str:
    """Answers a press where the model that runs was not trained to compare films."""
    return t.gettext("The model that runs now cannot compare films.")


def failed(case: Case, prior: ComparedWith, t: Translator) -> Reply:
    """Tells that a comparison could not be made."""
    return said(
        t.gettext(
            "{case} could not be compared with {prior}. Look at both films yourself.",
            case=case.code,
            prior=prior.code,
        )
    )


def answer(case: Case, prior: ComparedWith, reading: Reading, t: Translator) -> list[Reply]:
    """What has changed between two films of a patient.

    Args:
        case: The newer case.
        prior: The older one.
        reading: What the model answered.

    Returns:
        The messages, in order.
    """
    text = paragraphs(
        banner(reading.engine, t),
        urgency(reading, t) if reading.alarms_beyond(case.reading) else None,
        compared(case, prior, reading, t),
        lines(case_line(case, t), engine_line(reading, t)),
        italic(disclaimer(t)),
    )
    return messages(text, case, reading.engine, t)


def compared(case: Case, prior: ComparedWith, reading: Reading, t: Translator) -> Html:
    """Both dates, the changes that are plain, and the model's own words."""
    head = t.gettext(
        "{case} of {day}, compared with {prior} of {prior_day}",
        case=case.code,
        day=t.day(case.created_at),
        prior=prior.code,
        prior_day=t.day(prior.sent_at),
    )
    return paragraphs(
        bold(head), _changes(reading, t), body(reading, t), truncated(reading, t) or Html("")
    )


def _changes(reading: Reading, t: Translator) -> Html:
    found = changes_in(strip_thoughts(reading.text))
    if not found:
        return plain(t.gettext("No change is plainly stated. Read the model's words."))
    return lines(
        *(plain(f"{_finding(each.finding, t)}: {_change(each.change, t)}") for each in found)
    )


def _finding(finding: ComparedFinding, t: Translator) -> str:
    return {
        ComparedFinding.CONSOLIDATION: t.gettext("Consolidation"),
        ComparedFinding.OEDEMA: t.gettext("Oedema of the lungs"),
        ComparedFinding.EFFUSION: t.gettext("Pleural effusion"),
        ComparedFinding.PNEUMONIA: t.gettext("Pneumonia"),
        ComparedFinding.PNEUMOTHORAX: t.gettext("Pneumothorax"),
    }[finding]


def _change(change: Change, t: Translator) -> str:
    return {
        Change.IMPROVED: t.gettext("improved"),
        Change.UNCHANGED: t.gettext("unchanged"),
        Change.WORSENED: t.gettext("worsened"),
    }[change]

"""What became of a case, in words: asked for, noted, and told to whoever sent it.

Knows cases and people. Must not know SQL or Telegram.
"""

from bot.domain.cases import Case, CaseStatus, Outcome
from bot.domain.messages import Button, Reply
from bot.domain.people import Person
from bot.locale import Translator
from bot.replies import words
from bot.replies.buttons import Action, button
from bot.replies.markup import Html, bold, lines, plain, quoted, typed


def outcome_buttons(case: Case, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """A button that asks what became of a case; none where it cannot be said."""
    if not may_end(case):
        return ()
    return ((button(t.gettext("What became of the patient?"), Action.OUTCOME, case.case_id),),)


def may_end(case: Case) -> bool:
    """Whether it can be said what became of a case: it was read, and not withdrawn."""
    is_read = case.status in {CaseStatus.ANSWERED, CaseStatus.FAILED}
    return is_read and case.withdrawal is None


def outcome_line(case: Case, t: Translator) -> Html | None:
    """What became of a case, None where nobody said it."""
    if case.outcome is None or case.outcome_at is None:
        return None
    said = t.gettext(
        "Outcome: {outcome}, {when}.",
        outcome=words.outcome(case.outcome, t),
        when=t.moment(case.outcome_at),
    )
    return lines(bold(said), quoted(case.referred_to or ""))


def choose(case: Case, t: Translator) -> Reply:
    """Asks what became of a case."""
    first, second = (
        tuple(
            button(words.outcome(outcome, t), Action.OUTCOME, case.case_id, outcome)
            for outcome in row
        )
        for row in ((Outcome.DONE_HERE, Outcome.REFERRED), (Outcome.DIED, Outcome.LOST))
    )
    question = t.gettext("{case}: what became of the patient?", case=case.code)
    return Reply(text=bold(question), buttons=(first, second))


def noted(case: Case, outcome: Outcome, t: Translator) -> Reply:
    """Confirms what became of a case; for a referral, asks to where."""
    hint = (
        t.gettext("To where? Your next message is the place. Later, reply to this one.")
        if outcome is Outcome.REFERRED
        else t.gettext("Wrong? Open the case and say it again.")
    )
    word = words.outcome(outcome, t)
    said = t.gettext("{case}, outcome: {outcome}.", case=case.code, outcome=word)
    return Reply(text=lines(bold(said), plain(hint)))


def place_noted(case: Case, t: Translator) -> Reply:
    """Confirms to where a patient was referred."""
    said = t.gettext("{case}: the place is kept.", case=case.code)
    return Reply(text=lines(plain(said), quoted(case.referred_to or "")))


def told(case: Case, outcome: Outcome, by: Person, t: Translator) -> Reply:
    """Tells others what became of a case: its sender, and whoever its alarm called."""
    text = t.gettext(
        "{case}, outcome: {outcome}. Said by {name}.",
        case=case.code,
        outcome=words.outcome(outcome, t),
        name=words.name(by.name),
    )
    return Reply(text=typed(text))

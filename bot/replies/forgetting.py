"""What is said when a patient's cases are deleted for good; none of it names the patient.

Knows counts and dates. Must not know SQL or Telegram.
"""

from bot.domain.cases import CasesOfPatient, case_code
from bot.domain.ids import CaseId
from bot.domain.messages import Asks, Question, Reply
from bot.locale import Translator
from bot.replies.buttons import Action, button
from bot.replies.markup import bold, lines, paragraphs, plain, said

_REFERENCE = Asks(question=Question.FORGET, example="2231")


def whom(t: Translator) -> Reply:
    """Answers `/forget` without a reference."""
    question = t.gettext(
        "Delete which patient's cases? Type the patient's reference, as in the captions, or the "
        "code of one of the cases."
    )
    return Reply(text=plain(question), asks=_REFERENCE)


def nobody(t: Translator) -> Reply:
    """Answers for a reference that no case has."""
    text = lines(
        plain(t.gettext("No case has this reference. Nothing was deleted.")),
        plain(
            t.gettext(
                "A caption may state it in a way that I do not understand. Find the case with "
                "/search, then send its code: /forget C-0012"
            )
        ),
    )
    return Reply(text=text, asks=_REFERENCE)


def confirm(found: CasesOfPatient, t: Translator, case_id: CaseId | None = None) -> Reply:
    """Asks before a patient's cases are deleted.

    Args:
        case_id: The case that was named in place of a reference.

    Returns:
        One message with buttons for yes and no.
    """
    first, last = t.moment(found.first_at), t.moment(found.last_at)
    text = paragraphs(
        lines(
            bold(_whose(found, t, case_id)),
            plain(t.gettext("First sent: {first}. Last sent: {last}.", first=first, last=last)),
        ),
        plain(
            t.ngettext(
                "{n} of them looks urgent and nobody has signed it off.",
                "{n} of them look urgent and nobody has signed them off.",
                found.unreviewed,
            )
        )
        if found.unreviewed
        else None,
        plain(
            t.gettext(
                "Pictures, captions, answers and notes are deleted for good, in all chats too, and "
                "so are tables that were exported since. Nobody can bring them back. Backups made "
                "before still hold them."
            )
        ),
    )
    yes = button(t.gettext("Delete for good"), Action.FORGET_SURELY, found.newest, found.count)
    return Reply(text=text, buttons=((yes, button(t.gettext("Keep it"), Action.KEEP)),))


def _whose(found: CasesOfPatient, t: Translator, case_id: CaseId | None) -> str:
    n = found.count
    if case_id is None:
        return t.ngettext("{n} case has this reference.", "{n} cases have this reference.", n)
    code = case_code(case_id)
    if n == 1:
        return t.gettext("{code}: no other case has its reference.", code=code)
    return t.gettext("{code} and all with the same reference: {n} cases.", code=code, n=n)


def forgotten(count: int, t: Translator) -> Reply:
    """Tells that a patient's cases go."""
    text = t.ngettext("{n} case is deleted for good.", "{n} cases are deleted for good.", count)
    return said(text)

"""What is said to people as users of the bot: joining, the terms, invites, languages, access.

Knows people. Must not know cases, SQL or Telegram.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.ids import UserId
from bot.domain.messages import Reply
from bot.domain.people import OpenInvite, Person, Role
from bot.domain.phones import Phone
from bot.errors import InviteCancelled, InviteError, InviteExpired, InviteUsed
from bot.locale import Translator
from bot.replies import words
from bot.replies.buttons import MAX_CHOICES, Action, button
from bot.replies.markup import Html, bold, code, lines, paragraphs, plain, said, split, typed
from inference.contract import Language

TERMS_URL = "https://developers.google.com/health-ai-developer-foundations/terms"
PROHIBITED_USE_URL = (
    "https://developers.google.com/health-ai-developer-foundations/prohibited-use-policy"
)
FULL_TERMS = (("Terms of Use", TERMS_URL), ("Prohibited Use Policy", PROHIBITED_USE_URL))
"""Their names, as Google calls them in every language, and where they are."""
LANGUAGE_NAMES = {
    Language.ENGLISH: "English",
    Language.FRENCH: "Français",
    Language.PORTUGUESE: "Português",
    Language.HAUSA: "Hausa",
}


def not_enrolled(t: Translator) -> Reply:
    """The one answer to everybody who is not enrolled; it tells nothing of the clinic."""
    return said(
        t.gettext("This assistant is for enrolled staff only. Ask your supervisor for an invite.")
    )


def ask_for_invite(t: Translator) -> Reply:
    """Answers `/start` without a code from somebody who is not enrolled."""
    return said(
        t.gettext(
            "To join you need an invite. Ask your supervisor for a link or a code, then open "
            "the link, or send /start followed by the code."
        )
    )


def invite_problem(error: InviteError, t: Translator) -> Reply:
    """Tells why an invite code does not work."""
    match error:
        case InviteExpired():
            text = t.gettext("This invite has expired. Ask your supervisor for a new one.")
        case InviteUsed():
            text = t.gettext("This invite was used already. Ask your supervisor for a new one.")
        case InviteCancelled():
            text = t.gettext(
                "This invite does not work any more. Ask your supervisor for a new one."
            )
        case _:
            text = t.gettext("This invite code is not known. Check it, or ask for a new one.")
    return said(text)


def enrolled_already(person: Person, t: Translator) -> Reply:
    """Answers a code that would give somebody nothing that they have not."""
    role = words.role(person.role, t)
    return said(
        t.gettext(
            "You are enrolled already, as: {role}. Nothing was changed, and the invite still "
            "works: pass it on to whom it is for.",
            role=role,
        )
    )


def welcome(person: Person, t: Translator) -> Reply:
    """Greets somebody who has joined, or who comes back."""
    text = lines(
        bold(t.gettext("Welcome, {name}.", name=words.name(person.name))),
        plain(t.gettext("You are enrolled as: {role}", role=words.role(person.role, t))),
    )
    return Reply(text=text)


def name_taken(person: Person, t: Translator) -> Reply:
    """Tells a newcomer that somebody has their name, and how they are called instead."""
    text = t.gettext(
        "Somebody here already has this name. Others see you as: {name}",
        name=words.name(person.name),
    )
    return Reply(text=typed(text))


def terms(t: Translator, *, accepted: bool = False) -> Reply:
    """The use restrictions, to be accepted before the first case.

    Args:
        accepted: Whether the reader has done so.

    Returns:
        One message, with a button to accept as long as that is to be done.
    """
    rules = (
        t.gettext(
            "Answers are written by an AI model. They are preliminary and unverified: they can be "
            "wrong, and they can miss what matters."
        ),
        t.gettext(
            "An answer is not a diagnosis, and this is not a medical device. A qualified clinician "
            "must look at the picture and the patient before any decision."
        ),
        t.gettext(
            "Use it only for patients in your care, within your clinic and the law of your "
            "country. Where a health authority must authorise use in diagnosis or treatment, do "
            "not use it for that without authorisation."
        ),
        t.gettext(
            "Do not present an answer as a clinician's, do not use it to deceive or to harm, and "
            "do not pass on access or the model."
        ),
        t.gettext("Never send a patient's name: use your clinic's reference."),
        t.gettext(
            "Your pictures, captions and the answers are kept in this clinic; supervisors can see "
            "them."
        ),
    )
    text = paragraphs(
        bold(t.gettext("Before your first case")),
        lines(*(plain(f"• {rule}") for rule in rules)),
        plain(
            t.gettext(
                "The model MedGemma is provided under Google's Health AI Developer Foundations "
                "Terms of Use. They bind whoever uses it here; this is a summary, and the terms "
                "decide. Ask whoever runs this system for its copy (file NOTICE)."
            )
        ),
        lines(plain(TERMS_URL), plain(PROHIBITED_USE_URL)),
    )
    accept = button(t.gettext("I accept"), Action.ACCEPT_TERMS)
    full = button(t.gettext("Full terms (QR code)"), Action.FULL_TERMS)
    return Reply(text=text, buttons=((full,),) if accepted else ((accept,), (full,)))


def full_terms(t: Translator) -> Reply:
    """Stands under the picture of `FULL_TERMS`."""
    return Reply(
        text=plain(
            t.gettext("The full terms are on the internet. Scan with a phone that is online.")
        )
    )


def terms_accepted(t: Translator) -> Reply:
    """Tells that pictures may be sent from now on."""
    return Reply(
        text=paragraphs(
            bold(t.gettext("Thank you: you have accepted the terms.")),
            plain(
                t.gettext(
                    "Send a photo or file of an X-ray, a skin lesion or a scan, with a caption "
                    "such as “F 32\u00a0years, cough 3\u00a0weeks, ref 2231”. "
                    "/help shows what else I can do."
                )
            ),
        )
    )


def choose_language(t: Translator) -> Reply:
    """Asks for a language."""
    choices = tuple(
        button(name, Action.LANGUAGE, language) for language, name in LANGUAGE_NAMES.items()
    )
    return Reply(text=plain(t.gettext("Which language do you want to read?")), buttons=(choices,))


def language_chosen(t: Translator) -> Reply:
    """Confirms a language, in it."""
    return said(t.gettext("I will write to you in English from now on."))


def choose_invited_role(inviter: Person, t: Translator) -> Reply:
    """Asks whom to invite.

    Args:
        inviter: Who invites: nobody can invite above themselves.

    Returns:
        One message with a button for each role.
    """
    rows = tuple(
        (button(words.role(role, t).capitalize(), Action.INVITE, role),)
        for role in inviter.grantable_roles
    )
    return Reply(text=plain(t.gettext("Whom do you want to invite?")), buttons=rows)


def invite(
    role: Role, invite_code: str, link: str | None, expires_at: datetime, t: Translator
) -> Reply:
    """An invite to pass on.

    Args:
        role: What it makes of whoever uses it.
        link: The link that joins with it, where the clinic's address is known.
        expires_at: Until when it works.
    """
    until = t.moment(expires_at)
    text = paragraphs(
        bold(t.gettext("Invite for one {role}", role=words.role(role, t))),
        lines(
            plain(t.gettext("Scan this with the new phone, or open the link on it:")), plain(link)
        )
        if link
        else None,
        Html(f"{plain(t.gettext('Code, to send after /start:'))} {code(invite_code)}"),
        plain(t.gettext("It works once, until {when}. Pass it on in person.", when=until)),
    )
    return Reply(text=text)


def people(
    everyone: Iterable[Person], t: Translator, phones: Mapping[UserId, Phone] | None = None
) -> list[Reply]:
    """Who is enrolled, with their numbers, and who was.

    Args:
        phones: Numbers by person.
    """
    numbers = phones or {}
    everyone = tuple(everyone)
    active = [person for person in everyone if person.revoked_at is None]
    revoked = [person for person in everyone if person.revoked_at is not None]
    text = paragraphs(
        lines(
            bold(t.ngettext("{n} person enrolled", "{n} people enrolled", len(active))),
            *(typed(f"• {_person_line(person, t)}{_number(numbers, person)}") for person in active),
        ),
        lines(
            bold(t.gettext("Access taken away")),
            *(typed(f"• {words.name(person.name)}") for person in revoked),
        )
        if revoked
        else None,
    )
    return [Reply(text=piece) for piece in split(text, Html("…"))]


def open_invites(invites: Sequence[OpenInvite], reader: Person, t: Translator) -> Reply:
    """Which invites can still be used.

    Args:
        invites: At least one.
        reader: May cancel those that they could have made.

    Returns:
        One message, with a button for each that the reader may cancel.
    """
    shown = invites[:MAX_CHOICES]
    listed = [
        f"• {words.name(each.made_by) if each.made_by else t.gettext('at the machine')}:"
        f" {_invite_line(each, t)}"
        for each in shown
    ]
    buttons = tuple(
        (
            button(
                t.gettext("Cancel: {invite}", invite=_invite_line(each, t)),
                Action.CANCEL_INVITE,
                each.invite_id,
            ),
        )
        for each in shown
        if each.role in reader.grantable_roles
    )
    text = lines(bold(t.gettext("Open invites")), *(typed(line) for line in listed))
    return Reply(text=text, buttons=buttons)


def invite_cancelled(invite: OpenInvite, t: Translator) -> Reply:
    """Confirms that an invite lets nobody in any more."""
    return said(t.gettext("This invite is cancelled: {invite}", invite=_invite_line(invite, t)))


def choose_revoked(candidates: Sequence[Person], t: Translator, *, by_name: bool) -> Reply:
    """Asks whose access to take away.

    Args:
        candidates: Those whom the asking person may choose from.
        t: The asking person's language.
        by_name: Whether they are only those who are called as was typed.

    Returns:
        One message with a button for each, as far as they fit under it.
    """
    if not candidates and by_name:
        return said(t.gettext("There is nobody of that name whose access you could take away."))
    if not candidates:
        return said(t.gettext("There is nobody whose access you could take away."))
    rows = tuple(
        (button(_person_line(person, t), Action.REVOKE, person.user_id),)
        for person in candidates[:MAX_CHOICES]
    )
    question = plain(t.gettext("Whose access do you want to take away?"))
    more = t.gettext("For others type a part of the name, such as /revoke Amina")
    hint = plain(more) if len(candidates) > MAX_CHOICES else None
    return Reply(text=lines(question, hint), buttons=rows)


def confirm_revoking(person: Person, t: Translator) -> Reply:
    """Asks again before access is taken away."""
    name = words.name(person.name)
    text = t.gettext("Take away the access of {name}? Their cases are kept.", name=name)
    yes = button(t.gettext("Take access away"), Action.REVOKE_SURELY, person.user_id)
    no = button(t.gettext("Keep it"), Action.KEEP)
    return Reply(text=typed(text), buttons=((yes, no),))


def revoked(person: Person, t: Translator) -> Reply:
    """Confirms that access was taken away."""
    return Reply(
        text=typed(t.gettext("{name} no longer has access.", name=words.name(person.name)))
    )


def nothing_changed(t: Translator) -> Reply:
    """Confirms that a question was answered with no."""
    return said(t.gettext("Nothing was changed."))


def not_allowed(least_role: Role, t: Translator) -> Reply:
    """Answers somebody whose role is below the lowest that may do this."""
    if least_role is Role.ADMIN:
        return said(t.gettext("This is for administrators. /help shows what you can do."))
    return said(t.gettext("This is for supervisors. /help shows what you can do."))


def no_such_command(t: Translator) -> Reply:
    """Answers a command that does not exist."""
    return said(t.gettext("I do not know this command. /help shows what I can do."))


def stale_button(t: Translator) -> str:
    """Answers a press of a button that is old, unknown or of no use any more: plain text."""
    return t.gettext("This button is no longer valid.")


def _person_line(person: Person, t: Translator) -> str:
    return f"{words.name(person.name)} · {words.role(person.role, t)}"


def _number(numbers: Mapping[UserId, Phone], person: Person) -> str:
    phone = numbers.get(person.user_id)
    return f" · {phone.number}" if phone is not None and phone.proven_at is not None else ""


def _invite_line(invite: OpenInvite, t: Translator) -> str:
    return t.gettext(
        "{role}, until {when}", role=words.role(invite.role, t), when=t.moment(invite.expires_at)
    )

"""The bot's commands: their names, who may use them, and what help says of them.

Knows roles. Must not know what a command does.
"""

from enum import StrEnum

from bot.domain.messages import Reply
from bot.domain.people import Person, Role
from bot.locale import Translator
from bot.replies import words
from bot.replies.markup import bold, lines, paragraphs, plain


class Command(StrEnum):
    """What may be typed after a slash, in the order that help shows it."""

    HELP = "help"
    CASES = "cases"
    CASE = "case"
    CANCEL = "cancel"
    DUTY = "duty"
    PHONE = "phone"
    SHIFT = "shift"
    LANGUAGE = "language"
    SEARCH = "search"
    STATS = "stats"
    EXPORT = "export"
    INVITE = "invite"
    PEOPLE = "people"
    REVOKE = "revoke"
    WARD = "ward"
    FORGET = "forget"
    AUDIT = "audit"
    START = "start"

    @property
    def least_role(self) -> Role:
        """The lowest role that may use it."""
        if self is Command.AUDIT:
            return Role.ADMIN
        return Role.HEALTH_WORKER if self in _FOR_ALL else Role.SUPERVISOR


_FOR_ALL = {
    Command.HELP,
    Command.CASES,
    Command.CASE,
    Command.CANCEL,
    Command.DUTY,
    Command.PHONE,
    Command.SHIFT,
    Command.LANGUAGE,
    Command.START,
}


def commands_of(role: Role, *, has_sms: bool) -> tuple[Command, ...]:
    """The commands that a role is shown, less `/start`, which is needed only once.

    Args:
        has_sms: Whether the clinic has SMS; without, nobody needs `/phone`.
    """
    hidden = {Command.START} if has_sms else {Command.START, Command.PHONE}
    return tuple(
        command
        for command in Command
        if command not in hidden and role.at_least(command.least_role)
    )


def describe(command: Command, role: Role, t: Translator) -> str:
    """What a command does for a role, in a few words."""
    return {
        Command.START: t.gettext("join with an invite code"),
        Command.HELP: t.gettext("what I can do for you"),
        Command.CASES: t.gettext("list the cases")
        if role.sees_all_cases
        else t.gettext("list your cases"),
        Command.CASE: t.gettext("show a case: /case C-0042"),
        Command.CANCEL: t.gettext("cancel a waiting case"),
        Command.DUTY: t.gettext("say when you are on duty"),
        Command.PHONE: t.gettext("your number, for alarms and commands by SMS"),
        Command.SHIFT: t.gettext("cases that the last shift of your ward left"),
        Command.LANGUAGE: t.gettext("choose the language"),
        Command.SEARCH: t.gettext("find cases by words: /search effusion"),
        Command.STATS: t.gettext("numbers and waiting times"),
        Command.EXPORT: t.gettext("cases as a table (CSV)"),
        Command.INVITE: t.gettext("invite somebody"),
        Command.PEOPLE: t.gettext("who is enrolled"),
        Command.REVOKE: t.gettext("take somebody's access away"),
        Command.WARD: t.gettext("who belongs to which ward"),
        Command.FORGET: t.gettext("delete a patient's cases for good"),
        Command.AUDIT: t.gettext("who did what"),
    }[command]


def help_text(person: Person, t: Translator, *, has_sms: bool) -> Reply:
    """The commands of a person's role, and no others."""
    shown = (
        plain(f"/{command} - {describe(command, person.role, t)}")
        for command in commands_of(person.role, has_sms=has_sms)
    )
    text = paragraphs(
        bold(t.gettext("You are enrolled as: {role}", role=words.role(person.role, t))),
        plain(
            t.gettext(
                "Send a photo or file of an X-ray, a skin lesion or a scan, with a caption such as "
                "“F 32\u00a0years, cough 3\u00a0weeks, ref 2231”. Several pictures of one patient: "
                "send them together. For a faint finding send the picture as a file."
            )
        ),
        plain(t.gettext("To ask about a case, reply to its answer.")),
        lines(*shown),
    )
    return Reply(text=text)

"""The audit log as an administrator reads it in the chat."""

from collections.abc import Iterable

from bot.domain.audit import Act, AuditEntry
from bot.domain.messages import Reply
from bot.locale import Translator
from bot.replies import words
from bot.replies.markup import Html, lines, said, split, typed

_BY_ITSELF = {Act.ALARMED, Act.CALLED, Act.TRIED, Act.ROLLED_BACK}
"""What the bot does with nobody asking."""


def audit(entries: Iterable[AuditEntry], t: Translator) -> tuple[Reply, ...]:
    """The newest entries, a line each, in as many messages as they need."""
    shown = [typed(_line(entry, t)) for entry in entries]
    if not shown:
        return (said(t.gettext("Nothing has been noted yet.")),)
    return tuple(Reply(text=part) for part in split(lines(*shown), Html("…")))


def _line(entry: AuditEntry, t: Translator) -> str:
    when = f"{entry.at.astimezone():%Y-%m-%d %H:%M}"
    nobody = "EdgeRad" if entry.act in _BY_ITSELF else t.gettext("at the machine")
    who = words.name(entry.name) if entry.name else nobody
    return f"{when} {who}: {_act(entry.act, t)} {entry.subject}".rstrip()


def _act(act: Act, t: Translator) -> str:
    return {
        Act.JOINED: t.gettext("joined"),
        Act.ACCEPTED: t.gettext("accepted the terms"),
        Act.INVITED: t.gettext("invited"),
        Act.UNINVITED: t.gettext("cancelled invites:"),
        Act.REVOKED: t.gettext("took access away from"),
        Act.SENT: t.gettext("sent"),
        Act.ASKED: t.gettext("asked about"),
        Act.COMPARED: t.gettext("had compared"),
        Act.VIEWED: t.gettext("viewed"),
        Act.LISTED: t.gettext("listed"),
        Act.SEARCHED: t.gettext("searched, cases found:"),
        Act.EXPORTED: t.gettext("exported"),
        Act.REVIEWED: t.gettext("reviewed"),
        Act.ALARMED: t.gettext("alarm:"),
        Act.CALLED: t.gettext("alarm called again:"),
        Act.TOOK: t.gettext("took the alarm of"),
        Act.GAVE_BACK: t.gettext("gave back the alarm of"),
        Act.ENDED: t.gettext("said the outcome of"),
        Act.CHANGED: t.gettext("changed"),
        Act.CORRECTED: t.gettext("corrected"),
        Act.READ_AGAIN: t.gettext("had read again"),
        Act.WITHDREW: t.gettext("withdrew"),
        Act.BROUGHT_BACK: t.gettext("undid the withdrawal of"),
        Act.SPLIT: t.gettext("split"),
        Act.REFUSED: t.gettext("was refused"),
        Act.EXPIRED: t.gettext("deleted because of their age:"),
        Act.FORGOT: t.gettext("deleted for good"),
        Act.BACKED_UP: t.gettext("made the backup"),
        Act.RESTORED: t.gettext("restored the backup"),
        Act.CHANGED_KEY: t.gettext("changed the key to"),
        Act.COPIED_KEY: t.gettext("copied the key"),
        Act.PIN: t.gettext("PIN of the phone:"),
        Act.ROLLED_BACK: t.gettext("found older data put back:"),
        Act.TRIED: t.gettext("somebody tried to get in:"),
    }[act]

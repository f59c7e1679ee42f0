"""Who may use the bot, as supervisors see and change it: invites, the list, taking access away.

Nobody gives or takes a role above their own, and nobody takes their own access away, so that the
clinic is never left without a supervisor.
"""

from typing import Any

from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.ids import UserId
from bot.domain.people import Person, Role
from bot.handlers import menu
from bot.handlers.guard import Press, on_button, on_command
from bot.handlers.visit import Visit
from bot.locale import translator
from bot.replies import people
from bot.replies.buttons import Action
from bot.replies.commands import Command


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes `/invite`, `/people`, `/revoke` and their buttons."""
    return [
        on_command(Command.INVITE, ask_role),
        on_command(Command.PEOPLE, list_people),
        on_command(Command.REVOKE, ask_whom),
        on_button(Action.INVITE, invite_pressed),
        on_button(Action.REVOKE, confirm),
        on_button(Action.REVOKE_SURELY, revoke),
        on_button(Action.KEEP, keep),
    ]


async def ask_role(visit: Visit) -> None:
    """Make an invite for the role that was typed, or ask for one."""
    word = "_".join(visit.args or []).lower()
    if word in people.grantable_roles(visit.sender):
        await _invite(Role(word), visit)
    else:
        await visit.say(people.choose_invited_role(visit.sender, translator(visit.language)))


async def invite_pressed(press: Press, visit: Visit) -> str | None:
    """Make an invite for the role that was chosen."""
    if press.text(0) not in people.grantable_roles(visit.sender):
        return people.stale_button(translator(visit.language))
    await _invite(Role(press.text(0)), visit)
    return None


async def list_people(visit: Visit) -> None:
    """Tell who is enrolled, and who was."""
    everyone = await visit.desk.store.people.everyone()
    for reply in people.people(everyone, translator(visit.language)):
        await visit.say(reply)


async def ask_whom(visit: Visit) -> None:
    """Offer those whose access this person may take away, of all or of a typed name."""
    everyone, typed = await visit.desk.store.people.everyone(), " ".join(visit.args or [])
    candidates = [
        person
        for person in everyone
        if person.revoked_at is None
        and _may_revoke(visit.sender, person)
        and person.is_called(typed)
    ]
    t = translator(visit.language)
    await visit.say(people.choose_revoked(candidates, t, by_name=bool(typed)))


async def confirm(press: Press, visit: Visit) -> str | None:
    """Ask again before access is taken away."""
    person = await _revocable(press, visit)
    t = translator(visit.language)
    if person is None:
        return people.stale_button(t)
    await visit.say(people.confirm_revoking(person, t), edits=press.message_id)
    return None


async def revoke(press: Press, visit: Visit) -> str | None:
    """Take somebody's access away."""
    person = await _revocable(press, visit)
    t = translator(visit.language)
    if person is None:
        return people.stale_button(t)
    revoked = await visit.desk.store.people.revoke(person.user_id, visit.desk.clock.now())
    await visit.audit(Act.REVOKED, str(person.user_id))
    await visit.say(people.revoked(person, t), edits=press.message_id)
    await menu.show_commands(visit, revoked or person)
    return None


async def keep(press: Press, visit: Visit) -> str | None:
    """Leave everybody's access as it is."""
    await visit.say(people.nothing_changed(translator(visit.language)), edits=press.message_id)
    return None


async def _invite(role: Role, visit: Visit) -> None:
    settings, now = visit.desk.settings, visit.desk.clock.now()
    expires_at = now + settings.invite_lasts(role)
    code = await visit.desk.store.people.create_invite(
        role, expires_at, now, created_by=visit.sender.user_id
    )
    await visit.audit(Act.INVITED, role)
    address = (settings.public_url or "").rstrip("/")
    link = f"{address}/join#{code}" if address else None
    await visit.say(people.invite(role, code, link, expires_at, translator(visit.language)))


async def _revocable(press: Press, visit: Visit) -> Person | None:
    person = await visit.desk.store.people.find(UserId(press.number(0)))
    return person if person is not None and _may_revoke(visit.sender, person) else None


def _may_revoke(by: Person, person: Person) -> bool:
    return person.user_id != by.user_id and person.role in people.grantable_roles(by)

"""Who may use the bot, as supervisors see and change it: invites, the list, taking access away.

Nobody gives or takes a role above their own, and nobody takes their own access away, so that the
clinic is never left without a supervisor.
"""

import asyncio
from functools import partial
from typing import Any

from telegram.ext import BaseHandler

from bot.domain.ids import UserId
from bot.domain.messages import Attachment
from bot.domain.people import Person, Role
from bot.handlers import menu
from bot.handlers.alarms import given_back
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button, on_command
from bot.locale import translator
from bot.replies import people, qr_picture
from bot.replies.buttons import Action
from bot.replies.commands import Command


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/invite`, `/people`, `/revoke` and their buttons."""
    return [
        on_command(Command.INVITE, ask_role),
        on_command(Command.PEOPLE, list_people),
        on_command(Command.REVOKE, ask_whom),
        on_button(Action.INVITE, invite_pressed),
        on_button(Action.CANCEL_INVITE, cancel_invite),
        on_button(Action.REVOKE, confirm),
        on_button(Action.REVOKE_SURELY, revoke),
        on_button(Action.KEEP, keep),
    ]


async def ask_role(context: Context) -> None:
    """Make an invite for the role that was typed, or ask for one."""
    word = "_".join(context.args or []).lower()
    if word in context.sender.grantable_roles:
        await _invite(Role(word), context)
    else:
        await context.say(people.choose_invited_role(context.sender, translator(context.language)))


async def invite_pressed(press: Press, context: Context) -> str | None:
    """Make an invite for the role that was chosen."""
    if press.text(0) not in context.sender.grantable_roles:
        return people.stale_button(translator(context.language))
    await _invite(Role(press.text(0)), context)
    return None


async def list_people(context: Context) -> None:
    """Tell who is enrolled, who was, and which invites are open."""
    store, t = context.services.store, translator(context.language)
    phones = await store.phones.all()
    for reply in people.people(await store.people.everyone(), t, phones):
        await context.say(reply)
    if invites := await store.invites.open():
        await context.say(people.open_invites(invites, context.sender, t))


async def cancel_invite(press: Press, context: Context) -> str | None:
    """Let an open invite let nobody in."""
    t = translator(context.language)
    cancelled = await context.services.store.invites.cancel(
        press.number(0), by=context.sender, actor=context.actor
    )
    if cancelled is None:
        return people.stale_button(t)
    await context.say(people.invite_cancelled(cancelled, t))
    return None


async def ask_whom(context: Context) -> None:
    """Offer those whose access this person may take away, of all or of a typed name."""
    everyone, typed = await context.services.store.people.everyone(), " ".join(context.args or [])
    candidates = [
        person
        for person in everyone
        if person.revoked_at is None
        and _may_revoke(context.sender, person)
        and person.is_called(typed)
    ]
    t = translator(context.language)
    await context.say(people.choose_revoked(candidates, t, by_name=bool(typed)))


async def confirm(press: Press, context: Context) -> str | None:
    """Ask again before access is taken away."""
    person = await _revocable(press, context)
    t = translator(context.language)
    if person is None:
        return people.stale_button(t)
    await context.say(people.confirm_revoking(person, t), edits=press.message_id)
    return None


async def revoke(press: Press, context: Context) -> str | None:
    """Take somebody's access away."""
    person = await _revocable(press, context)
    t = translator(context.language)
    if person is None:
        return people.stale_button(t)
    revoked = await context.services.store.people.revoke(
        person.user_id, by=context.actor, words=partial(given_back, person.name)
    )
    await context.say(people.revoked(person, t), edits=press.message_id)
    await menu.show_commands(context, revoked or person)
    return None


async def keep(press: Press, context: Context) -> str | None:
    """Leave everybody's access as it is."""
    await context.say(people.nothing_changed(translator(context.language)), edits=press.message_id)
    return None


async def _invite(role: Role, context: Context) -> None:
    settings = context.services.settings
    expires_at = context.services.clock.now() + settings.invite_lasts(role)
    code = await context.services.store.people.create_invite(role, expires_at, by=context.actor)
    t, address = translator(context.language), (settings.public_url or "").rstrip("/")
    if not address:
        await context.say(people.invite(role, code, None, expires_at, t))
        return
    link = f"{address}/join#{code}"
    drawn = await asyncio.to_thread(qr_picture.invite, link, address.partition("://")[2], code)
    picture = Attachment(file_name="invite.png", data=drawn)
    await context.say(people.invite(role, code, link, expires_at, t), attachment=picture)


async def _revocable(press: Press, context: Context) -> Person | None:
    person = await context.services.store.people.find(UserId(press.number(0)))
    return person if person is not None and _may_revoke(context.sender, person) else None


def _may_revoke(by: Person, person: Person) -> bool:
    return person.user_id != by.user_id and person.role in by.grantable_roles

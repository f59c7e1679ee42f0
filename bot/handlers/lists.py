"""Lists of cases, and search. A health worker finds only their own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.cases import Case
from bot.domain.ids import CaseId, MessageId, UserId
from bot.domain.pages import TOP, Place, Section
from bot.domain.people import Person
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button, on_command
from bot.locale import translator
from bot.replies import lists, people
from bot.replies import search as search_replies
from bot.replies.buttons import Action
from bot.replies.commands import Command
from bot.replies.lists import View
from bot.store.listing import CaseFilter

SEARCH_HITS = 5
SENDERS_FOUND = 4

PRESSES_FOR = timedelta(days=7)
"""So long what looks urgent stands before all others while nobody has signed it off."""


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/cases`, `/search` and the buttons under lists."""
    return [
        on_command(Command.CASES, list_cases),
        on_command(Command.SEARCH, search),
        on_button(Action.LIST_CASES, turn_page),
        on_button(Action.LIST_SENDER, turn_senders_page),
        on_button(Action.CHOOSE_SENDER, choose_sender),
    ]


async def list_cases(context: Context) -> None:
    """List the newest cases: of today for a supervisor, all of their own for a health worker."""
    typed = " ".join(context.args or []).lower()
    if typed in set(View):
        await _say_page(context, view=View(typed))
    elif not context.sender.role.sees_all_cases:
        await _say_page(context, view=View.ALL)
    elif typed:
        await _say_senders(context, called=typed)
    else:
        await _say_page(context, view=View.TODAY)


async def turn_page(press: Press, context: Context) -> str | None:
    """Show another page or another list in place of this one."""
    if press.text(0) not in set(View):
        return people.stale_button(translator(context.language))
    view = View(press.text(0))
    await _say_page(context, view=view, at=_place(press), edits=press.message_id)
    return None


async def turn_senders_page(press: Press, context: Context) -> str | None:
    """Show the cases of one sender in place of this list."""
    sender = await context.services.store.people.find(UserId(press.number(0)))
    if sender is None:
        return people.stale_button(translator(context.language))
    await _say_page(context, sender=sender, at=_place(press), edits=press.message_id)
    return None


async def choose_sender(press: Press, context: Context) -> str | None:
    """Offer all senders in place of this list."""
    await _say_senders(context, edits=press.message_id)
    return None


async def search(context: Context) -> None:
    """Find cases by words of their captions, references and answers, or their sender's name."""
    t = translator(context.language)
    sought = " ".join(context.args or [])
    if not any(char.isalnum() for char in sought):
        await context.say(search_replies.search_for_what(t))
        return
    wanted = CaseFilter(words=sought)
    store = context.services.store.cases
    found = await store.page(wanted, limit=SEARCH_HITS)
    total = await store.count(wanted)
    everyone = await context.services.store.people.everyone()
    senders = [person for person in everyone if person.is_called(sought)][:SENDERS_FOUND]
    now = context.services.clock.now()
    await context.say(
        search_replies.found(found, sought, total, context.sender, t, now=now, senders=senders),
        entry=context.actor.does(Act.SEARCHED, _noted(total, found)),
    )


def midnight(now: datetime) -> datetime:
    """When the clinic's day began, in the machine's time zone."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


async def _say_senders(
    context: Context, *, called: str = "", edits: MessageId | None = None
) -> None:
    everyone = await context.services.store.people.everyone()
    senders = [person for person in everyone if person.is_called(called)]
    await context.say(lists.choose_sender(senders, translator(context.language)), edits=edits)


async def _say_page(
    context: Context,
    *,
    view: View = View.ALL,
    sender: Person | None = None,
    at: Place = TOP,
    edits: MessageId | None = None,
) -> None:
    wanted = _filter(view, context) if sender is None else CaseFilter(sender_id=sender.user_id)
    store, now = context.services.store.cases, context.services.clock.now()
    listed = await store.triaged(
        wanted, limit=lists.PAGE_CASES, at=at, pressing_since=now - PRESSES_FOR
    )
    total, t = await store.count(wanted), translator(context.language)
    reply = lists.page(listed, view, total, context.sender, t, now=now, sender=sender)
    which = view if sender is None else sender.user_id
    entry = context.actor.does(Act.LISTED, _noted(which, listed.cases))
    await context.say(reply, edits=edits, entry=entry)


def _noted(what: object, shown: Sequence[Case]) -> str:
    """What the audit log keeps of a list: films stand in it, so whose they are."""
    return " ".join([str(what), *(case.code for case in shown)])


def _place(press: Press) -> Place:
    """Where the page of a button begins: at the top for one of before, which knew no sections."""
    before, section, shown = press.number(1), press.number(2), press.number(3)
    if not before or not press.text(2) or section not in set(Section):
        return TOP
    return Place(section=Section(section), before=CaseId(before), shown=shown)


def _filter(view: View, context: Context) -> CaseFilter:
    now = context.services.clock.now()
    wanted = {
        View.TODAY: CaseFilter(since=midnight(now)),
        View.WEEK: CaseFilter(since=now - timedelta(days=7)),
        View.URGENT: CaseFilter(urgent=True),
        View.UNREVIEWED: CaseFilter(unreviewed=True),
        View.ALL: CaseFilter(),
    }[view]
    if context.sender.role.sees_all_cases:
        return wanted
    return replace(wanted, sender_id=context.sender.user_id)

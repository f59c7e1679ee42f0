"""Looking cases up: lists, one case, search. A health worker finds only their own."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.cases import Case, ComparedWith, parse_case_code
from bot.domain.ids import CaseId, MessageId, UserId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.people import Person
from bot.domain.series import is_series, spread
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button, on_command
from bot.locale import translator
from bot.replies import cases, people, review
from bot.replies.buttons import Action
from bot.replies.cases import View
from bot.replies.commands import Command
from bot.store.listing import CaseFilter
from inference.contract import Urgency

SEARCH_HITS = 5
SENDERS_FOUND = 4
SLICES_SHOWN = 4

CRITICAL_WITHIN = timedelta(days=7)
"""So old may a critical case be that stands before all others while nobody has signed it off."""


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/cases`, `/case`, `/search` and the buttons under lists."""
    return [
        on_command(Command.CASES, list_cases),
        on_command(Command.CASE, show_case),
        on_command(Command.SEARCH, search),
        on_button(Action.LIST_CASES, turn_page),
        on_button(Action.LIST_SENDER, turn_senders_page),
        on_button(Action.CHOOSE_SENDER, choose_sender),
        on_button(Action.OPEN_CASE, open_case),
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
    view, before = View(press.text(0)), press.number(1)
    await _say_page(context, view=view, before=CaseId(before), edits=press.message_id)
    return None


async def turn_senders_page(press: Press, context: Context) -> str | None:
    """Show the cases of one sender in place of this list."""
    sender = await context.services.store.people.find(UserId(press.number(0)))
    if sender is None:
        return people.stale_button(translator(context.language))
    before = CaseId(press.number(1))
    await _say_page(context, sender=sender, before=before, edits=press.message_id)
    return None


async def choose_sender(press: Press, context: Context) -> str | None:
    """Offer all senders in place of this list."""
    await _say_senders(context, edits=press.message_id)
    return None


async def show_case(context: Context) -> None:
    """Show the case whose code was typed."""
    t = translator(context.language)
    typed = " ".join(context.args or [])
    if not typed:
        await context.say(cases.which_case(t))
        return
    case = await visible_case(parse_case_code(typed), context)
    if case is None:
        await context.say(cases.no_such_case(t))
    else:
        await _say_card(case, context)


async def open_case(press: Press, context: Context) -> str | None:
    """Show the case whose button was pressed."""
    case = await visible_case(CaseId(press.number(0)), context)
    if case is None:
        return people.stale_button(translator(context.language))
    await _say_card(case, context)
    return None


async def search(context: Context) -> None:
    """Find cases by words of their captions, references and answers, or their sender's name."""
    t = translator(context.language)
    sought = " ".join(context.args or [])
    if not any(char.isalnum() for char in sought):
        await context.say(cases.search_for_what(t))
        return
    wanted = CaseFilter(words=sought)
    store = context.services.store.cases
    found = await store.page(wanted, limit=SEARCH_HITS)
    total = await store.count(wanted)
    everyone = await context.services.store.people.everyone()
    senders = [person for person in everyone if person.is_called(sought)][:SENDERS_FOUND]
    await context.say(
        cases.found(found, sought, total, context.sender, t, senders=senders),
        entry=context.actor.does(Act.SEARCHED, total),
    )


async def visible_case(case_id: CaseId | None, context: Context) -> Case | None:
    """Look up a case; None for one that does not exist and for one that is not to be seen."""
    case = None if case_id is None else await context.services.store.cases.get(case_id)
    return case if case is not None and await is_open_to_sender(case, context) else None


async def is_open_to_sender(case: Case, context: Context) -> bool:
    """Whether this update's person may see a case: theirs, their ward's, or any for supervisors."""
    me = context.sender
    return me.may_see(case) or await context.services.store.handover.shares(case.case_id, me)


async def say_end_of_card(case: Case, context: Context, *, edits: MessageId) -> None:
    """Bring a card's last message up to date: it has the buttons, and says who signed off."""
    await context.say((await _card(case, context))[-1], edits=edits)


async def _say_senders(
    context: Context, *, called: str = "", edits: MessageId | None = None
) -> None:
    everyone = await context.services.store.people.everyone()
    senders = [person for person in everyone if person.is_called(called)]
    await context.say(cases.choose_sender(senders, translator(context.language)), edits=edits)


async def _say_page(
    context: Context,
    *,
    view: View = View.ALL,
    sender: Person | None = None,
    before: CaseId = CaseId(0),  # noqa: B008 - a NewType call is its argument
    edits: MessageId | None = None,
) -> None:
    wanted = _filter(view, context) if sender is None else CaseFilter(sender_id=sender.user_id)
    store, reader = context.services.store.cases, context.sender
    found = await store.page(wanted, limit=cases.PAGE_CASES + 1, before=before or None)
    shown = found[: cases.PAGE_CASES]
    first = await _gravest(wanted, context) if wanted.urgent and not before else ()
    reply = cases.page(
        (*first, *(case for case in shown if case not in first)),
        view,
        await store.count(wanted),
        reader,
        translator(context.language),
        sender=sender,
        older_than=shown[-1].case_id if len(found) > len(shown) else None,
        first=not before,
    )
    listed = view if sender is None else sender.user_id
    await context.say(reply, edits=edits, entry=context.actor.does(Act.LISTED, listed))


async def _gravest(wanted: CaseFilter, context: Context) -> tuple[Case, ...]:
    """The critical cases of late that nobody has signed off: no page may hide them."""
    since = context.services.clock.now() - CRITICAL_WITHIN
    gravest = replace(wanted, critical=True, unreviewed=True, since=since)
    return await context.services.store.cases.page(gravest, limit=cases.PAGE_CASES)


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


def midnight(now: datetime) -> datetime:
    """When the clinic's day began, in the machine's time zone."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


async def _say_card(case: Case, context: Context) -> None:
    t = translator(context.language)
    about = About(reading_id=case.reading_id, role=MessageRole.NOTICE)
    viewed = context.actor.does(Act.VIEWED, case.code)
    if context.sender.role.sees_all_cases:
        told = await _sender_told(case, context)
        await context.services.store.reviews.look(case.case_id, by=context.actor, told=told)
    shown = spread(case.pictures, SLICES_SHOWN) if is_series(case) else case.pictures
    for picture in shown:
        caption = cases.picture_caption(case, case.pictures.index(picture), t)
        await context.say(caption, picture=picture.name, about=about, entry=viewed)
    for reply in await _card(case, context):
        await context.say(reply, about=about, entry=viewed)


async def _sender_told(case: Case, context: Context) -> list[Outgoing]:
    """That somebody has opened a case; not of one that looks routine, where nobody waits for it."""
    calm = {Urgency.ROUTINE, Urgency.NOT_MEDICAL}
    sender = await context.services.store.people.find(case.sender_id)
    if sender is None or (case.reading is not None and case.reading.urgency in calm):
        return []
    return [
        Outgoing(
            key=f"case:{case.case_id}:opened",
            chat_id=case.chat_id,
            reply=review.opened(case, context.sender, translator(sender.language)),
            reply_to=case.message_id,
            about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
        )
    ]


async def _card(case: Case, context: Context) -> list[Reply]:
    store = context.services.store
    follow_ups = await store.cases.follow_ups(case.case_id)
    reviewer = None if case.reviewed_by is None else await store.people.find(case.reviewed_by)
    alarm = await store.alarms.of_case(case.case_id)
    return cases.card(
        case,
        follow_ups,
        reviewer,
        context.sender,
        translator(context.language),
        alarm=alarm,
        made=await store.corrections.of_case(case.case_id),
        earlier=await store.corrections.earlier_readings(case.case_id),
        prior=await _prior(case, context),
    )


async def _prior(case: Case, context: Context) -> ComparedWith | None:
    """The older case whose film an answered one may be compared with by the model that runs."""
    engine = context.services.engine().engine
    if case.reading is None or engine is None or not engine.compares:
        return None
    films = await context.services.store.comparisons.offered(case, context.sender)
    return None if films is None else films.with_

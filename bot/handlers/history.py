"""One case looked up: its pictures and its card. A health worker finds only their own."""

from typing import Any

from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.cases import Case, ComparedWith, parse_case_code
from bot.domain.ids import CaseId, MessageId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.series import is_series, spread
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button, on_command
from bot.locale import translator
from bot.replies import cases, people, review
from bot.replies.buttons import Action
from bot.replies.commands import Command
from inference.contract import Urgency

SLICES_SHOWN = 4


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/case` and the buttons that open one."""
    return [
        on_command(Command.CASE, show_case),
        on_button(Action.OPEN_CASE, open_case),
    ]


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


async def _say_card(case: Case, context: Context) -> None:
    t = translator(context.language)
    about = About(reading_id=case.reading_id, role=MessageRole.NOTICE)
    viewed = context.actor.does(Act.VIEWED, case.code)
    await look(case, context)
    shown = spread(case.pictures, SLICES_SHOWN) if is_series(case) else case.pictures
    for picture in shown:
        caption = cases.picture_caption(case, case.pictures.index(picture), t)
        await context.say(caption, picture=picture.name, about=about, entry=viewed)
    for reply in await _card(case, context):
        await context.say(reply, about=about, entry=viewed)


async def look(case: Case, context: Context) -> None:
    """Note that a supervisor looks at a case, and tell its sender, where that is the first time."""
    if context.sender.role.sees_all_cases:
        told = await _sender_told(case, context)
        await context.services.store.reviews.look(case.case_id, by=context.actor, told=told)


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
    known, t = await known_of(case, context), translator(context.language)
    return cases.card(case, known, context.sender, t, prior=await _prior(case, context))


async def known_of(case: Case, context: Context) -> cases.Known:
    """What is known of a case beside itself."""
    store = context.services.store
    reviewer = None if case.reviewed_by is None else await store.people.find(case.reviewed_by)
    return cases.Known(
        follow_ups=await store.cases.follow_ups(case.case_id),
        reviewer=reviewer,
        alarm=await store.alarms.of_case(case.case_id),
        made=await store.corrections.of_case(case.case_id),
        earlier=await store.corrections.earlier_readings(case.case_id),
    )


async def _prior(case: Case, context: Context) -> ComparedWith | None:
    """The older case whose film an answered one may be compared with by the model that runs."""
    engine = context.services.engine().engine
    if case.reading is None or engine is None or not engine.compares:
        return None
    films = await context.services.store.comparisons.offered(case, context.sender)
    return None if films is None else films.with_

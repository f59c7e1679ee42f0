"""Cases as numbers and as a table, for supervisors."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.cases import Case
from bot.domain.ids import CaseId
from bot.domain.messages import Attachment
from bot.gateway_methods import GatewayMethods
from bot.handlers.context import Context
from bot.handlers.lists import midnight
from bot.handlers.permissions import Press, on_button, on_command
from bot.locale import translator
from bot.replies import chart, figures, people
from bot.replies.buttons import Action
from bot.replies.commands import Command
from bot.replies.figures import Period
from bot.store.listing import CaseFilter

STATS_PERIODS = (Period.TODAY, Period.WEEK)
EXPORT_BATCH = 200


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/stats`, `/export` and the buttons of its periods."""
    return [
        on_command(Command.STATS, tell_stats),
        on_command(Command.EXPORT, ask_period),
        on_button(Action.EXPORT, export_pressed),
    ]


async def tell_stats(context: Context) -> None:
    """Tell how many cases there were, how urgent, how long people waited, and what came of it."""
    now = context.services.clock.now()
    periods = [
        (period, await context.services.store.summary.figures(_since(period, now), now))
        for period in STATS_PERIODS
    ]
    t = translator(context.language)
    month = _since(Period.MONTH, now)
    counted = await context.services.store.supervisors.oversight(month, now)
    sms = await GatewayMethods(context.bot).sms() if context.services.settings.has_sms else None
    await context.say(figures.stats(periods, counted, t, sms))
    days = await context.services.store.summary.days(midnight(now - timedelta(days=6)), now)
    if counted.answered or any(day.cases for day in days):
        waits = [(figures.period_name(period, t), found) for period, found in periods]
        drawn = await asyncio.to_thread(chart.draw, days, waits, counted, t)
        picture = Attachment(file_name="edgerad-figures.png", data=drawn)
        await context.say(figures.charted(t), attachment=picture)


async def ask_period(context: Context) -> None:
    """Send the table of the period that was typed, or ask for one."""
    word = (context.args or [""])[0].lower()
    if word in set(Period):
        await _export(Period(word), context)
    else:
        await context.say(figures.choose_period(translator(context.language)))


async def export_pressed(press: Press, context: Context) -> str | None:
    """Send the table of the period that was chosen."""
    if press.text(0) not in set(Period):
        return people.stale_button(translator(context.language))
    await _export(Period(press.text(0)), context)
    return None


async def _export(period: Period, context: Context) -> None:
    now = context.services.clock.now()
    since = None if period is Period.ALL else _since(period, now)
    found = await _all_cases(CaseFilter(since=since, until=now), context)
    names = {
        person.user_id: person.name for person in await context.services.store.people.everyone()
    }
    name = f"edgerad-{period}-{now.astimezone():%Y-%m-%d}.csv"
    await context.say(
        figures.exported(period, len(found), translator(context.language)),
        attachment=Attachment(file_name=name, data=figures.table(found, names)),
        entry=context.actor.does(Act.EXPORTED, period),
    )


async def _all_cases(wanted: CaseFilter, context: Context) -> list[Case]:
    """All pages of a list, so that no single query holds up the others for long."""
    found: list[Case] = []
    before: CaseId | None = None
    while True:
        page = await context.services.store.cases.page(wanted, limit=EXPORT_BATCH, before=before)
        found.extend(page)
        if len(page) < EXPORT_BATCH:
            return found
        before = page[-1].case_id


def _since(period: Period, now: datetime) -> datetime:
    return {
        Period.TODAY: midnight(now),
        Period.WEEK: now - timedelta(days=7),
        Period.MONTH: now - timedelta(days=30),
        Period.ALL: datetime.fromtimestamp(0, UTC),
    }[period]

"""The bot put together: store, engine, picture process, Telegram, and the loops between them.

The only place that knows all of them. Nothing here decides anything about a case.
"""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot
from telegram.request import HTTPXRequest

from bot.access import Access
from bot.alarms import AlarmCaller
from bot.analyst import Analyst
from bot.api_errors import advice, pause_after
from bot.banners import BannerPublisher
from bot.board import BoardPublisher
from bot.domain.people import Role
from bot.gateway_methods import GatewayMethods
from bot.handlers import (
    alarms,
    albums,
    audit,
    cancel,
    comparing,
    corrections,
    duty,
    enrolment,
    failures,
    figures,
    follow_up,
    forgetting,
    gate,
    history,
    intake,
    lists,
    menu,
    outcome,
    patient,
    people,
    permissions,
    phone,
    printing,
    questions,
    retake,
    review,
    sessions,
    sms,
)
from bot.handlers.context import SERVICES, BotApplication, Context, Services
from bot.inbox import UpdateLoop
from bot.locale import translator
from bot.marked_film import FilmMarker
from bot.older_data import OlderData
from bot.outbox import MessageSender
from bot.replies.commands import commands_of, describe
from bot.retention import Deleter
from bot.rivals import take_webhook_away
from bot.settings import BotSettings, Engine
from bot.sms_news import SmsNews
from bot.store import Store, open_store
from bot.undelivered import tell_supervisors
from inference.contract import Executor, Language
from inference.feature_cache import FeatureCache
from inference.local.executor import ExecutorConfig, LocalExecutor
from inference.remote.executor import RemoteExecutor
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from machine.clock import Clock, SystemClock, steady_s
from machine.systemd import STOPPING, notify, stay_watched
from pictures import PictureProcess
from storage.database import DiskFault
from storage.epoch import EpochKeeper, EpochRecord
from storage.home import Holder, hold
from storage.keys import Keyring
from storage.layout import BOT_DATABASE
from storage.opening import unlocked

CONNECTIONS = 16
"""More than chat workers, progress and the long poll need together."""
READ_TIMEOUT_S = 30.0
WRITE_TIMEOUT_S = 60.0
MEDIA_WRITE_TIMEOUT_S = 120.0
HOUSEKEEPING_S = 6 * 3600.0
LONGEST_WAIT = timedelta(minutes=1)
"""What waits at the start, or when the clock was set back, waits no longer than this."""
CLOCK_WATCH_S = 10.0
KEEP = timedelta(days=7)
"""How long handled updates and delivered messages stay, for whoever looks into a fault."""

ROOMS = (
    enrolment,
    menu,
    lists,
    history,
    printing,
    alarms,
    review,
    outcome,
    figures,
    people,
    duty,
    phone,
    forgetting,
    audit,
    patient,
    corrections,
    comparing,
    questions,
    albums,
    retake,
    cancel,
    intake,
    follow_up,
    permissions,
)
"""Whose handlers are tried in this order; the last two answer all that is left over."""

log = logging.getLogger(__name__)


def run(settings: BotSettings) -> None:
    """Run the bot until SIGTERM or SIGINT.

    Args:
        settings: As read from the environment.
    """
    os.umask(0o077)  # patients' pictures and words are for this account alone
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # PTB 22: durations as timedelta, as from 23 on
    with hold(settings.home, Holder.BOT), suppress(asyncio.CancelledError):
        asyncio.run(_until_stopped(settings))
    log.info("Stopped")


async def _until_stopped(settings: BotSettings) -> None:
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    if task is not None:
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, _stop, task)
    await serve(settings, SystemClock())


def _stop(task: asyncio.Task[None]) -> None:
    notify(STOPPING)
    task.cancel()


async def serve(settings: BotSettings, clock: Clock) -> None:
    """Serve until cancelled."""
    async with AsyncExitStack() as stack:
        keyring = stack.enter_context(unlocked(settings.home, settings.key_file))
        store = await stack.enter_async_context(open_store(settings.home, keyring, clock))
        pictures = await stack.enter_async_context(PictureProcess())
        executor = await stack.enter_async_context(
            _executor(settings, store.feature_cache, pictures)
        )
        services = Services(
            store=store,
            clock=clock,
            pictures=pictures,
            settings=settings,
            engine=executor.status,
        )
        older = _older_data(settings, keyring, store, clock)
        await older.look()
        stack.push_async_callback(older.step)
        bot = build_bot(settings.with_token(keyring))
        application = build_application(bot, services)
        stack.push_async_callback(application.shutdown)
        async with asyncio.TaskGroup() as group:
            group.create_task(older.keep())
            await run_loops(application, services, executor)


def _older_data(settings: BotSettings, keyring: Keyring, store: Store, clock: Clock) -> OlderData:
    record = EpochRecord(settings.home, keyring)
    keeper = EpochKeeper(record, BOT_DATABASE, store.epoch, lambda: clock.now().timestamp())
    return OlderData(store=store, record=record, keeper=keeper)


def build_bot(settings: BotSettings) -> ExtBot[None]:
    """PTB's bot on the server that the settings name, not initialised."""
    token = settings.bot_token
    return ExtBot(
        "" if token is None else token.get_secret_value(),
        base_url=f"{settings.bot_api_url}/bot",
        base_file_url=f"{settings.bot_api_url}/file/bot",
        request=HTTPXRequest(
            connection_pool_size=CONNECTIONS,
            read_timeout=READ_TIMEOUT_S,
            write_timeout=WRITE_TIMEOUT_S,
            media_write_timeout=MEDIA_WRITE_TIMEOUT_S,
            pool_timeout=READ_TIMEOUT_S,
        ),
    )


def build_application(bot: ExtBot[None], services: Services) -> BotApplication:
    """PTB's application with every handler, without its updater.

    Args:
        bot: Speaks to the server.
        services: What handlers work with.

    Returns:
        The application, not initialised.
    """
    application = (
        ApplicationBuilder()
        .bot(bot)
        .context_types(ContextTypes(context=Context))
        .updater(None)
        .job_queue(None)
        .build()
    )
    application.bot_data[SERVICES] = services
    application.add_handlers(sms.handlers(), group=sms.GROUP)
    application.add_handlers(sessions.handlers(), group=sessions.GROUP)
    application.add_handlers(gate.handlers(), group=gate.GROUP)
    for room in ROOMS:
        application.add_handlers(room.handlers())
    return application


async def run_loops(application: BotApplication, services: Services, executor: Executor) -> None:
    """Serve until cancelled: read from the first moment, poll and deliver once there is a server.

    Args:
        services: What handlers work with.
    """
    bot, store, clock = application.bot, services.store, services.clock
    await store.due.bring_forward(clock.now() + LONGEST_WAIT)
    lost = partial(tell_supervisors, store=store)
    outbox = MessageSender(bot=bot, store=store, clock=clock, lost=lost)
    waits = services.settings.call_waits()
    analyst = Analyst(
        store=store,
        executor=executor,
        clock=clock,
        waits=waits,
        show=outbox.show,
        mark=outbox.mark,
        mark_film=FilmMarker(store.pictures, services.pictures).mark,
    )
    caller = AlarmCaller(store=store, clock=clock, waits=waits, steady_s=steady_s)
    inbox = UpdateLoop(
        bot=bot,
        store=store,
        clock=clock,
        handle=failures.Dispatcher(application).handle,
        apologise=partial(failures.apologise, services=services),
    )
    home = services.settings.home
    gateway = GatewayMethods(bot)
    deleter = Deleter(store=store, home=home, clock=clock, forget=gateway.forget)
    board = BoardPublisher(gateway=gateway, store=store, clock=clock, engine=executor.status)
    banners = BannerPublisher(gateway=gateway, store=store, clock=clock)
    async with asyncio.TaskGroup() as group:
        group.create_task(analyst.work())
        group.create_task(analyst.sweep())
        group.create_task(caller.work())
        group.create_task(_keep_house(store, clock))
        group.create_task(_watch_clock(store, clock))
        group.create_task(stay_watched())  # cases are read before there is a server
        await _connect(application, services.settings.bot_api_url)
        group.create_task(Access(gateway=gateway, store=store).tell())
        group.create_task(outbox.deliver())
        group.create_task(inbox.process())
        group.create_task(inbox.poll())
        group.create_task(_tell_commands(application, has_sms=services.settings.has_sms))
        group.create_task(board.publish())
        group.create_task(banners.publish())
        if services.settings.has_sms:
            news = SmsNews(
                store=store, gateway=gateway, clock=clock, engine=executor.status, home=home
            )
            group.create_task(news.work())
        group.create_task(deleter.work(services.settings.retention()))


async def _connect(application: BotApplication, server: str) -> None:
    """Wait for the server, however long it takes: at power-on it may come after the bot."""
    attempts = 0
    while True:
        try:
            await application.initialize()
            await take_webhook_away(application.bot)  # with one set, nobody may poll
        except TelegramError as error:
            attempts += 1
            log.warning("Waiting for the Bot API server at %s: %s", server, advice(error))
            await asyncio.sleep(pause_after(error, attempts).total_seconds())
        else:
            log.info("Serving as bot %d", application.bot.id)
            return


async def _tell_commands(application: BotApplication, *, has_sms: bool) -> None:
    """Tell phones which commands there are; a chat learns its own role's when it is known."""
    for language in Language:
        t = translator(language)
        commands = [
            (command.value, describe(command, Role.HEALTH_WORKER, t))
            for command in commands_of(Role.HEALTH_WORKER, has_sms=has_sms)
        ]
        code = None if language is Language.ENGLISH else language.value
        try:
            await application.bot.set_my_commands(commands, language_code=code)
        except TelegramError as error:
            log.warning("The list of commands was not taken: %s", type(error).__name__)


async def _watch_clock(store: Store, clock: Clock) -> None:
    """Let nothing wait for a time that was near before the clock was set back."""
    seen = clock.now()
    while True:
        await asyncio.sleep(CLOCK_WATCH_S)
        now = clock.now()
        if now < seen:
            log.warning("The clock was set back by %s", seen - now)
            await store.due.bring_forward(now + LONGEST_WAIT)
        seen = now


async def _keep_house(store: Store, clock: Clock) -> None:
    """Forget what was handled and delivered long ago, and what a crash left behind."""
    while True:
        try:
            orphans = await store.pictures.remove_orphans(clock.now())
            if orphans:
                log.info("Removed %d pictures that no case names", orphans)
            await store.inbox.prune(KEEP)
            await store.outbox.prune(KEEP)
        except (DiskFault, OSError) as fault:
            log.warning("Nothing old could be removed: %s", type(fault).__name__)
        await asyncio.sleep(HOUSEKEEPING_S)


@asynccontextmanager
async def _executor(
    settings: BotSettings, feature_cache: FeatureCache, pictures: PictureProcess
) -> AsyncIterator[Executor]:
    if settings.engine is Engine.SCRIPTED:
        answer = ScriptedAnswer(delay_s=settings.scripted_s)
        async with ScriptedExecutor(default=answer) as scripted:
            yield scripted
        return
    if settings.engine is Engine.REMOTE:
        async with RemoteExecutor(settings.remote(), pictures.squared) as remote:
            yield remote
        return
    config = ExecutorConfig(
        home=settings.home,
        model=settings.model,
        tier=settings.tier,
        deadline_s=settings.read_deadline_s,
        limits=settings.answer_limits(),
        score_urgency=settings.score_urgency,
    )
    async with LocalExecutor(config, feature_cache) as local:
        yield local

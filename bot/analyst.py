"""The analyst: claims a reading, has the engine make it, and stores it with its answer or apology.

Holds as many claims as the engine has slots. A claim is renewed while the engine reads; if it is
lost (taken back, or swept), the reading is cancelled. Knows the queue and the executor's contract.
Must not know Telegram, nor the words of any message.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.answers import (
    alarm,
    answered_by_sms,
    answers,
    apologies,
    comparison_offer,
    early_alarm,
)
from bot.captions import anonymous
from bot.captions.views import views_said
from bot.domain.alarms import CallWaits
from bot.domain.cases import Case
from bot.domain.comparisons import FilmPair, view_of
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from bot.domain.series import is_series, within_budget
from bot.errors import StaleClaim
from bot.marked_film import MarkFilm
from bot.progress import FIRST_PROGRESS_S, Growth, MarkAsked, Progress, Show, Sleep
from bot.store import Store
from bot.store.alarms import Raised
from bot.store.claims import Claim
from bot.store.topics import Topic
from inference.contract import (
    EngineState,
    Executor,
    Looked,
    Partial,
    PictureKind,
    Reading,
    ReadRequest,
    Scored,
    ScoredUrgency,
    Urgency,
    View,
)
from inference.errors import (
    DeadlineExceeded,
    EngineAway,
    EngineError,
    InferenceError,
    RequestRefused,
)
from machine.backoff import delay_after_s
from machine.clock import Clock
from machine.tracebacks import traceback_without_messages
from storage.database import DiskFault
from storage.signals import Listener

LEASE = timedelta(seconds=60)
HEARTBEAT_S = 15.0
FIRST_RETRY_S = 2.0
DEADLINE_RETRY_S = 600.0
"""A reading that took too long once may do so again: others go first."""
IDLE_WAIT_S = 30.0
ENGINE_WAIT_S = 5.0

log = logging.getLogger(__name__)


class Analyst:
    """The reading loop, and the sweep of expired claims."""

    def __init__(
        self,
        *,
        store: Store,
        executor: Executor,
        clock: Clock,
        waits: CallWaits,
        show: Show,
        mark: MarkAsked,
        mark_film: MarkFilm,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._store = store
        self._executor = executor
        self._clock = clock
        self._waits = waits
        self._mark = mark
        self._mark_film = mark_film
        self._sleep = sleep
        self._progress = Progress(store=store, executor=executor, show=show, mark=mark, sleep=sleep)
        self._held: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        """Make readings for ever, as many at once as the engine has slots."""
        await self._store.claims.expire_leases()
        await self.sweep_once()
        with self._store.signals.listen(Topic.READINGS) as readings:
            async with asyncio.TaskGroup() as group:
                while True:
                    try:
                        await self._take_next(group, readings)
                    except DiskFault as fault:  # answers that are written already still go out
                        log.warning("No case could be taken: %s", type(fault).__name__)
                        await self._sleep(ENGINE_WAIT_S)

    async def _take_next(self, group: asyncio.TaskGroup, readings: Listener) -> None:
        """Begin the next reading, or wait for what is missing: an engine, a slot or a case."""
        status = self._executor.status()
        if status.state is EngineState.FAILED:
            # it is started again by itself; until then cases wait and use up no attempt
            await self._sleep(ENGINE_WAIT_S)
        elif len(self._held) >= status.slots:
            # with a limit: the engine may get more slots meanwhile
            await asyncio.wait(
                self._held, timeout=ENGINE_WAIT_S, return_when=asyncio.FIRST_COMPLETED
            )
        elif (claim := await self._claim()) is None:
            await readings.wait(await self._idle_s())
        else:
            task = group.create_task(self._hold(claim), name=claim.name)
            self._held.add(task)
            task.add_done_callback(self._held.discard)

    async def sweep(self) -> None:
        """Put back or give up expired claims, for ever."""
        while True:
            await self._sleep(LEASE.total_seconds())
            try:
                await self.sweep_once()
            except DiskFault as fault:
                log.warning("No claim could be put back: %s", type(fault).__name__)

    async def sweep_once(self) -> None:
        """Put back or give up the claims that were not renewed in time."""
        for claim in await self._store.claims.sweep():
            with suppress(StaleClaim):
                await self._give_up(claim, "LeaseExpired")

    async def work_once(self) -> bool:
        """Claim the next reading and see it to its end.

        Returns:
            False if nothing was ready.
        """
        claim = await self._claim()
        if claim is None:
            return False
        await self._hold(claim)
        return True

    async def _claim(self) -> Claim | None:
        return await self._store.claims.take(LEASE)

    async def _hold(self, claim: Claim) -> None:
        try:
            await self._see_through(claim)
        except StaleClaim:
            log.info("%s dropped: it was taken back or claimed again", claim.name)
        except DiskFault as fault:
            log.warning("%s waits until its claim expires: %s", claim.name, type(fault).__name__)
        except asyncio.CancelledError:
            with suppress(StaleClaim):
                await self._store.claims.release(claim)
            raise

    async def _see_through(self, claim: Claim) -> None:
        slices = self._executor.status().slices
        claim = replace(claim, case=within_budget(claim.case, slices))
        try:
            reading = await self._read(claim)
            scored = _graver(reading.scored, claim.scored)
            await self._answer(claim, replace(reading, scored=scored, told=claim.known))
        except StaleClaim:
            raise
        except EngineAway as error:  # not the case's fault: it goes back to its place in the queue
            log.warning("%s put back: %s", claim.name, error)
            await self._store.claims.release(claim)
        except DiskFault as error:  # nor is this
            log.warning("%s put back: %s", claim.name, traceback_without_messages(error))
            await self._sleep(ENGINE_WAIT_S)
            await self._store.claims.release(claim)
        except Exception as error:  # noqa: BLE001 - whatever a reading does, the next one is made
            await self._failed(claim, error)

    async def _read(self, claim: Claim) -> Reading:
        """Have it read; renew the claim, show progress and raise alarms meanwhile."""
        request = await self._request(claim)
        growth = Growth()
        try:
            async with asyncio.TaskGroup() as group:
                beside = (
                    group.create_task(self._keep(claim)),
                    group.create_task(self._progress.show(claim, growth)),
                    group.create_task(self._raise_alarms(claim, growth)),
                )
                reading = await self._follow(request, growth)
                for task in beside:
                    task.cancel()
        except BaseExceptionGroup as group_error:
            raise _first(group_error) from group_error
        return reading

    async def _follow(self, request: ReadRequest, growth: Growth) -> Reading:
        async with aclosing(self._executor.read(request)) as events:
            async for event in events:
                match event:
                    case Looked():
                        growth.add_looked(event)
                    case Scored(score=score):
                        growth.add_score(score)
                    case Partial(text=text):
                        growth.add_text(text)
                    case Reading():
                        return event
        raise EngineError("The engine ended without a reading.")

    async def _request(self, claim: Claim) -> ReadRequest:
        if claim.films is not None:
            return await self._comparison(claim, claim.films)
        case = claim.case
        kind = case.kind or PictureKind.CHEST
        pictures = [await self._store.pictures.get(picture.read) for picture in case.pictures]
        return ReadRequest(
            request_id=claim.name,
            pictures=tuple(pictures),
            patient=case.told,
            language=claim.language,
            question=None if claim.question is None else anonymous(claim.question),
            reading=None if case.reading is None else case.reading.text,
            kind=kind,
            views=() if is_series(case) else _views(case, kind),
            series=is_series(case),
            history=tuple(replace(t, question=anonymous(t.question)) for t in claim.history),
        )

    async def _comparison(self, claim: Claim, films: FilmPair) -> ReadRequest:
        try:
            pictures = [await self._store.pictures.get(name) for name in films.names]
        except FileNotFoundError as error:
            raise RequestRefused("A film to compare is no longer kept.") from error
        return ReadRequest(
            request_id=claim.name,
            pictures=tuple(pictures),
            patient=claim.case.told,
            language=claim.language,
            views=() if films.view is None else (View(films.view),) * len(pictures),
            comparison=films.days,
        )

    async def _keep(self, claim: Claim) -> None:
        """Renew the claim until it is lost; a reading taken back ends at once."""
        with self._store.signals.listen(Topic.CANCELS) as cancels:
            while await self._store.claims.heartbeat(claim, LEASE):
                await cancels.wait(HEARTBEAT_S)
        raise StaleClaim

    async def _raise_alarms(self, claim: Claim, growth: Growth) -> None:
        """Tell the supervisors of a case that looks urgent before its text is complete."""
        await self._sleep(FIRST_PROGRESS_S)
        raised = claim.scored
        while True:
            scored = await growth.scores.get()
            if not scored.urgency.alarming or _graver(scored, raised) is not scored:
                continue
            raised = scored
            engine = self._executor.status().engine
            notice = partial(early_alarm, claim, scored, engine)
            await self._store.claims.raise_alarm(claim, scored, self._raised(scored, notice))
            log.info("%s looks %s before its text", claim.name, scored.urgency)

    async def _answer(self, claim: Claim, reading: Reading) -> None:
        if claim.films is not None and not reading.engine.compares:
            raise RequestRefused("This model was not trained to compare films.")
        raised = self._raised(reading, partial(alarm, claim, reading))
        beyond = reading.alarms_beyond(claim.case.reading)
        phone = await self._store.phones.of(claim.asked_by)
        await self._store.claims.complete(
            claim,
            reading,
            [
                *answers(claim, reading, await self._mark_film(claim, reading)),
                *await self._offers(claim, reading),
                *answered_by_sms(claim, phone),
            ],
            replace(raised, once_signed_off=not beyond) if beyond or reading.is_critical else None,
        )
        log.info(
            "%s answered by %s (%s) in %.1f s, %d tokens, %s",
            claim.name,
            reading.engine.model,
            reading.engine.tier or "no tier",
            reading.duration_s,
            reading.answer_tokens,
            f"at most {reading.memory.words}" if reading.memory else "memory not known",
        )

    async def _offers(self, claim: Claim, reading: Reading) -> list[Outgoing]:
        """The offer to compare a film with the patient's older one, where there is one."""
        asker = await self._store.people.find(claim.asked_by)
        if claim.question is not None or not reading.engine.compares or asker is None:
            return []
        films = await self._store.comparisons.offered(claim.case, asker)
        return [] if films is None else [comparison_offer(claim, films)]

    async def _failed(self, claim: Claim, error: Exception) -> None:
        known = isinstance(error, InferenceError)
        log.warning(
            "%s failed: %s", claim.name, error if known else traceback_without_messages(error)
        )
        failure = type(error).__name__
        if claim.last or isinstance(error, RequestRefused):
            await self._give_up(claim, failure)
            return
        pause_s = delay_after_s(
            claim.failures + 1, first_s=FIRST_RETRY_S, longest_s=DEADLINE_RETRY_S
        )
        if isinstance(error, DeadlineExceeded):
            pause_s = DEADLINE_RETRY_S
        ready_at = self._clock.now() + timedelta(seconds=pause_s)
        await self._store.claims.retry(claim, failure, ready_at)

    async def _give_up(self, claim: Claim, failure: str) -> None:
        log.error("%s given up: %s", claim.name, failure)
        messages = apologies(claim, await self._others(claim) if claim.question is None else [])
        await self._store.claims.fail(claim, failure, messages)
        await self._mark(claim.chat_id, claim.message_id, None)

    def _raised(
        self, looks: Reading | ScoredUrgency, notice: Callable[[Person, bool], Outgoing]
    ) -> Raised:
        return Raised(urgency=looks.urgency, waits=self._waits, notice=notice)

    async def _others(self, claim: Claim) -> list[Person]:
        """The supervisors, without the one who asked and is told anyway."""
        supervisors = await self._store.people.supervisors()
        return [person for person in supervisors if person.user_id != claim.asked_by]

    async def _idle_s(self) -> float:
        due = await self._store.claims.next_at()
        if due is None:
            return IDLE_WAIT_S
        return min(IDLE_WAIT_S, max(0.0, (due - self._clock.now()).total_seconds()))


def _views(case: Case, kind: PictureKind) -> tuple[View | None, ...]:
    """How each picture was taken: as its file says, else as the caption does."""
    told = views_said(case.caption, kind, len(case.pictures))
    views = [None if view is None else View(view) for view in map(view_of, case.pictures)]
    if any(views):
        return tuple(views)
    return told


def _graver(scored: ScoredUrgency | None, earlier: ScoredUrgency | None) -> ScoredUrgency | None:
    """The graver of two scores: an alarm stays, however mild a later attempt finds the case."""
    both = [each for each in (scored, earlier) if each is not None]
    return min(both, key=lambda each: tuple(Urgency).index(each.urgency), default=None)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error behind a task group's; a lost claim comes before the errors that it caused."""
    lost, others = group.split(StaleClaim)
    error = (lost or others or group).exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error

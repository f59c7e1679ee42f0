"""Makes the readings: claims one, has it read, stores it with its answer, or gives it up in words.

Holds as many at once as the engine makes at once. Knows the queue, the executor's contract and the
replies. Must not know Telegram. The claim is renewed while the engine reads; where it is lost
(taken back, or swept), the reading is dropped.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.clock import Clock
from bot.domain.ids import ChatId, MessageId, ReadingId
from bot.domain.messages import About, Mark, MessageRole, Outgoing, Reply
from bot.domain.people import Person
from bot.errors import StaleClaim
from bot.locale import Translator, translator
from bot.replies import queue, reading
from bot.store import Store
from bot.store.claims import Claim
from bot.store.database import DiskFault
from bot.store.line import Waiting
from inference.contract import (
    EngineState,
    Executor,
    Reading,
    ReadRequest,
    ScoredUrgency,
    Urgency,
)
from inference.errors import DeadlineExceeded, EngineAway, InferenceError, RequestRefused
from machine.last_words import place_of

LEASE = timedelta(seconds=60)
HEARTBEAT_S = 15.0
FIRST_PROGRESS_S = 0.8
"""Faster readings show no progress: the answer is there before anybody could read it."""
PROGRESS_S = 2.0
PLACES_SHOWN = 10
FIRST_RETRY_S = 2.0
DEADLINE_RETRY_S = 600.0
"""What took too long once may do so again: the others go first."""
IDLE_WAIT_S = 30.0
ENGINE_WAIT_S = 5.0

log = logging.getLogger(__name__)

Show = Callable[[ChatId, MessageId, Reply], Awaitable[None]]
"""Edits a message, best effort: progress that fails to show is not shown."""

MarkAsked = Callable[[ChatId, MessageId, Mark | None], Awaitable[None]]
"""Puts a mark on what was asked, or takes it off, best effort."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Growth:
    """An answer while it grows: how urgent it looks, then its text."""

    text: str = ""
    scored: ScoredUrgency | None = None
    scores: asyncio.Queue[ScoredUrgency] = field(default_factory=asyncio.Queue)
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    async def score(self, scored: ScoredUrgency) -> None:
        """Take how urgent it looks."""
        self.scored = scored
        self.scores.put_nowait(scored)
        self.grown.set()

    async def add(self, text: str) -> None:
        """Take the whole answer so far."""
        self.text = text
        self.grown.set()

    async def wait(self) -> None:
        """Wait until it has grown since the last wait."""
        await self.grown.wait()
        self.grown.clear()


class Analyst:
    """The reading loop and the sweep of claims that ran out."""

    def __init__(
        self,
        *,
        store: Store,
        executor: Executor,
        clock: Clock,
        show: Show,
        mark: MarkAsked,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._store = store
        self._executor = executor
        self._clock = clock
        self._show = show
        self._mark = mark
        self._sleep = sleep
        self._held: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        """Make readings, as many at once as the engine does, for ever."""
        await self._store.claims.expire_leases(self._clock.now())
        await self.sweep_once()
        async with asyncio.TaskGroup() as group:
            while True:
                await self._take_next(group)

    async def _take_next(self, group: asyncio.TaskGroup) -> None:
        """Take the next reading up, or wait for what that needs: an engine, room in it, a case."""
        status = self._executor.status()
        if status.state is EngineState.FAILED:
            # it is tried anew by itself; till then cases wait, and use up no attempt
            await self._sleep(ENGINE_WAIT_S)
        elif len(self._held) >= status.slots:
            # not for ever: the engine may get more room meanwhile
            await asyncio.wait(
                self._held, timeout=ENGINE_WAIT_S, return_when=asyncio.FIRST_COMPLETED
            )
        elif (claim := await self._claim()) is None:
            await self._store.bells.readings.wait(await self._idle_s())
        else:
            task = group.create_task(self._hold(claim), name=_name(claim))
            self._held.add(task)
            task.add_done_callback(self._held.discard)

    async def sweep(self) -> None:
        """Put back or give up what was claimed and not renewed, for ever."""
        while True:
            await self._sleep(LEASE.total_seconds())
            await self.sweep_once()

    async def sweep_once(self) -> None:
        """Put back or give up what was claimed and not renewed."""
        for claim in await self._store.claims.sweep(self._clock.now()):
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
        return await self._store.claims.take(LEASE, self._clock.now())

    async def _hold(self, claim: Claim) -> None:
        try:
            await self._see_through(claim)
        except StaleClaim:
            log.info("%s dropped: it was taken back or claimed again", _name(claim))
        except asyncio.CancelledError:
            with suppress(StaleClaim):
                await self._store.claims.release(claim)
            raise

    async def _see_through(self, claim: Claim) -> None:
        try:
            made = await self._read(claim)
            await self._answer(claim, replace(made, scored=_graver(made.scored, claim.scored)))
        except StaleClaim:
            raise
        except EngineAway as error:  # nothing of the case's doing: it goes back into its place
            log.warning("%s put back: %s", _name(claim), error)
            await self._store.claims.release(claim)
        except DiskFault as error:  # nor is this
            log.warning("%s put back: %s", _name(claim), place_of(error))
            await self._sleep(ENGINE_WAIT_S)
            await self._store.claims.release(claim)
        except Exception as error:  # noqa: BLE001 - whatever a reading does, the next one is made
            await self._failed(claim, error)

    async def _read(self, claim: Claim) -> Reading:
        """Have it read, keeping the claim and showing progress meanwhile."""
        request = await self._request(claim)
        growth = Growth()
        try:
            async with asyncio.TaskGroup() as group:
                beside = (
                    group.create_task(self._keep(claim)),
                    group.create_task(self._show_progress(claim, growth)),
                    group.create_task(self._raise_alarms(claim, growth)),
                )
                made = await self._executor.read(request, growth.add, growth.score)
                for task in beside:
                    task.cancel()
        except BaseExceptionGroup as group_error:
            raise _first(group_error) from group_error
        return made

    async def _request(self, claim: Claim) -> ReadRequest:
        case = claim.case
        pictures = [await self._store.pictures.get(picture.name) for picture in case.pictures]
        return ReadRequest(
            request_id=_name(claim),
            pictures=tuple(pictures),
            patient=case.patient,
            language=claim.language,
            question=claim.question,
            reading=None if case.reading is None else case.reading.text,
            history=claim.history,
        )

    async def _keep(self, claim: Claim) -> None:
        """Renew the claim until it is lost; a reading taken back ends at once."""
        with self._store.bells.cancels.listening() as cancels:
            while await self._store.claims.heartbeat(claim, LEASE, self._clock.now()):
                await cancels.wait(HEARTBEAT_S)
        raise StaleClaim

    async def _raise_alarms(self, claim: Claim, growth: Growth) -> None:
        """Tell the supervisors of what looks urgent, while its text is still being written."""
        await self._sleep(FIRST_PROGRESS_S)
        raised = claim.scored
        while True:
            scored = await growth.scores.get()
            if not scored.urgency.alarming or _graver(scored, raised) is not scored:
                continue
            raised = scored
            engine = self._executor.status().engine
            messages = [
                _early(
                    claim,
                    person,
                    scored,
                    reading.early_notice(claim.case, scored, engine, _t(person)),
                )
                for person in await self._others(claim)
            ]
            await self._store.claims.raise_alarm(claim, scored, messages, self._clock.now())
            log.info("%s looks %s before its text", _name(claim), scored.urgency)

    async def _show_progress(self, claim: Claim, growth: Growth) -> None:
        try:
            await self._show_growth(claim, growth)
        except Exception as error:  # noqa: BLE001 - no reading fails for want of its progress
            log.warning("%s shows no progress: %s", _name(claim), place_of(error))

    async def _show_growth(self, claim: Claim, growth: Growth) -> None:
        await self._sleep(FIRST_PROGRESS_S)
        await self._mark(claim.chat_id, claim.message_id, Mark.READING)
        t = translator(claim.language)
        begun = queue.reading_begun(claim.case, claim.reading_id, t)
        await self._show_received(claim, begun)
        await self._show_places()
        while True:
            await growth.wait()
            engine = self._executor.status().engine
            grown = reading.growing(claim.case, growth.text, growth.scored, engine, t)
            await self._show_received(claim, replace(grown, buttons=begun.buttons))
            await self._sleep(PROGRESS_S)

    async def _show_received(self, claim: Claim, reply: Reply) -> None:
        message_id = await self._store.claims.received_message(claim)
        if message_id is not None:
            await self._show(claim.chat_id, message_id, reply)

    async def _show_places(self) -> None:
        """Show those behind their places; each is looked up last of all: it may be taken back."""
        last: ReadingId | None = None
        for _ in range(PLACES_SHOWN):
            waiting = await self._store.line.next_waiting(last)
            if waiting is None:
                return
            await self._show(waiting.chat_id, waiting.received_id, _place(waiting))
            last = waiting.reading_id

    async def _answer(self, claim: Claim, made: Reading) -> None:
        messages = _answers(claim, made)
        if claim.question is None and made.urgency.alarming:
            messages += [
                _notice(claim, person, reading.urgent_notice(claim.case, made, _t(person)))
                for person in await self._others(claim)
            ]
        await self._store.claims.complete(claim, made, messages, self._clock.now())
        log.info(
            "%s answered by %s (%s) in %.1f s, %d tokens, %s",
            _name(claim),
            made.engine.model,
            made.engine.tier or "no tier",
            made.duration_s,
            made.answer_tokens,
            f"at most {made.memory.words}" if made.memory else "memory not known",
        )

    async def _failed(self, claim: Claim, error: Exception) -> None:
        known = isinstance(error, InferenceError)
        log.warning("%s failed: %s", _name(claim), error if known else place_of(error))
        failure = type(error).__name__
        if claim.last or isinstance(error, RequestRefused):
            await self._give_up(claim, failure)
            return
        slow = isinstance(error, DeadlineExceeded)
        pause = timedelta(seconds=DEADLINE_RETRY_S if slow else FIRST_RETRY_S * 2**claim.failures)
        await self._store.claims.retry(claim, failure, self._clock.now() + pause)

    async def _give_up(self, claim: Claim, failure: str) -> None:
        log.error("%s given up: %s", _name(claim), failure)
        messages = _apologies(claim)
        if claim.question is None:
            messages += [
                _notice(claim, person, queue.failed_notice(claim.case, _t(person)))
                for person in await self._others(claim)
            ]
        await self._store.claims.fail(claim, failure, messages, self._clock.now())
        await self._mark(claim.chat_id, claim.message_id, None)

    async def _others(self, claim: Claim) -> list[Person]:
        """The supervisors, without the one who asked and is told anyway."""
        supervisors = await self._store.people.supervisors()
        return [person for person in supervisors if person.user_id != claim.asked_by]

    async def _idle_s(self) -> float:
        due = await self._store.claims.next_at()
        if due is None:
            return IDLE_WAIT_S
        return min(IDLE_WAIT_S, max(0.0, (due - self._clock.now()).total_seconds()))


def _answers(claim: Claim, made: Reading) -> list[Outgoing]:
    t = translator(claim.language)
    if claim.question is None:
        replies = reading.answer(claim.case, made, t)
    else:
        replies = reading.follow_up_answer(claim.case, claim.question, made, t)
    answers = [
        _to_asker(claim, f"answer:{number}", reply, MessageRole.ANSWER)
        for number, reply in enumerate(replies)
    ]
    return [*answers, _closing(claim, queue.answered(claim.case, t))]


def _apologies(claim: Claim) -> list[Outgoing]:
    t = translator(claim.language)
    words = queue.failed if claim.question is None else queue.question_failed
    reply = words(claim.case, t)
    return [
        _to_asker(claim, "failed", reply, MessageRole.NOTICE),
        _closing(claim, Reply(text=reply.text)),
    ]


def _to_asker(claim: Claim, name: str, reply: Reply, role: MessageRole) -> Outgoing:
    return Outgoing(
        key=f"{_name(claim)}:{name}",
        chat_id=claim.chat_id,
        reply=reply,
        reply_to=claim.message_id,
        about=About(reading_id=claim.reading_id, role=role),
    )


def _closing(claim: Claim, reply: Reply) -> Outgoing:
    """The last edit of the "received" message."""
    return Outgoing(
        key=f"{_name(claim)}:closing",
        chat_id=claim.chat_id,
        reply=reply,
        about=About(reading_id=claim.reading_id, role=MessageRole.RECEIVED),
        edits_received=True,
    )


def _notice(claim: Claim, person: Person, reply: Reply) -> Outgoing:
    return Outgoing(
        key=f"{_name(claim)}:notice:{person.user_id}",
        chat_id=person.chat_id,
        reply=reply,
        about=About(reading_id=claim.reading_id, role=MessageRole.NOTICE),
    )


def _early(claim: Claim, person: Person, scored: ScoredUrgency, reply: Reply) -> Outgoing:
    """A notice that no later attempt repeats, unless the case looks graver then."""
    return Outgoing(
        key=f"reading:{claim.reading_id}:early:{scored.urgency}:{person.user_id}",
        chat_id=person.chat_id,
        reply=reply,
        about=About(reading_id=claim.reading_id, role=MessageRole.NOTICE),
    )


def _graver(scored: ScoredUrgency | None, earlier: ScoredUrgency | None) -> ScoredUrgency | None:
    """An alarm that was raised stays, however mild the case looks to a later attempt."""
    both = [each for each in (scored, earlier) if each is not None]
    return min(both, key=lambda each: tuple(Urgency).index(each.urgency), default=None)


def _place(waiting: Waiting) -> Reply:
    t = translator(waiting.language)
    if waiting.is_question:
        return queue.received_question(waiting.reading_id, waiting.case, waiting.place, t)
    return queue.received(waiting.case, waiting.place, t)


def _name(claim: Claim) -> str:
    """What a claim is called in logs, requests and keys: nothing of the patient."""
    return f"reading:{claim.reading_id}:{claim.attempt}"


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one error behind a task group's; a lost claim counts before what it caused."""
    lost, others = group.split(StaleClaim)
    error = (lost or others or group).exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def _t(person: Person) -> Translator:
    return translator(person.language)

"""The local engine: supervises the model process and gives it as many readings as it has slots.

Knows the contract and the wire. Must not import torch: that lives in the model process alone, so
that a crash or an out-of-memory there never takes the bot down.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from inference.contract import (
    AnswerLimits,
    EngineInfo,
    EngineStatus,
    Reading,
    ReadingEvent,
    ReadRequest,
    Tier,
)
from inference.errors import (
    DeadlineExceeded,
    EngineAway,
    EngineError,
    EngineStopped,
    NoTierFits,
    OutOfMemory,
    RequestRefused,
)
from inference.feature_cache import FeatureCache
from inference.local.engine_state import EngineAvailability
from inference.local.pending_reading import ERRORS, PendingReading
from inference.local.process import COMMAND, ModelProcess
from inference.local.slots import Slots
from inference.local.wire import (
    Cancel,
    Done,
    Failed,
    FailureKind,
    Interim,
    Load,
    Loading,
    Message,
    PictureFeatures,
    Read,
    Ready,
    Refused,
)
from inference.streaming import streamed
from inference.tiers import step_down
from machine.backoff import delay_after_s

logger = logging.getLogger(__name__)

STARTS_BEFORE_FAILED = 3
ENDED_BESIDE = "The model process ended with several readings in it, or because of another one."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorConfig:
    """Configuration of the local engine.

    Args:
        home: The data folder; models live under `home/models`.
        model: Name of an installed model, or `auto`.
        tier: The tier to load, None to choose by the measured hardware.
        deadline_s: Longest a reading may take once a model is loaded; a lower tier that is loaded
            for it is included.
        limits: Longest answers.
        score_urgency: Whether a first reading's urgency is scored before its text.
    """

    home: Path
    model: str = "auto"
    tier: Tier | None = None
    deadline_s: float = 1800.0
    limits: AnswerLimits = field(default_factory=AnswerLimits)
    score_urgency: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTimeouts:
    """Time limits and waits of the supervision, in seconds.

    Args:
        load_s: Longest a model may take to load.
        cancel_s: Time to stop generating before the process is killed; a bot that is stopped
            has to put its cases back within its supervisor's four seconds.
        end_s: Time to end by itself before the process is killed.
        restart_s: Wait before a start after a crash; doubles up to `restart_max_s`.
        restart_max_s: Longest such wait.
        failed_s: Wait before all tiers are tried again after the engine failed.
    """

    load_s: float = 1800.0
    cancel_s: float = 2.5
    end_s: float = 2.0
    restart_s: float = 0.5
    restart_max_s: float = 30.0
    failed_s: float = 60.0


class LocalExecutor:
    """Loads the model in the background on entering; ends its process on leaving.

    Args:
        feature_cache: Holds the features of pictures that were read before.
        command: The model process's command line.
        timeouts: Of the supervision.
    """

    def __init__(
        self,
        config: ExecutorConfig,
        feature_cache: FeatureCache,
        *,
        command: Sequence[str] = COMMAND,
        timeouts: LocalTimeouts | None = None,
    ) -> None:
        self._config = config
        self._command = command
        self._timeouts = timeouts or LocalTimeouts()
        self._tasks = asyncio.TaskGroup()
        self._supervision: asyncio.Task[None] | None = None
        self._availability = EngineAvailability()
        self._ceiling: Tier | None = None
        self._vision_id = ""
        self._feature_cache = feature_cache
        self._crashes = 0
        self._slots = Slots()
        self._pending: dict[str, PendingReading] = {}

    async def __aenter__(self) -> Self:
        """Start loading the model and return at once."""
        await self._tasks.__aenter__()
        self._supervision = self._tasks.create_task(self._supervise(), name="model process")
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the model process."""
        if self._supervision is not None:
            self._supervision.cancel()
        if isinstance(exc, asyncio.CancelledError):
            await self._tasks.__aexit__(exc_type, exc, traceback)
        else:  # an exception of the body is the caller's, not one of this group's
            await self._tasks.__aexit__(None, None, None)
        self._availability.failed(EngineStopped("The engine was stopped."))

    def status(self) -> EngineStatus:
        """The engine's state now; never blocks."""
        return self._availability.status

    @streamed
    async def read(self, request: ReadRequest) -> AsyncIterator[ReadingEvent]:
        """Read the pictures; see `inference.contract.Executor`.

        Out of memory, the engine steps down a tier for good and reads again within the same
        deadline. After `EngineStopped` the process is already being restarted. If it ends with
        several readings, nobody knows which one caused it: all raise `EngineAway`, so they cost no
        attempt, and half as many are made together from then on. A reading that waited for a model
        in vain raises it too; that wait has no limit but the load's.

        Raises:
            EngineError: With a subclass that says what to do next.
            EngineAway: There is no model, or the process ended for another reading's sake or fault.
            RequestRefused: There is no picture to read.
            DeadlineExceeded: The reading took longer than allowed.
        """
        if not request.pictures:
            raise RequestRefused("A reading needs at least one picture.")
        async with self._slots.taken():
            try:
                process, engine = await self._availability.ready()
            except EngineError as error:  # not this reading's fault
                raise EngineAway(str(error)) from error
            try:
                async with asyncio.timeout(self._config.deadline_s):
                    async for event in self._read_at_some_tier(process, engine, request):
                        yield event
            except TimeoutError as error:
                raise DeadlineExceeded from error

    async def _read_at_some_tier(
        self, process: ModelProcess, engine: EngineInfo, request: ReadRequest
    ) -> AsyncIterator[ReadingEvent]:
        while True:
            try:
                async for event in self._ask(process, engine, request):
                    yield event
            except OutOfMemory as error:
                lower = step_down(engine.tier) if engine.tier else None
                if lower is None:
                    raise NoTierFits(
                        "The reading needs more memory than this machine has."
                    ) from error
                logger.warning("out of memory at %s, stepping down to %s", engine.tier, lower)
                self._ceiling = lower
                self._retire(process)
            else:
                return
            # if no lower tier loads, this reading fails: put back, it would run out of memory again
            process, engine = await self._availability.ready()

    async def _ask(
        self, process: ModelProcess, engine: EngineInfo, request: ReadRequest
    ) -> AsyncIterator[ReadingEvent]:
        order = await asyncio.to_thread(self._order, request)
        if not self._availability.is_serving(process):
            raise EngineAway(ENDED_BESIDE)
        pending = self._pending[request.request_id] = PendingReading(request, engine)
        try:
            await process.send(order)
            event = None
            while not isinstance(event, Reading):
                event = await pending.next_event()
                if isinstance(event, PictureFeatures):
                    await asyncio.to_thread(self._keep_features, order, event.features)
                else:
                    yield event
        except EngineError:
            raise
        except BaseException:
            await self._stop_generating(process, pending, request.request_id)
            raise
        finally:
            self._pending.pop(request.request_id, None)

    def _end_pending(self, process: ModelProcess) -> None:
        """End all readings with the process; of several, none is known to be the cause."""
        together = len(self._pending)
        blameless = process.retired or together > 1
        for pending in self._pending.values():
            pending.put(EngineAway(ENDED_BESIDE) if blameless else EngineStopped())
        if together > 1 and not process.retired:
            self._slots.limit(together // 2)

    def _order(self, request: ReadRequest) -> Read:
        recall = partial(self._feature_cache.recall, self._vision_id)
        return Read(
            request=request,
            max_tokens=self._config.limits.max_tokens(request),
            known=tuple(map(recall, request.pictures)),
            score_urgency=self._config.score_urgency and request.is_first,
            thought_tokens=self._config.limits.thought_tokens,
        )

    def _keep_features(self, order: Read, features: tuple[bytes, ...]) -> None:
        for picture, known, made in zip(
            order.request.pictures, order.known, features, strict=False
        ):
            if made != known:
                self._feature_cache.keep(self._vision_id, picture, made)

    async def _stop_generating(
        self, process: ModelProcess, pending: PendingReading, request_id: str
    ) -> None:
        """Ask the process to drop a reading; kill it if it does not answer in time."""
        try:
            async with asyncio.timeout(self._timeouts.cancel_s):
                await process.send(Cancel(request_id=request_id))
                await pending.ended()
        except (TimeoutError, EngineError):
            logger.warning("the model process did not stop a reading and is killed")
            self._retire(process)
        except asyncio.CancelledError:
            self._retire(process)
            raise

    async def _supervise(self) -> None:
        """Keep one model process running for as long as the executor is entered."""
        while True:
            self._availability.starting()
            try:
                async with ModelProcess.started(self._command, self._timeouts.end_s) as process:
                    await self._run(process)
            except EngineStopped as error:
                await self._after_crash(error)
            except EngineError as error:
                await self._after_failure(error)

    async def _run(self, process: ModelProcess) -> None:
        """Load a model and dispatch the messages, until the process ends or refuses a tier."""
        config = self._config
        try:
            async with asyncio.timeout(self._timeouts.load_s) as limit:
                await process.send(
                    Load(
                        home=str(config.home.resolve()),
                        model=config.model,
                        tier=config.tier,
                        ceiling=self._ceiling,
                        llama=self._crashes == 0,
                    )
                )
                async for message in process.messages():
                    if isinstance(message, Ready):
                        limit.reschedule(None)
                    if self._dispatch(process, message):
                        return
        except TimeoutError as error:
            raise EngineStopped("The model took too long to load.") from error
        finally:
            self._availability.starting()
            self._end_pending(process)
        if not process.retired:
            how = await process.how_it_ended()
            raise EngineStopped(f"The model process ended: {how}.")

    def _dispatch(self, process: ModelProcess, message: Message) -> bool:
        """Act on one message; True if the process is of no more use."""
        match message:
            case Loading(detail=detail):
                self._availability.starting(detail)
            case Ready():
                self._loaded(process, message)
            case Refused():
                self._refused(message)
                return True
            case PictureFeatures() | Interim() | Done() | Failed():
                if message.request_id in self._pending:  # messages about others are late
                    self._pending[message.request_id].put(message)
            case _:
                logger.debug("an unknown message of the model process is dropped")
        return False

    def _loaded(self, process: ModelProcess, ready: Ready) -> None:
        choice = ready.choice
        peak = f"It took {ready.memory.words} to load."
        logger.info(
            "model %s ready at %s on %s (%s) after %.1f s. %s",
            *(ready.engine.model, choice.tier, choice.device, choice.dtype, ready.load_s, peak),
        )
        self._crashes = 0
        self._vision_id = ready.vision_id
        self._slots.resize(choice.slots)
        detail = " ".join(filter(None, (choice.reason, choice.note, peak)))
        self._availability.serving(
            process, ready.engine, detail=detail, slots=self._slots.count, slices=choice.slices
        )

    def _refused(self, refused: Refused) -> None:
        lower = step_down(refused.tier) if refused.tier else None
        if refused.kind not in {FailureKind.OUT_OF_MEMORY, FailureKind.UNUSABLE}:
            raise ERRORS.get(refused.kind, EngineError)(refused.detail)
        if lower is None:
            raise NoTierFits(f"No tier works on this machine; the last one tried: {refused.detail}")
        logger.warning("tier %s refused, stepping down: %s", refused.tier, refused.detail)
        self._ceiling = lower

    async def _after_crash(self, error: EngineStopped) -> None:
        self._crashes += 1
        if self._crashes >= STARTS_BEFORE_FAILED:
            await self._after_failure(error)
            return
        logger.warning("%s It is started again.", error)
        first_s, longest_s = self._timeouts.restart_s, self._timeouts.restart_max_s
        await asyncio.sleep(delay_after_s(self._crashes, first_s=first_s, longest_s=longest_s))

    async def _after_failure(self, error: EngineError) -> None:
        logger.error("%s", error)
        self._availability.failed(error)
        await asyncio.sleep(self._timeouts.failed_s)
        self._ceiling, self._crashes = None, 0
        self._slots.limit(None)

    def _retire(self, process: ModelProcess) -> None:
        if self._availability.is_serving(process):
            self._availability.starting()
        process.retire()

"""The local engine: supervises the model process and hands it as many readings as it has room for.

Knows the contract and the wire. Must not import torch: that lives in the model process alone, so
that a crash or an out-of-memory there never takes the bot down.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from inference.contract import (
    AnswerLimits,
    EngineInfo,
    EngineStatus,
    FirstUrgency,
    PartialText,
    Reading,
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
    Load,
    Loading,
    Message,
    Partial,
    PictureFeatures,
    Read,
    Ready,
    Refused,
    Scored,
)
from inference.tiers import step_down
from machine.backoff import delay_after_s

logger = logging.getLogger(__name__)

STARTS_BEFORE_FAILED = 3
ENDED_BESIDE = "The model process ended with several readings in it, or because of another one."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorConfig:
    """What the local engine needs to know.

    Args:
        home: The data folder; models live under `home/models`.
        model: Name of an installed model, or `auto`.
        tier: A tier to hold the weights at, None to choose from the measured hardware.
        deadline_s: Longest a reading may take once there is a model; another that is loaded for
            its sake is included.
        limits: How long an answer may become.
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
    """How patient the supervision is, in seconds.

    Args:
        load_s: Longest a model may take to load.
        cancel_s: Time the model process has to stop generating before it is killed; a bot that is
            stopped still has to put its cases back within the supervisor's four seconds.
        end_s: Time it has to end by itself before it is killed.
        restart_s: Wait before a start after a crash; doubles up to `restart_max_s`.
        restart_max_s: Longest such wait.
        failed_s: Wait before everything is tried anew after the engine failed.
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
        config: Which model, how, and the limits of a reading.
        seen: What is known of pictures already.
        command: The model process's command line.
        pace: How patient the supervision is.
    """

    def __init__(
        self,
        config: ExecutorConfig,
        seen: FeatureCache,
        *,
        command: Sequence[str] = COMMAND,
        pace: LocalTimeouts | None = None,
    ) -> None:
        self._config = config
        self._command = command
        self._pace = pace or LocalTimeouts()
        self._tasks = asyncio.TaskGroup()
        self._supervision: asyncio.Task[None] | None = None
        self._availability = EngineAvailability()
        self._ceiling: Tier | None = None
        self._vision_id = ""
        self._seen = seen
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
        """Where the engine stands now; never blocks."""
        return self._availability.status

    async def read(
        self,
        request: ReadRequest,
        on_partial: PartialText,
        on_urgency: FirstUrgency | None = None,
    ) -> Reading:
        """Read the pictures; see `inference.contract.Executor`.

        An out-of-memory steps the engine down a tier, for good, and reads again within the same
        deadline. After `EngineStopped` the process is already being started again. Where it ends
        with several readings in it, which of them was the cause is not known: all are for the
        queue to give out again, at no attempt's cost, and half as many are read together then. So
        is a reading that waited for a model in vain: only what loading may take limits that wait.

        Args:
            on_partial: Receives the growing text.
            on_urgency: Receives the urgency before it.

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
            except EngineError as error:  # nothing of this reading's doing
                raise EngineAway(str(error)) from error
            try:
                async with asyncio.timeout(self._config.deadline_s):
                    return await self._read_at_some_tier(
                        process, engine, request, on_partial, on_urgency
                    )
            except TimeoutError as error:
                raise DeadlineExceeded from error

    async def _read_at_some_tier(
        self,
        process: ModelProcess,
        engine: EngineInfo,
        request: ReadRequest,
        on_partial: PartialText,
        on_urgency: FirstUrgency | None,
    ) -> Reading:
        while True:
            try:
                return await self._ask(process, engine, request, on_partial, on_urgency)
            except OutOfMemory as error:
                lower = step_down(engine.tier) if engine.tier else None
                if lower is None:
                    raise NoTierFits(
                        "The reading needs more memory than this machine has."
                    ) from error
                logger.warning("out of memory at %s, stepping down to %s", engine.tier, lower)
                self._ceiling = lower
                self._retire(process)
            # where no lower tier comes up, it fails by that: put back, it would run out again first
            process, engine = await self._availability.ready()

    async def _ask(
        self,
        process: ModelProcess,
        engine: EngineInfo,
        request: ReadRequest,
        on_partial: PartialText,
        on_urgency: FirstUrgency | None,
    ) -> Reading:
        order = await asyncio.to_thread(self._order, request)
        if not self._availability.takes(process):
            raise EngineAway(ENDED_BESIDE)
        exchange = PendingReading(
            request,
            on_features=lambda features: asyncio.to_thread(self._remember, order, features),
            on_partial=on_partial,
            on_urgency=on_urgency,
        )
        self._pending[request.request_id] = exchange
        try:
            await process.send(order)
            return await exchange.reading(engine)
        except EngineError:
            raise
        except BaseException:
            await self._stop_generating(process, exchange, request.request_id)
            raise
        finally:
            self._pending.pop(request.request_id, None)

    def _end_exchanges(self, process: ModelProcess) -> None:
        """Let go of all: of several nobody knows which was the cause, so it counts for none."""
        together = len(self._pending)
        blameless = process.retired or together > 1
        for exchange in self._pending.values():
            exchange.end(EngineAway(ENDED_BESIDE) if blameless else EngineStopped())
        if together > 1 and not process.retired:
            self._slots.at_most(together // 2)

    def _order(self, request: ReadRequest) -> Read:
        return Read(
            request=request,
            max_tokens=self._config.limits.max_tokens(request),
            known=tuple(self._seen.recall(self._vision_id, each) for each in request.pictures),
            score_urgency=self._config.score_urgency and request.question is None,
        )

    def _remember(self, order: Read, features: tuple[bytes, ...]) -> None:
        pictures = order.request.pictures
        for picture, known, seen in zip(pictures, order.known, features, strict=False):
            if seen != known:
                self._seen.keep(self._vision_id, picture, seen)

    async def _stop_generating(
        self, process: ModelProcess, exchange: PendingReading, request_id: str
    ) -> None:
        """Ask the process to drop a reading; kill it if it does not answer in time."""
        try:
            async with asyncio.timeout(self._pace.cancel_s):
                await process.send(Cancel(request_id=request_id))
                await exchange.ended()
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
                async with ModelProcess.started(self._command, self._pace.end_s) as process:
                    await self._run(process)
            except EngineStopped as error:
                await self._after_crash(error)
            except EngineError as error:
                await self._after_failure(error)

    async def _run(self, process: ModelProcess) -> None:
        """Load a model and pass on what the process says, until it is retired or refuses a tier."""
        config = self._config
        try:
            async with asyncio.timeout(self._pace.load_s) as limit:
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
                    if self._heard(process, message):
                        return
        except TimeoutError as error:
            raise EngineStopped("The model took too long to load.") from error
        finally:
            self._availability.starting()
            self._end_exchanges(process)
        if not process.retired:
            how = await process.how_it_ended()
            raise EngineStopped(f"The model process ended: {how}.")

    def _heard(self, process: ModelProcess, message: Message) -> bool:
        """Act on one message; True if the process is of no more use and the next is to start."""
        match message:
            case Loading(detail=detail):
                self._availability.starting(detail)
            case Ready():
                self._loaded(process, message)
            case Refused():
                self._refused(message)
                return True
            case PictureFeatures() | Scored() | Partial() | Done() | Failed():
                if message.request_id in self._pending:  # what is said of others is late
                    self._pending[message.request_id].hear(message)
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
        self._slots.offer(choice.slots)
        detail = " ".join(filter(None, (choice.reason, choice.note, peak)))
        self._availability.serving(process, ready.engine, detail=detail, slots=self._slots.offered)

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
        pace = self._pace
        await asyncio.sleep(
            delay_after_s(self._crashes, first_s=pace.restart_s, longest_s=pace.restart_max_s)
        )

    async def _after_failure(self, error: EngineError) -> None:
        logger.error("%s", error)
        self._availability.failed(error)
        await asyncio.sleep(self._pace.failed_s)
        self._ceiling, self._crashes = None, 0
        self._slots.at_most(None)

    def _retire(self, process: ModelProcess) -> None:
        if self._availability.takes(process):
            self._availability.starting()
        process.retire()

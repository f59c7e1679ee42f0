"""Remote engines as one executor: each reading goes to the replica with the lowest load.

Knows the contract and replicas. Retries nothing: a reading that failed goes back to the queue, for
a new claim.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from inference.contract import (
    EngineState,
    EngineStatus,
    ReadingEvent,
    ReadRequest,
)
from inference.errors import DeadlineExceeded, EngineAway, RequestRefused
from inference.remote.chat import opened_chats
from inference.remote.config import RemoteConfig, RemoteTimeouts
from inference.remote.reading import Square
from inference.remote.replica import Replica
from inference.streaming import streamed

log = logging.getLogger(__name__)


class RemoteExecutor:
    """Proves its replicas in the background while it is entered.

    Args:
        config: Which engines, and the limits of a reading.
        square: Makes a picture square.
        timeouts: Of the replicas.
    """

    def __init__(
        self, config: RemoteConfig, square: Square, *, timeouts: RemoteTimeouts | None = None
    ) -> None:
        self._config = config
        self._square = square
        self._timeouts = timeouts or RemoteTimeouts()
        self._stack = AsyncExitStack()
        self._replicas: list[Replica] = []
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Start proving the replicas and return at once."""
        async with AsyncExitStack() as stack:
            chats = await stack.enter_async_context(opened_chats(self._config, self._timeouts))
            self._replicas = [
                Replica(
                    chat,
                    self._config,
                    self._timeouts,
                    square=self._square,
                    changed=self._changed.set,
                )
                for chat in chats
            ]
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            for replica in self._replicas:
                watching = tasks.create_task(replica.watch(), name=f"engine {replica.where}")
                stack.callback(watching.cancel)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop watching them."""
        if isinstance(exc, asyncio.CancelledError):
            await self._stack.__aexit__(exc_type, exc, traceback)
        else:  # an exception of the body is the caller's, not one of the task group's
            await self._stack.aclose()

    def status(self) -> EngineStatus:
        """The replicas' state now; never blocks."""
        there = [replica for replica in self._replicas if replica.engine is not None]
        faults = [replica.fault for replica in self._replicas if replica.fault is not None]
        if there:
            # a growing answer may come from any of them: one practice model warns for all
            engines = [replica.engine for replica in there if replica.engine is not None]
            return EngineStatus(
                state=EngineState.READY,
                engine=next((engine for engine in engines if engine.practice), engines[0]),
                detail=f"{len(there)} of {len(self._replicas)} engines answer.",
                slots=len(there) * self._config.parallel,
            )
        if len(faults) < len(self._replicas) or not self._replicas:
            return EngineStatus(state=EngineState.STARTING, detail="The engines are looked for.")
        return EngineStatus(state=EngineState.FAILED, detail=" ".join(map(str, faults)))

    @streamed
    async def read(self, request: ReadRequest) -> AsyncIterator[ReadingEvent]:
        """Have the replica with the lowest load read the pictures; see `contract.Executor`.

        Raises:
            EngineError: With a subclass that says what to do next.
            EngineAway: No replica answers.
            RequestRefused: There is no picture to read.
            DeadlineExceeded: The reading took longer than allowed.
        """
        if not request.pictures:
            raise RequestRefused("A reading needs at least one picture.")
        try:
            async with asyncio.timeout(self._config.deadline_s):
                replica = await self._free()
                log.info("%s goes to %s", request.request_id, replica.where)
                async for event in replica.read(request):
                    yield event
        except TimeoutError as error:
            raise DeadlineExceeded from error

    async def _free(self) -> Replica:
        while True:
            free = [replica for replica in self._replicas if replica.free]
            if free:
                return min(free, key=lambda replica: (replica.load, replica.read_count))
            status = self.status()
            if status.state is EngineState.FAILED:
                raise EngineAway(status.detail)
            self._changed.clear()
            await self._changed.wait()

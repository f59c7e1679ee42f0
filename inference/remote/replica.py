"""One of several equal engines: whether it is available, what it reads, and when it is lost.

Knows when to check it and when to give it up. Must not know the queue or other replicas. Losing a
replica closes the streams of its readings, so nothing that it sends later is taken.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from inference.contract import EngineInfo, ReadingEvent, ReadRequest
from inference.errors import EngineAway, EngineError, EngineStopped
from inference.remote.chat import Chat
from inference.remote.config import RemoteConfig, RemoteTimeouts
from inference.remote.proof import Proof, prove, still_holds
from inference.remote.reading import Square, make_reading
from machine.backoff import delay_after_s

log = logging.getLogger(__name__)


class Replica:
    """An engine, whose health is checked while `watch` runs.

    Args:
        chat: Its interface.
        config: Its model's name, how many readings it makes at once, and their limits.
        timeouts: Of its checks.
        square: Makes a picture square.
        changed: Called whenever it becomes free or unavailable.
    """

    def __init__(
        self,
        chat: Chat,
        config: RemoteConfig,
        timeouts: RemoteTimeouts,
        *,
        square: Square,
        changed: Callable[[], None],
    ) -> None:
        self._chat = chat
        self._config = config
        self._timeouts = timeouts
        self._square = square
        self._changed = changed
        self._check_now = asyncio.Event()
        self._reads: set[asyncio.Timeout] = set()
        self._proof: Proof | None = None
        self.fault: EngineError | None = None
        self.read_count = 0

    @property
    def where(self) -> str:
        """Host and port."""
        return self._chat.where

    @property
    def engine(self) -> EngineInfo | None:
        """What answers there; None while it is unavailable."""
        return None if self._proof is None else self._proof.engine

    @property
    def load(self) -> int:
        """Number of readings that it is making."""
        return len(self._reads)

    @property
    def free(self) -> bool:
        """Whether it can take another reading now."""
        return self._proof is not None and self.load < self._config.parallel

    async def watch(self) -> None:
        """Prove it, then check it regularly; prove it again after it was lost. Never returns."""
        misses = 0
        while True:
            misses = 0 if await self._is_well(misses) else misses + 1
            await self._wait(misses)

    async def read(self, request: ReadRequest) -> AsyncIterator[ReadingEvent]:
        """Have it make a reading.

        Raises:
            EngineAway: It takes no reading now.
            EngineError: With a subclass that says what to do next.
        """
        if self._proof is None:
            raise EngineAway
        self.read_count += 1
        try:
            async for event in self._fenced(self._proof, request):
                yield event
        except EngineAway as error:  # its other readings go on
            self._pause(error)
            raise
        except BaseException:
            self._check_now.set()  # either it or the case is at fault
            raise
        finally:
            self._changed()

    async def _fenced(self, proof: Proof, request: ReadRequest) -> AsyncIterator[ReadingEvent]:
        """Make a reading, until the replica is lost."""
        fence = asyncio.timeout(None)
        try:
            async with fence:
                self._reads.add(fence)
                await still_holds(self._chat, proof)
                async for event in make_reading(
                    self._chat, proof, self._config, request, square=self._square
                ):
                    yield event
        except TimeoutError as error:
            raise EngineStopped(f"The engine at {self.where} was lost while it read.") from error
        finally:
            self._reads.discard(fence)

    async def _is_well(self, misses: int) -> bool:
        try:
            await self._chat.check()
        except EngineError as error:
            if self._proof is None or misses + 1 >= self._timeouts.misses:
                self._lose(error)
            return False
        try:
            if self._proof is None:
                await self._prove()
        except EngineError as error:
            self._pause(error)
            return False
        return True

    async def _prove(self) -> None:
        self._proof = await prove(self._chat, self._config.model, self._timeouts.proof_s)
        self.fault = None
        log.info("engine at %s serves %s", self.where, self._proof.engine.model)
        self._changed()

    def _lose(self, error: EngineError) -> None:
        """End its readings as stopped, and give it no others until it is proven again."""
        now = asyncio.get_running_loop().time()
        lost, self._reads = self._reads, set()
        for fence in lost:
            fence.reschedule(now)
        self._pause(error)

    def _pause(self, error: EngineError) -> None:
        """Give it no new readings until it is proven again."""
        if str(error) != str(self.fault):
            log.warning("%s", error)
        self._proof, self.fault = None, error
        self._changed()

    async def _wait(self, misses: int) -> None:
        """Wait until the next check, which a failed reading brings forward."""
        timeouts = self._timeouts
        if misses:
            first_s, longest_s = timeouts.again_s, timeouts.again_max_s
            await asyncio.sleep(delay_after_s(misses, first_s=first_s, longest_s=longest_s))
            return
        try:
            async with asyncio.timeout(timeouts.check_s):
                await self._check_now.wait()
        except TimeoutError:
            return
        finally:
            self._check_now.clear()

"""One engine of several that do the same: is it there, what does it read, when is it lost.

Knows when to ask it, and to stop waiting for it. Must not know the queue or its fellows. Whatever a
lost replica still says goes nowhere: the stream it says it on is closed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from inference.contract import EngineInfo, ReadingEvent, ReadRequest
from inference.errors import EngineAway, EngineError, EngineStopped
from inference.remote.chat import Chat
from inference.remote.config import RemoteConfig, RemoteTimeouts
from inference.remote.proof import Proof, prove, still_holds
from inference.remote.reading import Stretch, make_reading

log = logging.getLogger(__name__)


class Replica:
    """An engine that is watched for as long as `watch` runs.

    Args:
        chat: Its interface.
        config: The name of its model, how many readings it is given at once, and their limits.
        timeouts: How patient to be.
        stretch: Makes a square of a picture.
        changed: Called whenever it may take a reading, or can no more.
    """

    def __init__(
        self,
        chat: Chat,
        config: RemoteConfig,
        timeouts: RemoteTimeouts,
        *,
        stretch: Stretch,
        changed: Callable[[], None],
    ) -> None:
        self._chat = chat
        self._config = config
        self._timeouts = timeouts
        self._stretch = stretch
        self._changed = changed
        self._doubt = asyncio.Event()
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
        """What answers there; None while nothing does that can be used."""
        return None if self._proof is None else self._proof.engine

    @property
    def load(self) -> int:
        """How many readings it is making."""
        return len(self._reads)

    @property
    def free(self) -> bool:
        """Whether it takes another reading now."""
        return self._proof is not None and self.load < self._config.parallel

    async def watch(self) -> None:
        """Prove it, then look after it now and then; when it is lost, try again, for ever."""
        misses = 0
        while True:
            misses = 0 if await self._well(misses) else misses + 1
            await self._wait(misses)

    async def read(self, request: ReadRequest) -> AsyncIterator[ReadingEvent]:
        """Have it read.

        Raises:
            EngineAway: It takes no reading now: nothing was read.
            EngineError: With a subclass that says what to do next.
        """
        if self._proof is None:
            raise EngineAway
        self.read_count += 1
        try:
            async for event in self._fenced(self._proof, request):
                yield event
        except EngineAway as error:  # what it reads for others goes on
            self._step_aside(error)
            raise
        except BaseException:
            self._doubt.set()  # it, or the case, was at fault: see which
            raise
        finally:
            self._changed()

    async def _fenced(self, proof: Proof, request: ReadRequest) -> AsyncIterator[ReadingEvent]:
        """Read for as long as it is not lost."""
        fence = asyncio.timeout(None)
        try:
            async with fence:
                self._reads.add(fence)
                await still_holds(self._chat, proof)
                async for event in make_reading(
                    self._chat, proof, self._config, request, stretch=self._stretch
                ):
                    yield event
        except TimeoutError as error:
            raise EngineStopped(f"The engine at {self.where} was lost while it read.") from error
        finally:
            self._reads.discard(fence)

    async def _well(self, misses: int) -> bool:
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
            self._step_aside(error)
            return False
        return True

    async def _prove(self) -> None:
        self._proof = await prove(self._chat, self._config.model, self._timeouts.proof_s)
        self.fault = None
        log.info("engine at %s serves %s", self.where, self._proof.engine.model)
        self._changed()

    def _lose(self, error: EngineError) -> None:
        """Take nothing from it any more until it is proven anew; its readings end as stopped."""
        now = asyncio.get_running_loop().time()
        lost, self._reads = self._reads, set()
        for fence in lost:
            fence.reschedule(now)
        self._step_aside(error)

    def _step_aside(self, error: EngineError) -> None:
        """Take no new reading until it is proven anew."""
        if str(error) != str(self.fault):
            log.warning("%s", error)
        self._proof, self.fault = None, error
        self._changed()

    async def _wait(self, misses: int) -> None:
        """Wait until the next look; a doubt about one that is there cuts the wait short."""
        timeouts = self._timeouts
        if misses:
            await asyncio.sleep(min(timeouts.again_s * 2 ** (misses - 1), timeouts.again_max_s))
            return
        try:
            async with asyncio.timeout(timeouts.check_s):
                await self._doubt.wait()
        except TimeoutError:
            return
        finally:
            self._doubt.clear()

"""One engine of several that do the same: is it there, what does it read, when is it lost.

Knows when to ask it, and to stop waiting for it. Must not know the queue or its fellows. Whatever a
lost replica still says goes nowhere: the stream it says it on is closed.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine

from inference.contract import EngineInfo, FirstUrgency, PartialText, Reading, ReadRequest
from inference.errors import EngineAway, EngineError, EngineStopped
from inference.remote.chat import Chat
from inference.remote.config import RemoteConfig, RemoteTimeouts
from inference.remote.proof import Proof, prove, still_holds
from inference.remote.reading import Stretch, make_reading
from machine.backoff import delay_after_s

log = logging.getLogger(__name__)


class Replica:
    """An engine that is watched for as long as `watch` runs.

    Args:
        chat: Its interface.
        config: The name of its model, how many readings it is given at once, and their limits.
        pace: How patient to be.
        stretch: Makes a square of a picture.
        changed: Called whenever it may take a reading, or can no more.
    """

    def __init__(
        self,
        chat: Chat,
        config: RemoteConfig,
        pace: RemoteTimeouts,
        *,
        stretch: Stretch,
        changed: Callable[[], None],
    ) -> None:
        self._chat = chat
        self._config = config
        self._pace = pace
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

    async def read(
        self, request: ReadRequest, on_partial: PartialText, on_urgency: FirstUrgency | None
    ) -> Reading:
        """Have it read.

        Args:
            on_partial: Receives the growing text.
            on_urgency: Receives the urgency before it.

        Raises:
            EngineAway: It takes no reading now: nothing was read.
            EngineError: With a subclass that says what to do next.
        """
        if self._proof is None:
            raise EngineAway
        self.read_count += 1
        try:
            return await self._fenced(self._made(self._proof, request, on_partial, on_urgency))
        except EngineAway as error:  # what it reads for others goes on
            self._step_aside(error)
            raise
        except BaseException:
            self._doubt.set()  # it, or the case, was at fault: see which
            raise
        finally:
            self._changed()

    async def _made(
        self,
        proof: Proof,
        request: ReadRequest,
        on_partial: PartialText,
        on_urgency: FirstUrgency | None,
    ) -> Reading:
        await still_holds(self._chat, proof)
        return await make_reading(
            self._chat,
            proof,
            self._config,
            request,
            stretch=self._stretch,
            on_partial=on_partial,
            on_urgency=on_urgency,
        )

    async def _fenced(self, reading: Coroutine[None, None, Reading]) -> Reading:
        """Go on for as long as it is not lost."""
        fence = asyncio.timeout(None)
        try:
            async with fence:
                self._reads.add(fence)
                return await reading
        except TimeoutError as error:
            raise EngineStopped(f"The engine at {self.where} was lost while it read.") from error
        finally:
            self._reads.discard(fence)

    async def _well(self, misses: int) -> bool:
        try:
            await self._chat.check()
        except EngineError as error:
            if self._proof is None or misses + 1 >= self._pace.misses:
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
        self._proof = await prove(self._chat, self._config.model, self._pace.proof_s)
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
        pace = self._pace
        if misses:
            await asyncio.sleep(
                delay_after_s(misses, first_s=pace.again_s, longest_s=pace.again_max_s)
            )
            return
        try:
            async with asyncio.timeout(pace.check_s):
                await self._doubt.wait()
        except TimeoutError:
            return
        finally:
            self._doubt.clear()

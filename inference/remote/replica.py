"""One engine of several that do the same: is it there, what does it read, when is it lost.

Knows when to ask it, and to stop waiting for it. Must not know the queue or its fellows. Whatever a
lost replica still says goes nowhere: the stream it says it on is closed.
"""

import asyncio
import logging
from collections.abc import Callable

from inference.contract import EngineInfo, PartialText, Reading, ReadRequest, Sections
from inference.errors import EngineAway, EngineError, EngineStopped, UnusableAnswer
from inference.parsing import parse_sections, strip_thoughts
from inference.remote.chat import Chat
from inference.remote.config import Pace
from inference.remote.proof import prove

log = logging.getLogger(__name__)


class Replica:
    """An engine that is watched for as long as `watch` runs.

    Args:
        chat: Its interface.
        named: The name of its model as set, or None.
        parallel: How many readings it is given at once.
        pace: How patient to be.
        changed: Called whenever it may take a reading, or can no more.
    """

    def __init__(
        self,
        chat: Chat,
        *,
        named: str | None,
        parallel: int,
        pace: Pace,
        changed: Callable[[], None],
    ) -> None:
        self._chat = chat
        self._named = named
        self._parallel = parallel
        self._pace = pace
        self._changed = changed
        self._doubt = asyncio.Event()
        self._reads: set[asyncio.Timeout] = set()
        self._model: str | None = None
        self.engine: EngineInfo | None = None
        self.fault: EngineError | None = None
        self.read_count = 0

    @property
    def where(self) -> str:
        """Host and port."""
        return self._chat.where

    @property
    def load(self) -> int:
        """How many readings it is making."""
        return len(self._reads)

    @property
    def free(self) -> bool:
        """Whether it takes another reading now."""
        return self.engine is not None and self.load < self._parallel

    async def watch(self) -> None:
        """Prove it, then look after it now and then; when it is lost, try again, for ever."""
        misses = 0
        while True:
            misses = 0 if await self._well(misses) else misses + 1
            await self._wait(misses)

    async def read(self, request: ReadRequest, on_partial: PartialText, max_tokens: int) -> Reading:
        """Have it read.

        Args:
            request: What to read.
            on_partial: Receives the growing text.
            max_tokens: Longest answer.

        Returns:
            The reading.

        Raises:
            EngineAway: It takes no reading now: nothing was read.
            EngineError: With a subclass that says what to do next.
        """
        if self.engine is None:
            raise EngineAway
        self.read_count += 1
        try:
            return await self._fenced(request, on_partial, max_tokens, self.engine)
        except EngineAway as error:  # what it reads for others goes on
            self._step_aside(error)
            raise
        except BaseException:
            self._doubt.set()  # it, or the case, was at fault: see which
            raise
        finally:
            self._changed()

    async def _fenced(
        self, request: ReadRequest, on_partial: PartialText, max_tokens: int, engine: EngineInfo
    ) -> Reading:
        """Read for as long as it is not lost."""
        started = asyncio.get_running_loop().time()

        async def heard(text: str) -> None:
            await on_partial(strip_thoughts(text))

        fence = asyncio.timeout(None)
        try:
            async with fence:
                self._reads.add(fence)
                done = await self._chat.complete(
                    request, heard, model=self._model, max_tokens=max_tokens
                )
        except TimeoutError as error:
            raise EngineStopped(f"The engine at {self.where} was lost while it read.") from error
        finally:
            self._reads.discard(fence)
        text = strip_thoughts(done.text)
        if not text:
            raise UnusableAnswer
        return Reading(
            text=text,
            sections=Sections() if request.question is not None else parse_sections(text),
            engine=engine,
            duration_s=asyncio.get_running_loop().time() - started,
            prompt_tokens=done.prompt_tokens,
            answer_tokens=done.answer_tokens,
            truncated=done.truncated,
        )

    async def _well(self, misses: int) -> bool:
        try:
            await self._chat.check()
        except EngineError as error:
            if self.engine is None or misses + 1 >= self._pace.misses:
                self._lose(error)
            return False
        try:
            if self.engine is None:
                await self._prove()
        except EngineError as error:
            self._step_aside(error)
            return False
        return True

    async def _prove(self) -> None:
        self._model, self.engine = await prove(self._chat, self._named, self._pace.proof_s)
        self.fault = None
        log.info("engine at %s serves %s", self.where, self.engine.model)
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
        self.engine, self.fault = None, error
        self._changed()

    async def _wait(self, misses: int) -> None:
        """Wait until the next look; a doubt about one that is there cuts the wait short."""
        pace = self._pace
        if misses:
            await asyncio.sleep(min(pace.again_s * 2 ** (misses - 1), pace.again_max_s))
            return
        try:
            async with asyncio.timeout(pace.check_s):
                await self._doubt.wait()
        except TimeoutError:
            return
        finally:
            self._doubt.clear()

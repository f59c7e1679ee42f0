"""One reading that the model process makes: the queue of what it says about it, as events.

Knows the messages about one reading. Must not know processes or other readings.
"""

import asyncio
from contextlib import suppress

from inference.contract import (
    EngineInfo,
    Reading,
    ReadingEvent,
    ReadRequest,
    Scored,
    ScoredUrgency,
)
from inference.errors import EngineError, NoTierFits, OutOfMemory, RequestRefused, UnusableAnswer
from inference.local.wire import Done, Failed, FailureKind, Interim, PictureFeatures, Said
from inference.parsing import parse_answer_to

ERRORS: dict[FailureKind, type[EngineError]] = {
    FailureKind.OUT_OF_MEMORY: OutOfMemory,
    FailureKind.UNUSABLE: UnusableAnswer,
    FailureKind.NO_TIER_FITS: NoTierFits,
    FailureKind.REQUEST: RequestRefused,
}


class PendingReading:
    """A reading from the moment that the model process is asked for it.

    Args:
        request: What it is asked.
        engine: What answers.
    """

    def __init__(self, request: ReadRequest, engine: EngineInfo) -> None:
        self._request = request
        self._engine = engine
        self._queue: asyncio.Queue[Said | EngineError] = asyncio.Queue()
        self._started = asyncio.get_running_loop().time()
        self._score: ScoredUrgency | None = None

    def put(self, said: Said | EngineError) -> None:
        """Add what the process says of it, or why it will say no more."""
        self._queue.put_nowait(said)

    async def next_event(self) -> PictureFeatures | ReadingEvent:
        """Wait for the next event; the `Reading` is the last.

        Raises:
            EngineError: The reading failed.
        """
        match await self._queue.get():
            case Interim(event=event):
                if isinstance(event, Scored):
                    self._score = event.score
                return event
            case Done() as done:
                return self._reading(done)
            case Failed(kind=kind, detail=detail):
                raise ERRORS.get(kind, EngineError)(detail)
            case PictureFeatures() as features:
                return features
            case EngineError() as error:
                raise error

    async def ended(self) -> None:
        """Wait until nothing more will be said of it."""
        with suppress(EngineError):
            while not isinstance(await self.next_event(), Reading):
                pass

    def _reading(self, done: Done) -> Reading:
        if not done.text.strip():
            raise UnusableAnswer
        return Reading(
            text=done.text,
            sections=parse_answer_to(self._request, done.text),
            engine=self._engine,
            duration_s=asyncio.get_running_loop().time() - self._started,
            prompt_tokens=done.prompt_tokens,
            answer_tokens=done.answer_tokens,
            truncated=done.truncated,
            scored=self._score,
            memory=done.memory,
        )

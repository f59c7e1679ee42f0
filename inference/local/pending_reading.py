"""One reading's exchange with the model process: from what it says to the reading.

Knows the messages about one reading. Must not know processes, nor who else is being read.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from inference.contract import (
    EngineInfo,
    FirstUrgency,
    PartialText,
    Reading,
    ReadRequest,
    ScoredUrgency,
    Sections,
)
from inference.errors import EngineError, NoTierFits, OutOfMemory, RequestRefused, UnusableAnswer
from inference.local.wire import Done, Failed, FailureKind, Partial, PictureFeatures, Said, Scored
from inference.parsing import parse_sections

ERRORS: dict[FailureKind, type[EngineError]] = {
    FailureKind.OUT_OF_MEMORY: OutOfMemory,
    FailureKind.UNUSABLE: UnusableAnswer,
    FailureKind.NO_TIER_FITS: NoTierFits,
    FailureKind.REQUEST: RequestRefused,
}


class PendingReading:
    """Collects what is said of a reading, and passes it on as it comes.

    Args:
        request: What is read.
        on_seen: Receives the features of all its pictures.
        on_partial: Receives the growing text.
        on_urgency: Receives the urgency before it.
    """

    def __init__(
        self,
        request: ReadRequest,
        *,
        on_features: Callable[[tuple[bytes, ...]], Awaitable[None]],
        on_partial: PartialText,
        on_urgency: FirstUrgency | None,
    ) -> None:
        self._request = request
        self._on_seen = on_features
        self._on_partial = on_partial
        self._on_urgency = on_urgency
        self._said: asyncio.Queue[Said | EngineError] = asyncio.Queue()
        self._started = asyncio.get_running_loop().time()

    def hear(self, message: Said) -> None:
        """Take what the process says of it."""
        self._said.put_nowait(message)

    def end(self, error: EngineError) -> None:
        """Hear that nothing more will be said."""
        self._said.put_nowait(error)

    async def reading(self, engine: EngineInfo) -> Reading:
        """Pass on what is said until the reading is made.

        Raises:
            EngineError: As the process says, or as its end was heard.
        """
        scored: ScoredUrgency | None = None
        while True:
            match await self._next():
                case PictureFeatures(features=features):
                    await self._on_seen(features)
                case Scored(score=scored):
                    if self._on_urgency is not None:
                        await self._on_urgency(scored)
                case Partial(text=text):
                    await self._on_partial(text)
                case Done() as done:
                    return self._made(done, engine, scored)
                case Failed(kind=kind, detail=detail):
                    raise ERRORS.get(kind, EngineError)(detail)

    async def ended(self) -> None:
        """Wait until nothing more will be said of it."""
        with suppress(EngineError):
            while not isinstance(await self._next(), Done | Failed):
                pass

    async def _next(self) -> Said:
        message = await self._said.get()
        if isinstance(message, EngineError):
            raise message
        return message

    def _made(self, done: Done, engine: EngineInfo, scored: ScoredUrgency | None) -> Reading:
        if not done.text.strip():
            raise UnusableAnswer
        first = self._request.question is None
        return Reading(
            text=done.text,
            sections=parse_sections(done.text) if first else Sections(),
            engine=engine,
            duration_s=asyncio.get_running_loop().time() - self._started,
            prompt_tokens=done.prompt_tokens,
            answer_tokens=done.answer_tokens,
            truncated=done.truncated,
            scored=scored,
            memory=done.memory,
        )

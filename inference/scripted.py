"""An executor whose answers are written in advance: for benches, demonstrations and tests.

Knows the contract and nothing else; passes the same contract suite as `LocalExecutor`.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from inference.contract import (
    EngineInfo,
    EngineState,
    EngineStatus,
    Looked,
    Partial,
    Reading,
    ReadingEvent,
    ReadRequest,
    Scored,
    ScoredUrgency,
)
from inference.errors import DeadlineExceeded, RequestRefused, UnusableAnswer
from inference.parsing import parse_answer_to
from inference.streaming import streamed

SCRIPTED_TEXT = (
    "FINDINGS: Opacity in the right lower zone. No pleural effusion.\n"
    "IMPRESSION: Right lower zone pneumonia is likely.\n"
    "URGENCY: urgent\n"
    "RECOMMENDATION: Clinical review today."
)
REQUESTS_KEPT = 8  # they hold pictures
SCRIPTED_ENGINE = EngineInfo(model="scripted", tier=None, practice=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedAnswer:
    """One scripted outcome of a read.

    Args:
        text: What the model says; an empty text is an unusable answer.
        delay_s: Time the whole answer takes.
        pieces: Number of partial texts, spread evenly over `delay_s`.
        error: Raised instead of answering, after `delay_s`.
        truncated: The reading's flag.
        scored: The urgency that a first reading is scored at, before its text.
    """

    text: str = SCRIPTED_TEXT
    delay_s: float = 0.0
    pieces: int = 4
    error: Exception | None = None
    truncated: bool = False
    scored: ScoredUrgency | None = None


class ScriptedExecutor:
    """Gives its answers in order, then the default one for ever; keeps what it was asked last.

    Args:
        answers: Outcomes of the first reads.
        default: Outcome of every read after those.
        engine: Who it says it is.
        deadline_s: Longest a read may take.
        sleep: Waits; tests may own time.
    """

    def __init__(
        self,
        answers: Iterable[ScriptedAnswer] = (),
        *,
        default: ScriptedAnswer | None = None,
        engine: EngineInfo = SCRIPTED_ENGINE,
        deadline_s: float = 1800.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._answers = list(answers)
        self._default = default or ScriptedAnswer()
        self._engine = engine
        self._deadline_s = deadline_s
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._entered = False
        self.requests: deque[ReadRequest] = deque(maxlen=REQUESTS_KEPT)

    async def __aenter__(self) -> Self:
        """Be ready at once."""
        self._entered = True
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop being ready."""
        self._entered = False

    def status(self) -> EngineStatus:
        """Ready while entered."""
        if not self._entered:
            return EngineStatus(state=EngineState.STARTING, detail="The engine is starting.")
        return EngineStatus(
            state=EngineState.READY, engine=self._engine, detail="Answers are scripted."
        )

    @streamed
    async def read(self, request: ReadRequest) -> AsyncIterator[ReadingEvent]:
        """Give the next scripted outcome.

        Args:
            request: Kept in `requests`; otherwise only its kind matters.

        Raises:
            Exception: As scripted.
            RequestRefused: The request has no picture.
            DeadlineExceeded: The scripted delay is longer than the deadline.
        """
        if not request.pictures:
            raise RequestRefused("A reading needs at least one picture.")
        async with self._turn:
            self.requests.append(request)
            answer = self._answers.pop(0) if self._answers else self._default
            try:
                async with asyncio.timeout(self._deadline_s):
                    async for event in self._give(answer, request):
                        yield event
            except TimeoutError as error:
                raise DeadlineExceeded from error

    async def _give(
        self, answer: ScriptedAnswer, request: ReadRequest
    ) -> AsyncIterator[ReadingEvent]:
        started = time.monotonic()
        first = request.is_first
        scored = answer.scored if first else None
        for count in range(1, len(request.pictures) + 1 if request.series else 1):
            yield Looked(count=count, of=len(request.pictures))
            await self._sleep(answer.delay_s)
        if scored is not None:
            yield Scored(score=scored)
        words = answer.text.split(" ")
        for piece in range(1, answer.pieces + 1):
            await self._sleep(answer.delay_s / answer.pieces)
            if answer.error is None:
                yield Partial(text=" ".join(words[: len(words) * piece // answer.pieces]))
        if answer.error is not None:
            raise answer.error
        if not answer.text.strip():
            raise UnusableAnswer
        yield Reading(
            text=answer.text,
            sections=parse_answer_to(request, answer.text),
            engine=self._engine,
            duration_s=time.monotonic() - started,
            prompt_tokens=0,
            answer_tokens=len(words),
            truncated=answer.truncated,
            scored=scored,
        )

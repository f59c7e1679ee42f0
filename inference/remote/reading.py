"""One reading by one engine: its urgency first, where the engine scores it, then its text.

Knows what makes a reading of a completion. Must not know replicas.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from inference.contract import (
    FirstUrgency,
    PartialText,
    Reading,
    ReadRequest,
    ScoredUrgency,
    Sections,
)
from inference.errors import EngineAway, UnusableAnswer
from inference.parsing import parse_sections, strip_thoughts
from inference.remote.chat import Chat
from inference.remote.config import RemoteConfig
from inference.remote.proof import Proof
from inference.remote.urgency import score
from inference.urgency import OPENING
from pictures.errors import PictureProcessFailed

SIDE_PX = 896  # of the square that MedGemma looks at

Stretch = Callable[[bytes, int], Awaitable[bytes]]
"""Makes a square of a picture, whose side it is told in pixels."""


async def make_reading(
    chat: Chat,
    proof: Proof,
    config: RemoteConfig,
    request: ReadRequest,
    *,
    stretch: Stretch,
    on_partial: PartialText,
    on_urgency: FirstUrgency | None,
) -> Reading:
    """Have an engine read.

    Args:
        proof: What is known of it.
        config: The limits of a reading.
        stretch: Called for an engine that would see a picture in its own shape.
        on_partial: Receives the growing text.
        on_urgency: Receives the urgency before it.

    Raises:
        EngineError: With a subclass that says what to do next.
        EngineAway: It takes no reading now, or pictures cannot be stretched for it now.
        UnusableAnswer: It answered with no text.
        PictureError: A picture cannot be stretched.
    """

    async def heard(text: str) -> None:
        await on_partial(strip_thoughts(text))

    loop = asyncio.get_running_loop()
    started = loop.time()
    first = request.question is None
    scored: ScoredUrgency | None = None
    if proof.asked.by_llama_server:
        request = await _squared(request, stretch)
    if first and proof.scores and config.score_urgency:
        scored = score(await chat.next_token(request, OPENING, asked=proof.asked))
    if scored is not None and on_urgency is not None:
        await on_urgency(scored)
    done = await chat.complete(
        request, heard, asked=proof.asked, max_tokens=config.limits.max_tokens(request)
    )
    text = strip_thoughts(done.text)
    if not text:
        raise UnusableAnswer
    return Reading(
        text=text,
        sections=parse_sections(text) if first else Sections(),
        engine=proof.engine,
        duration_s=loop.time() - started,
        prompt_tokens=done.prompt_tokens,
        answer_tokens=done.answer_tokens,
        truncated=done.truncated,
        scored=scored,
    )


async def _squared(request: ReadRequest, stretch: Stretch) -> ReadRequest:
    try:
        squares = [await stretch(picture, SIDE_PX) for picture in request.pictures]
    except PictureProcessFailed as error:  # nothing of the case's doing
        raise EngineAway(str(error)) from error
    return replace(request, pictures=tuple(squares))

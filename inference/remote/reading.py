"""One reading by one remote engine: its scored urgency, if the engine scores it, then its text.

Knows how a completion becomes a reading. Must not know replicas.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

from inference.answers.thoughts import strip_thoughts
from inference.contract import Partial, Reading, ReadingEvent, ReadRequest, Scored
from inference.errors import EngineAway, UnusableAnswer
from inference.parsing import parse_answer_to
from inference.remote.chat import Chat
from inference.remote.config import RemoteConfig
from inference.remote.proof import Proof
from inference.remote.stream import Completion
from inference.remote.urgency import score
from inference.urgency import OPENING
from pictures.errors import PictureProcessFailed

SIDE_PX = 896
"""Side of the square that MedGemma reads."""

Square = Callable[[bytes, int], Awaitable[bytes]]
"""Makes a picture square, as `pictures.square` does; the second argument is the side in pixels."""


async def make_reading(
    chat: Chat, proof: Proof, config: RemoteConfig, request: ReadRequest, *, square: Square
) -> AsyncIterator[ReadingEvent]:
    """Have an engine make a reading.

    Args:
        config: The limits of a reading.
        square: Called for each picture: an engine's own processor would stretch it.

    Raises:
        EngineError: With a subclass that says what to do next.
        EngineAway: It takes no reading now, or the picture process failed.
        UnusableAnswer: It answered with no text.
        PictureError: A picture cannot be made square.
    """
    loop = asyncio.get_running_loop()
    started = loop.time()
    scored = None
    request = await _squared(request, square)
    if request.is_first and proof.scores and config.score_urgency:
        scored = score(await chat.next_token(request, OPENING, asked=proof.asked))
    if scored is not None:
        yield Scored(score=scored)
    max_tokens = config.limits.max_tokens(request)
    completion = Completion(max_tokens)
    answer = chat.complete(
        request,
        asked=replace(proof.asked, formed=config.answer_grammar),
        max_tokens=max_tokens,
        thought_tokens=config.limits.thought_tokens,
    )
    async for text in completion.growing(answer):
        yield Partial(text=strip_thoughts(text, growing=True))
    text = strip_thoughts(completion.text)
    if not text:
        raise UnusableAnswer
    yield Reading(
        text=text,
        sections=parse_answer_to(request, text),
        engine=proof.engine,
        duration_s=loop.time() - started,
        prompt_tokens=completion.prompt_tokens,
        answer_tokens=completion.answer_tokens,
        truncated=completion.truncated,
        scored=scored,
    )


async def _squared(request: ReadRequest, square: Square) -> ReadRequest:
    try:
        squares = [await square(picture, SIDE_PX) for picture in request.pictures]
    except PictureProcessFailed as error:  # not the case's fault
        raise EngineAway(str(error)) from error
    return replace(request, pictures=tuple(squares))

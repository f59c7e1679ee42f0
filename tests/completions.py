"""Completions put together from an engine's stream."""

from collections.abc import AsyncIterator, Iterable

from inference.remote.stream import Completion, event_data


async def completed(pieces: Iterable[bytes]) -> Completion:
    """The completion of a stream that arrives in these pieces."""
    completion = Completion(max_tokens=1000)
    async for text in completion.growing(event_data(_arriving(pieces))):
        assert text == completion.text
    return completion


async def _arriving(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece

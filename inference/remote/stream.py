"""An engine's streamed answer: server-sent events, and the chunks of a chat completion in them.

Knows the two formats. Must not know requests. What does not parse is a `WireError`.
Source: WHATWG HTML, 9.2 "Server-sent events"; OpenAI API reference, "Chat completion chunk".
"""

import codecs
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from http import HTTPStatus

import httpx
from httpx_sse import EventSource
from pydantic import BaseModel, ValidationError

from inference.answers.thoughts import strip_thoughts
from inference.errors import EngineError, EngineStopped, WireError
from inference.repetition import looped_tokens

MAX_STREAM_BYTES = 2 * 1024 * 1024
_END = "[DONE]"
_CUT = "length"
_HEADERS = {"Content-Type": "text/event-stream"}  # whatever the engine calls it
_WORD = re.compile(r"\S+\s*")


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chunk(BaseModel):
    model: str | None = None
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: object = None


async def event_data(stream: AsyncIterator[bytes]) -> AsyncGenerator[str, None]:
    """Read the data of server-sent events.

    Raises:
        WireError: The stream is longer than an answer can be, or not UTF-8.
    """
    response = httpx.Response(HTTPStatus.OK, headers=_HEADERS, content=_checked(stream))
    async with aclosing(EventSource(response).aiter_sse()) as events:
        async for event in events:
            if event.data:
                yield event.data


async def _checked(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Check what httpx-sse does not: it buffers an endless line and replaces bad UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size_bytes = 0
    async for data in stream:
        size_bytes += len(data)
        if size_bytes > MAX_STREAM_BYTES:
            raise WireError("The engine's answer does not end.")
        try:
            decoder.decode(data)
        except UnicodeDecodeError as error:
            raise WireError("The engine's answer is no text.") from error
        yield data


class Completion:
    """A chat completion, assembled from its chunks.

    Attributes:
        text: The text so far; a repetitive answer is cut after the first copy.
        model: The model's name as the engine gives it, None if it gives none.
        prompt_tokens: Tokens of the prompt, 0 if the engine does not count them.
        answer_tokens: Tokens of the answer, or its chunks if the engine does not count tokens.
        done: Whether the engine sent the end sign, repeats itself or says too much. Some engines
            only close the stream.

    Args:
        max_tokens: Longest answer, its thoughts left out; for an engine that may think more.
    """

    def __init__(self, max_tokens: int) -> None:
        self._spoken_left = max_tokens
        self.text = ""
        self.model: str | None = None
        self.prompt_tokens = 0
        self.answer_tokens = 0
        self.done = False
        self._ending: str | None = None

    @property
    def truncated(self) -> bool:
        """Whether the token limit or the repetition guard ended it."""
        return self._ending == _CUT

    async def growing(self, answer: AsyncGenerator[str, None]) -> AsyncIterator[str]:
        """Assemble the data of an answer's events, and close them.

        Yields:
            The whole text so far, each time it has grown.

        Raises:
            EngineError: The engine reports a failure.
            EngineStopped: The stream ended before the answer did.
            WireError: An event is no chunk of a chat completion.
        """
        async with aclosing(answer):
            async for data in answer:
                known = len(self.text)
                self._add(data)
                if len(self.text) > known:
                    yield self.text
                if self.done:
                    break
        if self._ending is None:
            raise EngineStopped("The engine broke off in the middle of its answer.")

    def _add(self, event: str) -> None:
        if event == _END:
            self.done = True
            return
        try:
            chunk = _Chunk.model_validate_json(event)
        except ValidationError as error:
            raise WireError("The engine's answer is not that of a chat completion.") from error
        if chunk.error is not None:
            raise EngineError("The engine says that it failed in the middle of its answer.")
        self.model = chunk.model or self.model
        for choice in chunk.choices[:1]:
            self._add_choice(choice)
        if chunk.usage is not None:
            self.prompt_tokens = chunk.usage.prompt_tokens
            self.answer_tokens = chunk.usage.completion_tokens

    def _add_choice(self, choice: _Choice) -> None:
        if choice.delta.content:
            self.text += choice.delta.content
            self.answer_tokens += 1
            self._spoken_left -= bool(strip_thoughts(self.text))
        self._ending = choice.finish_reason or self._ending
        if self._spoken_left <= 0 and self._ending is None:
            self.done, self._ending = True, _CUT
        words = _WORD.findall(self.text)
        if copies := looped_tokens(words):
            self.text = "".join(words[:-copies])
            self.done, self._ending = True, _CUT

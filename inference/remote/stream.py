"""An engine's streamed answer: server-sent events, and the chunks of a chat completion in them.

Knows the two formats. Must not know HTTP. What does not parse is a `WireError`.
Source: WHATWG HTML, 9.2 "Server-sent events"; OpenAI API reference, "Chat completion chunk".
"""

import re
from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from inference.errors import EngineError, EngineStopped, WireError
from inference.repetition import looped_tokens

MAX_STREAM_BYTES = 2 * 1024 * 1024
_END = "[DONE]"
_CUT = "length"
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


class EventDecoder:
    """Cuts a stream of bytes into the data of its events, in whatever pieces it arrives."""

    def __init__(self) -> None:
        self._rest = b""
        self._size_bytes = 0

    def feed(self, data: bytes) -> Iterator[str]:
        """Take the stream's next bytes.

        Args:
            data: Any number of bytes.

        Yields:
            The data of each event that is now whole.

        Raises:
            WireError: The stream is larger than an answer can be, or no text.
        """
        self._size_bytes += len(data)
        if self._size_bytes > MAX_STREAM_BYTES:
            raise WireError("The engine's answer does not end.")
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            field, _, value = line.rstrip(b"\r").partition(b":")
            if field in {b"data", b"error"}:  # older llama-servers give errors a field of their own
                yield _text(value)


class Completion:
    """A chat completion, put together from its chunks.

    Attributes:
        text: What was said so far; an answer that goes in circles ends with the first round.
        model: The model's name in the engine's own words; None if it gives none.
        prompt_tokens: Tokens of the prompt, 0 if the engine does not count them.
        answer_tokens: Tokens of the answer; its pieces where the engine does not count.
        done: Whether nothing that follows counts: the engine said so, or goes in circles. Some
            engines only close the stream.
    """

    def __init__(self) -> None:
        self.text = ""
        self.model: str | None = None
        self.prompt_tokens = 0
        self.answer_tokens = 0
        self.done = False
        self._ending: str | None = None

    @property
    def truncated(self) -> bool:
        """Whether the token limit or going in circles ended it."""
        return self._ending == _CUT

    def add(self, event: str) -> None:
        """Take the next event's data.

        Args:
            event: JSON of a chunk, or the sign of the end.

        Raises:
            EngineError: The engine says that it failed.
            WireError: It is no chunk of a chat completion.
        """
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
            self._add(choice)
        if chunk.usage is not None:
            self.prompt_tokens = chunk.usage.prompt_tokens
            self.answer_tokens = chunk.usage.completion_tokens

    def close(self) -> None:
        """Say that the stream has ended.

        Raises:
            EngineStopped: The answer had not.
        """
        if self._ending is None:
            raise EngineStopped("The engine broke off in the middle of its answer.")

    def _add(self, choice: _Choice) -> None:
        if choice.delta.content:
            self.text += choice.delta.content
            self.answer_tokens += 1
        self._ending = choice.finish_reason or self._ending
        words = _WORD.findall(self.text)
        if copies := looped_tokens(words):
            self.text = "".join(words[:-copies])
            self.done, self._ending = True, _CUT


def _text(data: bytes) -> str:
    try:
        return data.decode().strip()
    except UnicodeDecodeError as error:
        raise WireError("The engine's answer is no text.") from error

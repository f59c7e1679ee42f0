"""An engine elsewhere for tests: OpenAI's chat completions on loopback, with faults on cue.

What it does to a reading is a line of a script; the canary's sample film it reads as it should,
unless told otherwise.
"""

import asyncio
import base64
import json
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType, TracebackType
from typing import Any, Self

from inference.remote.proof import FILM
from inference.scripted import SCRIPTED_TEXT

WITHIN_S = 60.0
TLS_HANDSHAKE = b"\x16"
_FILM_IN_BASE64 = base64.b64encode(FILM.read_bytes())

Behaviour = Callable[["FakeEngine", asyncio.StreamWriter], Awaitable[None]]


def event(data: object) -> bytes:
    """One server-sent event."""
    text = data if isinstance(data, str) else json.dumps(data)
    return f"data: {text}\n\n".encode()


def chunk(content: str | None = None, *, ending: str | None = None, **more: Any) -> bytes:
    """One chunk of a chat completion, as vLLM writes it."""
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": ending}
    return event({"object": "chat.completion.chunk", "choices": [choice]} | more)


def chunks(text: str, ending: str = "stop") -> Iterator[bytes]:
    """A whole answer, word by word, with its usage and the sign of the end."""
    for word in text.splitlines(keepends=True):
        yield chunk(word)
    yield chunk(ending=ending)
    yield event({"choices": [], "usage": {"prompt_tokens": 300, "completion_tokens": 40}})
    yield event("[DONE]")


def says(text: str = SCRIPTED_TEXT, ending: str = "stop") -> Behaviour:
    """Answers."""
    return sends(b"".join(chunks(text, ending)))


def sends(body: bytes) -> Behaviour:
    """Sends these bytes as its stream, and ends it."""

    async def behave(engine: FakeEngine, writer: asyncio.StreamWriter) -> None:
        await engine.head(writer)
        writer.write(body)
        await writer.drain()

    return behave


def refuses(status: int) -> Behaviour:
    """Answers with a status."""

    async def behave(engine: FakeEngine, writer: asyncio.StreamWriter) -> None:
        await engine.head(writer, status)

    return behave


async def hangs(engine: "FakeEngine", writer: asyncio.StreamWriter) -> None:
    """Says the first line, then nothing, until it is let go or the client has gone."""
    await engine.head(writer)
    first, *rest = chunks(SCRIPTED_TEXT)
    writer.write(first)
    engine.hanging.release()
    await engine.let_go.wait()
    writer.write(b"".join(rest))


async def as_it_is(picture: bytes, _side_px: int) -> bytes:
    """Stretch nothing."""
    return picture


class FakeEngine:
    """One replica.

    Args:
        script: What it does to the first readings, in order; then it answers each.
        proof: What it does to the canary.
        models: What it says it serves.
        owner: Whom it says they are of.
        key: The key it asks for.
        tls: Its certificate.
        likely: Log-probabilities of what may follow an opening; it gives none if there are none.
        thought_token: What it says that `<unused94>` is; it tells no tokens if it is None.
    """

    def __init__(
        self,
        script: Iterable[Behaviour] = (),
        *,
        proof: Behaviour | None = None,
        models: Iterable[str] = ("google/medgemma-4b-it",),
        owner: str = "vllm",
        key: str | None = None,
        tls: ssl.SSLContext | None = None,
        likely: Mapping[str, float] = MappingProxyType({}),
        thought_token: int | None = None,
    ) -> None:
        self.script = deque(script)
        self.proof = proof or says("FINDINGS: A pneumothorax on the right.")
        self.asked: list[dict[str, Any]] = []
        self.health = 200
        self.likely = dict(likely)
        self._thought_token = thought_token
        self.checked = asyncio.Event()
        self.hanging = asyncio.Semaphore(0)
        self.let_go = asyncio.Event()
        self.left = asyncio.Event()
        self.serve(*models, owner=owner)
        self._key = key
        self._tls = tls
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}"

    async def __aenter__(self) -> Self:
        """Listen."""
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.kill()

    async def start(self) -> None:
        """Listen, at the same port as before if there was one."""
        self._server = await asyncio.start_server(
            self._serve, "localhost", self.port, ssl=self._tls
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def serve(self, *models: str, owner: str) -> None:
        """Say from now on that it serves these, and whose they are."""
        self._models = [{"id": model, "object": "model", "owned_by": owner} for model in models]

    def kill(self) -> None:
        """Be gone in the middle of whatever it does."""
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def head(self, writer: asyncio.StreamWriter, status: int = 200) -> None:
        """Write a response's head; the body ends where the connection does."""
        writer.write(f"HTTP/1.1 {status} Scripted\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()

    async def until_hanging(self) -> None:
        """Wait until a reading hangs here."""
        async with asyncio.timeout(WITHIN_S):
            await self.hanging.acquire()

    async def until_checked(self, times: int) -> None:
        """Wait until it has been asked so often from now on whether it is well."""
        async with asyncio.timeout(WITHIN_S):
            for _ in range(times):
                self.checked.clear()
                await self.checked.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        self._writers.discard(writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if first == TLS_HANDSHAKE:
            await self.head(writer, 400)
            return
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode().lower()
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        path = head.split()[1]
        if path == "/health":
            self.checked.set()
            await self.head(writer, self.health)
        elif self._key is not None and fields.get("authorization") != f"bearer {self._key}":
            await self.head(writer, 401)
        elif path == "/v1/models":
            await self.head(writer)
            writer.write(json.dumps({"object": "list", "data": self._models}).encode())
        elif path == "/tokenize":
            await self._tokenize(json.loads(body), writer)
        else:
            await self._complete(body, reader, writer)

    async def _tokenize(self, asked: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        """Tokens of a text, as vLLM and llama-server tell them."""
        if self._thought_token is None:
            await self.head(writer, 404)
            return
        await self.head(writer)
        marked = asked["content"] == asked["prompt"] == "<unused94>"
        tokens = [self._thought_token] if marked else [1, 2, 3]
        writer.write(json.dumps({"tokens": tokens, "count": len(tokens)}).encode())

    async def _complete(
        self, body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if json.loads(body)["stream"] is False:
            await self._score(writer)
            return
        if _FILM_IN_BASE64 in body:
            await self.proof(self, writer)
            return
        self.asked.append(json.loads(body))
        behave = self.script.popleft() if self.script else says()
        async with asyncio.TaskGroup() as group:
            leaving = group.create_task(self._notice_leaving(reader))
            behaving = group.create_task(_as_coroutine(behave(self, writer)))
            await asyncio.wait({leaving, behaving}, return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()
            behaving.cancel()

    async def _score(self, writer: asyncio.StreamWriter) -> None:
        """The next token's log-probabilities, as vLLM writes them; else what others make of it."""
        if not self.likely:
            await self.head(writer, 422)
            return
        await self.head(writer)
        top = [{"token": token, "logprob": value} for token, value in self.likely.items()]
        position = {"token": top[0]["token"], "logprob": 0.0, "top_logprobs": top}
        choice = {"index": 0, "logprobs": {"content": [position]}}
        writer.write(json.dumps({"object": "chat.completion", "choices": [choice]}).encode())

    async def _notice_leaving(self, reader: asyncio.StreamReader) -> None:
        """A client sends nothing after its request: the end of its stream is its leaving."""
        with suppress(ConnectionError):
            await reader.read()
        self.left.set()


async def _as_coroutine(awaitable: Awaitable[None]) -> None:
    await awaitable

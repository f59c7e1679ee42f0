"""One engine's HTTP interface: its health, its models, and chat completions.

Knows OpenAI's request format, which vLLM, llama-server and `transformers serve` share. Sends each
request once: retries are the caller's.
Source: OpenAI API reference, "Create chat completion" and "List models".
"""

import base64
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from inference.contract import ReadRequest
from inference.conversation import messages_of
from inference.errors import EngineAway
from inference.form import GRAMMAR, PATTERN
from inference.prompts import ImagePart, TextPart
from inference.remote.config import RemoteConfig, RemoteTimeouts, tls_context
from inference.remote.faults import check_status, transport_fault
from inference.remote.stream import event_data

_PNG = b"\x89PNG"
_GAP = "\n\n"
NEVER = -100
"""OpenAI's bias by which a token is banned."""
_SEND_S = 60.0
_OWN_HOSTS = {"localhost", "127.0.0.1", "::1"}
_NEXT_TOKEN = {
    "stream": False,
    "logprobs": True,
    "top_logprobs": 20,
    "add_generation_prompt": False,
    "continue_final_message": True,
}
_NOT_KNOWN = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


class ServedModel(BaseModel):
    """A model that an engine says it serves."""

    id: str
    owned_by: str = ""


class _Models(BaseModel):
    data: list[ServedModel]


class _Token(BaseModel):
    token: str
    logprob: float


class _Position(BaseModel):
    top_logprobs: list[_Token]


class _LogProbs(BaseModel):
    content: list[_Position]


class _Tokens(BaseModel):
    tokens: list[int]


class _Choice(BaseModel):
    logprobs: _LogProbs


class _NextToken(BaseModel):
    choices: list[_Choice]

    def likely(self) -> dict[str, float]:
        """Log-probability of each of the likeliest first tokens."""
        positions = [p for choice in self.choices[:1] for p in choice.logprobs.content[:1]]
        return {t.token: t.logprob for position in positions for t in position.top_logprobs}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatModel:
    """Which model to ask an engine for, and how.

    Args:
        model: The model's name; None leaves it to the engine.
        by_llama_server: Whether llama-server serves it. It leaves out what Gemma 3's processor does
            in transformers and vLLM: empty lines around pictures.
        barred_token: The token that begins a thought, where the engine tells it: so it begins none.
        formed: Whether a first reading is held to its four sections.
    """

    model: str | None
    by_llama_server: bool = False
    barred_token: int | None = None
    formed: bool = False


class Chat:
    """An engine's interface.

    Args:
        url: Its address, as `engine_address` makes it.
        client: Knows the key and the certificates; all replicas share it.

    Attributes:
        where: Host and port.
        private: Whether nobody can read along: TLS, or this machine itself.
    """

    def __init__(self, url: str, client: httpx.AsyncClient, timeouts: RemoteTimeouts) -> None:
        self._url = url
        self._completions_url = f"{url}/v1/chat/completions"
        self._client = client
        self._timeouts = timeouts
        self.where = urlsplit(url).netloc
        self.private = url.startswith("https:") or urlsplit(url).hostname in _OWN_HOSTS

    async def check(self) -> None:
        """Check its health; an engine without a health endpoint is healthy if it answers.

        Raises:
            EngineError: It is not healthy.
        """
        status = (await self._get("/health")).status_code
        if status not in _NOT_KNOWN:
            check_status(status, self.where)

    async def models(self) -> tuple[ServedModel, ...]:
        """Ask which models it serves; none if it does not say.

        Raises:
            EngineAway: It cannot be reached, or refuses the key.
        """
        answer = await self._get("/v1/models")
        if answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            check_status(answer.status_code, self.where)
        try:
            return tuple(_Models.model_validate_json(answer.content).data)
        except ValidationError:
            return ()

    async def token_of(self, text: str, asked: ChatModel) -> int | None:
        """Ask for the token that is spelled so, as vLLM and llama-server tell it.

        Returns:
            None if it is no single token, or the engine does not tell.
        """
        spelled = {"content": text, "add_special": False, "parse_special": True}
        spelled |= {"prompt": text, "add_special_tokens": False}  # vLLM's names
        body = spelled if asked.model is None else spelled | {"model": asked.model}
        try:
            answer = await self._client.post(f"{self._url}/tokenize", json=body)
            tokens = _Tokens.model_validate_json(answer.content).tokens
        except (httpx.HTTPError, ValidationError):
            return None
        return tokens[0] if len(tokens) == 1 else None

    async def complete(
        self, request: ReadRequest, *, asked: ChatModel, max_tokens: int, thought_tokens: int
    ) -> AsyncGenerator[str, None]:
        """Complete a chat, greedily. Closing this closes the connection, which ends the work.

        Args:
            max_tokens: Longest answer.
            thought_tokens: Longest thought before it, where none can be barred.

        Yields:
            The data of the answer's events, for a `Completion`.

        Raises:
            EngineError: With a subclass that says what to do next.
        """
        most = max_tokens if asked.barred_token is not None else max_tokens + thought_tokens
        body = chat_body(request, asked, max_tokens=most)
        with self._in_words():
            async with self._client.stream("POST", self._completions_url, json=body) as response:
                check_status(response.status_code, self.where)
                async with aclosing(event_data(response.aiter_bytes())) as events:
                    async for data in events:
                        yield data

    async def next_token(
        self, request: ReadRequest, opening: str, *, asked: ChatModel
    ) -> dict[str, float]:
        """Ask for the likeliest tokens after the opening of an answer.

        Args:
            opening: How the answer begins; vLLM and llama-server continue it.

        Returns:
            Log-probability of each, in nats; none if the engine gives none.

        Raises:
            EngineError: With a subclass that says what to do next.
        """
        body = chat_body(request, asked, max_tokens=1) | _NEXT_TOKEN
        del body["stream_options"]
        body["messages"].append({"role": "assistant", "content": opening})
        with self._in_words():
            answer = await self._client.post(self._completions_url, json=body)
        check_status(answer.status_code, self.where)
        try:
            return _NextToken.model_validate_json(answer.content).likely()
        except ValidationError:
            return {}

    async def _get(self, path: str) -> httpx.Response:
        with self._in_words():
            try:
                return await self._client.get(f"{self._url}{path}", timeout=self._timeouts.answer_s)
            except httpx.ReadTimeout as error:
                raise EngineAway(
                    f"{self.where} does not answer.", advice="Look at it, or restart it."
                ) from error

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise transport_fault(error, self.where) from error


@asynccontextmanager
async def opened_chats(config: RemoteConfig, timeouts: RemoteTimeouts) -> AsyncIterator[list[Chat]]:
    """Open an interface to each replica; nothing is sent yet."""
    headers = {}
    if config.key is not None:
        headers["Authorization"] = f"Bearer {config.key.get_secret_value()}"
    async with httpx.AsyncClient(
        headers=headers,
        verify=_tls(config),
        timeout=httpx.Timeout(None, connect=timeouts.connect_s, write=_SEND_S),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        trust_env=False,  # no proxy: an engine is in one's own network
    ) as client:
        yield [Chat(url, client, timeouts) for url in config.urls]


def _tls(config: RemoteConfig) -> ssl.SSLContext:
    if any(url.startswith("https:") for url in config.urls):
        return tls_context(config.ca_file)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and reads no file for it


def chat_body(request: ReadRequest, asked: ChatModel, *, max_tokens: int) -> dict[str, Any]:
    """Make the body of a streamed, greedy chat completion, with pictures as `data:` URLs."""
    pictures = iter(request.pictures)
    messages: list[dict[str, Any]] = [
        {"role": message["role"], "content": _parts(message["content"], pictures)}
        for message in messages_of(request)
    ]
    if asked.by_llama_server:
        _add_empty_lines(messages)
    body: dict[str, Any] = {
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "max_tokens": max_tokens,
    }
    if asked.barred_token is not None:
        body["logit_bias"] = {str(asked.barred_token): NEVER}
    if asked.formed and request.is_first:
        body |= _form(asked)
    return body if asked.model is None else body | {"model": asked.model}


def _form(asked: ChatModel) -> dict[str, Any]:
    """What holds an answer to the sections: vLLM since 0.11 knows `structured_outputs`."""
    if asked.by_llama_server:
        return {"grammar": GRAMMAR}
    return {"structured_outputs": {"regex": PATTERN}}


def _add_empty_lines(messages: list[dict[str, Any]]) -> None:
    """Put an empty line before and after each picture.

    llama-server joins a message's parts, and the model's template strips the result: the line
    before the first picture goes to the end of the system message, which is not stripped.
    """
    before: dict[str, Any] | None = None
    for message in messages:
        spaced: list[dict[str, Any]] = []
        for part in message["content"]:
            if part["type"] == "text" and before is not None and before["type"] != "text":
                part["text"] = _GAP + part["text"]
            elif part["type"] != "text" and before is not None and before["type"] == "text":
                before["text"] += _GAP
            elif part["type"] != "text" and before is not None:
                spaced.append({"type": "text", "text": _GAP + _GAP})
            spaced.append(part)
            before = part
        message["content"] = spaced


def _parts(
    content: Sequence[TextPart | ImagePart], pictures: Iterator[bytes]
) -> list[dict[str, Any]]:
    return [
        {"type": "image_url", "image_url": {"url": _data_url(next(pictures))}}
        if part["type"] == "image"
        else {"type": "text", "text": part["text"]}
        for part in content
    ]


def _data_url(picture: bytes) -> str:
    """A picture is PNG or JPEG: `pictures` encodes nothing else."""
    media_type = "image/png" if picture.startswith(_PNG) else "image/jpeg"
    return f"data:{media_type};base64,{base64.b64encode(picture).decode()}"

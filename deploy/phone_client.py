"""A phone without a screen: speaks the phone chat's HTTP interface, as the page does.

Knows the interface of DESIGN's phone chat. The bench uses it, and the tests that go
the whole way.
"""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

TIMEOUT_S = 30.0
STREAM_TIMEOUT = httpx.Timeout(TIMEOUT_S, read=None)
RECONNECT_S = 0.2

TERMS = "terms"

Message = dict[str, Any]
"""A phone message, as `GET /chat/messages` gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneUpload:
    """A file to send."""

    name: str
    data: bytes
    media_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneEvent:
    """Something that the gateway told the phone; `at_s` is on the monotonic clock."""

    kind: str
    data: dict[str, Any]
    at_s: float

    @property
    def is_from_bot(self) -> bool:
        """Whether this is a new message of the bot's."""
        return self.kind == "message" and not self.data["outgoing"]


class PhoneRefused(Exception):
    """The gateway refused, with a sentence for people."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class PhoneClient:
    """One phone; an async context manager. `events` holds all it was told, oldest first.

    Args:
        base_url: Where the gateway listens.
        address: Which of this machine's addresses the phone has; any by default.
    """

    def __init__(self, base_url: str, address: str | None = None) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            timeout=TIMEOUT_S,
            trust_env=False,
            transport=httpx.AsyncHTTPTransport(local_address=address),
        )
        self._news = asyncio.Condition()
        self._last_event_id = "0"  # all that happened since the phone joined
        self.events: list[PhoneEvent] = []

    async def __aenter__(self) -> Self:
        """Open the connection pool."""
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Hang up."""
        await self._http.aclose()

    async def join(self, code: str, name: str) -> None:
        """Follow a join link.

        Args:
            name: What the person calls themselves.
        """
        await self._call("POST", "/join", json={"code": code, "name": name})

    async def accept_terms(self) -> None:
        """Press the button under the bot's terms once they have come, and see them accepted."""
        shown = await self.wait_for(lambda event: _button(event, TERMS) is not None)
        terms, known = shown.data["message_id"], len(self.events)
        await self.press(terms, _button(shown, TERMS) or "")
        # other words may come before: the terms lose their button, then the bot says thanks
        taken = await self.wait_for(
            lambda event: event.data.get("message_id") == terms and _button(event, TERMS) is None,
            since=known,
        )
        await self.wait_for(lambda event: event.is_from_bot, since=self.events.index(taken))

    async def messages(self, *, after: int | None = None) -> list[Message]:
        """Read the chat's history.

        Args:
            after: Only messages after this one; None for the latest.
        """
        query = {} if after is None else {"after": after}
        answer = await self._call("GET", "/chat/messages", params=query)
        found: list[Message] = answer["messages"]
        return found

    async def send(
        self,
        *uploads: PhoneUpload,
        text: str = "",
        as_document: bool = False,
        reply_to: int | None = None,
        client_id: str | None = None,
    ) -> Message:
        """Send a message, with pictures or without.

        Args:
            uploads: One picture, several for an album, or none for plain text.
            text: The text or the caption.
            as_document: Keep the file as it is instead of sending it as a photo.
            reply_to: The message that this one answers.
            client_id: Names the message for a repeat; made up by default.

        Returns:
            The message as the gateway stored it.
        """
        form = {"text": text, "as": "document" if as_document else "photo"}
        if reply_to is not None:
            form["reply_to"] = str(reply_to)
        # a multipart form even where there is no file: (None, value) is a plain field
        parts: list[tuple[str, tuple[str | None, str | bytes] | tuple[str, bytes, str]]] = [
            *((key, (None, value)) for key, value in form.items()),
            *(("file", (upload.name, upload.data, upload.media_type)) for upload in uploads),
        ]
        return await self._call("PUT", f"/chat/messages/{client_id or uuid.uuid4()}", files=parts)

    async def press(self, message_id: int, data: str) -> None:
        """Press an inline button.

        Args:
            message_id: The message that it hangs on.
        """
        await self._call("POST", "/chat/callbacks", json={"message_id": message_id, "data": data})

    async def samples(self) -> list[tuple[str, PhoneUpload]]:
        """Fetch the sample films.

        Returns:
            Each film's title and the film itself, ready to be sent.
        """
        listed: Any = (await self._get("/samples")).json()
        return [
            (
                film["title"],
                PhoneUpload(name=film["name"], data=(await self._get(film["url"])).content),
            )
            for film in listed
        ]

    async def file(self, file_id: str) -> bytes:
        """Fetch a file of the chat.

        Args:
            file_id: Named by a message.
        """
        return (await self._get(f"/chat/files/{file_id}")).content

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Take in events while the block runs, through the gateway's restarts too."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self._listen())
            try:
                yield
            finally:
                task.cancel()

    async def wait_for(
        self, wanted: Callable[[PhoneEvent], bool], *, since: int = 0, limit_s: float = TIMEOUT_S
    ) -> PhoneEvent:
        """Wait for an event.

        Args:
            wanted: Whether this is the one.
            since: Number of events that are already known and do not count.
            limit_s: When to give up.

        Returns:
            The first such event.
        """
        async with asyncio.timeout(limit_s), self._news:
            while True:
                for event in self.events[since:]:
                    if wanted(event):
                        return event
                since = len(self.events)
                await self._news.wait()

    async def _listen(self) -> None:
        while True:
            headers = {"Last-Event-ID": self._last_event_id}
            with contextlib.suppress(httpx.TransportError):
                async with self._http.stream(
                    "GET",
                    "/chat/events",
                    headers=headers,
                    timeout=STREAM_TIMEOUT,
                ) as stream:
                    await self._take_in(stream)
            await asyncio.sleep(RECONNECT_S)

    async def _take_in(self, stream: httpx.Response) -> None:
        fields: dict[str, str] = {}
        async for line in stream.aiter_lines():
            if line:
                name, _, value = line.partition(":")
                fields[name] = value.removeprefix(" ")
                continue
            self._last_event_id = fields.get("id", self._last_event_id)
            if "data" in fields:
                await self._note(fields.get("event", "message"), json.loads(fields["data"]))
            fields = {}

    async def _note(self, kind: str, data: dict[str, Any]) -> None:
        async with self._news:
            self.events.append(PhoneEvent(kind=kind, data=data, at_s=time.monotonic()))
            self._news.notify_all()

    async def _get(self, path: str) -> httpx.Response:
        answer = await self._http.get(path)
        _raise_for_words(answer)
        return answer

    async def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        answer = await self._http.request(method, path, **request)
        _raise_for_words(answer)
        body: dict[str, Any] = answer.json() if answer.content else {}
        return body


def _button(event: PhoneEvent, action: str) -> str | None:
    """The data of the event's first button for an action, if it has one."""
    buttons = (button for row in event.data.get("buttons") or [] for button in row)
    return next((str(each["data"]) for each in buttons if each["data"].startswith(action)), None)


def _raise_for_words(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    try:
        words = str(answer.json()["error"])
    except (ValueError, KeyError):
        words = answer.text[:200]
    raise PhoneRefused(answer.status_code, words)

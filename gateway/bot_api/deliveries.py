"""A webhook's deliveries: each update in its order, again until the bot has it.

Knows how a delivery is sent, what counts as its success, and how long to wait after a failure. An
answer may carry a method, which is called as if it had come in. Source: Bot API, setWebhook and
section "Making requests when getting updates".
"""

import asyncio
import contextlib
import json
import logging
import ssl
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import httpx
from starlette.requests import Request
from starlette.types import Message as AsgiMessage

from gateway.errors import GatewayError
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import Webhook
from gateway.store.signals import UPDATES
from gateway.store.store import ChatStore
from machine.backoff import Backoff

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
TIMEOUT_S = 60.0
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
ANSWER_MAX_BYTES = 1_000_000
_IDLE_S = 3600.0

log = logging.getLogger(__name__)

Answer = Callable[[Request], Awaitable[object]]


class Deliveries:
    """Delivers while there is a webhook.

    Args:
        store: Where updates wait.
        answered: Calls the method that a bot's answer carries, if it carries one.
    """

    def __init__(self, store: ChatStore, answered: Answer) -> None:
        self._store = store
        self._answered = answered
        self._changed = asyncio.Event()

    def change(self) -> None:
        """Look again at the webhook: it was set or taken away."""
        self._changed.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            self._changed.clear()
            webhook = await self._store.webhook.get()
            if webhook is None:
                await self._changed.wait()
                continue
            try:
                await self._deliver_all(webhook)
            except Exception as error:  # noqa: BLE001 - phones and other methods must go on
                log.error("Deliveries failed: %s", type(error).__name__)  # noqa: TRY400
                await self._changed_or(asyncio.sleep(LONGEST_PAUSE_S))

    async def _deliver_all(self, webhook: Webhook) -> None:
        """Deliver to one webhook until it is another one."""
        backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        async with _client(webhook) as client:
            with self._store.signals.listen(UPDATES) as listener:
                while not self._changed.is_set():
                    found = await self._store.updates.pending(1)
                    if not found:
                        await self._changed_or(listener.wait(_IDLE_S))
                    elif (failure := await self._deliver(client, webhook, found[0])) is None:
                        backoff.reset()
                    else:
                        await self._store.webhook.fail(failure)
                        await self._changed_or(asyncio.sleep(backoff.next_delay_s()))

    async def _changed_or(self, waiting: Awaitable[object]) -> None:
        """Wait for something, at most until the webhook is another one."""
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(_wait(waiting)),
                group.create_task(_wait(self._changed.wait())),
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()

    async def _deliver(
        self, client: httpx.AsyncClient, webhook: Webhook, update: JsonObject
    ) -> str | None:
        """Deliver one update; answers why it failed, None if it did not."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                status, answer = await _post(client, webhook, update)
        except TimeoutError:
            return "Read timeout expired"
        except httpx.HTTPError as error:
            return _words(error)
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return f"Wrong response from the webhook: {status} {_reason(status)}".rstrip()
        await self._store.updates.confirm(int(str(update["update_id"])) + 1)
        if answer is not None:
            await self._call(answer)
        return None

    async def _call(self, answer: Request) -> None:
        try:
            await self._answered(answer)
        except GatewayError as error:  # nobody waits for it: the bot has said its last word
            log.warning("A method in a webhook's answer was refused: %s", type(error).__name__)


async def _wait(awaitable: Awaitable[object]) -> None:
    await awaitable


def _client(webhook: Webhook) -> httpx.AsyncClient:
    trusted: ssl.SSLContext | bool = True
    if webhook.certificate is not None:
        trusted = ssl.create_default_context(cadata=webhook.certificate)
    return httpx.AsyncClient(
        verify=trusted, timeout=TIMEOUT_S, trust_env=False, follow_redirects=False
    )


async def _post(
    client: httpx.AsyncClient, webhook: Webhook, update: JsonObject
) -> tuple[int, Request | None]:
    url = httpx.URL(webhook.url)
    headers = {"Content-Type": "application/json", "Host": url.netloc.decode()}
    extensions = {"sni_hostname": url.host}
    if webhook.ip_address is not None:
        url = url.copy_with(host=webhook.ip_address)
    if webhook.secret_token is not None:
        headers[SECRET_HEADER] = webhook.secret_token
    content = json.dumps(update, ensure_ascii=False).encode()
    posted = client.stream("POST", url, content=content, headers=headers, extensions=extensions)
    async with posted as response:
        body = b""
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > ANSWER_MAX_BYTES:
                return response.status_code, None
        return response.status_code, _as_request(response, body) if body.strip() else None


def _as_request(response: httpx.Response, body: bytes) -> Request:
    """A bot's answer as the request that it stands for: the same encodings, the same reader."""

    async def receive() -> AsgiMessage:
        return {"type": "http.request", "body": body, "more_body": False}

    kind = response.headers.get("content-type", "")
    headers = [(b"content-type", kind.encode("latin-1"))]
    scope = {"type": "http", "method": "POST", "query_string": b"", "headers": headers}
    return Request(scope, receive)


def _words(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "Connection timed out"
    if isinstance(error, httpx.TimeoutException):
        return "Read timeout expired"
    if isinstance(error, httpx.ConnectError):
        secure = "certificate" in str(error).lower() or "ssl" in str(error).lower()
        return "SSL error: certificate verify failed" if secure else "Connection refused"
    return "Connection closed"


def _reason(status: int) -> str:
    with contextlib.suppress(ValueError):
        return HTTPStatus(status).phrase
    return ""

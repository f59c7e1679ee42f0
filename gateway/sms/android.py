"""An old phone on the LAN that runs SMS Gateway for Android (capcom6) in local server mode.

Knows the app's HTTP interface. Its inbox is never emptied: it is read anew where it has grown.
Source: https://docs.sms-gate.app and the app's own routes (`modules/localserver/routes`).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from gateway.schemas.sms import IncomingSms
from gateway.sms.driver import Condition, LineDown, Progress, SmsRefused

ANSWER_S = 10.0
"""Until an answer is whole."""

ANSWER_MAX_BYTES = 4_000_000
PAGE = 500
PAGES_MAX = 40
GLANCE = 50
"""How many are looked at while the inbox has not grown."""

_LAST_DAY = "9999-12-31T23:59:59.000Z"
"""Up to which the inbox is read: the phone's clock may be years behind what the network says."""

_PROGRESS = {
    "Pending": Progress.PENDING,
    "Processed": Progress.PENDING,
    "Sent": Progress.SENT,
    "Delivered": Progress.DELIVERED,
    "Failed": Progress.FAILED,
    "Cancelled": Progress.FAILED,
}


class _Came(BaseModel):
    """An entry of the app's inbox."""

    id: str
    type: str
    sender: str
    contentPreview: str  # noqa: N815 - the app's own name
    createdAt: str  # noqa: N815 - likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What the phone answered."""

    status: int
    headers: httpx.Headers
    body: bytes


class _State(BaseModel):
    """What the app says of a message."""

    state: str


_INBOX = TypeAdapter(list[_Came])


class AndroidPhone:
    """The phone.

    Args:
        url: Such as `http://192.168.1.60:8080`.
        user: Of the app's local server.
        password: Likewise.
        clock: Unix seconds.
    """

    name = "phone"

    def __init__(self, url: str, user: str, password: str, clock: Callable[[], float]) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, auth=(user, password), timeout=ANSWER_S, trust_env=False
        )
        self._clock = clock
        self._total: int | None = None

    async def close(self) -> None:
        """Close what is open."""
        await self._http.aclose()

    async def condition(self) -> Condition:
        """How the phone says it is, and how far its clock is off."""
        answer = await self._ask("GET", "/health", refused=frozenset({500}))
        fault = None if answer.status < 300 else "the phone says that something is wrong with it"
        return Condition(fault=fault, clock_off_s=self._clock_off_s(answer))

    async def send(self, own_id: str, number: str, text: str, ttl_s: int) -> str:
        """Give the phone an SMS; one that it has under this id already is not sent again."""
        body = {
            "id": own_id,
            "textMessage": {"text": text},
            "phoneNumbers": [number],
            "ttl": ttl_s,
            "priority": 100,
            "withDeliveryReport": True,
        }
        answer = await self._ask("POST", "/messages", json=body, refused=frozenset({400, 409}))
        if answer.status == 400:
            raise SmsRefused("the phone will not send it")
        return own_id

    async def progress(self, handle: str) -> Progress:
        """How far an SMS is; unknown to a phone that was reset."""
        answer = await self._ask("GET", f"/messages/{handle}", refused=frozenset({404}))
        if answer.status == 404:
            return Progress.UNKNOWN
        try:
            return _PROGRESS.get(_State.model_validate_json(answer.body).state, Progress.PENDING)
        except ValidationError as error:
            raise LineDown("what answers is not SMS Gateway for Android") from error

    async def withdraw(self, handle: str) -> None:
        """Have it not be sent, where the app knows how; else its time to live ends it."""
        unknown = frozenset({400, 404, 405, 409})
        await self._ask("DELETE", f"/messages/{handle}", refused=unknown)

    async def received(self) -> Sequence[IncomingSms]:
        """The newest of the inbox; all of it, where its size is not what it was.

        An inbox without end is somebody else's: the newest 20,000 are enough.
        """
        glance, total = await self._page(GLANCE, 0)
        if total == self._total or total <= len(glance):
            found = glance
        else:
            found = []
            for _ in range(PAGES_MAX):
                page, _ = await self._page(PAGE, len(found))
                found += page
                if not page or len(found) >= total:
                    break
        self._total = total
        return [_incoming(came) for came in reversed(found)]

    async def acknowledge(self, sms: IncomingSms) -> None:
        """Nothing is to be done: the inbox keeps what it has."""

    async def _page(self, limit: int, offset: int) -> tuple[list[_Came], int]:
        asked = {"to": _LAST_DAY, "limit": limit, "offset": offset}
        answer = await self._ask("GET", "/inbox", params=asked)
        try:
            page = _INBOX.validate_json(answer.body)
            total = int(answer.headers.get("X-Total-Count", len(page)))
        except ValueError as error:
            raise LineDown("what answers is not SMS Gateway for Android") from error
        return page, total

    async def _ask(
        self, method: str, path: str, *, refused: frozenset[int] = frozenset(), **asked: Any
    ) -> _Answer:
        """Ask the phone.

        Args:
            refused: Statuses that are answers too.

        Raises:
            LineDown: It gives none, or one without end.
        """
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await self._whole(method, path, **asked)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise LineDown("the phone does not answer") from error
        if answer.status in {401, 403}:
            raise LineDown("the phone refuses the user name or the password")
        if answer.status >= 300 and answer.status not in refused:
            raise LineDown(f"the phone answers with HTTP {answer.status}")
        return answer

    async def _whole(self, method: str, path: str, **asked: Any) -> _Answer:
        body = bytearray()
        async with self._http.stream(method, path, **asked) as answer:
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > ANSWER_MAX_BYTES:
                    raise LineDown("what answers is not SMS Gateway for Android")
        return _Answer(status=answer.status_code, headers=answer.headers, body=bytes(body))

    def _clock_off_s(self, answer: _Answer) -> float | None:
        try:
            told = parsedate_to_datetime(answer.headers["Date"])
        except (KeyError, ValueError):
            return None
        return told.timestamp() - self._clock()


def _incoming(came: _Came) -> IncomingSms:
    text = came.contentPreview if came.type == "SMS" else None
    return IncomingSms(sender=came.sender, text=text, at=came.createdAt, handle=came.id)

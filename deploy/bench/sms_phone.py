"""A stand-in for the old phone that sends a clinic's SMS: it takes all at once and loses nothing.

Speaks as much of SMS Gateway for Android as the gateway asks. Must not know what an SMS is for.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.server import listen, make_server


@dataclass
class SmsPhone:
    """The phone.

    Args:
        url: Where it answers.
        sent: The text of each SMS that went out, by its id.
    """

    url: str
    sent: dict[str, str] = field(default_factory=dict)
    _inbox: list[dict[str, str]] = field(default_factory=list)

    def receives(self, sender: str, text: str) -> None:
        """Somebody sends it an SMS."""
        own = f"text:{len(self._inbox)}"
        came = {"id": own, "type": "SMS", "sender": sender, "contentPreview": text}
        self._inbox.insert(0, came | {"createdAt": f"2026-03-02T00:00:00.{len(self._inbox):03d}Z"})

    def app(self) -> Starlette:
        """Its local server."""
        return Starlette(
            routes=[
                Route("/health", lambda _: JSONResponse({"status": "pass"})),
                Route("/messages", self._take, methods=["POST"]),
                Route("/messages/{own_id}", lambda _: JSONResponse({"state": "Delivered"})),
                Route("/inbox", self._list),
            ]
        )

    async def _take(self, request: Request) -> Response:
        asked = await request.json()
        self.sent[asked["id"]] = asked["textMessage"]["text"]
        return JSONResponse({"id": asked["id"], "state": "Pending"}, 202)

    async def _list(self, request: Request) -> Response:
        offset, limit = (int(request.query_params[name]) for name in ("offset", "limit"))
        headers = {"X-Total-Count": str(len(self._inbox))}
        return JSONResponse(self._inbox[offset : offset + limit], headers=headers)


@asynccontextmanager
async def sms_phone() -> AsyncIterator[SmsPhone]:
    """A phone that serves while the block runs."""
    listening = listen("127.0.0.1", 0)
    phone = SmsPhone(url=f"http://127.0.0.1:{listening.getsockname()[1]}")
    server = make_server(phone.app(), graceful_s=1)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listening]))
        try:
            yield phone
        finally:
            server.should_exit = True

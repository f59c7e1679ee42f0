"""A stand-in for an old phone with SMS Gateway for Android: the app's local server, and its faults.

Speaks the app's published interface; `tests/contracts/test_sms_lines.py` has the app's own client
from PyPI use it. What it "sends" is in `sent`; what others send to it, in `inbox`.
"""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import md5
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.server import listen, make_server

USER, PASSWORD = "sms", "a password"
Json = dict[str, Any]


@dataclass
class Phone:
    """The phone.

    Args:
        sends: False for one that takes SMS and sends nothing.
        fails: Whether the network refuses all that it sends.
        password: What its owner set.
        clock_off_s: How far its clock is ahead.
        is_mute: Whether it takes SMS, and its answers get lost, nor does it send yet.
        sent: Number and text of each SMS that went out.
        asked: The bodies of all requests to send one, as they came.
    """

    url: str = ""
    sends: bool = True
    fails: bool = False
    password: str = PASSWORD
    clock_off_s: float = 0
    sent: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    inbox: list[Json] = field(default_factory=list)
    messages: dict[str, Json] = field(default_factory=dict)
    is_off: bool = False
    is_mute: bool = False

    def receives(
        self, sender: str, text: str, *, at: str = "2026-03-02T01:00:00.000Z", kind: str = "SMS"
    ) -> None:
        """Somebody sends it an SMS."""
        own = md5(f"{sender}{text}{at}".encode(), usedforsecurity=False).hexdigest()[:8]
        came: Json = {"id": f"text:{own}", "type": kind, "sender": sender, "contentPreview": text}
        came |= {"createdAt": at, "recipient": None, "simNumber": 1}
        self.inbox.append(came)
        self.inbox.sort(key=lambda each: (each["createdAt"], each["id"]), reverse=True)

    def reset(self) -> None:
        """Lose what it knows of its outbox; the inbox is read from the SIM again."""
        self.messages.clear()

    def catches_up(self) -> None:
        """Send what it took and has not sent."""
        for message in self.messages.values():
            if message["state"] == "Pending":
                self.sent.append((message["recipients"][0]["phoneNumber"], message["text"]))
                message["state"] = "Sent"

    def app(self) -> Starlette:
        """Its local server."""
        return Starlette(
            routes=[
                Route("/health", self._health),
                Route("/messages", self._post, methods=["POST"]),
                Route("/messages/{own_id}", self._state),
                Route("/messages/{own_id}", self._cancel, methods=["DELETE"]),
                Route("/inbox", self.inbox_page),
            ]
        )

    async def _health(self, _request: Request) -> Response:
        if self.is_off or self.is_mute:
            return Response(status_code=503)
        return self._answer({"status": "pass", "version": "1.40.0", "releaseId": 1, "checks": {}})

    async def _post(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        self.asked.append((await request.body()).decode())
        asked = await request.json()
        own_id, text = asked["id"], asked["textMessage"]["text"]
        if not text or not asked["phoneNumbers"]:
            return self._answer({"message": "empty"}, 400)
        if own_id in self.messages:
            return self._answer({"message": "already exists"}, 503 if self.is_mute else 409)
        state = "Failed" if self.fails else "Pending"
        self.messages[own_id] = {
            "id": own_id,
            "deviceId": "device",
            "state": state,
            "isHashed": False,
            "isEncrypted": False,
            "recipients": [{"phoneNumber": asked["phoneNumbers"][0], "state": state}],
            "states": {},
            "text": text,
        }
        if self.is_mute:
            return Response(status_code=503)
        if self.sends and not self.fails:
            self.sent.append((asked["phoneNumbers"][0], text))
            self.messages[own_id]["state"] = "Sent"
        return self._answer(self.messages[own_id] | {"state": "Pending"}, 202)

    async def _state(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        found = self.messages.get(request.path_params["own_id"])
        return self._answer({"message": "none"}, 404) if found is None else self._answer(found)

    async def _cancel(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        found = self.messages.get(request.path_params["own_id"])
        if found is None:
            return self._answer({"message": "none"}, 404)
        if found["state"] == "Pending":
            found["state"] = "Cancelled"
        return self._answer(found)

    async def inbox_page(self, request: Request) -> Response:
        """A page of its inbox."""
        if refusal := self._refusal(request):
            return refusal
        limit = int(request.query_params.get("limit", 50))
        offset = int(request.query_params.get("offset", 0))
        if not 1 <= limit <= 500:
            return self._answer({"message": "limit must be between 1 and 500"}, 400)
        until = request.query_params.get("to", self._date())
        seen = [came for came in self.inbox if came["createdAt"] <= until]
        page = self._answer(seen[offset : offset + limit])
        page.headers["X-Total-Count"] = str(len(seen))
        return page

    def _refusal(self, request: Request) -> Response | None:
        if self.is_off:
            return Response(status_code=503)
        known = base64.b64encode(f"{USER}:{self.password}".encode()).decode()
        if request.headers.get("Authorization") == f"Basic {known}":
            return None
        return Response(status_code=401)

    def _answer(self, body: object, status: int = 200) -> Response:
        headers = {"Date": formatdate(time.time() + self.clock_off_s, usegmt=True)}
        return JSONResponse(body, status, headers=headers)

    def _date(self) -> str:
        now = time.gmtime(time.time() + self.clock_off_s)
        return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", now)


@asynccontextmanager
async def old_phone(phone: Phone | None = None) -> AsyncIterator[Phone]:
    """A phone that serves while the block runs."""
    phone = phone or Phone()
    listening = listen("127.0.0.1", 0)
    phone.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = make_server(phone.app(), graceful_s=0)
    server.config.date_header = False  # it tells the phone's own time
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listening]))
        try:
            yield phone
        finally:
            server.should_exit = True

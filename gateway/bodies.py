"""Limits the size and the time of a request's body, which uvicorn and starlette do not.

Knows bytes, seconds, and where a body ends. Must not know what a body says.
"""

import asyncio

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.errors import RequestTimeout, TooLarge

IDLE_S = 30.0
WHOLE_S = 900.0


class BodyLimits:
    """ASGI middleware: whoever reads a body too large or too slow gets a `GatewayError`.

    What is left of a refused body is discarded by the server as it comes, so that a browser sees
    the answer and not a broken connection.

    Args:
        app: What reads bodies.
        max_bytes: Of one body.
        idle_s: Between two pieces of a body.
        whole_s: From a body's first piece to its last.
    """

    def __init__(
        self, app: ASGIApp, max_bytes: int, idle_s: float = IDLE_S, whole_s: float = WHOLE_S
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._idle_s = idle_s
        self._whole_s = whole_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and {"content-length", "transfer-encoding"} <= set(
            Headers(scope=scope)
        ):
            await _two_ends()(scope, receive, send)
            return
        if scope["type"] == "http":
            receive = self._limited(scope, receive)
        await self._app(scope, receive, send)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        announced = Headers(scope=scope).get("content-length", "")
        left_bytes = self._max_bytes - (int(announced) if announced.isdecimal() else 0)
        counted = not announced.isdecimal()
        ends_at = asyncio.get_running_loop().time() + self._whole_s
        whole = False

        async def limited() -> Message:
            nonlocal left_bytes, whole
            if whole:  # from here on, the only message is that the client went away
                return await receive()
            if left_bytes < 0:
                raise TooLarge
            now = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(min(self._idle_s, ends_at - now)):
                    message = await receive()
            except TimeoutError as error:
                raise RequestTimeout from error
            if message["type"] == "http.disconnect":
                raise RequestTimeout  # half-way: nobody will read the answer
            if counted:
                left_bytes -= len(message.get("body", b""))
                if left_bytes < 0:
                    raise TooLarge
            whole = not message.get("more_body", False)
            return message

        return limited


def _two_ends() -> ASGIApp:
    """Refuse a body that says twice where it ends: a proxy may believe the other (RFC 9112)."""
    words = "Content-Length and Transfer-Encoding exclude each other"
    body = {"ok": False, "error_code": 400, "description": f"Bad Request: {words}", "error": words}
    return JSONResponse(body, 400, headers={"Connection": "close"})

"""Compresses text for phones: the page and the history; the page's modules are elsewhere.

Knows which paths hold text. Pictures do not shrink.
"""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_TEXT_PATHS = ("/join", "/chat/messages")
_SMALL_BYTES = 1_000
_LEVEL = 5


class Compression:
    """ASGI middleware.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=_SMALL_BYTES, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        is_text = path == "/" or path.startswith(_TEXT_PATHS)
        app = self._compressing if scope["type"] == "http" and is_text else self._app
        await app(scope, receive, send)

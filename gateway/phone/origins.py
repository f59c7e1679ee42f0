"""Which requests the phone chat takes: those of this host's own pages, under this host's own name.

A page of another site can make a browser send requests here. Three checks stop it: the name under
which it reached this host (another name may be pointed here: "DNS rebinding"), where the request
says it comes from, and headers that forbid framing and foreign scripts.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.errors import Forbidden
from gateway.phone.portals import is_probe, to_join_page

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LAN_SUFFIXES = (".local", ".lan", ".home", ".home.arpa", ".internal", ".localdomain")
"""Names that only a router on the spot can give: nobody outside can point one here."""

_STATIC_PATH = "/static/"
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HTTPS_ALONE_S = 30 * 24 * 3600
"""How long a phone asks by HTTPS alone for a name at which it was served by HTTPS (HSTS)."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_OF_DOCUMENTS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
}
_PARTS = (".css", ".js")
"""Parts of a page, which is the document. Fifty come with the first load, 250 bytes less each."""


class OriginCheck:
    """ASGI middleware around the phone chat.

    Args:
        app: What is guarded.
        public_url: A further address under which phones reach this host.
    """

    def __init__(self, app: ASGIApp, public_url: str | None) -> None:
        self._app = app
        self._public_url = public_url
        self._public_host = (urlsplit(public_url or "").hostname or "").lower()
        self._public_place = urlsplit(public_url or "").netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                static = scope["path"].startswith(_STATIC_PATH)
                is_part = static and scope["path"].endswith(_PARTS)
                for name, value in (_HEADERS if is_part else _HEADERS | _OF_DOCUMENTS).items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", f"max-age={_HTTPS_ALONE_S}")
                headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
            await send(message)

        if is_probe(scope):
            await to_join_page(scope, self._public_url)(scope, receive, with_headers)
            return
        try:
            self._check(scope["method"], Headers(scope=scope))
        except Forbidden as error:
            refusal = JSONResponse({"error": str(error)}, error.status)
            await refusal(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)

    def _check(self, method: str, headers: Headers) -> None:
        host = headers.get("host", "")
        if not self._is_own(host):
            raise Forbidden("Open EdgeRad by the address that it printed at its start.")
        if method in _SAFE_METHODS:
            return
        origin = headers.get("origin")
        # a proxy may ask by another name than the page's, which then is the public one
        pages = {host.lower(), self._public_place or host.lower()}
        if origin is not None and origin.partition("://")[2].lower() not in pages:
            raise Forbidden
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise Forbidden

    def _is_own(self, host: str) -> bool:
        name = (_hostname(host) or "").lower().rstrip(".")
        if not name:
            return False
        return (
            "." not in name  # localhost, a machine's bare name, or IPv6
            or name.endswith(_LAN_SUFFIXES)
            or name == self._public_host
            or _is_address(name)
        )


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True

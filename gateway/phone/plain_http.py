"""The port without HTTPS beside one with it: phones get a page that helps them trust the clinic.

Knows which requests come from this machine. Must not know the chat.
"""

import re
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.certificates import Certificates
from gateway.phone.portals import is_probe
from gateway.server import is_trusted

CERTIFICATE_PATH = "/edgerad-ca.crt"
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::\d+)?")


class PlainHttp:
    """ASGI middleware around everything, on the port without HTTPS.

    Args:
        app: What this machine itself may ask for.
        certificates: What phones are to trust.
        port: Where HTTPS is.
    """

    def __init__(self, app: ASGIApp, certificates: Certificates, port: int) -> None:
        self._app = app
        self._certificates = certificates
        self._port = port
        self._templates = Jinja2Templates(directory=Path(__file__).parent / "templates")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if scope["type"] != "http" or self._is_passed_on(scope):
            await self._app(scope, receive, send)
        else:
            await self._answer(scope)(scope, receive, send)

    def _is_passed_on(self, scope: Scope) -> bool:
        client = scope.get("client")
        is_own = client is not None and is_trusted(client[0])
        return is_own or is_probe(scope) or scope["path"].startswith("/static/")

    def _answer(self, scope: Scope) -> Response:
        host = self._host(scope)
        if host is None:
            return JSONResponse({"error": "Open EdgeRad by the address that it printed."}, 403)
        if scope["method"] not in {"GET", "HEAD"}:
            return JSONResponse({"error": "Open EdgeRad by its https:// address."}, 403)
        if scope["path"] == CERTIFICATE_PATH:
            certificate = self._certificates.authority.public_bytes(Encoding.DER)
            return Response(certificate, media_type="application/x-x509-ca-cert")
        return self._page(scope, f"https://{host}:{self._port}")

    def _host(self, scope: Scope) -> str | None:
        """The host that is asked for, if it is this machine: nobody is led to another one's."""
        asked = _HOST.fullmatch(Headers(scope=scope).get("host", ""))
        if asked is None:
            return None
        host = asked[1].lower()
        own = {*self._certificates.names, scope["server"][0]}
        return host if host.strip("[]") in own else None

    def _page(self, scope: Scope, safe: str) -> Response:
        page = self._templates.TemplateResponse(
            Request(scope),
            "trust.html",
            {
                "safe": safe,
                "certificate": CERTIFICATE_PATH,
                "fingerprint": self._certificates.fingerprint,
            },
        )
        page.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src {safe}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        page.headers["Cache-Control"] = "no-store"
        page.headers["Referrer-Policy"] = "no-referrer"
        return page

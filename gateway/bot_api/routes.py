"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`.

Knows the token and the form of answers. What a method does is its own to know.
"""

import secrets
from collections.abc import Awaitable, Callable, Collection

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, request_response
from starlette.types import Receive, Scope, Send

from gateway.bot_api.call import Call
from gateway.bot_api.deliveries import Deliveries
from gateway.bot_api.flood import FloodControl
from gateway.bot_api.method import Method
from gateway.bot_api.methods import METHODS
from gateway.bot_api.parameters import Parameters, read_parameters
from gateway.bot_api.polling import Poller
from gateway.downloads import Download
from gateway.errors import (
    BadRequest,
    GatewayError,
    MethodNotAllowed,
    NotFound,
    TooManyRequests,
    Unauthorized,
)
from gateway.schemas.objects import JsonObject
from gateway.store.files import FileStore
from gateway.store.media import MediaStore
from gateway.store.plaintext_copies import PlaintextCopies
from gateway.store.store import ChatStore

_CALLS = frozenset({"GET", "POST"})
_LOOKS = frozenset({"GET", "HEAD"})


class BotApi:
    """The Bot API's endpoints.

    Args:
        store: What is stored.
        files: The bytes of pictures and documents.
        media: Takes pictures and documents in.
        token: The one bot's.
        flood: Counts messages, where a bot may not send as many as it likes.
        copies: Of files, where a bot on this machine is told their paths.
    """

    def __init__(
        self,
        *,
        store: ChatStore,
        files: FileStore,
        media: MediaStore,
        token: str,
        flood: FloodControl | None = None,
        copies: PlaintextCopies | None = None,
    ) -> None:
        self._store = store
        self._files = files
        self._media = media
        self._token = token
        self._flood = flood
        self._copies = copies
        self._poller = Poller(store)
        self._deliveries = Deliveries(store, self._call_named)

    def routes(self) -> list[Route]:
        """All routes of the Bot API."""
        paths = (
            ("/bot{token}/{method:path}", self.call),
            ("/file/bot{token}/{path:path}", self.file),
            ("/bot{rest:path}", _nothing),
            ("/file/bot{rest:path}", _nothing),
        )
        # each for every HTTP method: whatever is refused is refused in the Bot API's own words
        return [Route(path, _AnyMethod(endpoint)) for path, endpoint in paths]

    async def call(self, request: Request) -> Response:
        """Call a method."""
        try:
            _check_http_method(request, _CALLS)
            await self._check_token(request)
            method = METHODS.get(request.path_params["method"].lower())
            if method is None:
                raise NotFound("method not found")
            async with read_parameters(request, method.fields.read) as parameters:
                return JSONResponse({"ok": True, "result": await self._run(method, parameters)})
        except GatewayError as error:
            return _refusal(error)

    async def deliver(self) -> None:
        """Deliver updates wherever there is a webhook, until cancelled."""
        await self._deliveries.run()

    async def _call_named(self, answer: Request) -> object:
        """Call the method that a bot's answer to a delivery names, if it does."""
        async with read_parameters(answer, {"method"}) as parameters:
            method = METHODS.get(parameters.text("method").lower())
            if method is None:
                return None
            return await self._run(method, parameters.reading(method.fields.read))

    async def _run(self, method: Method, parameters: Parameters) -> object:
        if self._flood is not None and method.sends:
            self._flood.count(parameters.text("chat_id"))
        call = Call(
            parameters=parameters,
            store=self._store,
            media=self._media,
            poller=self._poller,
            deliveries=self._deliveries,
            copies=self._copies,
        )
        return await method(call)

    async def file(self, request: Request) -> Response:
        """Download a file."""
        try:
            _check_http_method(request, _LOOKS)
            await self._check_token(request)
            return await self._file_at(request.path_params["path"], request.headers.get("range"))
        except NotFound:  # clients take a 404 for a wrong token
            return _refusal(BadRequest("wrong file path"))
        except GatewayError as error:
            return _refusal(error)

    async def _file_at(self, path: str, wanted: str | None) -> Response:
        found = await self._store.files.at(path)
        if found is None:
            raise NotFound
        pieces = await self._files.read(found.path)
        return Download(pieces, found.size_bytes, "application/octet-stream", wanted=wanted)

    async def _check_token(self, request: Request) -> None:
        given = request.path_params["token"]
        if not secrets.compare_digest(given.encode(errors="replace"), self._token.encode()):
            await self._store.attempts.count()
            raise Unauthorized


class _AnyMethod:
    """An endpoint for every HTTP method: `Route` narrows a function's to GET."""

    def __init__(self, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
        self._app = request_response(endpoint)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self._app(scope, receive, send)


async def _nothing(_request: Request) -> Response:
    return _refusal(NotFound("there is nothing at this path"))


def _check_http_method(request: Request, allowed: Collection[str]) -> None:
    if request.method not in allowed:
        raise MethodNotAllowed(f"only by {' and '.join(sorted(allowed))}")


def _refusal(error: GatewayError) -> Response:
    body: JsonObject = {
        "ok": False,
        "error_code": error.status,
        "description": error.description,
    }
    headers = {}
    if isinstance(error, TooManyRequests):
        body["parameters"] = {"retry_after": error.retry_after_s}
        headers["Retry-After"] = str(error.retry_after_s)
    return JSONResponse(body, error.status, headers=headers)

"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`.

Knows the token and the form of answers. What a method does is its own to know.
"""

import secrets

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from gateway.bot_api.call import Call
from gateway.bot_api.methods import METHODS
from gateway.bot_api.parameters import read_parameters
from gateway.bot_api.polling import Poller
from gateway.errors import BadRequest, GatewayError, NotFound, Unauthorized
from gateway.store.files import FileStore
from gateway.store.media import MediaStore
from gateway.store.store import Store


class BotApi:
    """The Bot API's endpoints.

    Args:
        store: What is stored.
        files: The bytes of pictures and documents.
        media: Takes pictures and documents in.
        token: The one bot's.
    """

    def __init__(self, *, store: Store, files: FileStore, media: MediaStore, token: str) -> None:
        self._store = store
        self._files = files
        self._media = media
        self._token = token
        self._poller = Poller(store)

    def routes(self) -> list[Route]:
        """All routes of the Bot API."""
        return [
            Route("/bot{token}/{method:path}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.file, methods=["GET"]),
        ]

    async def call(self, request: Request) -> Response:
        """Call a method."""
        try:
            self._check_token(request)
            method = METHODS.get(request.path_params["method"].lower())
            if method is None:
                raise NotFound("method not found")
            async with read_parameters(request, method.fields.read) as parameters:
                call = Call(
                    parameters=parameters,
                    store=self._store,
                    media=self._media,
                    poller=self._poller,
                )
                return JSONResponse({"ok": True, "result": await method(call)})
        except GatewayError as error:
            return _refusal(error)

    async def file(self, request: Request) -> Response:
        """Download a file."""
        try:
            self._check_token(request)
            found = await self._store.file_at(request.path_params["path"])
            if found is None:  # clients take a 404 for a wrong token
                raise BadRequest("wrong file path")
        except GatewayError as error:
            return _refusal(error)
        return FileResponse(self._files.resolve(found.path), media_type="application/octet-stream")

    def _check_token(self, request: Request) -> None:
        given = request.path_params["token"]
        if not secrets.compare_digest(given.encode(errors="replace"), self._token.encode()):
            raise Unauthorized


def _refusal(error: GatewayError) -> Response:
    return JSONResponse(
        {"ok": False, "error_code": error.status, "description": error.description}, error.status
    )

"""What a phone asks of pictures and files that are not sent yet: a look at them, a small picture.

Knows requests and answers. Nothing of it is stored; a file is held a while, to be sent without
coming in again.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.phone import requests, uploads
from gateway.phone.held import HeldFiles
from gateway.phone.rates import Rates
from gateway.phone.sessions import Sessions
from gateway.schemas.records import UserId
from gateway.store.files import FileStore
from gateway.store.media import PREVIEW_BOXES_PX, MadeSize, MediaStore

PREVIEW_S = 20.0
"""How long the small picture of a file may take."""


class BeforeSending:
    """The endpoints of the page's preview.

    Args:
        sessions: Who asks.
        rates: How often one may ask.
        files: Knows how much room there is.
        media: Has pictures made.
        held: The files that came in and are not sent.
        max_upload_bytes: Of one message.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        rates: Rates,
        files: FileStore,
        media: MediaStore,
        held: HeldFiles,
        max_upload_bytes: int,
    ) -> None:
        self._sessions = sessions
        self._rates = rates
        self._files = files
        self._media = media
        self._held = held
        self._max_upload_bytes = max_upload_bytes

    async def look(self, request: Request) -> Response:
        """Where the film is in a photo that is not sent yet, and its faults; nothing is kept."""
        session = await self._sessions.open_of(request)
        self._rates.look(session)
        photo = await requests.read_small_picture(request)
        seen = await self._media.seen_in(photo, session.person.user_id)
        corners, faults = (None, None) if seen is None else (seen.film, seen.faults)
        return JSONResponse({"corners": corners, "faults": faults or ()})

    async def hold(self, request: Request) -> Response:
        """The small picture of a file that is not sent yet; the file is held for a while.

        Answers without one where none can be made of it in time.
        """
        session = await self._sessions.open_of(request)
        name = requests.client_id(request.path_params["name"])
        self._rates.look(session)
        announced_bytes = requests.announced_bytes(request)
        self._files.require_room(announced_bytes or self._max_upload_bytes)
        with self._rates.upload(session, announced_bytes):
            upload = await uploads.read_file(request)
            try:
                made = await self._small_sizes(upload, session.person.user_id)
                await self._sessions.open_of(request)  # not left, revoked or locked meanwhile
            except BaseException:
                await upload.close()
                raise
            await self._held.put(session, name, upload, made[0] if made else None)
        if made is None:
            return Response(status_code=204)
        return Response(made[-1].data, media_type="image/jpeg")

    async def let_go(self, request: Request) -> Response:
        """Hold a file no longer: it is not going to be sent."""
        session = await self._sessions.open_of(request)
        await self._held.drop(session, requests.client_id(request.path_params["name"]))
        return JSONResponse({})

    async def _small_sizes(self, upload: UploadFile, sender: UserId) -> Sequence[MadeSize] | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PREVIEW_S):
                return await self._media.small_sizes(upload, sender, PREVIEW_BOXES_PX)
        return None

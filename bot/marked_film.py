"""The film of an answer with a place marked on it, where the answer's own words name one.

Knows which answers may have it. Must not know how it is drawn or sent. An answer never waits long
for it, and never fails by it: what it shows is in the answer's words.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.domain.cases import Case
from bot.domain.messages import Attachment
from bot.locale import Translator, translator
from bot.replies import marked_film
from bot.store.claims import Claim
from bot.store.pictures import PictureFiles
from inference.contract import Reading
from pictures.errors import PictureProcessingError
from pictures.places import MarkWords, Place
from storage.errors import Damaged

PATIENCE_S = 5.0

MarkFilm = Callable[[Claim, Reading], Awaitable[Attachment | None]]
"""Makes the picture that goes out with an answer; None where there is none."""

log = logging.getLogger(__name__)


class Pen(Protocol):
    """Draws on films: `pictures.PictureProcess`."""

    async def marked(self, data: bytes, place: Place, words: MarkWords) -> bytes:
        """Mark a place on a chest film; raise `PictureProcessingError` where that fails."""
        ...


class FilmMarker:
    """Marks films."""

    def __init__(self, files: PictureFiles, pen: Pen) -> None:
        self._files = files
        self._pen = pen

    async def mark(self, claim: Claim, reading: Reading) -> Attachment | None:
        """Mark the place that a first reading names; see `MarkFilm`."""
        if claim.question is not None:
            return None
        film = await self.film(claim.case, reading, translator(claim.language))
        return None if film is None else Attachment(file_name=f"{claim.case.code}.jpg", data=film)

    async def film(self, case: Case, reading: Reading, t: Translator) -> bytes | None:
        """The film of a case with the place marked on it that its reading names.

        Returns:
            A JPEG; None where no place may be marked, or that fails.
        """
        place = marked_film.place_of(case, reading)
        if place is None:
            return None
        (picture,) = case.pictures
        try:
            async with asyncio.timeout(PATIENCE_S):
                data = await self._files.get(picture.read)
                return await self._pen.marked(data, place, marked_film.words(case, place, t))
        except (PictureProcessingError, TimeoutError, FileNotFoundError, Damaged) as error:
            log.warning("%s has no marked film: %s", case.code, type(error).__name__)
            return None

"""A case as a file to print: its report, with its pictures and the marked film.

Whoever may open a case may have its report, and it is noted like a look at it. Nothing is decoded
in the bot's own process, and the file is put together beside its loop.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.cases import Case
from bot.domain.ids import CaseId
from bot.domain.messages import About, Attachment, MessageRole
from bot.domain.series import is_series, spread
from bot.handlers import history
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button
from bot.locale import Translator, translator
from bot.marked_film import FilmMarker
from bot.replies import cases, marked_film, paper, people, printed
from bot.replies.buttons import Action
from bot.replies.paper import Shown
from bot.replies.printed import Pictures
from inference.contract import Reading
from pictures.errors import PictureProcessingError
from pictures.picture import Rendition
from storage.errors import Damaged

MOST_PICTURES = 4
LONGEST_PX = 1000
"""Some 300 to an inch, as large as a picture stands on the page."""
SMALLER_PX = 500

log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the button for a report."""
    return [on_button(Action.REPORT, send_report)]


async def send_report(press: Press, context: Context) -> str | None:
    """Send the report of the case whose button was pressed."""
    t = translator(context.language)
    case = await history.visible_case(CaseId(press.number(0)), context)
    if case is None:
        return people.stale_button(t)
    await history.look(case, context)
    known = await history.known_of(case, context)
    sheet = printed.sheet(
        case,
        known,
        await _pictures(case, context, t),
        t,
        clinic=context.services.settings.clinic,
        reader=context.sender,
        now=context.services.clock.now(),
    )
    file = await asyncio.to_thread(paper.pdf, sheet)
    await context.say(
        printed.sent(case, known, t),
        attachment=Attachment(file_name=f"{case.code}.pdf", data=file),
        about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
        entry=context.actor.does(Act.EXPORTED, case.code),
    )
    return None


async def _pictures(case: Case, context: Context, t: Translator) -> Pictures:
    """The pictures of a case and the marked film; those that can be made."""
    of_case = spread(case.pictures, MOST_PICTURES) if is_series(case) else case.pictures
    shown: list[Shown] = []
    for picture in of_case[:MOST_PICTURES]:
        name = cases.picture_name(case, case.pictures.index(picture), t)
        try:
            data = await context.services.store.pictures.get(picture.name)
        except (FileNotFoundError, Damaged) as error:
            log.warning("a picture of %s is not printed: %s", case.code, type(error).__name__)
            continue
        shown += await _shown(data, name, context)
    if case.reading is None or not shown:
        return Pictures(shown=shown)
    return Pictures(
        shown=shown,
        film=await _film(case, case.reading, context, t),
        names_place=marked_film.place_of(case, case.reading) is not None,
    )


async def _film(case: Case, reading: Reading, context: Context, t: Translator) -> list[Shown]:
    """The marked film, none where no place may be marked or that fails."""
    marker = FilmMarker(context.services.store.pictures, context.services.pictures)
    bare = replace(case, withdrawal=None)  # the page says it across each picture
    film = await marker.film(bare, reading, t)
    if film is None:
        return []
    return await _shown(film, marked_film.explained(case, reading, t), context)


async def _shown(data: bytes, words: str, context: Context) -> list[Shown]:
    """A picture as large as it is printed, none where that fails."""

    async def read() -> bytes:
        return data

    try:
        sizes: Sequence[Rendition] = await context.services.pictures.photo_sizes(
            read, (SMALLER_PX, LONGEST_PX)
        )
    except PictureProcessingError:
        return []
    return [Shown(picture=sizes[-1], words=words)]

"""What became of a case is said on its answer: agreed with, disputed, corrected, withdrawn.

Knows where an answer stands. Must not know what is said there.
"""

from bot.answers import film_again, film_name, restated
from bot.domain.ids import CaseId
from bot.handlers.context import Context
from bot.locale import translator
from bot.marked_film import FilmMarker


async def restate(case_id: CaseId, context: Context) -> None:
    """Bring the messages of a case's answer up to date; once for each update."""
    store = context.services.store
    case, told = await store.cases.get(case_id), await store.readings.answer_messages(case_id)
    if case is None or case.reading is None or not told:
        return
    reviewer = None if case.reviewed_by is None else await store.people.find(case.reviewed_by)
    name = None if reviewer is None else reviewer.name
    await store.outbox.add(*restated(case, case.reading, name, told, context.actor.occasion))


async def restate_withdrawal(case_id: CaseId, context: Context) -> None:
    """Bring an answer up to date, and the film that went out with it; once for each update."""
    await restate(case_id, context)
    store, case = context.services.store, await context.services.store.cases.get(case_id)
    if case is None or case.reading is None:
        return
    sent = film_name(case)
    if sent not in await store.outbox.keys(sent):
        return  # none went out, or so long ago that delivered messages are kept no more
    marker = FilmMarker(store.pictures, context.services.pictures)
    film = await marker.film(case, case.reading, translator(case.language))
    if film is not None:
        occasion = context.actor.occasion
        await store.outbox.add(film_again(case, case.reading, film, occasion))

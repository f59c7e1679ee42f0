"""What became of a case is said on its answer: agreed with, disputed, corrected, withdrawn.

Knows where an answer stands. Must not know what is said there.
"""

from dataclasses import replace
from datetime import datetime

from bot.answers import FILM, film_again, restated
from bot.domain.cases import Case
from bot.domain.ids import CaseId
from bot.handlers.context import Context
from bot.locale import translator
from bot.marked_film import FilmMarker
from inference.contract import Reading


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
    """Bring an answer up to date, and each film that went out; once for each update."""
    await restate(case_id, context)
    store, case = context.services.store, await context.services.store.cases.get(case_id)
    if case is None:
        return
    known = await store.outbox.stored_at(f"reading:{case.reading_id}:")
    sent = {key: when for key, when in known.items() if key.endswith(FILM)}
    if not sent:
        return  # none went out, or so long ago that delivered messages are kept no more
    drawn_from = await _readings(case, context)
    marker = FilmMarker(store.pictures, context.services.pictures)
    as_sent = replace(case, side=None, kind=None)  # no correction since moves its mark
    for key, when in sent.items():
        made = drawn_from.get(when)
        film = made and await marker.film(as_sent, made, translator(case.language))
        if made and film:
            await store.outbox.add(film_again(as_sent, made, film, key, context.actor.occasion))


async def _readings(case: Case, context: Context) -> dict[datetime, Reading]:
    """The readings of a case, also those that later ones replaced, by when they were stored."""
    earlier = await context.services.store.corrections.earlier_readings(case.case_id)
    found = {each.answered_at: each.reading for each in earlier}
    if case.reading is not None and case.answered_at is not None:
        found[case.answered_at] = case.reading
    return found

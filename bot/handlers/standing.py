"""What became of a case is said on its answer: agreed with, disputed, corrected, withdrawn.

Knows where an answer stands. Must not know what is said there.
"""

from bot.answers import restated
from bot.domain.ids import CaseId
from bot.handlers.context import Context


async def restate(case_id: CaseId, context: Context) -> None:
    """Bring the messages of a case's answer up to date; once for each update."""
    store = context.services.store
    case, told = await store.cases.get(case_id), await store.readings.answer_messages(case_id)
    if case is None or case.reading is None or not told:
        return
    reviewer = None if case.reviewed_by is None else await store.people.find(case.reviewed_by)
    name = None if reviewer is None else reviewer.name
    await store.outbox.add(*restated(case, case.reading, name, told, context.actor.occasion))

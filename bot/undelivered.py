"""An answer that the server will never take: supervisors are told, so that somebody passes it on.

Knows which messages matter to a patient. Must not know the Bot API.
"""

from bot.domain.messages import About, MessageRole, Outgoing
from bot.locale import translator
from bot.replies import queue
from bot.store import Store


async def tell_supervisors(lost: Outgoing, store: Store) -> None:
    """Store a notice for every supervisor but the reader; only for answers, and once for each.

    Args:
        lost: The message that was given up.
        store: Where the notices go.
    """
    about = lost.about
    if about is None or about.role is not MessageRole.ANSWER or lost.is_edit:
        return
    case = await store.cases.of_reading(about.reading_id)
    if case is None:
        return
    notices = [
        Outgoing(
            key=f"{lost.key}:lost:{person.user_id}",
            chat_id=person.chat_id,
            reply=queue.not_delivered(case, translator(person.language)),
            about=About(reading_id=about.reading_id, role=MessageRole.NOTICE),
        )
        for person in await store.people.supervisors()
        if person.chat_id != lost.chat_id
    ]
    await store.outbox.add(*notices)

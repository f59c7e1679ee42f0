"""The messages about a reading: its answer or an apology, and notices to supervisors.

Knows a claim, its recipients' languages and the replies. Must not know how a reading is made.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from bot.domain.cases import Case
from bot.domain.comparisons import FilmPair
from bot.domain.messages import About, Attachment, MessageRole, Outgoing, Reply, Told
from bot.domain.people import Person
from bot.domain.phones import Phone
from bot.locale import Translator, translator
from bot.replies import comparison, corrections, marked_film, queue, reading, sms
from bot.replies.standing import standing
from bot.store.claims import Claim
from inference.contract import EngineInfo, Reading, ScoredUrgency

FILM = ":film"
"""How the key of a film ends that goes out with an answer."""


def answers(claim: Claim, made: Reading, film: Attachment | None = None) -> list[Outgoing]:
    """Write the answer to the sender.

    Args:
        film: The picture with the place marked on it that the answer names.
    """
    t = translator(claim.language)
    if claim.films is not None:
        replies = comparison.answer(claim.case, claim.films.with_, made, t)
    elif claim.question is None:
        replies = reading.answer(claim.case, made, t)
        replies = corrections.answer_with_buttons(replies, claim.case, t)
    else:
        replies = reading.follow_up_answer(claim.case, claim.question, made, t)
    first, *more = (
        _to_asker(claim, f"answer:{number}", reply, MessageRole.ANSWER)
        for number, reply in enumerate(replies)
    )
    return [
        first,
        *more,
        *([] if film is None else [_film(claim, made, film, t)]),
        _closing(claim, queue.answered(claim.case, t), gives_way_to=first.key),
    ]


def restated(
    case: Case, made: Reading, reviewer: str | None, told: Sequence[Told], occasion: str
) -> list[Outgoing]:
    """Edit an answer to what became of it since, in as many messages as it takes now.

    Args:
        reviewer: What whoever signed the case off calls themselves.
        told: The answer's messages.
        occasion: What the edits are known by: they are made once for each.
    """
    t = translator(case.language)
    replies = reading.answer(case, made, t, standing=standing(case, reviewer, t))
    replies = corrections.answer_with_buttons(replies, case, t)
    about = About(reading_id=case.reading_id, role=MessageRole.ANSWER)
    edits = [
        Outgoing(
            key=f"{occasion}:answer:{number}",
            chat_id=case.chat_id,
            reply=reply,
            about=about,
            edits=None if place is None else place.message_id,
            edits_key=None if place is None else place.key,
        )
        for number, (place, reply) in enumerate(zip_longest(told[: len(replies)], replies))
        if reply is not None
    ]
    first = edits[0]
    surplus = [
        replace(
            first,
            key=f"{first.key}:over:{number}",
            edits=place.message_id,
            edits_key=place.key,
            gives_way_to=first.key,
        )
        for number, place in enumerate(told[len(replies) :])
    ]
    return [*edits, *surplus]


def _film(claim: Claim, made: Reading, film: Attachment, t: Translator) -> Outgoing:
    """A notice beside the answer: it is drawn from the answer's words, and says nothing more."""
    return Outgoing(
        key=f"{claim.name}{FILM}",
        chat_id=claim.chat_id,
        reply=marked_film.caption(claim.case, made, t),
        reply_to=claim.message_id,
        about=About(reading_id=claim.reading_id, role=MessageRole.NOTICE),
        attachment=film,
    )


def film_again(case: Case, made: Reading, film: bytes, sent: str, occasion: str) -> Outgoing:
    """Put a film in the place of the one that was sent: withdrawn, or back.

    Args:
        made: The reading that it was drawn from.
        film: The film as it is marked now.
        sent: The key of the one that was sent.
        occasion: What the edit is known by.
    """
    return Outgoing(
        key=f"{occasion}:{sent}",
        chat_id=case.chat_id,
        reply=marked_film.caption(case, made, translator(case.language)),
        about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
        attachment=Attachment(file_name=f"{case.code}.jpg", data=film),
        edits_key=sent,
    )


def answered_by_sms(claim: Claim, phone: Phone | None) -> list[Outgoing]:
    """Tell a sender who left the Wi-Fi that there is an answer; nobody without a number."""
    if phone is None or not phone.is_reached or claim.question is not None:
        return []
    return [
        Outgoing(
            key=f"answered:{claim.case.case_id}:sms",
            chat_id=phone.chat_id,
            reply=sms.answered(claim.case, translator(claim.language)),
            about=About(reading_id=claim.reading_id, role=MessageRole.NOTICE),
            is_sms=True,
            unless_here=claim.chat_id,
        )
    ]


def alarm(claim: Claim, made: Reading, person: Person, has_it: bool) -> Outgoing:
    """Write to a supervisor of a case that is urgent.

    Args:
        has_it: Whether this person has taken it already.
    """
    return Outgoing(
        key=f"{claim.name}:notice:{person.user_id}",
        chat_id=person.chat_id,
        reply=reading.urgent_notice(claim.case, made, _t(person), has_it=has_it),
        about=About(reading_id=claim.reading_id, role=MessageRole.ALARM),
    )


def apologies(claim: Claim, told: Sequence[Person]) -> list[Outgoing]:
    """Write to the sender, and to the supervisors in `told`, that there will be no answer."""
    reply = _apology(claim, translator(claim.language))
    apology = _to_asker(claim, "failed", reply, MessageRole.NOTICE)
    return [
        apology,
        _closing(claim, Reply(text=reply.text), gives_way_to=apology.key),
        *(_notice(claim, person, queue.failed_notice(claim.case, _t(person))) for person in told),
    ]


def comparison_offer(claim: Claim, films: FilmPair) -> Outgoing:
    """Ask the sender whether to compare the film with an older one."""
    reply = comparison.offer(claim.case, films.with_, translator(claim.language))
    return _to_asker(claim, "compare", reply, MessageRole.NOTICE)


def early_alarm(
    claim: Claim, scored: ScoredUrgency, engine: EngineInfo | None, person: Person, has_it: bool
) -> Outgoing:
    """Write to a supervisor how urgent a case looks before its text is complete.

    A later attempt sends it again only if the case looks graver then: the urgency is in the key.

    Args:
        has_it: Whether this person has taken it already.
    """
    return Outgoing(
        key=f"reading:{claim.reading_id}:early:{scored.urgency}:{person.user_id}",
        chat_id=person.chat_id,
        reply=reading.early_notice(claim.case, scored, engine, _t(person), has_it=has_it),
        about=About(reading_id=claim.reading_id, role=MessageRole.ALARM),
    )


def _apology(claim: Claim, t: Translator) -> Reply:
    if claim.films is not None:
        return comparison.failed(claim.case, claim.films.with_, t)
    words = queue.failed if claim.question is None else queue.question_failed
    return words(claim.case, t)


def _to_asker(claim: Claim, name: str, reply: Reply, role: MessageRole) -> Outgoing:
    return Outgoing(
        key=f"{claim.name}:{name}",
        chat_id=claim.chat_id,
        reply=reply,
        reply_to=claim.message_id,
        about=About(reading_id=claim.reading_id, role=role),
    )


def _closing(claim: Claim, reply: Reply, gives_way_to: str) -> Outgoing:
    """The end of the "received" message: what it told of takes its place."""
    return Outgoing(
        key=f"{claim.name}:closing",
        chat_id=claim.chat_id,
        reply=reply,
        about=About(reading_id=claim.reading_id, role=MessageRole.RECEIVED),
        edits_received=True,
        gives_way_to=gives_way_to,
    )


def _notice(claim: Claim, person: Person, reply: Reply) -> Outgoing:
    return Outgoing(
        key=f"{claim.name}:notice:{person.user_id}",
        chat_id=person.chat_id,
        reply=reply,
        about=About(reading_id=claim.reading_id, role=MessageRole.NOTICE),
    )


def _t(person: Person) -> Translator:
    return translator(person.language)

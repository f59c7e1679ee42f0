"""The queue of readings: leases, fencing, legal transitions, order, waits."""

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2

from bot.domain.audit import Actor
from bot.domain.cases import TRANSITIONS, CaseStatus, QueuePosition
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.errors import StaleClaim
from bot.store.claims import MAX_CRASHES, Claim
from inference.contract import Language, ScoredUrgency, Turn, Urgency
from storage.database import Transaction
from storage.migrations import scripts_of
from tests.bot_world import Clinic, actor, reading

LEASE = timedelta(seconds=60)


async def test_a_claim_takes_the_oldest_case_first(ward: Clinic) -> None:
    sender = await ward.enrol(7)
    first, second = await ward.open_case(sender), await ward.open_case(sender)
    claims = [await ward.store.claims.take(LEASE) for _ in range(3)]
    assert [c and c.case.case_id for c in claims] == [first.case_id, second.case_id, None]


async def test_two_claims_at_once_never_take_the_same_reading(ward: Clinic) -> None:
    sender = await ward.enrol(7)
    await ward.open_case(sender)
    claims = await asyncio.gather(*(ward.store.claims.take(LEASE) for _ in range(5)))
    assert sum(claim is not None for claim in claims) == 1


async def test_a_result_under_an_older_claim_is_refused_and_nothing_of_it_stays(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    case = await ward.open_case(sender)
    stale = await ward.store.claims.take(LEASE)
    ward.clock.advance(61)
    await ward.store.claims.sweep()
    current = await ward.store.claims.take(LEASE)
    assert stale is not None
    assert current is not None
    message = Outgoing(key="late", chat_id=case.chat_id, reply=Reply(text="late"))
    with pytest.raises(StaleClaim):
        await ward.store.claims.complete(stale, reading(), [message])
    assert not await ward.store.outbox.knows("late")
    assert not await ward.store.claims.heartbeat(stale, LEASE)
    await ward.store.claims.complete(current, reading(), [message])
    assert await ward.store.outbox.knows("late")


async def test_a_reading_and_its_reply_are_stored_together_or_not_at_all(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    about = About(reading_id=ReadingId(999), role=MessageRole.ANSWER)
    broken = Outgoing(key="x", chat_id=case.chat_id, reply=Reply(text="x"), about=about)
    with pytest.raises(dbapi2.IntegrityError):
        await ward.store.claims.complete(claim, reading(), [broken])
    stored = await ward.store.cases.get(case.case_id)
    assert stored is not None
    assert stored.status is CaseStatus.READING
    assert stored.reading is None


async def test_a_heartbeat_keeps_a_claim_beyond_its_first_lease(ward: Clinic) -> None:
    await ward.open_case(await ward.enrol(7))
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    ward.clock.advance(50)
    assert await ward.store.claims.heartbeat(claim, LEASE)
    ward.clock.advance(50)
    assert await ward.store.claims.sweep() == ()
    assert await ward.store.claims.take(LEASE) is None


async def _crash(ward: Clinic) -> tuple[Claim, ...]:
    """Claim what is next, and find its lease run out at the next start."""
    assert await ward.store.claims.take(LEASE) is not None
    await ward.store.claims.expire_leases()
    return await ward.store.claims.sweep()


async def test_crashes_cost_a_reading_no_attempt_and_the_first_no_time(ward: Clinic) -> None:
    await ward.open_case(await ward.enrol(7))
    assert await _crash(ward) == ()
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    assert claim.failures == 0


async def test_a_reading_that_crashed_again_lets_the_others_go_first(ward: Clinic) -> None:
    amina = await ward.enrol(7)
    first, second = await ward.open_case(amina), await ward.open_case(amina)
    for _ in range(2):
        await _crash(ward)
    other = await ward.store.claims.take(LEASE)
    ward.clock.advance(60)
    again = await ward.store.claims.take(LEASE)
    assert other is not None
    assert again is not None
    assert (other.case.case_id, again.case.case_id) == (second.case_id, first.case_id)


async def test_a_reading_that_crashed_too_often_is_handed_over_to_be_failed(
    ward: Clinic,
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    exhausted: tuple[Claim, ...] = ()
    for _ in range(MAX_CRASHES):
        assert exhausted == ()
        exhausted = await _crash(ward)
        ward.clock.advance(60)
    assert [claim.case.case_id for claim in exhausted] == [case.case_id]
    await ward.store.claims.fail(exhausted[0], "LeaseExpired", [])
    failed = await ward.store.cases.get(case.case_id)
    assert failed is not None
    assert (failed.status, failed.failure) == (CaseStatus.FAILED, "LeaseExpired")


async def test_a_failed_case_can_be_queued_again_with_new_attempts(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    await ward.store.claims.fail(claim, "RequestRefused", [])
    assert await ward.store.readings.requeue(case.reading_id, by=Actor.at_the_machine())
    assert not await ward.store.readings.requeue(case.reading_id, by=Actor.at_the_machine())
    again = await ward.store.claims.take(LEASE)
    assert again is not None
    assert (again.attempt, again.failures) == (2, 0)


async def test_a_clean_stop_costs_no_attempt_but_fences_off_the_old_claim(ward: Clinic) -> None:
    await ward.open_case(await ward.enrol(7))
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    await ward.store.claims.release(claim)
    again = await ward.store.claims.take(LEASE)
    assert again is not None
    assert again.failures == 0
    with pytest.raises(StaleClaim):
        await ward.store.claims.complete(claim, reading(), [])


async def test_a_reading_being_made_can_be_taken_back_by_its_sender_alone(ward: Clinic) -> None:
    amina, other = await ward.enrol(7), await ward.enrol(8)
    case = await ward.open_case(amina)
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    assert not await ward.store.readings.cancel(case.reading_id, [], by=actor(other))
    assert await ward.store.readings.cancel(case.reading_id, [], by=actor(amina))
    assert not await ward.store.claims.heartbeat(claim, LEASE)
    assert not await ward.store.readings.cancel(case.reading_id, [], by=actor(amina))


@pytest.mark.parametrize("before", list(CaseStatus))
@pytest.mark.parametrize("after", list(CaseStatus))
async def test_the_database_itself_refuses_every_illegal_transition(
    ward: Clinic, before: CaseStatus, after: CaseStatus
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    move = (
        "UPDATE readings SET status = :to, text = CASE :to WHEN 'answered' THEN 'x' END,"
        " lease_expires_at = CASE :to WHEN 'reading' THEN 1.0 END WHERE reading_id = :id"
    )

    def begin(tx: Transaction) -> None:
        tx.run("DROP TRIGGER readings_legal_transition")
        tx.run(move, to=before, id=case.reading_id)
        tx.run(_trigger())

    await ward.database.write(begin)
    is_legal = after is before or after in TRANSITIONS[before]
    refused = pytest.raises(dbapi2.IntegrityError, match="illegal transition")
    with nullcontext() if is_legal else refused:
        await ward.database.write(lambda tx: tx.run(move, to=after, id=case.reading_id))


def _trigger() -> str:
    named = "CREATE TRIGGER readings_legal_transition"
    scripts = [script for script in scripts_of("bot.store") if named in script]
    sql = scripts[-1]
    start = sql.index(named)
    return sql[start : sql.index("END;", start) + 4]


async def test_a_place_counts_those_ahead_and_judges_the_wait_by_the_newest_engine(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    cases = [await ward.open_case(sender) for _ in range(3)]
    assert await ward.store.queue_positions.place(cases[2].reading_id) == QueuePosition(
        ahead=2, wait_s=None
    )
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    await ward.store.claims.complete(claim, reading(), [])
    place = await ward.store.queue_positions.place(cases[2].reading_id)
    assert place == QueuePosition(ahead=1, wait_s=25.0)


async def test_those_who_are_read_at_once_share_a_round_of_the_wait(ward: Clinic) -> None:
    sender = await ward.enrol(7)
    cases = [await ward.open_case(sender) for _ in range(6)]
    claims = [await ward.store.claims.take(LEASE) for _ in range(3)]
    assert claims[0] is not None
    await ward.store.claims.complete(claims[0], reading(), [])
    place = await ward.store.queue_positions.place(cases[5].reading_id)
    assert place == QueuePosition(ahead=4, wait_s=37.5)  # two rounds of two before it, and its own


async def test_how_long_a_case_takes_is_not_judged_by_brief_answers_to_questions(
    ward: Clinic,
) -> None:
    """Their limit is half as long and their picture seen already: a case was promised too soon."""
    case = await ward.open_case(await ward.enrol(7))
    for number in range(3):
        claim = await ward.store.claims.take(LEASE)
        assert claim is not None
        made = reading("left", follow_up=True) if number else reading()
        brief = replace(made, duration_s=1.0) if number else made
        await ward.store.claims.complete(claim, brief, [])
        await _ask(ward, case.case_id, "Which side?", 500 + number)
    assert await ward.store.queue_positions.typical_s() == 12.5


async def test_a_question_waits_in_the_same_queue_with_all_earlier_turns(ward: Clinic) -> None:
    sender = await ward.enrol(7)
    case = await ward.open_case(sender)
    for number, question in enumerate(["Which side?", "How large?"]):
        claim = await ward.store.claims.take(LEASE)
        assert claim is not None
        await ward.store.claims.complete(claim, reading("left", follow_up=number > 0), [])
        await _ask(ward, case.case_id, question, 500 + number)
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    assert claim.question == "How large?"
    assert claim.history == (Turn(question="Which side?", answer="left"),)
    assert claim.case.reading is not None
    assert [f.question for f in await ward.store.cases.follow_ups(case.case_id)] == [
        "Which side?",
        "How large?",
    ]


async def test_a_question_about_an_urgent_case_goes_before_cases_nobody_has_seen(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    urgent = await ward.open_case(sender)
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    await ward.store.claims.complete(claim, reading(), [])
    waiting = await ward.open_case(sender)
    question = await _ask(ward, urgent.case_id, "Which side?", 500)
    assert question is not None
    assert (await ward.store.queue_positions.place(question)).ahead == 0
    assert (await ward.store.queue_positions.place(waiting.reading_id)).ahead == 1
    order = [await ward.store.claims.take(LEASE) for _ in range(2)]
    assert [claim and claim.reading_id for claim in order] == [question, waiting.reading_id]


async def test_a_case_that_looked_critical_and_was_put_back_goes_first(ward: Clinic) -> None:
    sender = await ward.enrol(7)
    cases = [await ward.open_case(sender) for _ in range(3)]
    claims = [await ward.store.claims.take(LEASE) for _ in range(2)]
    assert claims[0] is not None
    assert claims[1] is not None
    scored = ScoredUrgency(urgency=Urgency.CRITICAL, margin=1.0)
    await ward.store.claims.raise_alarm(claims[1], scored, ward.raised(claims[1], reading()))
    for claim in (claims[0], claims[1]):
        await ward.store.claims.release(claim)
    again = [await ward.store.claims.take(LEASE) for _ in range(3)]
    expected = [cases[1].reading_id, cases[0].reading_id, cases[2].reading_id]
    assert [claim and claim.reading_id for claim in again] == expected


async def test_the_same_message_asks_only_once(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    assert await _ask(ward, case.case_id, "Which side?", 500) is not None
    assert await _ask(ward, case.case_id, "Which side?", 500) is None


async def _ask(ward: Clinic, case_id: int, question: str, message_id: int) -> ReadingId | None:
    case = next(c for c in [await ward.store.cases.get(CaseId(case_id))] if c is not None)

    def received(reading_id: ReadingId, _place: QueuePosition) -> Outgoing:
        return Outgoing(key=f"q{reading_id}", chat_id=case.chat_id, reply=Reply(text="received"))

    return await ward.store.readings.ask(
        case,
        question,
        asked_by=case.sender_id,
        chat_id=ChatId(case.chat_id),
        message_id=MessageId(message_id),
        language=Language.ENGLISH,
        by=Actor.at_the_machine(),
        received=received,
    )


async def test_nobody_whose_access_was_taken_away_is_shown_a_readings_progress(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    await ward.open_case(sender)
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    delivery = await ward.store.outbox.take([])
    assert delivery is not None
    await ward.store.outbox.sent(delivery, MessageId(50))
    assert await ward.store.claims.received_message(claim) == 50
    await ward.store.people.revoke(sender.user_id, by=Actor.at_the_machine())
    assert await ward.store.claims.received_message(claim) is None

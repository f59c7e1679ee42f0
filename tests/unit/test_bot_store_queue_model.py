"""Whatever order things happen in: nothing is lost, nothing is answered twice.

Hypothesis drives the queue with arrivals, claims, results, losses and power cuts against a model.
"""

import asyncio
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.cases import CaseStatus
from bot.domain.ids import ReadingId
from bot.domain.messages import Outgoing, Reply
from bot.domain.people import Person
from bot.errors import StaleClaim
from bot.store.claims import MAX_CRASHES, Claim
from bot.store.listing import CaseFilter
from tests.bot_world import Clinic, actor, clinic, reading

LEASE = timedelta(seconds=60)


class Queue(RuleBasedStateMachine):
    """The store's queue beside what a reader of its documentation would expect."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.opened = clinic(Path(self.folder.name), in_memory=True)
        self.ward: Clinic = self.runner.run(self.opened.__aenter__())
        self.sender: Person = self.runner.run(self.ward.enrol(7))
        self.expected: dict[ReadingId, CaseStatus] = {}
        self.claims: list[Claim] = []
        self.crashes: Counter[ReadingId] = Counter()
        self.answers = 0

    def teardown(self) -> None:  # type: ignore[explicit-override]  # hypothesis asks for this name
        self.runner.run(self.opened.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()

    @rule()
    def arrive(self) -> None:
        case = self.runner.run(self.ward.open_case(self.sender))
        self.expected[case.reading_id] = CaseStatus.WAITING

    @rule()
    def claim(self) -> None:
        claim = self.runner.run(self.ward.store.claims.take(LEASE))
        waiting = [i for i, status in self.expected.items() if status is CaseStatus.WAITING]
        ready = [i for i in waiting if self.crashes[i] < 2]  # the others may wait a while longer
        if claim is None:
            assert not ready
            return
        assert claim.reading_id in waiting
        assert claim.reading_id <= min(ready, default=claim.reading_id)
        self.expected[claim.reading_id] = CaseStatus.READING
        self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), answered=st.booleans())
    def finish(self, data: st.DataObject, answered: bool) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        held = self._is_held(claim)
        try:
            self.runner.run(self._finish(claim, answered=answered))
        except StaleClaim:
            assert not held
            return
        assert held
        self.answers += answered
        again = CaseStatus.WAITING
        self.expected[claim.reading_id] = CaseStatus.ANSWERED if answered else again

    @rule(seconds=st.sampled_from([10, 61]))
    def let_time_pass_and_sweep(self, seconds: int) -> None:
        self.ward.clock.advance(seconds)
        self._sweep()

    @rule()
    def cut_the_power(self) -> None:
        self.runner.run(self.ward.store.claims.expire_leases())
        self._sweep()
        assert CaseStatus.READING not in self.expected.values()

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        reading_id = data.draw(st.sampled_from(sorted(self.expected)))
        done = self.runner.run(
            self.ward.store.readings.cancel(reading_id, [], by=actor(self.sender))
        )
        is_open = self.expected[reading_id] in {CaseStatus.WAITING, CaseStatus.READING}
        assert done == is_open
        if done:
            self.expected[reading_id] = CaseStatus.CANCELLED

    @invariant()
    def every_reading_stands_where_the_model_says(self) -> None:
        assert self.runner.run(self._statuses()) == self.expected

    def _sweep(self) -> None:
        for claim in self.runner.run(self.ward.store.claims.sweep()):
            assert self.crashes[claim.reading_id] == MAX_CRASHES - 1
            self.runner.run(self.ward.store.claims.fail(claim, "LeaseExpired", []))
            self.expected[claim.reading_id] = CaseStatus.FAILED
        for reading_id, status in self.runner.run(self._statuses()).items():
            if self.expected[reading_id] is CaseStatus.READING:
                assert status in {CaseStatus.READING, CaseStatus.WAITING}
                self.expected[reading_id] = status
                self.crashes[reading_id] += status is CaseStatus.WAITING

    def _is_held(self, claim: Claim) -> bool:
        newest = max(c.attempt for c in self.claims if c.reading_id == claim.reading_id)
        reading_now = self.expected[claim.reading_id] is CaseStatus.READING
        return reading_now and claim.attempt == newest

    async def _finish(self, claim: Claim, *, answered: bool) -> None:
        if not answered:
            await self.ward.store.claims.release(claim)
            return
        key = f"answer:{claim.reading_id}"
        message = Outgoing(key=key, chat_id=claim.chat_id, reply=Reply(text="answer"))
        await self.ward.store.claims.complete(claim, reading(), [message])

    async def _statuses(self) -> dict[ReadingId, CaseStatus]:
        cases = await self.ward.store.cases.page(CaseFilter(), limit=1000)
        return {case.reading_id: case.status for case in cases}


TestQueue = Queue.TestCase
TestQueue.settings = settings(
    max_examples=10,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

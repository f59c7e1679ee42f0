"""Whatever order things happen in: an alarm is somebody's, or it is called again in time, and once.

Hypothesis has alarms raised, taken, given back and signed off while time passes, the clock is set
and the bot starts anew, against a model that counts true seconds.
"""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.alarms import JUMP
from bot.domain.alarms import AlarmState
from bot.domain.ids import CaseId
from bot.domain.messages import Reply
from bot.domain.people import Person, Role
from inference.contract import Urgency
from tests.alarm_world import Hours
from tests.bot_world import Clinic, actor, clinic, reading

MADE = {
    Urgency.CRITICAL: reading("FINDINGS: Left tension pneumothorax.\nURGENCY: critical"),
    Urgency.URGENT: reading(),
}
SLACK_S = JUMP.total_seconds() + 1
"""A clock may be wrong by so much before it is noticed."""


@dataclass
class Expected:
    """An alarm as the model sees it.

    Args:
        called_s: True seconds when it was called last, or when the bot started anew since.
        is_early_allowed: The clock was set while no bot ran: it may be called at once.
    """

    urgency: Urgency
    state: AlarmState
    calls: int
    called_s: float
    taker: int = 0
    is_early_allowed: bool = False


class Alarms(RuleBasedStateMachine):
    """The alarm loop beside what a reader of its documentation would expect."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.opened = clinic(Path(self.folder.name), in_memory=True)
        self.ward: Clinic = self.runner.run(self.opened.__aenter__())
        self.sender: Person = self.runner.run(self.ward.enrol(7))
        self.supervisors: list[Person] = [
            self.runner.run(self.ward.enrol(user_id, Role.SUPERVISOR)) for user_id in (1, 2)
        ]
        self.waits = self.ward.services.settings.call_waits()
        self.hours = Hours(self.ward)
        self.caller = self.hours.caller()
        self.expected: dict[CaseId, Expected] = {}

    def teardown(self) -> None:  # type: ignore[explicit-override]  # hypothesis asks for this name
        self.runner.run(self.opened.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()

    @rule(urgency=st.sampled_from([Urgency.CRITICAL, Urgency.URGENT]))
    def raise_one(self, urgency: Urgency) -> None:
        case = self.runner.run(self.ward.open_case(self.sender))
        self.runner.run(self.ward.answer(MADE[urgency]))
        self.expected[case.case_id] = Expected(
            urgency, AlarmState.RINGING, calls=1, called_s=self.hours.steady_s
        )

    @rule(minutes=st.sampled_from([0.2, 1, 5, 9, 11, 31]))
    def pass_by(self, minutes: float) -> None:
        for _ in range(max(1, round(minutes * 6))):  # the loop looks every ten seconds
            self.hours.pass_by(min(minutes, 1 / 6))
            self._look()

    @rule(hours=st.sampled_from([-9000, -5, -0.1, 0.1, 5, 9000]))
    def set_clock(self, hours: float) -> None:
        self.hours.set_clock(hours)
        self._look()

    @rule(hours=st.sampled_from([-9000, -5, 0, 5, 9000]))
    def start_anew_with_another_clock(self, hours: float) -> None:
        self.hours.set_clock(hours)
        self.caller = self.hours.caller()
        self.runner.run(self.caller.begin())
        for alarm in self.expected.values():
            alarm.is_early_allowed = alarm.is_early_allowed or hours > 0
            if hours:
                alarm.called_s = max(alarm.called_s, self.hours.steady_s)
        self._look()

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), who=st.sampled_from([0, 1]))
    def take(self, data: st.DataObject, who: int) -> None:
        case_id, alarm = self._draw(data)
        by = self.supervisors[who]
        store = self.ward.store.alarms
        self.runner.run(store.take(case_id, by=actor(by), words=said, told=[]))
        if alarm.state is AlarmState.RINGING:
            alarm.state, alarm.taker = AlarmState.TAKEN, by.user_id

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), who=st.sampled_from([0, 1]))
    def give_back(self, data: st.DataObject, who: int) -> None:
        case_id, alarm = self._draw(data)
        by = self.supervisors[who]
        store = self.ward.store.alarms
        done = self.runner.run(store.give_back(case_id, by=actor(by), words=said, told=[]))
        assert done == (alarm.state is AlarmState.TAKEN and alarm.taker == by.user_id)
        if done:
            alarm.state, alarm.is_early_allowed = AlarmState.RINGING, True
            alarm.called_s = self.hours.steady_s
            self._look()

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def sign_off(self, data: st.DataObject) -> None:
        case_id, alarm = self._draw(data)
        if alarm.state is not AlarmState.QUIET:
            self.runner.run(self.ward.sign_off(case_id))
            alarm.state = AlarmState.QUIET

    @invariant()
    def every_alarm_is_somebodys_or_was_called_in_time(self) -> None:
        for case_id, alarm in self.expected.items():
            found = self.runner.run(self.ward.store.alarms.of_case(case_id))
            assert found is not None
            assert found.state is alarm.state
            if alarm.state is AlarmState.RINGING:
                wait_s = self.waits.after(alarm.calls, alarm.urgency).total_seconds()
                assert self.hours.steady_s - alarm.called_s < wait_s + SLACK_S + 10

    def _look(self) -> None:
        self.runner.run(self.caller.call_due())
        for case_id, alarm in self.expected.items():
            found = self.runner.run(self.ward.store.alarms.of_case(case_id))
            assert found is not None
            if found.calls == alarm.calls:
                continue
            assert alarm.state is AlarmState.RINGING, "what is quiet or taken was called"
            assert found.calls == alarm.calls + 1, "two calls at once"
            wait_s = self.waits.after(alarm.calls, alarm.urgency).total_seconds()
            waited_s = self.hours.steady_s - alarm.called_s
            assert alarm.is_early_allowed or waited_s > wait_s - SLACK_S, "called too early"
            alarm.calls, alarm.called_s = found.calls, self.hours.steady_s
            alarm.is_early_allowed = False

    def _draw(self, data: st.DataObject) -> tuple[CaseId, Expected]:
        case_id = data.draw(st.sampled_from(sorted(self.expected)))
        return case_id, self.expected[case_id]


def said(_alarm: object, _reader: object) -> Reply:
    """Words that nobody reads."""
    return Reply(text="said")


TestAlarms = Alarms.TestCase
TestAlarms.settings = settings(
    max_examples=10,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

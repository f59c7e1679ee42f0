"""The local executor against a model process that misbehaves on cue."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import aclosing, suppress
from pathlib import Path

import pytest

from inference.contract import (
    EngineState,
    Partial,
    Reading,
    ReadRequest,
    Scored,
    ScoredUrgency,
    Tier,
    Urgency,
)
from inference.errors import (
    DeadlineExceeded,
    EngineAway,
    EngineError,
    EngineStopped,
    NoTierFits,
    RequestRefused,
    UnusableAnswer,
)
from inference.local.executor import ExecutorConfig, LocalExecutor, LocalTimeouts
from storage.keys import Key, Keyring
from tests.checkpoints import feature_cache_in
from tests.reads import events_of, read, texts

CHILD = Path(__file__).with_name("scripted_model_process.py")
REQUEST = ReadRequest(request_id="r1", pictures=(b"picture",))
TIMEOUTS = LocalTimeouts(
    load_s=20, cancel_s=0.3, end_s=0.3, restart_s=0.01, restart_max_s=0.02, failed_s=3600
)


class Starts:
    """Counts the starts of the scripted model process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pids(self) -> list[int]:
        return [int(line) for line in self.path.read_text().split()]


@pytest.fixture
def starts(tmp_path: Path) -> Starts:
    return Starts(tmp_path / "starts")


@pytest.fixture
def executor_living(tmp_path: Path, starts: Starts) -> Callable[..., LocalExecutor]:
    def make(
        *lives: str,
        timeouts: LocalTimeouts = TIMEOUTS,
        deadline_s: float = 20,
        tier: Tier | None = None,
        score_urgency: bool = True,
        keyring: Keyring | None = None,
    ) -> LocalExecutor:
        return LocalExecutor(
            ExecutorConfig(
                home=tmp_path, deadline_s=deadline_s, tier=tier, score_urgency=score_urgency
            ),
            feature_cache_in(tmp_path, keyring),
            command=(sys.executable, "-c", BOOT, str(CHILD), str(starts.path), *lives),
            timeouts=timeouts,
        )

    return make


BOOT = "import runpy, sys; sys.argv.pop(0); runpy.run_path(sys.argv[0], run_name='__main__')"


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


async def test_entering_returns_before_the_model_is_loaded_and_a_read_waits_for_it(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("ready") as executor:
        assert executor.status().state is EngineState.STARTING
        reading = await read(executor, REQUEST)
        assert executor.status().state is EngineState.READY
        assert executor.status().detail == "As scripted. It took 2.5 GB of RAM to load."
    assert reading.sections.urgency is Urgency.ROUTINE
    assert reading.engine.tier is Tier.BIT16
    assert (reading.prompt_tokens, reading.answer_tokens) == (7, 9)


async def test_partial_texts_of_this_request_alone_arrive(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("ready") as executor:
        events = await events_of(executor, REQUEST)
    assert texts(events) == ["FINDINGS: None."]


async def test_the_urgency_arrives_before_the_text_and_stays_with_the_reading(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    score = ScoredUrgency(urgency=Urgency.URGENT, margin=0.5)
    async with executor_living("ready") as executor:
        *before, reading = await events_of(executor, REQUEST)
    assert before == [Scored(score=score), Partial(text="FINDINGS: None.")]
    assert isinstance(reading, Reading)
    assert reading.scored == score
    assert reading.sections.urgency is Urgency.ROUTINE
    assert reading.disputed


@pytest.mark.parametrize("first", ["answer", "features:crash", "out_of_memory"])
async def test_a_pictures_features_are_sent_along_with_the_next_request(
    executor_living: Callable[..., LocalExecutor], first: str
) -> None:
    reads = "answer,out_of_memory" if first == "out_of_memory" else first
    async with executor_living(f"ready,{reads},recall", "ready,recall") as executor:
        with suppress(EngineStopped):
            await read(executor, REQUEST)
        assert (await read(executor, REQUEST)).text == "features of picture"


async def test_a_pictures_features_outlive_a_restart_of_the_bot(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    keyring = Keyring((Key.new(),))
    async with executor_living("ready", keyring=keyring) as executor:
        await read(executor, REQUEST)
    async with executor_living("ready,recall", keyring=keyring) as executor:
        assert (await read(executor, REQUEST)).text == "features of picture"


async def test_no_urgency_is_scored_where_that_is_switched_off_or_a_question_is_asked(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    question = ReadRequest(request_id="r", pictures=(b"p",), question="Which side?", reading="F")
    async with executor_living("ready", score_urgency=False) as executor:
        assert (await read(executor, REQUEST)).scored is None
    async with executor_living("ready") as executor:
        assert (await read(executor, question)).scored is None


async def test_a_follow_up_answer_is_not_cut_into_sections(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    question = ReadRequest(request_id="r", pictures=(b"p",), question="Which side?", reading="F")
    async with executor_living("ready") as executor:
        reading = await read(executor, question)
    assert reading.sections.findings is None
    assert reading.sections.rest == reading.text


async def test_an_answer_to_a_question_has_a_limit_of_its_own(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    question = ReadRequest(request_id="r", pictures=(b"p",), question="Which side?", reading="F")
    async with executor_living("ready,limit,limit") as executor:
        said = [(await read(executor, asked)).text for asked in (REQUEST, question)]
    assert said == ["400", "200"]


async def test_more_reads_than_there_is_room_for_wait_their_turn(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("ready:2") as executor, asyncio.TaskGroup() as tasks:
        for number in range(5):
            tasks.create_task(read(executor, numbered(number)))


async def test_as_many_reads_as_there_is_room_for_are_with_the_process_at_once(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("ready:2,hold,all") as executor, asyncio.TaskGroup() as tasks:
        first = await reading_begun(tasks, executor, 1)
        assert executor.status().slots == 2
        assert (await read(executor, numbered(2))).text
        assert isinstance(await first, Reading)


async def test_a_read_that_is_cancelled_leaves_the_one_beside_it_and_the_process(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    executor = executor_living("ready:2,hold,slow,all", timeouts=LocalTimeouts(cancel_s=20))
    async with executor, asyncio.TaskGroup() as tasks:
        first = await reading_begun(tasks, executor, 1)
        second = await reading_begun(tasks, executor, 2)
        second.cancel()
        await asyncio.wait([second])
        assert (await read(executor, numbered(3))).text
        assert isinstance(await first, Reading)
    assert len(starts.pids()) == 1


async def test_a_crash_with_several_reads_costs_none_of_them_an_attempt_and_halves_their_number(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    """Which of them was the cause shows once it is alone; the others never pay for it."""
    executor = executor_living("ready:2,hold,crash", "ready:2,crash", "ready:2")
    async with executor, asyncio.TaskGroup() as tasks:
        first = await reading_begun(tasks, executor, 1)
        with pytest.raises(EngineAway):
            await read(executor, numbered(2))
        assert isinstance(await first, EngineAway)
        with pytest.raises(EngineStopped):
            await read(executor, numbered(2))
        assert (await read(executor, numbered(1))).text
        assert executor.status().slots == 1
    assert len(starts.pids()) == 3


async def test_a_step_down_for_one_read_costs_the_one_beside_it_no_attempt(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    executor = executor_living("ready:2,hold,out_of_memory", "ready:2")
    async with executor, asyncio.TaskGroup() as tasks:
        first = await reading_begun(tasks, executor, 1)
        assert (await read(executor, numbered(2))).engine.tier is Tier.BIT8
        assert isinstance(await first, EngineAway)
        assert executor.status().slots == 2


async def test_a_process_that_dies_while_reading_is_started_again_and_the_caller_told(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    async with executor_living("ready,crash", "ready") as executor:
        with pytest.raises(EngineStopped):
            await read(executor, REQUEST)
        reading = await read(executor, REQUEST)
    assert reading.text
    assert len(starts.pids()) == 2


async def test_a_process_killed_from_outside_is_started_again(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    async with executor_living("ready,hang", "ready") as executor:
        events = executor.read(REQUEST)
        await anext(events)
        os.kill(starts.pids()[0], signal.SIGKILL)
        with pytest.raises(EngineStopped):
            await anext(events)
        assert (await read(executor, REQUEST)).text


async def test_out_of_memory_steps_down_one_tier_and_reads_the_same_request_again(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    async with executor_living("ready,out_of_memory", "ready") as executor:
        reading = await read(executor, REQUEST)
    assert reading.engine.tier is Tier.BIT8
    assert len(starts.pids()) == 2


async def test_out_of_memory_at_the_last_tier_refuses_this_reading_and_keeps_the_engine(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("ready,out_of_memory,answer", tier=Tier.CPU) as executor:
        with pytest.raises(NoTierFits):
            await read(executor, REQUEST)
        assert (await read(executor, REQUEST)).engine.tier is Tier.CPU


async def test_a_tier_that_its_canary_refuses_gives_way_to_the_next(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("refuse:unusable", "refuse:out_of_memory", "ready") as executor:
        reading = await read(executor, REQUEST)
    assert reading.engine.tier is Tier.BIT4


async def test_when_every_tier_is_refused_reads_are_put_back_at_once_with_the_reason(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    """No model looked at the picture: an attempt each time would give the case up."""
    async with executor_living("refuse:unusable") as executor:
        for _ in range(2):
            with pytest.raises(EngineAway, match="Scripted refusal at cpu"):
                await read(executor, REQUEST)
        assert executor.status().state is EngineState.FAILED
    assert len(starts.pids()) == len(Tier)


async def test_a_model_that_is_corrupt_fails_the_engine_with_the_reason(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    async with executor_living("refuse:model") as executor:
        with pytest.raises(EngineAway, match="Scripted refusal"):
            await read(executor, REQUEST)
        assert executor.status().state is EngineState.FAILED
    assert len(starts.pids()) == 1


async def test_a_read_that_no_tier_has_the_memory_for_has_itself_to_blame(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    """Put back, it would run out of memory again and again, before all the others."""
    async with executor_living("ready,out_of_memory", "refuse:no_tier_fits") as executor:
        with pytest.raises(NoTierFits):
            await read(executor, REQUEST)
        with pytest.raises(EngineAway):
            await read(executor, REQUEST)


async def test_waiting_for_a_model_takes_nothing_of_a_readings_time(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    """A slow disk would otherwise use up the attempts of a case that no model looked at."""
    timeouts = LocalTimeouts(end_s=0.3, restart_s=2)
    async with executor_living("crash", "ready", deadline_s=1.5, timeouts=timeouts) as executor:
        assert (await read(executor, REQUEST)).text


async def test_a_read_that_wakes_after_the_process_ended_waits_for_the_next(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("ready") as executor, asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read(executor, REQUEST))
        await asyncio.sleep(0)
        executor._availability._settled.set()  # as a process that is ready
        executor._availability._settled.clear()  # and ended before the reading's turn
        assert (await reading).text


async def test_a_failed_engine_is_tried_anew_after_a_while(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    timeouts = LocalTimeouts(failed_s=0.01)
    async with executor_living("refuse:model", "ready", timeouts=timeouts) as executor:
        text = ""
        while not text:
            with suppress(EngineError):
                text = (await read(executor, REQUEST)).text
            await asyncio.sleep(0)


@pytest.mark.parametrize("start", ["crash", "garbage"])
async def test_a_process_that_keeps_failing_to_start_fails_the_engine(
    executor_living: Callable[..., LocalExecutor], starts: Starts, start: str
) -> None:
    async with executor_living(start) as executor:
        with pytest.raises(EngineAway, match=r"ended|not a message"):
            await read(executor, REQUEST)
        assert executor.status().state is EngineState.FAILED
    assert len(starts.pids()) == 3


async def test_the_start_after_a_crash_goes_without_llama(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    async with executor_living("llama,answer") as executor:
        assert (await read(executor, REQUEST)).text
    assert len(starts.pids()) == 2


async def test_a_model_that_never_loads_is_given_up(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    timeouts = LocalTimeouts(load_s=1, restart_s=0.01, failed_s=3600)
    async with executor_living("silent", "crash", timeouts=timeouts) as executor:
        with pytest.raises(EngineAway):
            await read(executor, REQUEST)


async def test_an_empty_answer_is_unusable(executor_living: Callable[..., LocalExecutor]) -> None:
    async with executor_living("ready,empty,unusable") as executor:
        for _ in range(2):
            with pytest.raises(UnusableAnswer):
                await read(executor, REQUEST)


async def test_a_request_that_the_model_process_refuses_is_refused(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("ready,request") as executor:
        with pytest.raises(RequestRefused, match="As scripted"):
            await read(executor, REQUEST)


async def test_cancelling_a_read_stops_the_generation_and_keeps_the_process(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    async with executor_living("ready,slow", timeouts=LocalTimeouts(cancel_s=20)) as executor:
        await read_and_cancel(executor)
        assert (await read(executor, REQUEST)).text
    assert len(starts.pids()) == 1


async def test_a_process_that_will_not_stop_reading_is_killed_and_started_again(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    async with executor_living("ready,hang", "ready") as executor:
        await read_and_cancel(executor)
        assert (await read(executor, REQUEST)).text
    assert len(starts.pids()) == 2


async def test_a_reading_past_its_deadline_is_stopped(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    timeouts = LocalTimeouts(cancel_s=20)
    async with executor_living("ready,slow", deadline_s=0.5, timeouts=timeouts) as executor:
        await until_ready(executor)
        with pytest.raises(DeadlineExceeded):
            await read(executor, REQUEST)
        assert executor.status().state is EngineState.READY


async def test_a_consumers_own_failure_stops_the_generation(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    async with executor_living("ready,slow", timeouts=LocalTimeouts(cancel_s=20)) as executor:
        with pytest.raises(LookupError):
            await fail_over_first(executor)
        assert (await read(executor, REQUEST)).text
    assert len(starts.pids()) == 1


async def test_leaving_ends_the_process_and_the_reading_that_was_under_way(
    executor_living: Callable[..., LocalExecutor], starts: Starts
) -> None:
    executor = executor_living("ready,hang")
    begun = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        async with executor:
            reading = tasks.create_task(expect_stop(executor, begun))
            await begun.wait()
        await reading
    assert all(gone(pid) for pid in starts.pids())
    with pytest.raises(EngineAway, match="stopped"):
        await read(executor, REQUEST)


async def test_an_exception_of_the_body_leaves_as_it_is(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    with pytest.raises(LookupError):
        async with executor_living("ready"):
            raise LookupError


async def test_a_request_without_pictures_is_refused_without_asking_the_model(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("silent") as executor:
        with pytest.raises(RequestRefused):
            await read(executor, ReadRequest(request_id="r", pictures=()))


async def test_a_request_larger_than_the_wire_carries_is_refused(
    executor_living: Callable[..., LocalExecutor],
) -> None:
    async with executor_living("ready") as executor:
        with pytest.raises(RequestRefused, match="too many"):
            await read(executor, ReadRequest(request_id="r", pictures=(b"p",) * 257))
        assert (await read(executor, REQUEST)).text


def test_the_bot_and_its_executor_never_import_torch() -> None:
    script = (
        "import sys, bot.app, inference.local.executor, inference.scripted; "
        "heavy = {'torch', 'transformers', 'inference.runtime'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def numbered(number: int) -> ReadRequest:
    return ReadRequest(request_id=f"r{number}", pictures=(b"picture",))


async def until_ready(executor: LocalExecutor) -> None:
    """Wait for the model to be loaded: a reading's deadline counts from before that."""
    async with asyncio.timeout(90):
        while executor.status().state is not EngineState.READY:  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0.01)


async def reading_begun(
    tasks: asyncio.TaskGroup, executor: LocalExecutor, number: int
) -> asyncio.Task[Reading | EngineError]:
    """A reading of which the process has said something, and what will come of it."""
    begun = asyncio.Event()

    async def outcome() -> Reading | EngineError:
        try:
            return await read(executor, numbered(number), begun=begun)
        except EngineError as error:
            return error

    task = tasks.create_task(outcome())
    await begun.wait()
    return task


async def read_and_cancel(executor: LocalExecutor) -> None:
    begun = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(read(executor, REQUEST, begun=begun))
        await begun.wait()
        task.cancel()


async def fail_over_first(executor: LocalExecutor) -> None:
    async with aclosing(executor.read(REQUEST)) as events:
        async for event in events:
            raise LookupError(event)


async def expect_stop(executor: LocalExecutor, begun: asyncio.Event) -> None:
    with pytest.raises(EngineStopped):
        await read(executor, REQUEST, begun=begun)

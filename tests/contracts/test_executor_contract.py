"""What every executor promises the bot: the real one and the scripted one pass the same tests."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from inference.contract import (
    AnswerLimits,
    EngineState,
    Executor,
    Partial,
    Reading,
    ReadingEvent,
    ReadRequest,
    Scored,
    ScoredUrgency,
    Urgency,
)
from inference.errors import DeadlineExceeded, RequestRefused
from inference.local.executor import ExecutorConfig, LocalExecutor, LocalTimeouts
from inference.parsing import parse_sections
from inference.remote.config import RemoteConfig
from inference.remote.executor import RemoteExecutor
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from tests.checkpoints import feature_cache_in, make_checkpoint, make_picture
from tests.engine_world import FakeEngine, as_it_is, hangs
from tests.reads import events_of, read, texts

# One model process serves the whole module; a busy machine may take long to load it.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(150)]

WITHIN_S = 60
CHILD = Path(__file__).parents[1] / "integration" / "scripted_model_process.py"
REQUEST = ReadRequest(request_id="r", pictures=(make_picture(),))
PARTIALS_DUE_S = 2.0
FOLLOW_UP = replace(REQUEST, question="Which side?", reading="FINDINGS: Effusion.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """The same executor in three states.

    Args:
        working: It works.
        hurried: It is never given the time to.
        endless: Makes one whose first reading goes on for ever, and which has one slot.
    """

    working: Executor
    hurried: Executor
    endless: Callable[[], AbstractAsyncContextManager[Executor]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    make_checkpoint(home / "models" / "tiny")
    return home


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["local", "scripted", "remote"])
async def engines(request: pytest.FixtureRequest, home: Path) -> AsyncIterator[Engines]:
    make = {"local": local_engines, "scripted": scripted_engines, "remote": remote_engines}
    async with AsyncExitStack() as stack:
        yield await make[request.param](stack, home)


async def local_engines(stack: AsyncExitStack, home: Path) -> Engines:
    limits = AnswerLimits(reading_tokens=24, follow_up_tokens=12)
    config = ExecutorConfig(home=home, model="tiny", limits=limits)
    too_soon = replace(config, deadline_s=0.001)  # for the fastest machine
    hurried = LocalExecutor(too_soon, feature_cache_in(home))
    return Engines(
        working=await stack.enter_async_context(LocalExecutor(config, feature_cache_in(home))),
        hurried=await stack.enter_async_context(hurried),
        endless=lambda: LocalExecutor(
            config,
            feature_cache_in(home),
            command=(sys.executable, str(CHILD), str(home / "starts"), "ready,slow,answer"),
            timeouts=LocalTimeouts(cancel_s=60),
        ),
    )


async def scripted_engines(stack: AsyncExitStack, _home: Path) -> Engines:
    scored = ScoredUrgency(urgency=Urgency.URGENT, margin=1.0)
    endless = ScriptedAnswer(delay_s=3600, scored=scored)
    slow = ScriptedExecutor(default=ScriptedAnswer(delay_s=3600), deadline_s=0.05)
    return Engines(
        working=await stack.enter_async_context(
            ScriptedExecutor(default=ScriptedAnswer(scored=scored))
        ),
        hurried=await stack.enter_async_context(slow),
        endless=lambda: ScriptedExecutor([endless]),
    )


async def remote_engines(stack: AsyncExitStack, _home: Path) -> Engines:
    engine = await stack.enter_async_context(FakeEngine(likely={" urgent": -0.1}))
    hanging = await stack.enter_async_context(FakeEngine([hangs]))
    slow = RemoteConfig(urls=(hanging.url,), deadline_s=0.05)
    return Engines(
        working=await stack.enter_async_context(
            RemoteExecutor(RemoteConfig(urls=(engine.url,)), as_it_is)
        ),
        hurried=await stack.enter_async_context(RemoteExecutor(slow, as_it_is)),
        endless=endless_remote,
    )


@asynccontextmanager
async def endless_remote() -> AsyncIterator[Executor]:
    async with (
        FakeEngine([hangs]) as engine,
        RemoteExecutor(RemoteConfig(urls=(engine.url,)), as_it_is) as executor,
    ):
        yield executor
        async with asyncio.timeout(WITHIN_S):
            await engine.left.wait()


async def test_a_reading_has_text_its_sections_and_who_made_it(engines: Engines) -> None:
    reading = await read(engines.working, REQUEST)
    assert reading.text == reading.text.strip()
    assert reading.text
    assert reading.sections == parse_sections(reading.text)
    assert reading.duration_s >= 0
    assert reading.answer_tokens > 0
    status = engines.working.status()
    assert status.state is EngineState.READY
    assert status.engine == reading.engine
    assert status.detail.endswith(".")


async def test_the_same_request_gets_the_same_answer(engines: Engines) -> None:
    assert (await read(engines.working, REQUEST)).text == (
        await read(engines.working, REQUEST)
    ).text


async def test_a_first_reading_is_its_scored_urgency_its_growing_text_and_itself(
    engines: Engines,
) -> None:
    scored, *growing, reading = await events_of(engines.working, REQUEST)
    assert isinstance(reading, Reading)
    assert reading.scored is not None
    assert scored == Scored(score=reading.scored)
    assert reading.scored.margin >= 0
    # a tiny model may be done before its text is first due
    assert growing or reading.duration_s < PARTIALS_DUE_S
    assert all(isinstance(event, Partial) for event in growing)
    grown = [*texts(growing), reading.text]
    assert all(later.startswith(earlier.strip()) for earlier, later in pairwise(grown))


async def test_a_follow_up_answer_has_no_sections(engines: Engines) -> None:
    reading = await read(engines.working, FOLLOW_UP)
    assert reading.sections.findings is None
    assert reading.sections.rest == reading.text
    assert reading.scored is None


async def test_a_request_without_a_picture_is_refused(engines: Engines) -> None:
    with pytest.raises(RequestRefused):
        await read(engines.working, replace(REQUEST, pictures=()))


async def test_reads_asked_for_at_once_are_all_answered(engines: Engines) -> None:
    async with asyncio.TaskGroup() as tasks:
        readings = [
            tasks.create_task(read(engines.working, replace(REQUEST, request_id=f"r{number}")))
            for number in range(5)
        ]
    assert len({reading.result().text for reading in readings}) == 1


@pytest.mark.parametrize("turns", range(8))
async def test_a_read_cancelled_at_any_moment_leaves_the_engine_ready_for_the_next(
    engines: Engines, turns: int
) -> None:
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read(engines.working, REQUEST))
        for _ in range(turns):
            await asyncio.sleep(0)
        was_going_on = reading.cancel()  # a quick engine may have ended: it depends on the Python
    assert reading.cancelled() is was_going_on
    assert (await read(engines.working, REQUEST)).text


async def close(executor: Executor) -> None:
    """Stop after the first event."""
    async with aclosing(executor.read(REQUEST)) as events:
        await anext(events)


async def fail(executor: Executor) -> None:
    """Fail over the first event."""
    with pytest.raises(LookupError):
        async with aclosing(executor.read(REQUEST)) as events:
            raise LookupError(await anext(events))


async def be_cancelled_waiting(executor: Executor) -> None:
    """Be cancelled while waiting for more than the engine says."""
    begun = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read(executor, REQUEST, begun=begun))
        await begun.wait()
        reading.cancel()
    assert reading.cancelled()


async def be_cancelled_holding(executor: Executor) -> None:
    """Be cancelled while doing something with an event."""
    begun = asyncio.Event()

    async def hold() -> None:
        async with aclosing(executor.read(REQUEST)) as events:
            await anext(events)
            begun.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as tasks:
        holding = tasks.create_task(hold())
        await begun.wait()
        holding.cancel()
    assert holding.cancelled()


async def run_out_of_time(executor: Executor) -> None:
    """Have a limit of one's own."""
    async with aclosing(executor.read(REQUEST)) as events:
        await anext(events)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(all_of(events), 0.001)


@pytest.mark.parametrize(
    "leave", [close, fail, be_cancelled_waiting, be_cancelled_holding, run_out_of_time]
)
async def test_whoever_stops_listening_stops_the_generation(
    engines: Engines, leave: Callable[[Executor], Awaitable[None]]
) -> None:
    """The engine has one slot: it could read nothing else meanwhile."""
    async with engines.endless() as executor:
        await leave(executor)
        async with asyncio.timeout(WITHIN_S):
            assert (await read(executor, REQUEST)).text


async def test_a_slow_consumer_holds_no_other_reading_up_and_misses_nothing_but_older_texts(
    engines: Engines,
) -> None:
    async with aclosing(engines.working.read(REQUEST)) as events:
        first = await anext(events)
        expected = await read(engines.working, replace(REQUEST, request_id="another"))
        *_, last = [event async for event in events]
    assert isinstance(first, Scored)
    assert isinstance(last, Reading)
    assert last.text == expected.text


async def test_a_cancelled_read_leaves_those_beside_it_as_they_are(engines: Engines) -> None:
    expected = (await read(engines.working, REQUEST)).text
    async with asyncio.TaskGroup() as tasks:
        staying = tasks.create_task(read(engines.working, REQUEST))
        leaving = tasks.create_task(read(engines.working, replace(REQUEST, request_id="leaving")))
        await asyncio.sleep(0)
        leaving.cancel()
    assert staying.result().text == expected


async def test_a_read_past_its_deadline_says_so_and_nothing_more(engines: Engines) -> None:
    events = engines.hurried.read(REQUEST)
    with pytest.raises(DeadlineExceeded):
        await all_of(events)
    assert await all_of(events) == []


async def all_of(events: AsyncIterator[ReadingEvent]) -> list[ReadingEvent]:
    return [event async for event in events]

"""What every executor promises the bot: the real one and the scripted one pass the same tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio

from inference.contract import (
    AnswerLimits,
    EngineState,
    Executor,
    Reading,
    ReadRequest,
    ScoredUrgency,
    Sections,
    Urgency,
)
from inference.errors import DeadlineExceeded, RequestRefused
from inference.local.executor import ExecutorConfig, LocalExecutor
from inference.parsing import parse_sections
from inference.remote.config import RemoteConfig
from inference.remote.executor import RemoteExecutor
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from tests.checkpoints import make_checkpoint, make_picture, seen_in
from tests.engine_world import FakeEngine, as_it_is, hangs

# One model process serves the whole module; a busy machine may take long to load it.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(150)]

REQUEST = ReadRequest(request_id="r", pictures=(make_picture(),))
FOLLOW_UP = replace(REQUEST, question="Which side?", reading="FINDINGS: Effusion.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """An executor that works and one that is never given the time to."""

    working: Executor
    hurried: Executor


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
    hurried = LocalExecutor(too_soon, seen_in(home))
    return Engines(
        working=await stack.enter_async_context(LocalExecutor(config, seen_in(home))),
        hurried=await stack.enter_async_context(hurried),
    )


async def scripted_engines(stack: AsyncExitStack, _home: Path) -> Engines:
    scored = ScoredUrgency(urgency=Urgency.URGENT, margin=1.0)
    slow = ScriptedExecutor(default=ScriptedAnswer(delay_s=3600), deadline_s=0.05)
    return Engines(
        working=await stack.enter_async_context(
            ScriptedExecutor(default=ScriptedAnswer(scored=scored))
        ),
        hurried=await stack.enter_async_context(slow),
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
    )


async def read(executor: Executor, request: ReadRequest = REQUEST) -> Reading:
    async def ignore(text: str) -> None:
        pass

    return await executor.read(request, ignore)


async def test_a_reading_has_text_its_sections_and_who_made_it(engines: Engines) -> None:
    reading = await read(engines.working)
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
    assert (await read(engines.working)).text == (await read(engines.working)).text


async def test_a_first_readings_urgency_is_scored_once_before_its_text(engines: Engines) -> None:
    heard: list[object] = []

    async def keep(what: object) -> None:
        heard.append(what)

    reading = await engines.working.read(REQUEST, keep, keep)
    assert reading.scored is not None
    assert reading.scored.margin >= 0
    assert heard[0] == reading.scored
    assert all(isinstance(partial, str) for partial in heard[1:])


async def test_a_follow_up_answer_has_no_sections(engines: Engines) -> None:
    reading = await read(engines.working, FOLLOW_UP)
    assert reading.sections == Sections()
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


async def test_a_cancelled_read_leaves_the_engine_ready_for_the_next(engines: Engines) -> None:
    await read(engines.working)
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read(engines.working))
        await asyncio.sleep(0)
        reading.cancel()
    assert reading.cancelled()
    assert (await read(engines.working)).text


async def test_a_cancelled_read_leaves_those_beside_it_as_they_are(engines: Engines) -> None:
    expected = (await read(engines.working)).text
    async with asyncio.TaskGroup() as tasks:
        staying = tasks.create_task(read(engines.working))
        leaving = tasks.create_task(read(engines.working, replace(REQUEST, request_id="leaving")))
        await asyncio.sleep(0)
        leaving.cancel()
    assert staying.result().text == expected


async def test_a_read_past_its_deadline_says_so(engines: Engines) -> None:
    with pytest.raises(DeadlineExceeded):
        await read(engines.hurried)

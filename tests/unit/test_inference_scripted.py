"""The scripted executor's own promises, beyond the contract's."""

import asyncio

import pytest

from inference.contract import EngineState, Reading, ReadRequest, Urgency
from inference.errors import OutOfMemory, UnusableAnswer
from inference.scripted import SCRIPTED_TEXT, ScriptedAnswer, ScriptedExecutor
from tests.reads import events_of, read, texts

REQUEST = ReadRequest(request_id="r", pictures=(b"picture",))


async def test_answers_come_in_their_order_and_then_the_default_one() -> None:
    async with ScriptedExecutor(
        [ScriptedAnswer(text="one"), ScriptedAnswer(text="two")]
    ) as executor:
        texts = [(await read(executor, REQUEST)).text for _ in range(4)]
    assert texts == ["one", "two", SCRIPTED_TEXT, SCRIPTED_TEXT]
    assert list(executor.requests) == [REQUEST] * 4


async def test_a_scripted_failure_is_raised_once() -> None:
    async with ScriptedExecutor([ScriptedAnswer(error=OutOfMemory())]) as executor:
        with pytest.raises(OutOfMemory):
            await read(executor, REQUEST)
        assert (await read(executor, REQUEST)).sections.urgency is Urgency.URGENT


async def test_an_empty_answer_is_unusable() -> None:
    async with ScriptedExecutor([ScriptedAnswer(text=" ")]) as executor:
        with pytest.raises(UnusableAnswer):
            await read(executor, REQUEST)


async def test_the_text_grows_in_even_steps() -> None:
    slept: list[float] = []

    async def sleep(delay_s: float) -> None:
        slept.append(delay_s)
        await asyncio.sleep(0)

    answer = ScriptedAnswer(text="a b c d", delay_s=8, pieces=2, truncated=True)
    async with ScriptedExecutor([answer], sleep=sleep) as executor:
        *growing, reading = await events_of(executor, REQUEST)
    assert slept == [4, 4]
    assert texts(growing) == ["a b", "a b c d"]
    assert isinstance(reading, Reading)
    assert reading.truncated


async def test_it_is_starting_until_it_is_entered() -> None:
    assert ScriptedExecutor().status().state is EngineState.STARTING

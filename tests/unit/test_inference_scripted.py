"""The scripted executor's own promises, beyond the contract's."""

import pytest

from inference.contract import EngineState, ReadRequest, Urgency
from inference.errors import OutOfMemory, UnusableAnswer
from inference.scripted import SCRIPTED_TEXT, ScriptedAnswer, ScriptedExecutor

REQUEST = ReadRequest(request_id="r", pictures=(b"picture",))


async def ignore(text: str) -> None:
    """Take a partial text and do nothing with it."""


async def test_answers_come_in_their_order_and_then_the_default_one() -> None:
    async with ScriptedExecutor(
        [ScriptedAnswer(text="one"), ScriptedAnswer(text="two")]
    ) as executor:
        texts = [(await executor.read(REQUEST, ignore)).text for _ in range(4)]
    assert texts == ["one", "two", SCRIPTED_TEXT, SCRIPTED_TEXT]
    assert list(executor.requests) == [REQUEST] * 4


async def test_a_scripted_failure_is_raised_once() -> None:
    async with ScriptedExecutor([ScriptedAnswer(error=OutOfMemory())]) as executor:
        with pytest.raises(OutOfMemory):
            await executor.read(REQUEST, ignore)
        assert (await executor.read(REQUEST, ignore)).sections.urgency is Urgency.URGENT


async def test_an_empty_answer_is_unusable() -> None:
    async with ScriptedExecutor([ScriptedAnswer(text=" ")]) as executor:
        with pytest.raises(UnusableAnswer):
            await executor.read(REQUEST, ignore)


async def test_the_text_grows_in_even_steps() -> None:
    slept: list[float] = []
    heard: list[str] = []

    async def sleep(delay_s: float) -> None:
        slept.append(delay_s)

    async def keep(text: str) -> None:
        heard.append(text)

    answer = ScriptedAnswer(text="a b c d", delay_s=8, pieces=2, truncated=True)
    async with ScriptedExecutor([answer], sleep=sleep) as executor:
        reading = await executor.read(REQUEST, keep)
    assert slept == [4, 4]
    assert heard == ["a b", "a b c d"]
    assert reading.truncated


async def test_it_is_starting_until_it_is_entered() -> None:
    assert ScriptedExecutor().status().state is EngineState.STARTING

"""The remote executor against engines on loopback that misbehave on cue."""

import asyncio
import base64
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
import trustme
from PIL import Image
from pydantic import SecretStr

from deploy.running.sandbox import free_port
from inference.contract import (
    AnswerLimits,
    EngineState,
    EngineStatus,
    Reading,
    ReadRequest,
    Scored,
    ScoredUrgency,
    Urgency,
)
from inference.errors import (
    DeadlineExceeded,
    EngineAway,
    EngineError,
    EngineStopped,
    RequestRefused,
    UnusableAnswer,
    WireError,
)
from inference.practice.answers import reading as practice_words
from inference.practice.truth import Finding, Side, Size, Truth
from inference.prompts import build_messages
from inference.remote.config import RemoteConfig, RemoteTimeouts
from inference.remote.executor import RemoteExecutor
from inference.remote.inspection import inspect_engines
from inference.scripted import SCRIPTED_TEXT
from pictures import PictureProcess
from pictures.errors import PictureProcessFailed
from tests.checkpoints import make_picture, padded_by_numpy
from tests.engine_world import (
    WITHIN_S,
    Behaviour,
    FakeEngine,
    as_it_is,
    chunk,
    event,
    hangs,
    refuses,
    says,
    sends,
)
from tests.reads import events_of, read, texts

PNG = b"\x89PNG a film"
REQUEST = ReadRequest(request_id="r1", pictures=(PNG, b"\xff\xd8 a film"))
QUICK = RemoteTimeouts(
    check_s=0.02, answer_s=2, misses=2, proof_s=5, again_s=0.01, again_max_s=0.02
)
SELDOM = RemoteTimeouts(check_s=3600, again_s=3600, again_max_s=3600)


def config_of(*engines: FakeEngine, **more: object) -> RemoteConfig:
    return RemoteConfig(urls=tuple(engine.url for engine in engines), **more)  # type: ignore[arg-type]


@asynccontextmanager
async def executor_on(
    *engines: FakeEngine, timeouts: RemoteTimeouts = QUICK, **more: object
) -> AsyncIterator[RemoteExecutor]:
    """Run an executor on engines; each is proven, or refused, when the block begins."""
    async with RemoteExecutor(config_of(*engines, **more), as_it_is, timeouts=timeouts) as executor:
        await until(executor, lambda status: status.state is not EngineState.STARTING)
        if executor.status().state is EngineState.READY:
            await until(executor, lambda status: status.slots >= len(engines))
        yield executor


async def until(executor: RemoteExecutor, holds: Callable[[EngineStatus], bool]) -> EngineStatus:
    """Wait until the executor's status is as wanted."""
    async with asyncio.timeout(WITHIN_S):
        while not holds(executor.status()):  # noqa: ASYNC110 - a status rings no bell
            await asyncio.sleep(0.001)
    return executor.status()


async def test_a_reading_says_what_the_engine_said_and_who_it_is() -> None:
    async with FakeEngine() as engine, executor_on(engine) as executor:
        reading = await read(executor, REQUEST)
    assert reading.text == SCRIPTED_TEXT
    assert reading.sections.urgency is Urgency.URGENT
    assert (reading.engine.model, reading.engine.tier) == ("medgemma-4b-it", None)
    assert not reading.engine.practice
    assert (reading.prompt_tokens, reading.answer_tokens) == (300, 40)
    assert not reading.truncated


async def test_what_is_asked_is_the_one_prompt_with_the_pictures_in_it() -> None:
    async with FakeEngine() as engine, executor_on(engine) as executor:
        await read(executor, REQUEST)
    (asked,) = engine.asked
    assert asked["model"] == "google/medgemma-4b-it"
    assert (asked["temperature"], asked["max_tokens"], asked["stream"]) == (0, 1400, True)
    user = asked["messages"][1]["content"]
    urls = [part["image_url"]["url"] for part in user if part["type"] == "image_url"]
    assert [base64.b64decode(url.partition(",")[2]) for url in urls] == [*REQUEST.pictures]
    assert [url.partition(";")[0] for url in urls] == ["data:image/png", "data:image/jpeg"]
    words = [part for message in build_messages(REQUEST) for part in message["content"]]
    asked_words = [part for message in asked["messages"] for part in message["content"]]
    assert [part for part in asked_words if part["type"] == "text"] == [
        part for part in words if part["type"] == "text"
    ]


async def test_llama_server_is_told_the_empty_lines_around_pictures_that_it_leaves_out() -> None:
    async with FakeEngine(owner="llamacpp") as engine, executor_on(engine) as executor:
        await read(executor, REQUEST)
    asked = [message["content"] for message in engine.asked[0]["messages"]]
    (system,), (*_, question) = (message["content"] for message in build_messages(REQUEST))
    assert [[part.get("text", "a film") for part in content] for content in asked] == [
        [f"{dict(system)['text']}\n\n"],
        ["a film", "\n\n\n\n", "a film", f"\n\n{dict(question)['text']}"],
    ]


async def test_llama_server_is_told_the_empty_lines_around_the_slices_of_a_series() -> None:
    async with FakeEngine(owner="llamacpp") as engine, executor_on(engine) as executor:
        await read(executor, replace(REQUEST, series=True))
    system, user = (message["content"] for message in engine.asked[0]["messages"])
    assert not system[-1]["text"].endswith("\n\n")
    *slices, question = [part.get("text", "a slice") for part in user]
    assert slices == [
        "These are 2 slices of one scan, in order.\n\n",
        *("a slice", "\n\nSLICE 1\n\n", "a slice", "\n\nSLICE 2"),
    ]
    assert not question.startswith("\n")


@pytest.mark.parametrize("owner", ["llamacpp", "vllm"])
async def test_every_engine_is_given_pictures_padded_to_squares(owner: str) -> None:
    """As Google's notebooks pad them; an engine's own processor would stretch them."""
    request = replace(REQUEST, pictures=(make_picture(400, 300), make_picture(30, 90)))
    async with (
        FakeEngine(owner=owner) as engine,
        PictureProcess() as pictures,
        RemoteExecutor(config_of(engine), pictures.squared, timeouts=QUICK) as executor,
    ):
        await until(executor, lambda status: status.state is EngineState.READY)
        await read(executor, request)
    user = engine.asked[0]["messages"][1]["content"]
    urls = [part["image_url"]["url"] for part in user if part["type"] == "image_url"]
    for url, picture in zip(urls, request.pictures, strict=True):
        given = Image.open(BytesIO(base64.b64decode(url.partition(",")[2])))
        expected = padded_by_numpy(picture).resize((896, 896), Image.Resampling.BILINEAR)
        assert given.tobytes() == expected.tobytes()


async def test_a_case_does_not_pay_for_a_picture_process_that_does_not_run() -> None:
    """Else a machine that is short of memory for a minute gives up all who wait."""
    faults = iter([PictureProcessFailed()])

    async def square(picture: bytes, _side_px: int) -> bytes:
        for fault in faults:
            raise fault
        return picture

    async with (
        FakeEngine(owner="llamacpp") as engine,
        RemoteExecutor(config_of(engine), square, timeouts=QUICK) as executor,
    ):
        await until(executor, lambda status: status.state is EngineState.READY)
        await expect(EngineAway, executor)
        assert executor.status().state is EngineState.FAILED, "it is not asked again at once"
        await until(executor, lambda status: status.state is EngineState.READY)
        assert (await read(executor, REQUEST)).text


async def test_partial_texts_arrive_growing_and_thoughts_are_left_out() -> None:
    script = [says("<unused94>Hm.\n<unused95>\nFINDINGS: Clear.\nURGENCY: routine")]
    async with FakeEngine(script) as engine, executor_on(engine) as executor:
        *growing, reading = await events_of(executor, REQUEST)
    assert isinstance(reading, Reading)
    assert texts(growing)[-1] == reading.text == "FINDINGS: Clear.\nURGENCY: routine"
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts(growing)))


async def test_a_follow_up_answer_is_not_cut_into_sections() -> None:
    question = ReadRequest(request_id="r", pictures=(PNG,), question="Which side?", reading="F")
    async with FakeEngine() as engine, executor_on(engine) as executor:
        answer = await read(executor, question)
    assert answer.sections.findings is None
    assert answer.sections.rest == answer.text
    assert engine.asked[-1]["max_tokens"] == 1200, "a question's limit is not a reading's"


async def test_an_answer_cut_at_the_token_limit_says_so() -> None:
    async with (
        FakeEngine([says("FINDINGS: A", ending="length")]) as engine,
        executor_on(engine) as executor,
    ):
        assert (await read(executor, REQUEST)).truncated


async def test_urgency_is_scored_before_the_text_where_the_engine_gives_log_probabilities() -> None:
    likely = {" critical": -0.2, " urgent": -2.2}
    async with FakeEngine(likely=likely) as engine, executor_on(engine) as executor:
        first, *_, reading = await events_of(executor, REQUEST)
    score = ScoredUrgency(urgency=Urgency.CRITICAL, margin=2.0)
    assert first == Scored(score=score)
    assert isinstance(reading, Reading)
    assert reading.scored == score


async def test_an_engine_that_gives_none_leaves_the_urgency_to_its_text() -> None:
    async with FakeEngine() as engine, executor_on(engine) as executor:
        reading = await read(executor, REQUEST)
    assert reading.scored is None
    assert reading.urgency is Urgency.URGENT


async def test_urgency_is_not_scored_where_the_settings_say_so() -> None:
    async with (
        FakeEngine(likely={" urgent": -0.1}) as engine,
        executor_on(engine, score_urgency=False) as executor,
    ):
        assert (await read(executor, REQUEST)).scored is None


async def test_two_replicas_read_two_cases_at_once_one_each() -> None:
    async with FakeEngine([hangs]) as one, FakeEngine([hangs]) as two:
        async with executor_on(one, two) as executor, asyncio.TaskGroup() as tasks:
            assert executor.status().slots == 2
            for _ in range(3):
                tasks.create_task(read(executor, REQUEST))
            await one.until_hanging()
            await two.until_hanging()
            assert (len(one.asked), len(two.asked)) == (1, 1)
            one.let_go.set()
            two.let_go.set()
        assert len(one.asked) + len(two.asked) == 3


async def test_a_replica_takes_as_many_at_once_as_it_is_set_to() -> None:
    async with (
        FakeEngine([hangs, hangs]) as engine,
        executor_on(engine, parallel=2) as executor,
        asyncio.TaskGroup() as tasks,
    ):
        assert executor.status().slots == 2
        for _ in range(2):
            tasks.create_task(read(executor, REQUEST))
        await engine.until_hanging()
        await engine.until_hanging()
        engine.let_go.set()


async def test_a_replica_that_dies_in_the_middle_is_said_to_have_and_another_reads() -> None:
    async with FakeEngine([hangs]) as dying, FakeEngine() as living:
        async with executor_on(dying, living) as executor, asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(expect(EngineStopped, executor))
            await dying.until_hanging()
            dying.kill()
            await reading
            assert (await read(executor, REQUEST)).text == SCRIPTED_TEXT
        assert len(living.asked) == 1


async def test_a_replica_that_comes_back_is_proven_and_used_again() -> None:
    async with FakeEngine() as engine, executor_on(engine) as executor:
        engine.kill()
        await until(executor, lambda status: status.state is EngineState.FAILED)
        await engine.start()
        await until(executor, lambda status: status.state is EngineState.READY)
        assert (await read(executor, REQUEST)).text == SCRIPTED_TEXT


async def test_a_replica_that_serves_another_model_than_it_was_proven_with_is_proven_anew() -> None:
    """Started anew between two looks: its name, its banner and its way of seeing hold no more."""
    async with FakeEngine() as engine, executor_on(engine) as executor:
        engine.serve("practice", owner="llamacpp")
        await expect(EngineAway, executor)
        assert not engine.asked, "it would have been told as the other one is"
        await until(executor, lambda status: status.state is EngineState.READY)
        reading = await read(executor, REQUEST)
    assert (reading.engine.model, reading.engine.practice) == ("practice", True)
    assert engine.asked[0]["messages"][0]["content"][0]["text"].endswith("\n\n")


async def test_what_a_lost_replica_says_late_is_never_taken() -> None:
    async with FakeEngine([hangs]) as engine, executor_on(engine) as executor:
        events = executor.read(REQUEST)
        first = await anext(events)
        engine.health = 500  # it does not break off: it is only no longer well
        with pytest.raises(EngineStopped):
            await anext(events)
        engine.let_go.set()
        async with asyncio.timeout(WITHIN_S):
            await engine.left.wait()
    assert texts([first]) == ["FINDINGS: Opacity in the right lower zone. No pleural effusion."]


async def test_one_missed_check_loses_no_reading() -> None:
    timeouts = RemoteTimeouts(check_s=0.01, again_s=0.01, misses=10**6)
    async with FakeEngine([hangs]) as engine, executor_on(engine, timeouts=timeouts) as executor:
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(read(executor, REQUEST))
            await engine.until_hanging()
            engine.health = 503
            await engine.until_checked(3)
            engine.let_go.set()
        assert reading.result().text == SCRIPTED_TEXT


@pytest.mark.parametrize("status", [301, 401, 404, 429, 503])
async def test_a_replica_that_takes_no_reading_is_set_aside_and_the_reading_put_back(
    status: int,
) -> None:
    async with (
        FakeEngine([refuses(status)]) as away,
        FakeEngine() as other,
        executor_on(away, other, timeouts=SELDOM) as executor,
    ):
        await expect(EngineAway, executor)
        assert executor.status().slots == 1
        for _ in range(2):
            await read(executor, REQUEST)
    assert (len(away.asked), len(other.asked)) == (1, 2)


async def test_a_busy_replica_goes_on_with_what_it_reads() -> None:
    async with FakeEngine([hangs, refuses(429)]) as engine:
        async with executor_on(engine, parallel=2) as executor, asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(read(executor, REQUEST))
            await engine.until_hanging()
            await expect(EngineAway, executor)
            engine.let_go.set()
        assert reading.result().text == SCRIPTED_TEXT


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_request_that_the_engine_refuses_is_refused_and_the_replica_kept(
    status: int,
) -> None:
    async with FakeEngine([refuses(status)]) as engine, executor_on(engine) as executor:
        await expect(RequestRefused, executor)
        assert (await read(executor, REQUEST)).text


FAULTS: dict[str, tuple[Behaviour, type[EngineError]]] = {
    "no text": (says(""), UnusableAnswer),
    "only a thought": (says("<unused94>Hm."), UnusableAnswer),
    "status 500": (refuses(500), EngineError),
    "a proxy's status 502": (refuses(502), EngineError),
    "no JSON": (sends(event("{")), WireError),
    "JSON of another kind": (sends(event({"choices": 7})), WireError),
    "a page": (sends(b"<html>Sign in to the Wi-Fi</html>"), EngineStopped),
    "no UTF-8": (sends(b'data: {"choices": "\xff"}\n'), WireError),
    "no end": (sends(chunk("FINDINGS:")), EngineStopped),
    "an error instead": (sends(event({"error": {"message": "CUDA"}})), EngineError),
    "an error's own field": (sends(b'error: {"error": "slot"}\n\n'), EngineError),
    "more than an answer": (sends(b"data: " + b" " * (3 << 20)), WireError),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_every_fault_of_an_answer_is_told_apart_and_the_next_reading_is_made(
    name: str,
) -> None:
    behaviour, error = FAULTS[name]
    async with FakeEngine([behaviour]) as engine, executor_on(engine) as executor:
        with pytest.raises(error) as raised:
            await read(executor, REQUEST)
        assert not isinstance(raised.value, EngineAway)  # it costs the case an attempt
        assert (await read(executor, REQUEST)).text == SCRIPTED_TEXT


async def test_a_reading_that_hangs_ends_at_the_deadline_and_its_stream_is_closed() -> None:
    async with FakeEngine([hangs]) as engine, executor_on(engine, deadline_s=1.0) as executor:
        await expect(DeadlineExceeded, executor)
        async with asyncio.timeout(WITHIN_S):
            await engine.left.wait()


async def test_cancelling_a_reading_closes_its_stream() -> None:
    async with FakeEngine([hangs]) as engine, executor_on(engine) as executor:
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(read(executor, REQUEST))
            await engine.until_hanging()
            reading.cancel()
        async with asyncio.timeout(WITHIN_S):
            await engine.left.wait()
        assert (await read(executor, REQUEST)).text


async def test_an_engine_is_asked_for_a_reading_once_and_no_more() -> None:
    async with FakeEngine([refuses(500)]) as engine, executor_on(engine) as executor:
        await expect(EngineError, executor)
    assert len(engine.asked) == 1


async def test_where_nothing_listens_the_status_says_so_and_readings_are_put_back() -> None:
    config = RemoteConfig(urls=(f"http://localhost:{free_port()}",))
    async with RemoteExecutor(config, as_it_is, timeouts=QUICK) as executor:
        status = await until(executor, lambda status: status.state is EngineState.FAILED)
        assert status.detail.startswith("Nothing listens at localhost:")
        await expect(EngineAway, executor)


async def test_a_reading_waits_for_the_first_engine_to_be_proven() -> None:
    async with (
        FakeEngine() as engine,
        RemoteExecutor(config_of(engine), as_it_is, timeouts=QUICK) as executor,
    ):
        assert executor.status().state is EngineState.STARTING
        assert (await read(executor, REQUEST)).text


@pytest.mark.parametrize("side", Side)
async def test_the_practice_model_is_known_by_its_words_whatever_it_is_called(side: Side) -> None:
    truth = Truth(finding=Finding.PNEUMOTHORAX, side=side, size=Size.LARGE)
    proof = says(practice_words(truth))
    async with FakeEngine(proof=proof) as engine, executor_on(engine) as executor:
        assert (await read(executor, REQUEST)).engine.practice


REFUSED: dict[str, tuple[FakeEngine, str, str]] = {
    "wrong key": (FakeEngine(key="other"), "refuses the key", "EDGERAD_ENGINE_KEY"),
    "no pictures": (FakeEngine(proof=refuses(400)), "does not read a sample film", "--mmproj"),
    "float16": (FakeEngine(proof=says("")), "has no words", "bfloat16"),
    "many models": (FakeEngine(models=("a", "b")), "several models: a, b", "EDGERAD_ENGINE_MODEL"),
    "no engine": (FakeEngine(proof=refuses(404)), "no such engine or model", "_ENGINE_URLS"),
    "loading": (FakeEngine(proof=refuses(503)), "loading its model", "Wait"),
    "garbage": (FakeEngine(proof=sends(event("x"))), "does not read a sample film", "It serves"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_an_engine_that_cannot_be_used_is_refused_with_what_to_do(name: str) -> None:
    engine, words, advice = REFUSED[name]
    async with engine:
        config = config_of(engine, key=SecretStr("a-key"))
        async with RemoteExecutor(config, as_it_is, timeouts=QUICK) as executor:
            status = await until(executor, lambda status: status.state is EngineState.FAILED)
        (found,) = await inspect_engines(config, QUICK)
    assert words in status.detail
    assert words in found.fault
    assert advice in found.advice


async def test_an_engine_that_hangs_over_the_sample_film_is_refused() -> None:
    timeouts = RemoteTimeouts(proof_s=0.1)
    async with FakeEngine(proof=hangs) as engine:
        (found,) = await inspect_engines(config_of(engine), timeouts)
    assert "took longer" in found.fault


async def test_the_key_is_sent_and_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with (
        FakeEngine(key="s3cret") as engine,
        executor_on(engine, key=SecretStr("s3cret")) as executor,
    ):
        assert (await read(executor, REQUEST)).text
    assert "s3cret" not in caplog.text
    assert "s3cret" not in repr(config_of(engine, key=SecretStr("s3cret")))


async def test_a_certificate_of_ones_own_authority_is_trusted_when_it_is_named(
    tmp_path: Path,
) -> None:
    authority, ca_file = make_authority(tmp_path)
    async with (
        FakeEngine(tls=certificate(authority, "localhost")) as engine,
        executor_on(engine, ca_file=ca_file) as executor,
    ):
        assert (await read(executor, REQUEST)).text


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    authority, _ = make_authority(tmp_path)
    async with FakeEngine(tls=certificate(authority, "localhost")) as engine:
        (found,) = await inspect_engines(config_of(engine), QUICK)
    assert "is not trusted" in found.fault
    assert "EDGERAD_ENGINE_CA_FILE" in found.advice


async def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    authority, ca_file = make_authority(tmp_path)
    async with FakeEngine(tls=certificate(authority, "engine.example")) as engine:
        (found,) = await inspect_engines(config_of(engine, ca_file=ca_file), QUICK)
    assert "is not trusted" in found.fault


async def test_https_to_an_engine_without_a_certificate_says_so() -> None:
    async with FakeEngine() as engine:
        config = RemoteConfig(urls=(engine.url.replace("http:", "https:"),))
        (found,) = await inspect_engines(config, QUICK)
    assert "does not speak TLS" in found.fault


async def test_a_survey_says_which_model_read_the_film() -> None:
    async with FakeEngine() as one, FakeEngine(models=["practice"]) as two:
        found = await inspect_engines(config_of(one, two), QUICK)
    assert [engine.engine.model for engine in found if engine.engine] == [
        "medgemma-4b-it",
        "practice",
    ]
    assert [engine.where for engine in found] == [f"localhost:{e.port}" for e in (one, two)]
    assert all(engine.private for engine in found)


async def expect(error: type[EngineError], executor: RemoteExecutor) -> None:
    """Have a reading made that must fail so."""
    with pytest.raises(error):
        await read(executor, REQUEST)


def make_authority(folder: Path) -> tuple[trustme.CA, Path]:
    """A certificate authority and the file that names it."""
    authority = trustme.CA()
    path = folder / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return authority, path


def certificate(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """What a server of that name shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def test_a_token_that_begins_a_thought_is_barred_where_the_engine_tells_it() -> None:
    async with FakeEngine(thought_token=100) as engine, executor_on(engine) as executor:
        await read(executor, REQUEST)
    assert engine.asked[0]["logit_bias"] == {"100": -100}
    assert engine.asked[0]["max_tokens"] == 400


async def test_where_it_is_not_told_thoughts_have_tokens_beside_the_answers() -> None:
    thought = "<unused94>" + "".join(f"hm, {n}?\n" for n in range(30)) + "<unused95>"
    script = [says(f"{thought}FINDINGS: Clear.\nURGENCY: routine")]
    limits = AnswerLimits(reading_tokens=4, thought_tokens=50)
    async with FakeEngine(script) as engine, executor_on(engine, limits=limits) as executor:
        reading = await read(executor, REQUEST)
    assert "logit_bias" not in engine.asked[0]
    assert engine.asked[0]["max_tokens"] == 54
    assert reading.text == "FINDINGS: Clear.\nURGENCY: routine"
    assert not reading.truncated


async def test_an_answer_that_uses_the_thoughts_tokens_is_cut_at_its_own_limit() -> None:
    script = [says("".join(f"line {n}\n" for n in range(20)))]
    limits = AnswerLimits(reading_tokens=4, thought_tokens=50)
    async with FakeEngine(script) as engine, executor_on(engine, limits=limits) as executor:
        reading = await read(executor, REQUEST)
    assert reading.text == "line 0\nline 1\nline 2\nline 3"
    assert reading.truncated


async def test_an_engine_that_thinks_over_the_sample_film_is_proven_all_the_same() -> None:
    thought = "<unused94>" + "".join(f"is it {n}?\n" for n in range(200)) + "<unused95>"
    proof = says(f"{thought}FINDINGS: A pneumothorax.")
    async with FakeEngine(proof=proof) as engine, executor_on(engine) as executor:
        assert executor.status().state is EngineState.READY

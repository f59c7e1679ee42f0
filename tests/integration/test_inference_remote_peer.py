"""The remote executor against a real peer: `transformers serve` with the practice model."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from bot.analyst import Analyst
from bot.domain.cases import CaseStatus
from bot.domain.ids import MessageId
from inference.contract import Executor, PatientContext, ReadRequest, Sex
from inference.executor import ExecutorConfig, LocalExecutor
from inference.practice.phantoms import draw_phantom
from inference.practice.photographs import photograph
from inference.remote.config import Pace, RemoteConfig
from inference.remote.executor import RemoteExecutor
from inference.remote.survey import survey
from tests.bot_world import Clinic, clinic
from tests.checkpoints import seen_in
from tests.serve_peer import NAME, Peer, serving

pytestmark = pytest.mark.timeout(240)

FILMS = 20
PACE = Pace(check_s=3600)


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Peer]]:
    with serving(tmp_path_factory.mktemp("peers"), 2) as found:
        yield found


def film(seed: int) -> bytes:
    """A drawn film, every other one photographed, as the picture process would hand it on."""
    rng = np.random.default_rng((20260, seed))
    drawn = draw_phantom(rng, height_px=384).film.convert("RGB")
    picture = photograph(drawn, rng, long_side_px=480).picture if seed % 2 else drawn
    data = BytesIO()
    picture.save(data, "PNG", compress_level=1)
    return data.getvalue()


async def show_nobody(*_: object) -> None:
    """Show no progress, and no mark."""


async def proven(executor: RemoteExecutor, slots: int) -> None:
    """Wait until so many replicas have read the sample film."""
    async with asyncio.timeout(60):
        while executor.status().slots < slots:  # noqa: ASYNC110 - a status rings no bell
            await asyncio.sleep(0.01)


async def delivered(ward: Clinic) -> list[str]:
    """Keys of what waits to be delivered; it is taken as delivered."""
    keys = []
    while (delivery := await ward.store.outbox.take([], ward.clock.now())) is not None:
        keys.append(delivery.message.key)
        await ward.store.outbox.sent(delivery, MessageId(len(keys)), ward.clock.now())
    return keys


async def ignore(text: str) -> None:
    """Take a partial text and do nothing with it."""


async def answers(executor: Executor, requests: list[ReadRequest]) -> list[tuple[str, int, int]]:
    """Text, prompt tokens and answer tokens of each."""
    made = [await executor.read(request, ignore) for request in requests]
    return [(reading.text, reading.prompt_tokens, reading.answer_tokens) for reading in made]


async def test_the_peer_answers_as_the_local_engine_does(peers: list[Peer], tmp_path: Path) -> None:
    patient = PatientContext(age_years=54, sex=Sex.FEMALE, indication="cough < 3 weeks & fever")
    requests = [
        ReadRequest(request_id=f"r{seed}", pictures=(film(seed),), patient=patient)
        for seed in range(FILMS)
    ]
    config = ExecutorConfig(home=tmp_path, model="practice", score_urgency=False)
    async with LocalExecutor(config, seen_in(tmp_path)) as local:
        expected = await answers(local, requests)
        question = replace(requests[0], question="Which side?", reading=expected[0][0])
        expected += await answers(local, [question])
    async with RemoteExecutor(RemoteConfig(urls=(peers[1].url,)), pace=PACE) as remote:
        assert await answers(remote, [*requests, question]) == expected
        engine = remote.status().engine
    assert engine is not None
    assert (engine.model, engine.practice) == (NAME, True)
    assert len({text for text, _, _ in expected}) > FILMS / 3


async def test_the_text_grows_as_the_peer_writes_it(peers: list[Peer]) -> None:
    heard: list[str] = []

    async def keep(text: str) -> None:
        heard.append(text)

    async with RemoteExecutor(RemoteConfig(urls=(peers[1].url,)), pace=PACE) as remote:
        reading = await remote.read(ReadRequest(request_id="r", pictures=(film(0),)), keep)
    assert len(heard) > 1
    assert heard[-1].strip() == reading.text


async def test_a_model_that_the_peer_does_not_serve_is_a_fault_with_advice(
    peers: list[Peer],
) -> None:
    config = RemoteConfig(urls=(peers[1].url,), model="medgemma-27b-it")
    (found,) = await survey(config, PACE)
    assert "HTTP 400" in found.fault
    assert "EDGERAD_ENGINE_MODEL" in found.advice


async def test_a_case_whose_engine_is_killed_is_answered_once_by_the_other(
    peers: list[Peer], tmp_path: Path
) -> None:
    dying, living = peers
    config = RemoteConfig(urls=(dying.url, living.url))
    async with clinic(tmp_path) as ward, RemoteExecutor(config, pace=PACE) as remote:
        await proven(remote, 2)
        ward.film = film(2)
        amina = await ward.enrol(7)
        case = await ward.open_case(amina)
        analyst = Analyst(
            store=ward.store,
            executor=remote,
            clock=ward.clock,
            show=show_nobody,
            mark=show_nobody,
        )
        dying.freeze()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(analyst.work_once())
            await asyncio.to_thread(dying.wait_for_request)
            dying.kill()
        put_back = await ward.store.cases.get(case.case_id)
        assert put_back is not None
        assert put_back.status is CaseStatus.WAITING
        ward.clock.advance(10)
        assert await analyst.work_once()
        answered = await ward.store.cases.get(case.case_id)
        assert answered is not None
        assert (answered.status, answered.attempt) == (CaseStatus.ANSWERED, 2)
        assert not await analyst.work_once()
        keys = await delivered(ward)
    assert [key for key in keys if ":answer:" in key] == [f"reading:{case.reading_id}:2:answer:0"]

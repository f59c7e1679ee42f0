"""The remote executor against engines that nobody here wrote, with the practice model."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from bot.analyst import Analyst
from bot.domain.cases import CaseStatus
from bot.domain.ids import MessageId
from inference.contract import (
    Executor,
    PatientContext,
    Reading,
    ReadRequest,
    Scored,
    Sex,
    Urgency,
)
from inference.form import PATTERN
from inference.local.executor import ExecutorConfig, LocalExecutor
from inference.practice.phantoms import draw_phantom
from inference.practice.photographs import photograph
from inference.remote.chat import ChatModel, opened_chats
from inference.remote.config import RemoteConfig, RemoteTimeouts
from inference.remote.executor import RemoteExecutor
from inference.remote.inspection import inspect_engines
from inference.remote.stream import Completion
from pictures import PictureProcess
from tests.bot_world import Clinic, clinic
from tests.checkpoints import feature_cache_in
from tests.engine_peers import Peer, serving, transformers_serve
from tests.llama_server import SERVER, SLOTS, llama_server
from tests.reads import events_of, read, texts
from tests.vllm_server import PYTHON, vllm_server

pytestmark = pytest.mark.timeout(240)

NAME = "medgemma-4b-it"
"""A name that gives nothing away: the model is to be known by what it says."""
KEY = "a key"
FILMS = 12
TIMEOUTS = RemoteTimeouts(check_s=3600)

SERVE = "transformers serve"
LLAMA = pytest.param(
    "llama-server",
    marks=pytest.mark.skipif(
        not SERVER.exists(), reason="llama-server is not built: make llama-server"
    ),
)
VLLM = pytest.param("vLLM", marks=pytest.mark.timeout(1200))
KINDS = [SERVE, LLAMA] if PYTHON is None else [VLLM]
"""vLLM by itself: `make test-vllm`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Two of a kind.

    Args:
        dying: The one that a test may end.
        living: The other.
        scores: Whether it tells how likely each urgency is.
        margin_within: How far its margin of urgency may be from the local engine's, relatively.
        refused: What it refuses, and the setting that is to be looked at then.
    """

    dying: Peer
    living: Peer
    scores: bool
    margin_within: float
    refused: tuple[RemoteConfig, str]


@pytest.fixture(scope="module", params=KINDS)
def peers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Peers]:
    folder = tmp_path_factory.mktemp("peers")
    serves = request.param == SERVE
    if serves:
        command = transformers_serve(folder, name=NAME)
    else:
        starts = vllm_server if request.param == "vLLM" else llama_server
        command = starts(folder, name=NAME, key=KEY)
    with serving(folder, command, command) as (dying, living):
        another_model = replace(config_of(living), model="medgemma-27b-it")
        another_key = replace(config_of(living), key=SecretStr("another key"))
        yield Peers(
            dying=dying,
            living=living,
            scores=not serves,
            margin_within=0.1 if request.param != "vLLM" else 0.2,  # it computes in bfloat16
            refused=(another_model, "EDGERAD_ENGINE_MODEL")
            if serves
            else (another_key, "EDGERAD_ENGINE_KEY"),
        )


def config_of(*peers: Peer, parallel: int = 1) -> RemoteConfig:
    urls = tuple(peer.url for peer in peers)
    return RemoteConfig(urls=urls, key=SecretStr(KEY), parallel=parallel)


@asynccontextmanager
async def remote_on(config: RemoteConfig) -> AsyncIterator[RemoteExecutor]:
    async with (
        PictureProcess() as pictures,
        RemoteExecutor(config, pictures.squared, timeouts=TIMEOUTS) as executor,
    ):
        yield executor


@cache
def film(seed: int) -> bytes:
    """A drawn film, every other one photographed, as the picture process would hand it on."""
    rng = np.random.default_rng((20260, seed))
    drawn = draw_phantom(rng, height_px=384).film.convert("RGB")
    picture = photograph(drawn, rng, long_side_px=480).picture if seed % 2 else drawn
    data = BytesIO()
    picture.save(data, "PNG", compress_level=1)
    return data.getvalue()


NOBODY = PatientContext()
PATIENT = PatientContext(age_years=54, sex=Sex.FEMALE, indication="cough < 3 weeks & fever")


def request_for(seed: int, patient: PatientContext = NOBODY) -> ReadRequest:
    """A film to read."""
    return ReadRequest(request_id=f"r{seed}", pictures=(film(seed),), patient=patient)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the local engine says to each request.

    Args:
        of_a_patient: With what is known of one; two films and a question are among them.
        of_nobody: Films alone.
    """

    of_a_patient: dict[ReadRequest, Reading]
    of_nobody: dict[ReadRequest, Reading]


async def show_nobody(*_: object) -> None:
    """Show no progress, and no mark."""


async def proven(executor: RemoteExecutor, slots: int) -> None:
    """Wait until so many replicas have read the sample film."""
    async with asyncio.timeout(60):
        while executor.status().slots < slots:  # noqa: ASYNC110 - a status signals nothing
            await asyncio.sleep(0.01)


async def delivered(ward: Clinic) -> list[str]:
    """Keys of what waits to be delivered; it is taken as delivered."""
    keys = []
    while (delivery := await ward.store.outbox.take([])) is not None:
        keys.append(delivery.message.key)
        await ward.store.outbox.sent(delivery, MessageId(len(keys)))
    return keys


async def read_all(executor: Executor, requests: list[ReadRequest]) -> list[Reading]:
    return [await read(executor, request) for request in requests]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """Read by one local engine: its process starts slowly."""

    async def read_here(folder: Path) -> Expected:
        films = [request_for(seed, PATIENT) for seed in range(FILMS)]
        two = replace(films[0], pictures=(film(0), film(2)))
        alone = [request_for(seed) for seed in range(0, 20, 2)]
        config = ExecutorConfig(home=folder, model="practice")
        async with LocalExecutor(config, feature_cache_in(folder)) as local:
            first = await read(local, films[0])
            question = replace(films[0], question="Which side?", reading=first.text)
            with_patient = [*films, two, question]
            return Expected(
                of_a_patient=dict(
                    zip(with_patient, await read_all(local, with_patient), strict=True)
                ),
                of_nobody=dict(zip(alone, await read_all(local, alone), strict=True)),
            )

    return asyncio.run(read_here(tmp_path_factory.mktemp("here")))


def said(readings: Iterable[Reading]) -> list[tuple[str, int, int]]:
    """Text, prompt tokens and answer tokens of each."""
    return [(reading.text, reading.prompt_tokens, reading.answer_tokens) for reading in readings]


async def test_a_token_that_it_tells_can_be_barred_from_what_it_says(peers: Peers) -> None:
    """As the token that begins a thought is; the practice model's first word stands in for it."""
    config = config_of(peers.living)
    request = ReadRequest(request_id="r", pictures=(film(1),))
    async with opened_chats(config, TIMEOUTS) as (chat,):
        asked = ChatModel(model=NAME)
        token = await chat.token_of("<start_of_turn>", asked)
        if not peers.scores:
            assert token is None, "transformers tells no tokens"
            return
        assert token is not None
        assert await chat.token_of("FINDINGS: A", asked) is None, "that is more than one"

        async def words_of(asked: ChatModel) -> str:
            completion = Completion(8)
            answer = chat.complete(request, asked=asked, max_tokens=8, thought_tokens=0)
            async for _ in completion.growing(answer):
                pass
            return completion.text

        free = await words_of(asked)
        starts = [await chat.token_of(free[:length], asked) for length in range(12, 0, -1)]
        first = next(token for token in starts if token is not None)
        assert free.startswith("F")
        assert not (await words_of(replace(asked, barred_token=first))).startswith(free[:8])


async def test_a_peer_answers_as_the_local_engine_does(peers: Peers, here: Expected) -> None:
    expected = here.of_a_patient
    async with remote_on(config_of(peers.living)) as remote:
        found = await read_all(remote, [*expected])
        engine = remote.status().engine
    assert engine is not None
    assert (engine.model, engine.practice) == (NAME, True)
    assert said(found) == said(expected.values())
    assert len({reading.text for reading in expected.values()}) > FILMS / 3


@pytest.mark.parametrize("peers", KINDS[-1:], indirect=True)
async def test_held_to_the_form_a_reading_has_its_sections_and_says_the_same(peers: Peers) -> None:
    config = replace(config_of(peers.living), score_urgency=False)
    async with remote_on(config) as free, remote_on(replace(config, answer_grammar=True)) as held:
        for seed in range(4):
            request = request_for(seed, PATIENT)
            said = await read(held, request)
            assert re.fullmatch(PATTERN, said.text)
            assert said.text == (await read(free, request)).text


async def test_the_text_grows_as_the_peer_writes_it(peers: Peers) -> None:
    request = request_for(0)
    async with remote_on(config_of(peers.living)) as remote:
        *growing, reading = await events_of(remote, request)
    assert isinstance(reading, Reading)
    assert len(texts(growing)) > 1
    assert texts(growing)[-1] == reading.text


async def test_urgency_is_known_before_the_text_where_the_peer_tells(
    peers: Peers, here: Expected
) -> None:
    films = [*here.of_nobody]
    expected = [reading.scored for reading in here.of_nobody.values()]
    async with remote_on(config_of(peers.living)) as remote:
        events = await events_of(remote, films[0])
        found = [reading.scored for reading in await read_all(remote, films)]
    assert isinstance(events[0], Scored) is peers.scores
    if not peers.scores:
        assert found == [None] * len(films)
        return
    assert [scored and scored.urgency for scored in found] == [
        scored and scored.urgency for scored in expected
    ]
    assert [scored and scored.margin for scored in found] == pytest.approx(
        [scored and scored.margin for scored in expected], rel=peers.margin_within
    )
    assert {scored and scored.urgency for scored in found} > {Urgency.CRITICAL, Urgency.ROUTINE}


async def test_what_is_read_at_once_is_read_as_alone(peers: Peers) -> None:
    films = [request_for(seed) for seed in range(8)]
    async with remote_on(config_of(peers.living)) as remote:
        alone = await read_all(remote, films)
    async with remote_on(config_of(peers.living, parallel=SLOTS)) as remote:
        await proven(remote, SLOTS)
        async with asyncio.TaskGroup() as tasks:
            at_once = [tasks.create_task(read(remote, film)) for film in films]
    assert said([task.result() for task in at_once]) == said(alone)


async def test_what_a_peer_refuses_is_a_fault_with_advice(peers: Peers) -> None:
    config, setting = peers.refused
    (found,) = await inspect_engines(config, TIMEOUTS)
    assert found.engine is None
    assert setting in found.advice


async def test_a_case_whose_engine_is_killed_is_answered_once_by_the_other(
    peers: Peers, tmp_path: Path
) -> None:
    dying = peers.dying
    config = config_of(dying, peers.living)
    async with clinic(tmp_path) as ward, remote_on(config) as remote:
        await proven(remote, 2)
        ward.film = film(2)
        amina = await ward.enrol(7)
        case = await ward.open_case(amina)
        analyst = Analyst(
            store=ward.store,
            executor=remote,
            clock=ward.clock,
            waits=ward.services.settings.call_waits(),
            show=show_nobody,
            mark=show_nobody,
            mark_film=show_nobody,
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

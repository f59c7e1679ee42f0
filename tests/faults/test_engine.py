"""The engine hangs, is out of memory, says nothing, or has no sound model to load."""

import json
import shutil
from pathlib import Path

import pytest

from deploy.doctor.checks import Level
from deploy.doctor.examination import check_model
from inference.models.installed import find_model
from tests.engine_world import Behaviour, FakeEngine, hangs, refuses
from tests.faults.conftest import Note
from tests.faults.damage import flip_byte
from tests.faults.films import film
from tests.faults.ledger import replies, whole_chat
from tests.faults.rig import rigged

ROOM = "The engine fails"

DEADLINE_S = "5"
"""Of a reading, once there is a model."""

LIVES = {
    "out of memory twice, then fine": (
        ["ready,out_of_memory", "ready,out_of_memory", "ready"],
        "steps down two tiers",
    ),
    "an empty answer, then fine": (["ready,empty"], "reads again"),
    "an error of its own, then fine": (["ready,error"], "reads again"),
    "a hang, then fine": (["ready,hang", "ready"], "is killed at the deadline and started again"),
    "a crash in the middle of a reading, then fine": (["ready,crash", "ready"], "starts again"),
    "words that are no message of the wire, then fine": (["garbage", "ready"], "starts again"),
}


@pytest.mark.parametrize("fault", LIVES)
async def test_an_engine_that_fails_and_recovers_reads_every_case(
    tmp_path: Path, note: Note, fault: str
) -> None:
    lives, outcome = LIVES[fault]
    deadline = {"EDGERAD_READ_DEADLINE_S": DEADLINE_S} if "hang" in fault else {}
    async with rigged(tmp_path, EDGERAD_ENGINE="local", **deadline) as rig:
        rig.always("bot", model_lives=lives, quick_retries=0.5)
        await rig.start()
        phone = await rig.phone()
        for number in range(2):
            await rig.ledger.send(phone, film(number))
        balance = await rig.ledger.balance()
        assert balance.duplicates == 0
        note(
            fault=fault,
            how="a scripted model process on the real wire",
            result=f"the engine {outcome}; {balance.in_words()}",
        )


ELSEWHERE: dict[str, tuple[list[Behaviour], str]] = {
    "status 503 three times, then fine": ([refuses(503)] * 3, "is set aside and tried again"),
    "a hang in the middle of an answer, then fine": ([hangs], "is left at the deadline"),
}


@pytest.mark.parametrize("fault", ELSEWHERE)
async def test_an_engine_elsewhere_that_fails_and_recovers_reads_every_case(
    tmp_path: Path, note: Note, fault: str
) -> None:
    script, outcome = ELSEWHERE[fault]
    async with FakeEngine(script) as engine:
        settings = {"EDGERAD_ENGINE_URLS": engine.url, "EDGERAD_READ_DEADLINE_S": DEADLINE_S}
        async with rigged(tmp_path, EDGERAD_ENGINE="remote", **settings) as rig:
            rig.always("bot", quick_retries=0.5)
            await rig.start()
            phone = await rig.phone()
            for number in range(2):
                await rig.ledger.send(phone, film(number))
            balance = await rig.ledger.balance(limit_s=120)  # it is asked again ever more seldom
    assert balance.duplicates == 0
    assert not engine.script
    note(
        fault=f"an engine elsewhere: {fault}",
        how="a scripted server of OpenAI's interface",
        result=f"the engine {outcome}; {balance.in_words()}",
    )


async def test_a_case_that_can_never_be_read_is_given_up_in_words(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path, EDGERAD_ENGINE="local") as rig:
        rig.always("bot", model_lives=["ready,empty,empty,empty"])
        await rig.start()
        phone = await rig.phone()
        sent = await rig.ledger.send(phone, film(1))
        await rig.says("given up: UnusableAnswer")
        await rig.ledger.send(phone, film(2))
        await rig.ledger.balance(failing=[sent["message_id"]])
        said = replies(await whole_chat(phone), sent["message_id"])
        assert any("could not be read" in text for text in said), said
        note(
            fault="an empty answer, every time",
            how="a scripted model process on the real wire",
            result="given up after three attempts; sender told, case kept; the next case answered",
        )


@pytest.mark.timeout(150)
async def test_a_corrupt_model_file_is_refused_and_cases_wait_for_a_sound_one(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path, EDGERAD_ENGINE="local", EDGERAD_MODEL="film-reader") as rig:
        # Given a model of which one byte is not what it was
        sound = find_model(rig.home, "practice").path
        folder = rig.home / "models" / "film-reader"
        shutil.copytree(sound, folder)
        manifest = json.loads((folder / "edgerad.json").read_text()) | {"name": "film-reader"}
        (folder / "edgerad.json").write_text(json.dumps(manifest))
        weights = folder / "model.safetensors"
        flip_byte(weights)
        await rig.start()
        # When a film is sent
        phone = await rig.phone()
        await rig.says("film-reader is damaged", limit_s=60)
        await rig.ledger.send(phone, film())
        # Then nothing reads it, its sender and the doctor know, and with the sound file it is read
        await phone.wait_for(
            lambda event: event.is_from_bot and "engine is not running" in event.data["text"]
        )
        settings = rig.settings.model_copy(update={"model": "film-reader"})
        found = check_model(settings, surveyor=lambda *_: pytest.fail("not to be loaded"))
        assert [line.level for line in found] == [Level.FAULT]
        shutil.copy(sound / "model.safetensors", weights)
        await rig.kill("bot")
        balance = await rig.ledger.balance(limit_s=90)
        note(
            fault="a flipped byte in the model's weights",
            how="one byte of a copy of the practice model changed",
            result=f"refused, never loaded; doctor: FAULT; after repair {balance.in_words()}",
        )

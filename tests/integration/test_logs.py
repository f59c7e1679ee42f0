"""No log says anything of a patient: a day's traffic through the real parts, at every level."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.domain.people import Role
from bot.settings import BotSettings
from deploy.phone_client import PhoneClient, PhoneRefused, PhoneUpload
from deploy.running.sandbox import sandbox
from machine.project import PROJECT_ROOT

FILM = Path("inference/practice/samples/film-1.jpg")
PLANTED = (
    "Quillaja",  # a nurse's name
    "zanzibarite",  # in captions
    "778123",  # a patient's reference
    "xylorimba",  # in a question
    "oxpecker",  # in a search
    "wolframite",  # a file's name
    "hirundine",  # in what is no picture
    "FINDINGS",  # an answer
)
WITHIN_S = 30


async def test_a_days_traffic_leaves_no_word_of_a_patient_and_no_secret_in_any_log() -> None:
    lines: list[str] = []
    settings = {"EDGERAD_ENGINE": "scripted", "EDGERAD_LOG_LEVEL": "DEBUG"}
    async with sandbox(lambda name, line: lines.append(f"{name} {line}"), settings=settings) as run:
        code = await run.invite(Role.SUPERVISOR)
        async with PhoneClient(run.base_url) as phone:
            await phone.join(code, "Quillaja")
            async with phone.listening():
                await phone.accept_terms()
                await a_day(phone)
                session = phone._http.cookies["edgerad_session"]
        async with httpx.AsyncClient(base_url=run.base_url, trust_env=False) as guest:
            await guest.post("/join", json={"code": "xylorimba", "name": "Quillaja"})
            await guest.get("/chat/files/zanzibarite")
            await guest.get("/bot123:zanzibarite/getMe")
        secrets = (code, session, run.bot_token, key_of(run.settings))
    everything = "\n".join(lines)
    assert "answered by scripted" in everything
    assert [word for word in PLANTED if word in everything] == []
    assert [secret for secret in secrets if secret in everything] == []


def key_of(settings: BotSettings) -> str:
    """The key that all is sealed with, in hexadecimal."""
    assert settings.key_file is not None
    return settings.key_file.read_text().strip()


def film() -> bytes:
    return FILM.read_bytes()


async def a_day(phone: PhoneClient) -> None:
    """Everything that a person does, and some of it wrong."""
    caption = "F 41, zanzibarite since Tuesday, ref 778123"
    await phone.send(PhoneUpload(name="wolframite.jpg", data=film()), text=caption)
    answer = await phone.wait_for(lambda e: e.is_from_bot and "FINDINGS" in e.data["text"])
    for text in (
        "/search oxpecker",
        "/case C-0001",
        "/export all",
        "/people",
        "/nonsense oxpecker",
    ):
        known = len(phone.events)
        await phone.send(text=text)
        await phone.wait_for(lambda e: e.is_from_bot, since=known, limit_s=WITHIN_S)
    known = len(phone.events)
    await phone.send(text="xylorimba?", reply_to=answer.data["message_id"])
    await phone.wait_for(lambda e: e.is_from_bot, since=known, limit_s=WITHIN_S)
    known = len(phone.events)
    await phone.send(PhoneUpload(name="wolframite.dcm", data=b"hirundine" * 50), as_document=True)
    await phone.wait_for(lambda e: e.is_from_bot, since=known, limit_s=WITHIN_S)
    with pytest.raises(PhoneRefused):
        await phone.press(answer.data["message_id"], "zanzibarite")
    with pytest.raises(PhoneRefused):
        await phone.send(text="zanzibarite" * 1000)


@pytest.mark.parametrize(
    "error",
    [
        "raise ValueError(word)",
        "raise ExceptionGroup(word, [ValueError(word)])",
        "raise ValueError(word) from KeyError(word)",
        "asyncio.run(group())",
        "threading.Thread(target=int, args=[word]).start()",
        "asyncio.run(forgotten())",
        "asyncio.run(transaction())",
    ],
)
def test_an_error_that_ends_a_part_says_where_and_not_what(error: str, tmp_path: Path) -> None:
    script = f"""
import asyncio, pathlib, threading
from machine.logs import set_up_logs
word = "zanzi" + "barite"
async def group():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fail())
async def fail():
    raise ValueError(word)
async def forgotten():
    task = asyncio.get_running_loop().create_task(fail(), name=word)
    await asyncio.sleep(0.01)
    del task
async def transaction():
    from storage.database import Database, DatabaseFile
    from storage.keys import Key, Keyring, Purpose
    from storage.signals import Signals
    key = Keyring((Key.new(),))
    path = pathlib.Path({str(tmp_path)!r}, "bot.db")
    file = DatabaseFile(path=path, keyring=key, purpose=Purpose.BOT_DATABASE, migrations=())
    async with Database(file, Signals()) as database:
        await database.write(lambda tx: int(word))
set_up_logs("DEBUG")
{error}
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "zanzibarite" not in done.stderr + done.stdout
    if "forgotten" not in error:
        assert "Error" in done.stderr

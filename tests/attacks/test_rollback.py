"""Older databases put back without the key: noticed, said, and nobody is let in by them.

What the attacker has is the disk, for a while, and a copy of it from before; not the key.
"""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from bot.domain.audit import Act, Actor, head_code
from bot.domain.people import Role
from deploy.commands.cli import app
from gateway.app import serving
from gateway.settings import GatewaySettings
from storage.epoch import EpochRecord, Finding, Why
from storage.layout import BOT_DATABASE, DATABASES, GATEWAY_DATABASE, Layout
from storage.opening import unlocked
from tests.attacks.conftest import Note
from tests.integration.test_bot_on_the_gateway import bot_running, nurse, press_button
from tests.keys import bot_store_at

ATTACKER = "without the key"

LOOKS = 400


def settings_of(home: Path) -> GatewaySettings:
    return GatewaySettings(_env_file=None, home=home, gateway_host="127.0.0.1", gateway_port=0)


def copy_databases(home: Path, to: Path) -> None:
    """Copy both databases with their logs, as whoever has the disk can."""
    for path in DATABASES:
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        for file in (home / path).parent.glob(f"{path.name}*"):
            shutil.copy(file, to / path.parent / file.name)


def put_back(copy: Path, home: Path, paths: Sequence[Path]) -> None:
    for path in paths:
        for file in (home / path).parent.glob(f"{path.name}*"):
            file.unlink()
        for file in (copy / path).parent.glob(f"{path.name}*"):
            shutil.copy(file, home / path.parent / file.name)


def findings_of(home: Path) -> list[Finding]:
    with unlocked(home, None) as keyring:
        return EpochRecord(home, keyring).findings()


async def is_in(cookies: httpx.Cookies, port: int) -> bool:
    base_url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base_url, cookies=cookies, trust_env=False) as phone:
        return (await phone.get("/chat/messages")).is_success


async def comes(look: Callable[[], Awaitable[bool]]) -> bool:
    """Whether something comes about that the bot does by itself."""
    for _ in range(LOOKS):
        if await look():
            return True
        await asyncio.sleep(0.05)
    return False


async def serve_once(home: Path, cookies: httpx.Cookies, log: pytest.LogCaptureFixture) -> None:
    """Start, and stop once the bot serves and the revoked phone is out."""
    log.set_level(logging.INFO)
    log.clear()
    async with serving(settings_of(home)) as ports, bot_running(home, ports):

        async def is_out() -> bool:
            return "Serving as bot" in log.text and not await is_in(cookies, ports.phones)

        assert await comes(is_out)


@pytest.fixture
async def cookies(tmp_path: Path) -> httpx.Cookies:
    """The session of a phone that was revoked; `copy` has the databases from before that."""
    home = tmp_path / "data"
    async with (
        serving(settings_of(home)) as ports,
        bot_running(home, ports),
        nurse(home, ports) as lost,
        nurse(home, ports, Role.SUPERVISOR, "Dr Mensah") as supervisor,
    ):
        session = lost._http.cookies
        copy_databases(home, tmp_path / "copy")
        assert await is_in(session, ports.phones)
        await supervisor.send(text="/revoke Amina")
        await press_button(supervisor, "revoke:")
        await press_button(supervisor, "revoke!:")

        async def is_out() -> bool:
            return not await is_in(session, ports.phones)

        assert await comes(is_out)
    return session


@pytest.mark.parametrize(
    "paths", [tuple(DATABASES), (BOT_DATABASE,), (GATEWAY_DATABASE,)], ids=["both", "bot", "chats"]
)
async def test_older_databases_are_noticed_and_let_no_revoked_phone_in(
    tmp_path: Path,
    cookies: httpx.Cookies,
    caplog: pytest.LogCaptureFixture,
    paths: tuple[Path, ...],
    outcome: Note,
) -> None:
    home = tmp_path / "data"
    assert findings_of(home) == []
    put_back(tmp_path / "copy", home, paths)
    await serve_once(home, cookies, caplog)
    found = findings_of(home)
    assert {(finding.database, finding.why) for finding in found} == {
        (path.as_posix(), Why.OLDER) for path in paths
    }
    async with bot_store_at(home) as store:
        noted = [e for e in await store.audit.newest(99) if e.act is Act.ROLLED_BACK]
        assert {entry.subject for entry in noted} == {path.as_posix() for path in paths}
        (lost,) = [p for p in await store.people.everyone() if p.name == "Amina"]
        assert lost.revoked_at is not None
    await serve_once(home, cookies, caplog)
    assert findings_of(home) == found, "said until somebody accepts it, and not twice"
    outcome(
        "Older databases put back, both or one, from before a phone was revoked",
        "noticed and said; the phone is shut out again",
    )


async def test_a_record_that_was_removed_is_noticed_as_older_databases_are(
    tmp_path: Path, cookies: httpx.Cookies, caplog: pytest.LogCaptureFixture, outcome: Note
) -> None:
    home = tmp_path / "data"
    shutil.rmtree(Layout(home).epoch)
    await serve_once(home, cookies, caplog)
    assert {finding.why for finding in findings_of(home)} == {Why.UNKNOWN}
    outcome("The record of the newest data removed", "noticed and said")


async def test_an_older_record_is_noticed_too(
    tmp_path: Path, cookies: httpx.Cookies, caplog: pytest.LogCaptureFixture, outcome: Note
) -> None:
    home = tmp_path / "data"
    older = tmp_path / "older"
    shutil.copytree(Layout(home).epoch, older)
    await serve_once(home, cookies, caplog)
    shutil.rmtree(Layout(home).epoch)
    shutil.copytree(older, Layout(home).epoch)
    await serve_once(home, cookies, caplog)
    assert {finding.why for finding in findings_of(home)} == {Why.OTHER}
    outcome("An older record put back", "noticed and said")


async def test_what_goes_on_as_it_was_is_never_noticed(
    tmp_path: Path, cookies: httpx.Cookies, caplog: pytest.LogCaptureFixture
) -> None:
    """Restarts, a rotated key, a whole folder that is moved."""
    home = tmp_path / "data"
    await serve_once(home, cookies, caplog)
    moved = home.rename(tmp_path / "moved")
    await serve_once(moved, cookies, caplog)
    assert findings_of(moved) == []


async def test_a_whole_folder_that_is_put_back_is_told_by_a_head_that_was_noted(
    tmp_path: Path,
    outcome: Note,
) -> None:
    """Record and databases agree then: nothing on the machine can tell."""
    home, copy = tmp_path / "data", tmp_path / "copy"
    async with bot_store_at(home) as store:
        await store.audit.add(Actor.at_the_machine().does(Act.INVITED))
    shutil.copytree(home, copy)
    async with bot_store_at(home) as store:
        head = await store.audit.add(Actor.at_the_machine().does(Act.REVOKED, 7))
    noted = head_code(head)
    assert len(noted) == 24, "short enough to be written down"

    async def run(*words: str) -> Result:
        told = {"EDGERAD_HOME": str(home)}
        return await asyncio.to_thread(CliRunner().invoke, app, words, env=told)

    assert (await run("audit", "verify", "--head", noted)).exit_code == 0
    assert noted in (await run("audit", "head")).output
    shutil.rmtree(home)
    copy.rename(home)
    found = await run("audit", "verify", "--head", noted.upper())
    assert found.exit_code == 1
    assert "an older database was put back" in found.output.replace("\n", " ")
    outcome("The whole folder put back", "not noticed on the machine; a head noted elsewhere tells")

"""`edgerad retention` at the machine, and backups that are not kept longer than what is in them."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.domain.audit import Act
from bot.domain.retention import Retention
from bot.store import open_store
from deploy.backups.backup import back_up
from deploy.commands.cli import app
from deploy.retention import delete, look
from gateway.schemas.records import Draft
from gateway.settings import GatewaySettings
from machine.clock import SystemClock
from storage.layout import Layout
from storage.opening import unlocked
from tests.bot_conversation import conversation
from tests.bot_world import START, FakeClock, clinic, reading
from tests.gateway_store import chats_at, joined, joined_session
from tests.keys import KEYRING

ROUTINE = "FINDINGS: Clear.\nIMPRESSION: Normal.\nURGENCY: routine\nRECOMMENDATION: None."
A_MONTH = Retention(cases=timedelta(days=30))
DAY_S = 24 * 3600.0


async def a_clinic(place: GatewaySettings) -> None:
    """A case of `START`, and a chat in which its caption stands."""
    async with clinic(place.home) as ward, conversation(ward) as chat:
        await chat.case(await ward.enrol(7), reading(ROUTINE), "cough ref 2231")
    async with chats_at(Layout(place.home).gateway_database, START.timestamp) as chats:
        await chats.receive(await joined_session(chats), "1", [Draft(text="cough ref 2231")])
        await chats.updates.drop()


def at(days: float) -> FakeClock:
    """The time so many days after `START`."""
    clock = FakeClock()
    clock.advance(days * DAY_S)
    return clock


async def test_what_is_too_old_is_shown_and_stays_until_it_is_deleted(tmp_path: Path) -> None:
    place = GatewaySettings(_env_file=None, home=tmp_path)
    await a_clinic(place)
    assert (await look(A_MONTH, place, KEYRING, at(29))).cases == ()
    old = await look(A_MONTH, place, KEYRING, at(31))
    assert (len(old.cases), old.messages, old.files) == (1, 2, 0)
    assert await look(A_MONTH, place, KEYRING, at(31)) == old
    assert await delete(A_MONTH, place, KEYRING, at(31)) == old.cases
    left = await look(A_MONTH, place, KEYRING, at(31))
    assert (left.cases, left.messages) == ((), 0)


async def test_a_message_that_the_bot_has_not_fetched_yet_stays(tmp_path: Path) -> None:
    """An accepted case is answered, however long the bot was away."""
    place = GatewaySettings(_env_file=None, home=tmp_path)
    async with chats_at(Layout(place.home).gateway_database, START.timestamp) as chats:
        await joined(chats)
    assert (await look(A_MONTH, place, KEYRING, at(100))).messages == 0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clinic that the command line works on."""
    home, key = tmp_path / "data", tmp_path / "key"
    key.write_text(KEYRING.as_text())
    monkeypatch.setenv("EDGERAD_HOME", str(home))
    monkeypatch.setenv("EDGERAD_KEY_FILE", str(key))
    asyncio.run(a_clinic(GatewaySettings(_env_file=None, home=home)))
    return home


def test_backups_in_which_every_case_is_too_old_go_with_the_next_one(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    for days in (0, 20, 40):
        back_up(home, folder, tmp_path / "key", keep_for=timedelta(days=30), clock=at(days))
    assert len(list(folder.iterdir())) == 2
    back_up(home, folder, tmp_path / "key", keep_for=timedelta(days=30), clock=at(400))
    assert len(list(folder.iterdir())) == 3, "a clock that jumped costs no backup"


def test_whatever_is_done_at_the_machine_is_noted(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGERAD_KEEP_CASES_DAYS", "30")
    archive = tmp_path / "clinic.tar"
    told = {}
    for command in (
        ["backup", str(archive)],
        ["key", "save", str(tmp_path / "copy")],
        ["key", "rotate"],
        ["retention"],
        ["retention", "--now"],
        ["restore", str(archive), "--force"],
    ):
        if command[0] == "restore":
            assert acts(home, tmp_path / "key")[-4:] == [
                Act.BACKED_UP,
                Act.COPIED_KEY,
                Act.CHANGED_KEY,
                Act.EXPIRED,
            ]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, (command, result.output)
        told[" ".join(command[:2])] = result.output
    assert "1 cases and 1 pictures" in told["retention"]
    assert "Nothing was deleted" in told["retention"]
    assert "Deleted for good: 1 cases" in told["retention --now"]
    assert "Deleted for good: 1 cases" in told[f"restore {archive}"], "it was in the backup"
    assert acts(home, tmp_path / "key")[-2:] == [Act.RESTORED, Act.EXPIRED]


def test_a_clinic_in_which_nothing_is_too_old_is_told_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dry run that a careful technician begins with."""
    assert home.is_dir()
    monkeypatch.setenv("EDGERAD_KEEP_CASES_DAYS", "36500")
    for command in (["retention"], ["retention", "--now"]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, (command, result.output)
        assert "Older than the limit: none" in result.output


def acts(home: Path, key_file: Path) -> list[Act]:
    """The audit log, oldest first."""

    async def read() -> list[Act]:
        with unlocked(home, key_file) as keyring:
            async with open_store(home, keyring, SystemClock()) as store:
                return [each.act for each in reversed(await store.audit.newest(99))]

    return asyncio.run(read())

"""`edgerad uninstall`: what it takes away, and what not."""

import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.settings import BotSettings
from deploy.commands.cli import app
from deploy.running import background
from storage.home import AlreadyRunning, Holder, hold
from storage.key_sources import find_key_source
from storage.layout import Layout

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data of an EdgeRad that a stick installed."""
    release = tmp_path / "edgerad" / "0.2.0-abcdef01"
    release.mkdir(parents=True)
    (release / "complete").touch()
    monkeypatch.setattr(sys, "prefix", str(release))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDGERAD_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("EDGERAD_KEY_FILE", str(tmp_path / "key"))
    assert RUNNER.invoke(app, ["invite"]).exit_code == 0
    return tmp_path / "data"


def test_who_says_no_keeps_edgerad_running(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[Path] = []
    monkeypatch.setattr(background, "stop", stopped.append)
    asked = RUNNER.invoke(app, ["uninstall", "--wipe"], input="n\n")
    assert asked.exit_code == 1
    assert str(home) in asked.output
    assert stopped == []
    assert home.exists()


def test_data_that_something_uses_are_not_wiped_nor_is_their_key(home: Path) -> None:
    with hold(home, Holder.BOT):
        refused = RUNNER.invoke(app, ["uninstall", "--yes", "--wipe"])
    assert isinstance(refused.exception, AlreadyRunning)
    assert find_key_source(home, BotSettings().key_file).exists()
    assert home.exists()


def wiped(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said while all is taken away but the programs, which this test runs with."""
    monkeypatch.setattr(os, "execvp", lambda *_: None)
    monkeypatch.setenv("HOME", str(home.parent))
    done = RUNNER.invoke(app, ["uninstall", "--yes", "--wipe"])
    assert done.exit_code == 0, done.output
    return done.output


def test_only_what_is_edgerads_is_wiped_and_what_stays_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = home / "letters" / "thesis.odt"
    letters.parent.mkdir()
    backup = home / "june.tar"
    elsewhere = home.parent / "cache"
    elsewhere.mkdir()
    for path in (letters, backup, elsewhere / "weights"):
        path.touch()
    Layout(home).models.symlink_to(elsewhere)
    Layout(home).log.touch()
    said = wiped(home, monkeypatch)
    assert sorted(home.iterdir()) == [backup, letters.parent]
    assert letters.exists()
    assert (elsewhere / "weights").exists()
    assert not (home.parent / "key").exists()
    for path in home.iterdir():
        assert str(path) in said


def test_all_that_edgerad_made_is_wiped_and_the_folder_with_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("before-restore-2026-01-02T030405Z", "models", ".unpacking"):
        (home / name / "within").mkdir(parents=True)
    Layout(home).sealed_key.with_name(".key.sealed.00.draft").touch()
    assert "These stay" not in wiped(home, monkeypatch)
    assert not home.exists()


def test_the_question_names_what_is_wiped_and_whom_it_locks_out(home: Path) -> None:
    asked = RUNNER.invoke(app, ["uninstall", "--wipe"], input="n\n").output
    assert str(Layout(home).sealed_with) in asked
    assert "cannot be read without a copy of the key" in asked

"""`edgerad uninstall` where it must not go through."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.settings import BotSettings
from deploy.commands.cli import app
from deploy.running import background
from storage.home import AlreadyRunning, Holder, hold
from storage.key_sources import find_key_source

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

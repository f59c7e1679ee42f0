"""The commands as an operator types them, each in a process or by Typer's own runner."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.domain import Role
from deploy.cli import app

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, and no `.env` beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDGERAD_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.mark.parametrize("role", Role)
def test_an_invite_is_shown_as_link_qr_code_and_command(role: Role) -> None:
    shown = RUNNER.invoke(app, ["invite", "--role", role])
    assert shown.exit_code == 0
    assert "/join#" in shown.output
    assert "/start " in shown.output
    assert "█" in shown.output


def test_a_backup_after_an_invite_is_written_and_checked(home: Path) -> None:
    RUNNER.invoke(app, ["invite"])
    done = RUNNER.invoke(app, ["backup", "clinic.tar"])
    assert done.exit_code == 0
    assert "Backed up and checked" in done.output
    assert Path("clinic.tar").stat().st_size > 0


def test_a_backup_of_nothing_fails_in_words() -> None:
    done = RUNNER.invoke(app, ["backup", "clinic.tar"])
    assert done.exit_code == 1
    assert "nothing to back up" in done.output


def test_what_is_no_model_is_refused_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "readme.txt").write_text("no model")
    done = RUNNER.invoke(app, ["model", "add", str(folder)])
    assert done.exit_code == 1
    assert "config.json" in done.output


def test_a_model_that_is_not_there_cannot_be_removed() -> None:
    done = RUNNER.invoke(app, ["model", "remove", "--yes", "medgemma-4b-it"])
    assert done.exit_code == 1
    assert "medgemma-4b-it" in done.output


def test_models_are_listed_with_what_must_be_known_of_them(home: Path) -> None:
    folder = home / "models" / "broken"
    folder.mkdir(parents=True)
    listed = RUNNER.invoke(app, ["model", "list"])
    assert listed.exit_code == 0
    assert "broken" in listed.output
    assert "edgerad.json" in " ".join(listed.output.split())


def test_up_without_the_model_asked_for_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDGERAD_MODEL", "medgemma-27b-it")
    started = RUNNER.invoke(app, ["up"])
    assert started.exit_code == 1
    assert "edgerad model list" in " ".join(started.output.split())

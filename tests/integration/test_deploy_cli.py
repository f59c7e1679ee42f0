"""The commands as an operator types them, each in a process or by Typer's own runner."""

import os
import re
import socket
import subprocess
import sys
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.domain.people import Role
from deploy.commands.cli import app, main
from deploy.doctor import examination as doctor
from deploy.doctor.checks import Level
from deploy.running.sandbox import free_port
from machine.faults import EXIT_STATUS
from machine.project import PROJECT_ROOT
from storage.epoch import EpochRecord, Why
from storage.home import Holder, hold
from storage.layout import BOT_DATABASE, GATEWAY_DATABASE
from storage.opening import unlocked
from tests.gateway_store import write_as_newer_release

RUNNER = CliRunner()
Edgerad = Callable[..., str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, and no `.env` beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDGERAD_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def edgerad(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Edgerad:
    """Runs a command that must fail in words; gives its words on one line."""

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["edgerad", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == EXIT_STATUS
        shown = capsys.readouterr()
        return " ".join((shown.out + shown.err).split())

    return run


@pytest.mark.parametrize("role", Role)
def test_an_invite_is_shown_as_link_qr_code_and_command(role: Role) -> None:
    shown = RUNNER.invoke(app, ["invite", "--role", role])
    assert shown.exit_code == 0
    assert "/join#" in shown.output
    assert "/start " in shown.output
    assert "█" in shown.output
    assert "it works once, until " in shown.output


def test_a_role_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    shown = " ".join(RUNNER.invoke(app, ["invite", "--role", "boss"]).output.split())
    assert "'boss' is none of" in shown
    assert "supervisor" in shown
    assert "Value error" not in shown


def test_what_the_machine_makes_is_its_users_alone_from_the_first_command(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["edgerad", "invite"])
    before = os.umask(0o022)
    try:
        with pytest.raises(SystemExit):
            main()
    finally:
        os.umask(before)
    made = [path for path in home.rglob("*") if path.stat().st_mode & 0o077]
    assert made == []
    assert (home / BOT_DATABASE).exists()


def test_an_invite_on_a_card_is_drawn_and_lasts_until_it_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[timedelta | None] = []

    async def create(_settings: object, _role: Role, lasts: timedelta | None) -> str:
        asked.append(lasts)
        return "ABCDEFGH23"

    monkeypatch.setattr("deploy.commands.cli.create_invite", create)
    shown = RUNNER.invoke(app, ["invite", "--card", "card.png", "--wifi", "Clinic"])
    assert shown.exit_code == 0
    assert (tmp_path / "card.png").exists()
    assert asked == [timedelta(hours=24)]
    words = ["invite", "--card", "code.png", "--wifi", "Clinic", "--wifi-code", "--language", "ha"]
    shown = RUNNER.invoke(app, words, input="a secret\n")
    assert shown.exit_code == 0
    assert "a secret" not in shown.output
    assert (tmp_path / "code.png").stat().st_size > 0


def test_a_backup_after_an_invite_is_written_and_checked(home: Path) -> None:
    RUNNER.invoke(app, ["invite"])
    done = RUNNER.invoke(app, ["backup", "clinic.tar"])
    assert done.exit_code == 0
    assert "Backed up and checked" in done.output
    assert Path("clinic.tar").stat().st_size > 0


def test_a_backup_of_nothing_fails_in_words(edgerad: Edgerad) -> None:
    assert "nothing to back up" in edgerad("backup", "clinic.tar")


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


def test_the_practice_model_is_not_offered_for_removal() -> None:
    done = RUNNER.invoke(app, ["model", "remove", "practice"], input="y\n")
    assert done.exit_code == 1
    assert "part of EdgeRad" in done.output
    assert "[y/N]" not in done.output


def test_models_are_listed_with_what_must_be_known_of_them(home: Path) -> None:
    folder = home / "models" / "broken"
    folder.mkdir(parents=True)
    listed = RUNNER.invoke(app, ["model", "list"])
    assert listed.exit_code == 0
    assert "broken" in listed.output
    assert "edgerad.json" in " ".join(listed.output.split())
    assert f"    {folder}\n" in listed.output


def test_up_without_the_model_asked_for_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, edgerad: Edgerad
) -> None:
    monkeypatch.setenv("EDGERAD_MODEL", "medgemma-27b-it")
    assert "edgerad model list" in edgerad("up")


@pytest.mark.parametrize("holder", [Holder.SYSTEM, Holder.BOT, Holder.GATEWAY])
def test_up_beside_another_on_the_same_folder_says_so_and_changes_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, edgerad: Edgerad, holder: Holder
) -> None:
    monkeypatch.setenv("EDGERAD_GATEWAY_PORT", str(free_port()))
    with hold(home, holder):
        words = edgerad("up")
    assert f"Another {holder} runs on this data folder" in words
    assert "join#" not in words
    assert not (home / BOT_DATABASE).exists()
    assert not (home / "secrets").exists()


def test_up_on_a_port_in_use_says_which_to_take(
    home: Path, monkeypatch: pytest.MonkeyPatch, edgerad: Edgerad
) -> None:
    monkeypatch.setenv("EDGERAD_GATEWAY_HOST", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("EDGERAD_GATEWAY_PORT", str(port))
        assert f"EDGERAD_GATEWAY_PORT={port + 1}" in edgerad("up")
        monkeypatch.setenv("EDGERAD_GATEWAY_PORT", str(free_port()))
        monkeypatch.setenv("EDGERAD_BOT_API_PORT", str(port))
        assert f"EDGERAD_BOT_API_PORT={port + 1}" in edgerad("up")
    assert not (home / BOT_DATABASE).exists()


def test_up_on_chats_that_a_newer_release_wrote_says_so_and_ends(
    home: Path, monkeypatch: pytest.MonkeyPatch, edgerad: Edgerad
) -> None:
    with unlocked(home, None) as keyring:
        write_as_newer_release(home / GATEWAY_DATABASE, keyring)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT_ROOT))
    monkeypatch.setenv("EDGERAD_ENGINE", "scripted")
    monkeypatch.setenv("EDGERAD_GATEWAY_HOST", "127.0.0.1")
    monkeypatch.setenv("EDGERAD_GATEWAY_PORT", str(free_port()))
    monkeypatch.setenv("EDGERAD_BOT_API_PORT", str(free_port()))
    words = edgerad("up")
    assert "A newer release wrote this data folder: update this one, or restore a backup" in words
    assert "The gateway cannot run" in words
    assert "join#" not in words


@pytest.mark.parametrize(
    "command",
    [
        "up",
        "invite",
        "model add .",
        "model fetch --token x",
        "backup clinic.tar",
        "restore clinic.tar",
    ],
)
def test_a_data_folder_that_cannot_be_made_is_said_by_every_command(
    home: Path, edgerad: Edgerad, command: str
) -> None:
    home.touch()
    assert f"EDGERAD_HOME={home}" in edgerad(*command.split())


@pytest.mark.parametrize("command", ["up", "doctor", "invite", "model list", "backup clinic.tar"])
def test_a_malformed_token_is_said_by_every_command(
    monkeypatch: pytest.MonkeyPatch, edgerad: Edgerad, command: str
) -> None:
    monkeypatch.setenv("EDGERAD_BOT_TOKEN", "123:abc")
    assert "EDGERAD_BOT_TOKEN in the environment" in edgerad(*command.split())


@pytest.mark.parametrize("part", ["bot", "gateway"])
@pytest.mark.parametrize(("key", "value"), [("HOME", "{folder}/file"), ("BOT_TOKEN", "123:abc")])
def test_a_part_alone_says_what_is_wrong_with_its_settings(
    tmp_path: Path, part: str, key: str, value: str
) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "-m", "deploy", part],
        env=os.environ
        | {"PYTHONPATH": str(PROJECT_ROOT), f"EDGERAD_{key}": value.format(folder=tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == EXIT_STATUS
    assert f"EDGERAD_{key}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_lost_key_is_said_by_every_command_that_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edgerad: Edgerad
) -> None:
    key = tmp_path / "stick" / "key"
    monkeypatch.setenv("EDGERAD_KEY_FILE", str(key))
    RUNNER.invoke(app, ["invite"])
    key.unlink()
    for command in ("invite", "backup clinic.tar", "key where", "key rotate", "audit verify"):
        assert "Nothing was changed" in edgerad(*command.split())
    assert not key.exists()
    assert RUNNER.invoke(app, ["doctor"]).exit_code == 1


def test_a_key_is_shown_by_its_name_alone_copied_and_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGERAD_KEY_FILE", str(tmp_path / "key"))
    RUNNER.invoke(app, ["invite"])
    secret = (tmp_path / "key").read_text().strip()
    shown = RUNNER.invoke(app, ["key", "where"]).output
    assert str(tmp_path / "key") in shown.replace("\n", "")
    assert secret not in shown
    assert RUNNER.invoke(app, ["key", "save", "copy"]).exit_code == 0
    assert Path("copy").read_text().strip() == secret
    assert RUNNER.invoke(app, ["key", "save", "copy"]).exit_code == 1  # nothing is overwritten
    assert RUNNER.invoke(app, ["key", "rotate"]).exit_code == 0
    assert (tmp_path / "key").read_text().split()[1:] == [secret]
    assert RUNNER.invoke(app, ["invite"]).exit_code == 0


def test_a_copy_of_the_key_goes_to_no_stick_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the only copy lies on the disk that it is to outlive."""
    monkeypatch.setenv("EDGERAD_KEY_FILE", str(tmp_path / "key"))
    RUNNER.invoke(app, ["invite"])
    refused = RUNNER.invoke(app, ["key", "save", "stick/edgerad.key"])
    assert refused.exit_code == 1
    assert "no folder stick" in refused.output
    assert not Path("stick").exists()
    Path("stick").mkdir()
    refused = RUNNER.invoke(app, ["key", "save", "stick"])
    assert refused.exit_code == 1
    assert "stick/edgerad.key" in refused.output
    assert RUNNER.invoke(app, ["key", "save", "stick/edgerad.key"]).exit_code == 0


def test_the_audit_log_is_verified_and_knows_an_invite_made_at_the_machine() -> None:
    RUNNER.invoke(app, ["invite"])
    verified = RUNNER.invoke(app, ["audit", "verify"])
    assert verified.exit_code == 0
    assert "1 entry, all in order" in verified.output
    head = verified.output.split()[-1]
    assert RUNNER.invoke(app, ["audit", "verify", "--head", head]).exit_code == 0
    assert RUNNER.invoke(app, ["audit", "verify", "--head", "00" * 10]).exit_code == 1
    too_short = RUNNER.invoke(app, ["audit", "verify", "--head", head[:4]])
    assert too_short.exit_code == 2
    assert "is no head" in too_short.output
    assert head in RUNNER.invoke(app, ["audit", "head"]).output


def test_older_data_are_said_by_doctor_until_they_are_accepted(home: Path) -> None:
    RUNNER.invoke(app, ["invite"])
    with unlocked(home, None) as keyring:
        record = EpochRecord(home, keyring)
        record.begin(BOT_DATABASE, 0, 0.0)
        record.begin(BOT_DATABASE, 1 << 30, 0.0)
        assert [finding.why for finding in record.findings()] == [Why.OTHER]
        assert doctor.check_older_data(home, keyring).level is Level.FAULT
    assert "Accepted: 1" in RUNNER.invoke(app, ["audit", "accept"]).output
    assert EpochRecord(home, keyring).findings() == []
    assert "Nothing was noticed" in RUNNER.invoke(app, ["audit", "accept"]).output


def test_a_support_archive_of_a_clinic_names_no_invite_and_mending_says_what_it_did(
    home: Path, tmp_path: Path
) -> None:
    shown = RUNNER.invoke(app, ["invite"])
    code = re.search(r"join#(\w+)", shown.output)
    assert code is not None
    home.chmod(0o755)
    mended = RUNNER.invoke(app, ["doctor", "--fix"])
    assert "Mended: " in mended.output
    assert home.stat().st_mode & 0o077 == 0
    written = RUNNER.invoke(app, ["support", str(tmp_path / "support.tar.gz")])
    assert written.exit_code == 0, written.output
    with tarfile.open(tmp_path / "support.tar.gz") as archive:
        files = {member.name: archive.extractfile(member) for member in archive}
        said = "".join(file.read().decode() for file in files.values() if file is not None)
    assert "Privacy" in said
    assert code[1] not in said

"""Which folder `.env` and the data are in."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import BotSettings
from machine.project import OWN_FOLDER, PROJECT_ROOT


def test_the_same_data_are_meant_from_whatever_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDGERAD_HOME", raising=False)
    (tmp_path / ".env").write_text("EDGERAD_LOG_LEVEL=debug\n")
    monkeypatch.chdir(tmp_path)
    assert BotSettings(_env_file=None).home == PROJECT_ROOT / "data" == OWN_FOLDER / "data"
    monkeypatch.setenv("EDGERAD_HOME", "elsewhere")
    assert BotSettings().home == PROJECT_ROOT / "elsewhere"
    assert BotSettings().log_level != "DEBUG"
    monkeypatch.setenv("EDGERAD_HOME", str(tmp_path / "data"))
    assert BotSettings().home == tmp_path / "data"


def test_an_installed_package_keeps_its_data_in_the_users_own_folder(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "machine"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "project.py").write_text((PROJECT_ROOT / "machine" / "project.py").read_text())
    said = "from machine.project import ENV_FILE; print(ENV_FILE)"
    for variables, folder in (
        ({"HOME": str(tmp_path)}, tmp_path / ".local" / "share" / "edgerad"),
        ({"HOME": str(tmp_path), "XDG_DATA_HOME": "/srv"}, Path("/srv/edgerad")),
    ):
        shown = subprocess.run(
            [sys.executable, "-c", said],
            env=variables,
            cwd=package.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        assert shown.stdout.strip() == str(folder / ".env")

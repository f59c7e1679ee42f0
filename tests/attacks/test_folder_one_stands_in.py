"""Code that lies in the folder one happens to stand in: a stick, a download folder, `/tmp`."""

import re
from pathlib import Path

import pytest

from deploy.doctor.hardware import survey
from machine.project import PROJECT_ROOT
from pictures import PictureProcess
from tests.acceptance.running import EdgeRad
from tests.attacks.conftest import Note
from tests.valid_files import raster

ATTACKER = "on the machine, and in files"

IMPORTED = ("uvicorn", "PIL", "numpy", "torch", "json", "telegram", "dl")
ROOMS = ("bot", "deploy", "gateway", "inference", "machine", "pictures", "storage")


@pytest.fixture
def poisoned(tmp_path: Path) -> Path:
    """A folder with modules of the names that parts import; each leaves a trace where it runs."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    for name in IMPORTED:
        trace = tmp_path / f"{name} ran"
        code = f"open({str(trace)!r}, 'w').close()\nraise SystemExit('not the real one')\n"
        (folder / f"{name}.py").write_text(code)
    (folder / "gateway").mkdir()  # a mere folder is a module too
    (folder / "pictures").mkdir()
    return folder


def traces(folder: Path) -> list[str]:
    return [path.name for path in folder.parent.glob("* ran")]


def test_edgerad_starts_whatever_lies_in_the_folder_one_stands_in(
    tmp_path: Path, poisoned: Path, outcome: Note
) -> None:
    system = EdgeRad(tmp_path, {"EDGERAD_ENGINE": "scripted"})
    system.start(standing_in=poisoned)
    try:
        assert system.process("gateway").is_running()
        assert traces(poisoned) == []
    finally:
        system.stop()
    outcome(
        "Python files and folders of the right names in the folder one stands in",
        "not run; EdgeRad starts",
    )


async def test_the_picture_process_takes_no_code_from_there(
    poisoned: Path, monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    monkeypatch.chdir(poisoned)
    async with PictureProcess() as process:
        assert (await process.prepare(raster("PNG"))).width_px == 32
    assert traces(poisoned) == []
    outcome("The same before the picture process", "not run")


def test_the_doctor_takes_no_code_from_there(
    poisoned: Path, monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    monkeypatch.chdir(poisoned)
    assert survey(None, PROJECT_ROOT / "inference/practice/model").hardware
    assert traces(poisoned) == []
    outcome("The same before `edgerad doctor`", "not run")


def test_no_part_is_started_without_saying_so() -> None:
    """`python -m` puts the folder one stands in before all others; `-P` does not."""
    started = re.compile(r"""["']-m["']""")
    files = [path for room in ROOMS for path in (PROJECT_ROOT / room).rglob("*.py")]
    found = [path.name for path in files if started.search(path.read_text(encoding="utf-8"))]
    assert found == ["project.py"]

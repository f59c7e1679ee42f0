"""`install.sh` cut off at each of its steps, with a stand-in for EdgeRad that keeps its contract.

`make test-stick` does the same at eleven of them with EdgeRad itself, in three quarters of an hour.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.release.bundle import THIS_PYTHON, seal
from tests.integration.test_deploy_stick import link_to, stick_of, tools_of

PIP = """
import sys
from pathlib import Path
for lock in [Path(word) for word in sys.argv if word.endswith(".lock")]:
    if lock.exists() and "too new" in lock.read_text():
        sys.exit(1)
(wheel,) = [word for word in sys.argv if "edgerad-" in word] or sys.exit()
command = Path(sys.prefix, "bin", "edgerad")
command.write_text(Path(wheel).read_text())
command.chmod(0o755)
"""

EDGERAD = """#!/bin/sh
# Data: a file that says which release wrote it, and its cases.
case "$1 $2" in "--version " | "stop " | "restore --finish") half=no ;; *) half=yes ;; esac
if [ "$half" = yes ] && [ -e "$DATA.restoring" ]; then
    echo "first: edgerad restore --finish"
    exit 2
fi
if [ "$1" = backup ] && [ ! -e "$DATA" ]; then
    echo "nothing to back up"
    exit 2
fi
wrote=$(head -n 1 "$DATA" 2>/dev/null)
case "$1 $2" in
    "backup --force")
        [ "${wrote:-0}" -le RELEASE ] || { echo "a newer release wrote it"; exit 2; }
        cp "$DATA" "$3"
        ;;
    "up --detach") sed "1s/.*/RELEASE/" "$DATA" >"$DATA.new" && mv "$DATA.new" "$DATA" && exit UP ;;
    "restore --force") cp "$3" "$DATA.restoring" && mv "$DATA.restoring" "$DATA" ;;
    "restore --finish") mv "$DATA.restoring" "$DATA" ;;
    "doctor ") exit DOCTOR ;;
    "--version ") echo RELEASE ;;
esac
"""

INSTALLING = (
    *("+ check_stick", "+ sha256sum --check", "+ openssl pkeyutl", "+ cp ", "+ rm -rf"),
    *("--without-pip", "--require-hashes", "requirements-torch.lock", "/wheels/edgerad-"),
    *("+ sync", "+ touch ", "+ ln -sfn", "+ mv -T", "+ mkdir -p"),
)
UPDATING = (
    *("+ check_stick", "/wheels/edgerad-", "edgerad stop", "edgerad backup --force", "+ mv "),
    *("edgerad doctor", "+ touch ", "edgerad up --detach", "edgerad status", "+ ln -sfn"),
    *("+ mv -T", "+ mkdir -p"),
)
GOING_BACK = (
    *("edgerad backup --force", "edgerad up --detach", "+ go_back", "edgerad restore --force"),
    *("+ link", "+ ln -sfn", "+ mv -T"),
)
"""Where the power fails: as the installer is about to do this, by what `sh -x` says."""

CASES = "case 1\ncase 2\n"


class Machine:
    """Where sticks are put in.

    Args:
        folder: Of all its files.
    """

    def __init__(self, folder: Path) -> None:
        self.installed, self.data = folder / "edgerad", folder / "data"
        self._folder, self._tools = folder, tools_of(folder, openssl=True)
        self._brought: Path | None = None

    def stick(
        self, release: int, up: int = 0, doctor: int = 0, locks: Mapping[str, str] | None = None
    ) -> Path:
        """A stick with a release; its exit status of `up` and of `doctor`, and its lock files."""
        folder = stick_of(self._folder / f"stick-{release}")
        (folder / "RELEASE").write_text(f"{release}-abc\n")
        with zipfile.ZipFile(folder / "wheels" / "pip-1-py3-none-any.whl", "w") as archive:
            archive.writestr("pip/__main__.py", PIP)
        words = {"RELEASE": str(release), "UP": str(up), "DOCTOR": str(doctor)}
        script = EDGERAD
        for name, said in words.items():
            script = script.replace(name, said)
        (folder / "wheels" / f"edgerad-{release}-py3-none-any.whl").write_text(script)
        for name, said in (locks or {}).items():
            (folder / f"requirements-{name}.lock").write_text(said)
        if self._brought:
            shutil.copy(self._brought, folder)
        seal(folder, self._folder / "release_key")
        return folder

    def lose_python(self) -> None:
        """The machine has none from now on, and the sticks bring one."""
        program = self._folder / "usr" / "bin" / f"python{THIS_PYTHON}"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        program.chmod(0o755)
        self._brought = self._folder / "python-3.tar.gz"
        with tarfile.open(self._brought, "w:gz") as packed:
            packed.add(self._folder / "usr", "usr")
        (self._tools / program.name).unlink()
        for tool in ("tar", "gzip"):
            link_to(tool, self._tools)

    def install(self, stick: Path, until: str | None = None) -> tuple[int | None, str]:
        """Install from a stick, or until it is about to do something; then the power fails.

        Returns:
            Exit status, None where the power failed; what it said.
        """
        said = ""
        with subprocess.Popen(
            [self._tools / "sh", "-x", stick / "install.sh", self.installed, self._folder / "bin"],
            env={"PATH": str(self._tools), "HOME": str(self._folder), "DATA": str(self.data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                said += line
                if until is not None and line.startswith("+") and until in line:
                    os.killpg(process.pid, signal.SIGKILL)
                    return None, said
        return process.returncode, said

    def runs(self) -> str:
        """Which release the command is."""
        command = [str(self._folder / "bin" / "edgerad"), "--version"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without EdgeRad."""
    return Machine(tmp_path)


def test_an_installation_goes_on_wherever_the_power_failed(machine: Machine) -> None:
    stick = machine.stick(1)
    for point in INSTALLING:
        assert machine.install(stick, point)[0] is None, point
    assert machine.install(stick)[0] == 0
    assert machine.runs() == "1"


@pytest.mark.parametrize("first", UPDATING)
def test_an_update_goes_on_wherever_the_power_failed(machine: Machine, first: str) -> None:
    machine.install(machine.stick(1))
    machine.data.write_text(f"1\n{CASES}")
    newer = machine.stick(2)
    assert machine.install(newer, first)[0] is None
    assert machine.runs() in {"1", "2"}
    assert CASES in machine.data.read_text()
    status, said = machine.install(newer)
    assert status == 0, said
    assert machine.runs() == "2"
    assert machine.data.read_text() == f"2\n{CASES}"


@pytest.mark.parametrize(("up", "doctor"), [(1, 0), (0, 1)])
def test_a_release_that_does_not_run_or_is_not_well_is_taken_back_wherever_the_power_failed(
    machine: Machine, up: int, doctor: int
) -> None:
    machine.install(machine.stick(1))
    machine.data.write_text(f"1\n{CASES}")
    broken = machine.stick(2, up, doctor)
    for point in GOING_BACK:
        assert machine.install(broken, point)[0] is None, point
        assert machine.runs() == "1"
    status, said = machine.install(broken)
    assert status == 1, said
    assert "The old one is in place, with its data" in said
    assert machine.runs() == "1"
    assert machine.data.read_text() == f"1\n{CASES}"


def test_a_restore_that_was_cut_off_in_its_swap_is_finished(machine: Machine) -> None:
    machine.install(machine.stick(1))
    machine.data.with_suffix(".restoring").write_text(f"1\n{CASES}")
    status, said = machine.install(machine.stick(2))
    assert status == 0, said
    assert machine.data.read_text() == f"2\n{CASES}"


def test_a_fault_that_the_old_release_found_too_does_not_keep_the_new_one_out(
    machine: Machine,
) -> None:
    machine.install(machine.stick(1, doctor=1))
    machine.data.write_text(f"1\n{CASES}")
    assert machine.install(machine.stick(2, doctor=1))[0] == 0
    assert machine.runs() == "2"


def test_the_backup_of_an_update_that_went_well_is_never_put_back_over_what_came_since(
    machine: Machine,
) -> None:
    machine.install(machine.stick(1))
    machine.data.write_text(f"1\n{CASES}")
    newer = machine.stick(2)
    assert machine.install(newer)[0] == 0
    machine.data.write_text(f"2\n{CASES}case 3\n")
    (machine.installed / "current").unlink()
    (machine.installed / "current").symlink_to("1-abc")
    (machine.installed / "2-abc" / "bin" / "edgerad").write_text("#!/bin/sh\nexit 1\n")
    status, said = machine.install(newer)
    assert status == 1
    assert "nothing was changed" in said
    assert machine.data.read_text() == f"2\n{CASES}case 3\n"


def test_an_update_after_going_back_on_purpose_has_a_backup_of_its_own(machine: Machine) -> None:
    machine.install(machine.stick(1))
    machine.data.write_text(f"1\n{CASES}")
    newer = machine.stick(2)
    assert machine.install(newer)[0] == 0
    machine.data.write_text(f"1\n{CASES}case 3\n")
    (machine.installed / "current").unlink()
    (machine.installed / "current").symlink_to("1-abc")
    (machine.installed / "2-abc" / "bin" / "edgerad").write_text("#!/bin/sh\nexit 1\n")
    assert machine.install(newer)[0] == 1
    assert machine.runs() == "1"
    assert machine.data.read_text() == f"1\n{CASES}case 3\n"


def test_a_python_that_a_stick_brings_takes_nothing_from_the_release_that_has_it(
    machine: Machine,
) -> None:
    machine.lose_python()
    first = machine.stick(1)
    assert machine.install(first, f"mv {machine.installed}/python-3.new")[0] is None
    assert machine.install(first)[0] == 0
    (python,) = machine.installed.glob("python-*/usr/bin/python3.*")
    with python.open("rb") as used:
        assert machine.install(machine.stick(2), "--without-pip")[0] is None
        assert os.fstat(used.fileno()).st_nlink == 1
    assert machine.runs() == "1"


def test_a_stick_for_nvidia_cards_says_where_there_is_none_and_installs_by_hashes(
    machine: Machine,
) -> None:
    status, said = machine.install(machine.stick(1, locks={"cuda": ""}))
    assert status == 0, said
    no_driver = not Path("/proc/driver/nvidia/version").exists()
    words = "no driver for one runs here: EdgeRad will compute on the CPU"
    assert (f"\n        The stick is for NVIDIA cards, and {words}\n" in said) == no_driver
    assert re.search(r"--require-hashes -r \S+/requirements-cuda\.lock", said)
    assert "requirements-torch.lock" not in said


def test_a_llama_that_does_not_fit_the_system_is_left_out_in_words(machine: Machine) -> None:
    status, said = machine.install(machine.stick(1, locks={"llama": "too new"}))
    assert status == 0, said
    assert "llama.cpp does not fit this system and is left out" in said
    assert machine.runs() == "1"


def test_llama_is_installed_by_its_hash_where_the_stick_has_it(machine: Machine) -> None:
    status, said = machine.install(machine.stick(1, locks={"llama": ""}))
    assert status == 0, said
    assert re.search(r"--require-hashes -r \S+/requirements-llama\.lock", said)
    assert "\n        llama.cpp does not fit" not in said

"""From a stick to a reading without any network: installed, cut off, updated, put back.

`make test-stick`. The stick is made with the internet; all that follows happens where there is no
network interface but loopback.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.release.bundle import THIS_PYTHON, bundle
from machine.project import PROJECT_ROOT

pytestmark = pytest.mark.timeout(2400)

_LOOPBACK_ALONE = """
import fcntl, signal, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14s", b"lo", 0x41, b""))  # up
print("up", flush=True)
signal.pause()
"""
_SLOWEST_KILL_S = 60.0
_KILLS = 10
_LONGEST_START_S = 180.0


class Clinic:
    """A machine of its own, as far as networks go; the folders are the test's.

    Args:
        process: The process whose namespaces it has.
        folder: Of its files.
    """

    def __init__(self, process: int, folder: Path) -> None:
        self._enter = ("nsenter", "-t", str(process), "-U", "-n", "--preserve-credentials")
        self._folder = folder
        self.installed = folder / "edgerad"
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "EDGERAD_HOME": str(folder / "data"),
            "EDGERAD_KEY_FILE": str(folder / "key"),
            "EDGERAD_GATEWAY_HOST": "127.0.0.1",
            "EDGERAD_MDNS": "false",
        }

    def start(self, *command: str, **variables: str) -> subprocess.Popen[str]:
        """Start a command there."""
        return subprocess.Popen(
            [*self._enter, *command],
            env=self._environment | variables,
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str, **variables: str) -> tuple[int, str]:
        """Run a command there to its end: exit status, and what it said."""
        process = self.start(*command, **variables)
        said, _ = process.communicate()
        return process.returncode, said

    def install(self, stick: Path, trial_s: float = 1800.0) -> tuple[int, str]:
        """Install from a stick; an update must be up in so many seconds."""
        return self.run(*self.installer(stick), TRIAL_S=f"{trial_s:g}")

    def installer(self, stick: Path) -> tuple[str, ...]:
        """The command that installs from a stick."""
        commands = str(self._folder / "bin")
        return "sh", str(stick / "install.sh"), str(self.installed), commands

    def edgerad(self, *words: str) -> tuple[int, str]:
        """Type an `edgerad` command."""
        return self.run(str(self._folder / "bin" / "edgerad"), *words)

    def has_a_film_read(self) -> str:
        """Start EdgeRad, join as a nurse, send a film; the answer."""
        status, said = self.edgerad("up", "--detach")
        assert status == 0, said
        invite = re.search(r"join#(\w+)", self.edgerad("invite")[1])
        assert invite is not None
        words = ("-m", "tests.stick.nurse", "http://127.0.0.1:8081", invite[1])
        status, answer = self.run(sys.executable, *words, PYTHONPATH=str(PROJECT_ROOT))
        assert status == 0, answer
        assert self.edgerad("stop")[0] == 0
        return answer


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What sticks are signed with; not the user's own."""
    return tmp_path_factory.mktemp("maker") / "release_key"


@pytest.fixture(scope="session")
def stick(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    """What is copied to a stick."""
    folder = tmp_path_factory.mktemp("stick") / "edgerad"
    bundle(folder, [THIS_PYTHON], os.uname().machine, [], key=key)
    return folder


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """A machine that has loopback and no other interface."""
    command = ["unshare", "--map-root-user", "--net", sys.executable, "-c", _LOOPBACK_ALONE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as alone:
        try:
            assert alone.stdout is not None
            assert alone.stdout.readline() == "up\n"
            yield (machine := Clinic(alone.pid, tmp_path))
            machine.edgerad("stop")
        finally:
            alone.kill()


def test_a_stick_is_installed_without_a_network_and_reads_a_film(
    clinic: Clinic, stick: Path
) -> None:
    _, interfaces = clinic.run("cat", "/proc/net/dev")
    assert [line.split(":")[0].strip() for line in interfaces.splitlines()[2:]] == ["lo"]
    status, said = clinic.install(stick)
    assert status == 0, said
    assert "PRACTICE MODEL" in clinic.has_a_film_read().upper()
    assert "no readings to do" in clinic.edgerad("status")[1]


def test_a_damaged_stick_changes_nothing(clinic: Clinic, stick: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(stick, damaged)
    wheel = next((damaged / "wheels").glob("edgerad-*.whl"))
    data = bytearray(wheel.read_bytes())
    data[len(data) // 2] ^= 1
    wheel.write_bytes(data)
    status, said = clinic.install(damaged)
    assert status == 1
    assert "Nothing was changed" in said
    assert not clinic.installed.exists()


def test_an_installation_that_is_cut_off_anywhere_goes_on(clinic: Clinic, stick: Path) -> None:
    for number in range(_KILLS):
        process = clinic.start(*clinic.installer(stick))
        time.sleep(_SLOWEST_KILL_S * (number + 0.5) / _KILLS)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    status, said = clinic.install(stick)
    assert status == 0, said
    assert clinic.edgerad("--version")[0] == 0


@pytest.mark.parametrize("works", [True, False])
def test_an_update_keeps_the_data_and_one_that_does_not_run_is_taken_back(
    clinic: Clinic, stick: Path, key: Path, tmp_path: Path, *, works: bool
) -> None:
    assert clinic.install(stick)[0] == 0
    assert "IMPRESSION" in clinic.has_a_film_read().upper()
    before = (clinic.installed / "current").readlink()
    newer = another_release(stick, tmp_path / "newer", key, works=works)
    status, said = clinic.install(newer, trial_s=_LONGEST_START_S)
    assert (status == 0) is works, said
    assert ((clinic.installed / "current").readlink() != before) is works
    status, audit = clinic.edgerad("audit", "verify")
    assert status == 0, audit
    assert "IMPRESSION" in clinic.has_a_film_read().upper()


def another_release(stick: Path, target: Path, key: Path, *, works: bool) -> Path:
    """A stick with EdgeRad's own wheel changed: another build, or one whose bot cannot start."""
    source = target.with_name("source")
    listed = ("git", "-C", str(PROJECT_ROOT), "ls-files", "-z")
    for name in subprocess.run(listed, capture_output=True, check=True).stdout.split(b"\0")[:-1]:
        path = source / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT_ROOT / os.fsdecode(name), path)
    with (source / "bot" / "__main__.py").open("a") as program:
        program.write("# another build\n")
    if not works:
        (source / "bot" / "__main__.py").write_text('raise SystemExit("broken")\n')
    shutil.copytree(stick, target)
    bundle(target, [THIS_PYTHON], os.uname().machine, [], source=source, key=key)
    return target

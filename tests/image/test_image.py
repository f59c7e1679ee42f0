"""The image is built and run, and reads a film: `make test-image`, as root, on Debian.

Needs debootstrap, buildah and crun. The base is Debian's own packages, the wheels a stick's; no
registry of images is asked. The container has loopback and no other interface.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.joining.banner import READY
from deploy.release.bundle import THIS_PYTHON, bundle
from machine.project import PROJECT_ROOT
from tests.image.container import USER, Container, owned

pytestmark = pytest.mark.timeout(2400)

_START_S = 240.0
_LOOPBACK_UP = """
import fcntl, socket, struct
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14s", b"lo", 0x41, b""))
"""


class Buildah:
    """buildah with storage of its own, in plain folders.

    Args:
        folder: For images and what runs.
    """

    def __init__(self, folder: Path) -> None:
        self._command = [
            *("buildah", "--storage-driver", "vfs"),
            *("--root", str(folder / "storage"), "--runroot", str(folder / "run")),
        ]

    def __call__(self, *words: str) -> str:
        """Run a command of it; its last line."""
        said = subprocess.run([*self._command, *words], check=True, stdout=subprocess.PIPE)
        return (said.stdout.decode().splitlines() or [""])[-1]

    def describe(self, image: str) -> dict[str, Any]:
        """What an image says of itself."""
        said = subprocess.run(
            [*self._command, "inspect", "--type", "image", image], check=True, capture_output=True
        )
        found: dict[str, Any] = json.loads(said.stdout)["Docker"]["config"]
        return found


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The image's root, and what the image says of itself."""
    folder = tmp_path_factory.mktemp("image")
    debian, stick = folder / "debian", folder / "stick"
    bootstrap = ["debootstrap", "--variant=minbase", "--include=python3,python3-venv"]
    subprocess.run([*bootstrap, "bookworm", str(debian)], check=True)
    bundle(stick, [THIS_PYTHON], os.uname().machine, [], key=folder / "key")
    buildah = Buildah(folder)
    container = buildah("from", "scratch")
    buildah("add", "--quiet", container, str(debian), "/")
    buildah("commit", "--quiet", "--rm", container, "localhost/debian")
    buildah(
        *("build", "--isolation", "chroot", "--format", "docker"),
        *("--build-arg", "BASE=localhost/debian", "--build-arg", "PIP_NO_INDEX=1"),
        *("--build-context", f"wheels={stick / 'wheels'}", "--network", "none"),
        *("--file", str(PROJECT_ROOT / "deploy/container/Containerfile")),
        *("--tag", "localhost/edgerad", str(PROJECT_ROOT)),
    )
    container = buildah("from", "localhost/edgerad")
    yield Path(buildah("mount", container)), buildah.describe("localhost/edgerad")
    buildah("rm", "--all")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key that was made outside."""
    file = tmp_path / "edgerad.key"
    file.write_text(secrets.token_hex(32))
    file.chmod(0o400)
    os.chown(file, USER, USER)
    return file


@pytest.fixture
def volumes(tmp_path: Path) -> Iterator[dict[str, Path]]:
    """The data and the weights, on this machine's disk."""
    yield {"/data": owned(tmp_path / "data"), "/data/models": owned(tmp_path / "models")}
    shutil.rmtree(tmp_path / "data")


def test_it_reads_a_film_with_a_root_that_cannot_be_written_and_docker_s_own_filter(
    built: tuple[Path, dict[str, Any]], key: Path, volumes: dict[str, Path], tmp_path: Path
) -> None:
    root, image = built
    mounts = {**volumes, "/run/secrets/edgerad_key": key}
    container = Container("edgerad-reads", tmp_path / "bundle", root, image, mounts)
    log = tmp_path / "log"
    with container.running(log) as process:
        inside = ("nsenter", "-t", str(_first_process(container)), "-n", sys.executable)
        subprocess.run([*inside, "-c", _LOOPBACK_UP], check=True)
        _wait_for(READY, log, process)
        code = re.search(r"join#(\w+)", log.read_text())
        assert code is not None
        nurse = [*inside, "-m", "tests.stick.nurse", "http://127.0.0.1:8081", code[1]]
        answer = subprocess.run(nurse, cwd=PROJECT_ROOT, check=True, stdout=subprocess.PIPE)
        assert "PRACTICE MODEL" in answer.stdout.decode().upper()
        healthy = container.execute(*image["Healthcheck"]["Test"][1:])
        assert healthy[0] == 0, healthy[1]
        status, doctor = container.execute("edgerad", "doctor")
        sys.stdout.write(doctor)
        assert status == 0, doctor
        assert "is not kept from the machine's network" in " ".join(doctor.split())
        assert container.execute("sh", "-c", "touch /opt/edgerad/x")[0] != 0
        assert "CycloneDX" in container.execute("cat", image["Labels"]["org.edgerad.sbom"])[1]
    assert "EdgeRad has stopped" in log.read_text()


def test_it_makes_no_key_that_would_go_with_it(
    built: tuple[Path, dict[str, Any]], volumes: dict[str, Path], tmp_path: Path
) -> None:
    root, image = built
    status, said = Container("edgerad-keyless", tmp_path / "bundle", root, image, volumes).run()
    assert status != 0
    assert "none is made there" in said


def test_it_takes_no_case_that_would_go_with_it(
    built: tuple[Path, dict[str, Any]], key: Path, tmp_path: Path
) -> None:
    root, image = built
    mounts = {"/run/secrets/edgerad_key": key}
    status, said = Container("edgerad-homeless", tmp_path / "bundle", root, image, mounts).run()
    assert status != 0
    assert "Mount a volume" in said


def _first_process(container: Container) -> int:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            return container.first_process()
        except (subprocess.CalledProcessError, KeyError):
            time.sleep(0.1)
    pytest.fail("the container did not start")


def _wait_for(words: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_S
    while words not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.2)

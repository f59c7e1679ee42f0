"""The image is put on a stick, loaded from it, run, and reads a film: `make test-image`, as root.

Needs Debian 12, debootstrap, buildah and crun. The base is Debian's own packages, the wheels the
stick's; no registry of images is asked. The container has loopback and no other interface.
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

import psutil
import pytest

from deploy.joining.banner import READY
from deploy.release.bundle import THIS_PYTHON, bundle
from deploy.release.image import _ENGINES, ARCHIVE
from deploy.stick.signature import SUMS
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
    """buildah with storage of its own, in plain folders: a machine of its own, as far as images go.

    Args:
        folder: For images and what runs.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        settings = folder / "storage.conf"
        places = f'graphroot = "{folder}/storage"\nrunroot = "{folder}/run"\n'
        settings.write_text(f'[storage]\ndriver = "vfs"\n{places}')
        self.environment = {"CONTAINERS_STORAGE_CONF": str(settings)}

    def __call__(self, *words: str) -> str:
        """Run a command of it; its last line."""
        return (self._said(*words).splitlines() or [""])[-1]

    def describe(self, image: str) -> dict[str, Any]:
        """What an image says of itself."""
        said = self._said("inspect", "--type", "image", image)
        found: dict[str, Any] = json.loads(said)["Docker"]["config"]
        return found

    def _said(self, *words: str) -> str:
        environment = os.environ | self.environment
        command = ["buildah", *words]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
        return said.stdout.decode()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The image as a stick brings it to another machine: its root, and what it says of itself."""
    folder = tmp_path_factory.mktemp("image")
    stick = folder / "stick"
    maker, clinic = Buildah(folder / "maker"), Buildah(folder / "clinic")
    base = debian(maker, folder / "debian")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("deploy.release.image._ENGINES", {"buildah": _ENGINES["buildah"]})
        for name, value in maker.environment.items():
            patch.setenv(name, value)
        bundle(
            stick,
            [THIS_PYTHON],
            os.uname().machine,
            [],
            key=folder / "key",
            image=base,
            llama=False,
        )
    assert f"  {ARCHIVE}\n" in (stick / SUMS).read_text()
    image = clinic("pull", f"docker-archive:{stick / ARCHIVE}")
    container = clinic("from", image)
    yield Path(clinic("mount", container)), clinic.describe(image)
    clinic("rm", "--all")
    shutil.rmtree(folder)  # gigabytes


def debian(buildah: Buildah, root: Path) -> str:
    """An image of Debian 12 with Python, of its own packages; the image's name."""
    bootstrap = ["debootstrap", "--variant=minbase", "--include=python3,python3-venv"]
    subprocess.run([*bootstrap, "bookworm", str(root)], check=True)
    container = buildah("from", "scratch")
    buildah("add", "--quiet", container, str(root), "/")
    buildah("commit", "--quiet", "--rm", container, "localhost/debian")
    return "localhost/debian"


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
        reaps_what_killed_parts_leave_behind(container)
    assert "EdgeRad has stopped" in log.read_text()


def reaps_what_killed_parts_leave_behind(container: Container) -> None:
    """Else they count for ever against the processes that a container may have."""
    (system,) = psutil.Process(_first_process(container)).children()
    parts = system.children()
    left = [process for part in parts for process in part.children(recursive=True)]
    assert left
    for part in parts:
        part.kill()
    until = time.monotonic() + 60
    while unreaped := [process for process in (*parts, *left) if process.is_running()]:
        assert time.monotonic() < until, unreaped
        time.sleep(0.1)


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

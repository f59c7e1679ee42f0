"""From a stick to a reading without any network: installed, cut off, updated, put back, taken away.

`make test-stick`, as root on Debian 12, with debootstrap and patchelf. The sticks are made with the
internet; all that follows happens where there is no network interface but loopback. What was
installed before is the release as it was before the newest migration of the data.
"""

import logging
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.release.bundle import THIS_PYTHON, bundle, seal
from deploy.stick.signature import PUBLIC_KEY
from machine.project import PROJECT_ROOT
from tests.stick.clinic import Clinic, without_network
from tests.unpacking import unpack

log = logging.getLogger(__name__)

pytestmark = pytest.mark.timeout(5400)

EARLIER = "0.0.9"
CARDS = "import torch; print(torch.version.cuda, torch.cuda.is_available())"
SHORT_TRIAL = {"TRIAL_S": "90"}
LLAMA = os.environ.get("LLAMA")
"""llama.cpp's wheel of an earlier stick; else it is built, which may take half an hour."""

INSTALLING = {
    "+ check_stick": 1.0,
    "--without-pip": 0.5,
    "--require-hashes": 15.0,
    "requirements-torch.lock": 10.0,
    "+ ln -sfn": 0.0,
}
UPDATING = {
    "--require-hashes": 15.0,
    "edgerad backup": 1.0,
    "up --detach": 3.0,
    "edgerad status": 0.5,
    "+ mv -T": 0.0,
}
GOING_BACK = {"edgerad restore": 1.0}
"""Where the power fails: so many seconds after this begins, in what `sh -x` says of the installer.

All its steps are cut off, with a stand-in for EdgeRad, in `test_deploy_stick_power.py`.
"""


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What sticks are signed with; not the user's own."""
    return tmp_path_factory.mktemp("maker") / "release_key"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    """What is copied to a stick: this release, with a Python and llama.cpp."""
    folder = tmp_path_factory.mktemp("made") / "edgerad"
    machine, llama = os.uname().machine, Path(LLAMA) if LLAMA else True
    bundle(folder, [THIS_PYTHON], machine, [], key=key, bring_python=True, llama=llama)
    return folder


@pytest.fixture(scope="session")
def earlier(made: Path, tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    """The stick of the release before."""
    source = tmp_path_factory.mktemp("earlier") / "source"
    added = ("log", "--diff-filter=A", "--format=%H^", "-1", "--", "*/store/migrations/*.sql")
    commit = git(*added).decode().strip()
    copy_of(commit, source)
    project = source / "pyproject.toml"
    words = re.sub(r'(?m)^version = ".*"$', f'version = "{EARLIER}"', project.read_text())
    project.write_text(words)
    return stick_from(source, made, key)


@pytest.fixture(scope="session")
def broken(made: Path, tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    """The stick of a release whose bot cannot start."""
    source = tmp_path_factory.mktemp("broken") / "source"
    copy_of("HEAD", source)
    (source / "bot" / "__main__.py").write_text('raise SystemExit("broken")\n')
    return stick_from(source, made, key)


def git(*words: str) -> bytes:
    command = ("git", "-C", str(PROJECT_ROOT), *words)
    return subprocess.run(command, capture_output=True, check=True).stdout


def copy_of(commit: str, folder: Path) -> None:
    packed = folder.with_suffix(".tar")
    git("archive", f"--output={packed}", commit)
    unpack(packed, folder)


def stick_from(source: Path, made: Path, key: Path) -> Path:
    """A stick like the one that was made, with EdgeRad from elsewhere."""
    target = source.with_name("edgerad")
    shutil.copytree(made, target)
    bundle(target, [THIS_PYTHON], os.uname().machine, [], source=source, key=key)
    return target


def plugged_in(stick: Path, clinic: Clinic, name: str) -> Path:
    return Path(shutil.copytree(stick, clinic.folder / name, copy_function=os.link))


def debian(suite: str, root: Path) -> Path:
    """A bare Debian: neither Python nor `openssl`."""
    debootstrap = shutil.which("debootstrap")
    assert debootstrap is not None
    subprocess.run([debootstrap, "--variant=minbase", suite, str(root)], check=True)
    return root


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """A machine with this one's files, for a user without rights."""
    with without_network(tmp_path) as machine:
        yield machine


def test_a_bare_debian_goes_from_stick_to_reading_and_update_wherever_the_power_fails_and_is_wiped(
    made: Path, earlier: Path, key: Path, tmp_path: Path
) -> None:
    with without_network(tmp_path, debian("bookworm", tmp_path / "root")) as clinic:
        assert clinic.run("sh", "-c", "command -v python3 || command -v openssl")[0] != 0
        has_no_network(clinic)
        first, newer = plugged_in(earlier, clinic, "first"), plugged_in(made, clinic, "newer")
        goes_on_wherever_the_power_fails(clinic, first, INSTALLING)
        install(clinic, first)
        assert EARLIER in clinic.edgerad("--version")[1]
        has_a_film_read(clinic)
        goes_on_wherever_the_power_fails(clinic, newer, UPDATING)
        install(clinic, newer)
        log.info("updated from %s to %s", EARLIER, clinic.edgerad("--version")[1].strip())
        assert EARLIER not in clinic.edgerad("--version")[1]
        assert clinic.edgerad("audit", "verify")[0] == 0
        has_a_film_read(clinic)
        reads_by_llama(clinic)
        refuses_what_is_forged(clinic, newer, key.with_name("forger"))
        status, said = clinic.edgerad("doctor")
        assert status == 0, said
        log.info("doctor finds no fault")
        status, said = clinic.edgerad("uninstall", "--yes", "--wipe")
        assert status == 0, said
        assert not list(clinic.installed.iterdir())
        assert not (clinic.folder / "bin" / "edgerad").is_symlink()
        assert not (clinic.folder / "data").exists()
        assert not (clinic.folder / "key").exists()
        log.info("wiped: no program, no data, no key")


def test_a_release_that_does_not_run_is_taken_back_where_the_power_failed_too(
    clinic: Clinic, made: Path, broken: Path
) -> None:
    stick, worse = plugged_in(made, clinic, "usb"), plugged_in(broken, clinic, "worse")
    install(clinic, stick)
    has_a_film_read(clinic)
    before = (clinic.installed / "current").readlink()
    goes_on_wherever_the_power_fails(clinic, worse, GOING_BACK, **SHORT_TRIAL)
    status, said = clinic.edgerad("update", clinic.seen(worse), **SHORT_TRIAL)
    assert status == 1, said
    assert (clinic.installed / "current").readlink() == before
    log.info("the release that does not run is taken back")
    assert clinic.edgerad("audit", "verify")[0] == 0
    has_a_film_read(clinic)
    status, said = clinic.edgerad("uninstall", "--yes")
    assert status == 0, said
    assert not list(clinic.installed.glob("*/"))
    assert (clinic.folder / "data" / "bot" / "bot.db").exists()
    assert (clinic.folder / "key").exists()
    log.info("taken away: data and key stay")


def test_a_bare_debian_13_goes_from_the_stick_to_a_reading(made: Path, tmp_path: Path) -> None:
    with without_network(tmp_path, debian("trixie", tmp_path / "root")) as clinic:
        has_no_network(clinic)
        install(clinic, plugged_in(made, clinic, "usb"))
        has_a_film_read(clinic)
        reads_by_llama(clinic)


def test_a_stick_for_nvidia_cards_reads_on_a_machine_without_one(clinic: Clinic, key: Path) -> None:
    """2.7 GB are fetched for it, and 8.5 GB of disk are taken meanwhile."""
    stick = clinic.folder / "usb"
    bundle(stick, [THIS_PYTHON], os.uname().machine, [], key=key, cuda=True, llama=False)
    install(clinic, stick)
    status, said = python_says(clinic, CARDS)
    assert status == 0, said
    assert re.fullmatch(r"13\.\d+ False\n", said), said
    log.info("PyTorch for CUDA %s finds no card", said.split()[0])
    status, said = clinic.edgerad("doctor")
    assert status == 0, said
    assert "no GPU that PyTorch can use" in " ".join(said.split())
    has_a_film_read(clinic)


def test_a_damaged_stick_changes_nothing(clinic: Clinic, made: Path) -> None:
    damaged = plugged_in(made, clinic, "damaged")
    wheel = next((damaged / "wheels").glob("edgerad-*.whl"))
    data = bytearray(wheel.read_bytes())
    data[len(data) // 2] ^= 1
    wheel.unlink()  # it is the other stick's file too
    wheel.write_bytes(data)
    status, said = clinic.install(damaged)
    assert status == 1
    assert "Nothing was changed" in said
    assert not clinic.installed.exists()


def has_no_network(clinic: Clinic) -> None:
    _, interfaces = clinic.run("cat", "/proc/self/net/dev")
    names = [line.split(":")[0].strip() for line in interfaces.splitlines()[2:]]
    log.info("network interfaces: %s", ", ".join(names))
    assert names == ["lo"]


def install(clinic: Clinic, stick: Path) -> None:
    log.info("install.sh")
    begun = time.monotonic()
    status, said = clinic.install(stick)
    assert status == 0, said
    log.info("installed in %.0f s:\n%s", time.monotonic() - begun, said.rstrip())


def has_a_film_read(clinic: Clinic) -> None:
    answer = clinic.has_a_film_read()
    assert "PRACTICE MODEL" in answer.upper()
    log.info("a film is read, by HTTP")


def reads_by_llama(clinic: Clinic) -> None:
    status, said = python_says(clinic, (PROJECT_ROOT / "tests/stick/by_llama.py").read_text())
    assert status == 0, said
    build = re.search(r"libggml-cpu-\w+\Z", said)
    assert build is not None, said
    log.info("a film is read by llama.cpp, %s", build[0])


def python_says(clinic: Clinic, program: str) -> tuple[int, str]:
    """By what was installed."""
    return clinic.run(clinic.seen(clinic.installed / "current" / "bin" / "python"), "-c", program)


def goes_on_wherever_the_power_fails(
    clinic: Clinic, stick: Path, points: dict[str, float], **variables: str
) -> None:
    """Each time the machine has the release of before, or none; the caller installs to the end."""
    installed = (clinic.folder / "bin" / "edgerad").exists()
    for point, after_s in points.items():
        assert clinic.is_cut_off(stick, point, after_s, **variables), point
        log.info("power cut %g s after: %s", after_s, point)
        if installed:
            assert clinic.edgerad("--version")[0] == 0, point


def refuses_what_is_forged(clinic: Clinic, stick: Path, forger: Path) -> None:
    """Signed with another key: none of it is run."""
    forged = Path(shutil.copytree(stick, clinic.folder / "forged", copy_function=os.link))
    (forged / PUBLIC_KEY).unlink()  # it is the other stick's file too
    seal(forged, forger)
    status, said = clinic.edgerad("update", clinic.seen(forged))
    assert status != 0
    assert "Do not use this stick" in said
    log.info("a forged stick is refused")

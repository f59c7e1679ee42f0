"""What `install.sh` and `edgerad update` make of a stick that is not what it was signed as."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from deploy.release.bundle import THIS_PYTHON, seal
from deploy.release.signing import release_key, sign
from deploy.stick.installed import INSTALLER, Installation, NotInstalled, this_installation
from deploy.stick.signature import PUBLIC_KEY, SIGNATURE, SUMS, NotSigned, check, key_code
from machine.faults import Fault
from machine.project import PROJECT_ROOT

TOOLS = (
    *("basename", "cat", "cp", "cut", "dirname", "find", "grep", "head", "id", "ln", "ls", "mkdir"),
    *("mktemp", "mv", "readlink", "rm", "sed", "sh", "sha256sum", "sync", "touch", "tr", "uname"),
    *("timeout", "wc"),
)

Install = Callable[[Path], tuple[int, str]]
Attack = Callable[[Path], object]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The key of whoever makes sticks."""
    return tmp_path / "config" / "release_key"


@pytest.fixture
def stick(tmp_path: Path, key: Path) -> Path:
    """A stick, with the two wheels alone that check a signature."""
    folder = stick_of(tmp_path / "stick")
    pack("cryptography", folder / "wheels" / "cryptography-1-cp311-abi3-linux.whl")
    pack("_cffi_backend", folder / "wheels" / "cffi-1-cp311-cp311-linux.whl")
    seal(folder, key)
    return folder


def stick_of(folder: Path) -> Path:
    """A stick's folder, without wheels and not signed."""
    (folder / "wheels").mkdir(parents=True)
    shutil.copy(PROJECT_ROOT / "deploy" / "stick" / INSTALLER, folder)
    for name, said in {
        "RELEASE": "0.2.0-abcdef01",
        "PYTHONS": THIS_PYTHON,
        "MACHINE": os.uname().machine,
    }.items():
        (folder / name).write_text(f"{said}\n")
    return folder


def pack(module: str, wheel: Path) -> None:
    found = find_spec(module)
    assert found is not None
    assert found.origin is not None
    origin = Path(found.origin)
    packages = origin.parent.parent if origin.name == "__init__.py" else origin.parent
    files = origin.parent.rglob("*") if origin.name == "__init__.py" else [origin]
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in files:
            if path.suffix in {".py", ".so"}:
                archive.write(path, path.relative_to(packages))


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """All programs that the installer uses, but openssl."""
    return tools_of(tmp_path, openssl=False)


def tools_of(folder: Path, *, openssl: bool) -> Path:
    """A folder with the programs that the installer uses, and no others."""
    tools = folder / "tools"
    tools.mkdir()
    for tool in [*TOOLS, *["openssl"] * openssl]:
        link_to(tool, tools)
    (tools / f"python{THIS_PYTHON}").symlink_to(sys.executable)
    return tools


@pytest.fixture
def install(tools: Path, tmp_path: Path) -> Install:
    """Runs the installer: exit status, and what it said."""
    link_to("openssl", tools)
    return lambda stick: installing(stick, tools, tmp_path)


def link_to(tool: str, folder: Path) -> None:
    place = shutil.which(tool)
    assert place is not None, tool
    (folder / tool).symlink_to(place)


def installing(stick: Path, tools: Path, home: Path) -> tuple[int, str]:
    done = subprocess.run(
        [tools / "sh", stick / INSTALLER, home / "edgerad", home / "bin"],
        env={"PATH": str(tools), "HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def change_a_wheel(stick: Path) -> None:
    wheel = next((stick / "wheels").glob("cffi-*"))
    wheel.write_bytes(wheel.read_bytes() + b"more")


def change_a_wheel_and_its_sum(stick: Path) -> None:
    change_a_wheel(stick)
    write_sums(stick)


def write_sums(stick: Path) -> None:
    """As whoever has no key can: right sums, and the signature of those before."""
    files = [path for path in stick.rglob("*") if path.is_file() and not path.match(f"{SUMS}*")]
    (stick / SUMS).write_text(
        "".join(
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(stick)}\n"
            for path in files
        )
    )


def leave_the_signature_out(stick: Path) -> None:
    (stick / SIGNATURE).unlink()


def leave_the_key_out(stick: Path) -> None:
    (stick / PUBLIC_KEY).unlink()


def sign_with_another_key(stick: Path) -> None:
    mine = (stick / PUBLIC_KEY).read_bytes()
    forger = stick.parent / "forger" / "release_key"
    seal(stick, forger)
    (stick / PUBLIC_KEY).write_bytes(mine)
    write_sums(stick)
    sign(stick, release_key(forger))


def add_a_wheel(stick: Path) -> None:
    (stick / "wheels" / "torch-2.13.0+evil-py3-none-any.whl").write_bytes(b"evil")


def add_a_link(stick: Path) -> None:
    (stick / "wheels" / "torch-2.13.0+evil-py3-none-any.whl").symlink_to("/etc/passwd")


ATTACKS = (
    *(change_a_wheel, change_a_wheel_and_its_sum, leave_the_signature_out, leave_the_key_out),
    *(sign_with_another_key, add_a_wheel, add_a_link),
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_stick_that_is_not_what_was_signed_changes_nothing(
    attack: Attack, stick: Path, install: Install, tmp_path: Path
) -> None:
    attack(stick)
    status, said = install(stick)
    assert status == 1, said
    assert "Nothing was changed" in said
    assert not (tmp_path / "edgerad").exists()


@pytest.mark.parametrize("attack", [change_a_wheel_and_its_sum, sign_with_another_key])
def test_a_machine_without_openssl_checks_the_signature_too(
    attack: Attack, stick: Path, tools: Path, tmp_path: Path
) -> None:
    assert "2 of 3" in installing(stick, tools, tmp_path / "first")[1]
    attack(stick)
    status, said = installing(stick, tools, tmp_path / "second")
    assert status == 1
    assert "The signature of the stick is wrong" in said
    assert not (tmp_path / "second").exists()


def test_an_update_runs_nothing_that_a_changed_stick_names_as_its_release(
    stick: Path, install: Install, tmp_path: Path
) -> None:
    install(stick)
    forged = tmp_path / "forged" / "bin" / "edgerad"
    forged.parent.mkdir(parents=True)
    (tmp_path / "forged" / "complete").touch()
    forged.touch()
    (stick / "RELEASE").write_text("../forged\n")
    status, said = install(stick)
    assert status == 1, said
    assert "Nothing was changed" in said
    assert not (tmp_path / "edgerad" / "current").is_symlink()


def test_the_key_of_a_whole_stick_is_said_and_kept(
    stick: Path, install: Install, tmp_path: Path
) -> None:
    _, said = install(stick)  # it has no packages to install
    assert f"signed with the key {key_code(stick / PUBLIC_KEY)}" in said
    assert "2 of 3" in said
    kept = tmp_path / "edgerad" / PUBLIC_KEY
    assert kept.read_bytes() == (stick / PUBLIC_KEY).read_bytes()


def test_an_update_by_root_leaves_the_program_to_other_users_and_its_log_to_root(
    stick: Path, install: Install, tmp_path: Path
) -> None:
    before = os.umask(0o077)
    try:
        install(stick)
    finally:
        os.umask(before)
    folder = tmp_path / "edgerad"
    assert (folder / "0.2.0-abcdef01").stat().st_mode & 0o055 == 0o055
    assert (folder / "install.log").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o055 == 0o055


def test_the_next_stick_must_be_signed_with_the_key_of_the_first(
    stick: Path, install: Install, tmp_path: Path
) -> None:
    install(stick)
    seal(stick, tmp_path / "forger" / "release_key")
    status, said = install(stick)
    assert status == 1
    assert "not signed with the key of what is installed" in said
    assert "2 of 3" not in said
    assert key_code(stick / PUBLIC_KEY) in said


def test_hidden_files_that_other_systems_leave_on_a_stick_do_no_harm(
    stick: Path, install: Install
) -> None:
    (stick / ".DS_Store").touch()
    trash = stick / "wheels" / ".Trash-1000" / "files" / "torch-2.13.0-py3-none-any.whl"
    trash.parent.mkdir(parents=True)
    trash.touch()
    (stick / "wheels" / "._torch-2.13.0-py3-none-any.whl").touch()
    assert "2 of 3" in install(stick)[1]


@pytest.fixture
def installed(stick: Path, tmp_path: Path) -> Installation:
    """What came from that stick."""
    folder = tmp_path / "edgerad"
    folder.mkdir()
    shutil.copy(stick / PUBLIC_KEY, folder)
    return Installation(folder)


@pytest.mark.parametrize("named", [".", ".."])
def test_an_update_runs_the_installer_of_a_stick_that_is_signed_alike(
    stick: Path, installed: Installation, named: str
) -> None:
    stick = stick.rename(stick.with_name("edgerad-of-stick"))
    (stick.parent / "usb").mkdir()
    stick = stick.rename(stick.parent / "usb" / "edgerad")
    command = installed.update_command(stick / named)
    assert command == ["sh", str(stick / INSTALLER), str(installed.folder)]


def change_the_installer(stick: Path) -> None:
    (stick / INSTALLER).write_text("touch /tmp/owned\n")


def change_the_installer_and_its_sum(stick: Path) -> None:
    change_the_installer(stick)
    write_sums(stick)


def sign_all_anew(stick: Path) -> None:
    change_the_installer(stick)
    seal(stick, stick.parent / "forger" / "release_key")


@pytest.mark.parametrize(
    "attack",
    [
        *(change_the_installer, change_the_installer_and_its_sum, sign_all_anew),
        *(leave_the_signature_out, sign_with_another_key),
    ],
)
def test_an_update_runs_nothing_of_a_forged_stick(
    attack: Attack, stick: Path, installed: Installation
) -> None:
    attack(stick)
    with pytest.raises(NotSigned, match="Nothing was changed"):
        installed.update_command(stick)


def test_an_update_from_a_folder_without_edgerad_says_what_to_name(
    installed: Installation, tmp_path: Path
) -> None:
    with pytest.raises(Fault, match="There is no EdgeRad in"):
        installed.update_command(tmp_path / "config")


def test_a_checkout_is_updated_in_another_way() -> None:
    with pytest.raises(NotInstalled, match="From source"):
        this_installation()


def test_taking_edgerad_away_leaves_data_backups_and_other_peoples_links(
    installed: Installation, tmp_path: Path
) -> None:
    release = installed.folder / "0.2.0-abcdef01"
    half = installed.folder / "0.3.0-abcdef02"
    others = installed.folder / "environment"
    venvs = [folder / "pyvenv.cfg" for folder in (release, half, others)]
    for path in (*venvs, installed.folder / "data" / "bot" / "bot.db"):
        path.parent.mkdir(parents=True)
        path.touch()
    commands = tmp_path / "bin"
    commands.mkdir()
    (installed.folder / "commands").write_text(f"{commands}\n")
    (installed.folder / "current").symlink_to(release.name)
    (installed.folder / "before-0.2.0-abcdef01.tar").touch()
    (commands / "edgerad").symlink_to(installed.folder / "current" / "bin" / "edgerad")
    (commands / "other").symlink_to("/bin/sh")
    subprocess.run(installed.removal_command(), check=True)
    assert sorted(path.name for path in installed.folder.iterdir()) == [
        "before-0.2.0-abcdef01.tar",
        "data",
        "environment",
    ]
    assert [path.name for path in commands.iterdir()] == ["other"]


def test_the_release_key_is_made_once_for_its_owner_alone(key: Path) -> None:
    made = release_key(key)
    assert key.stat().st_mode & 0o077 == 0
    assert release_key(key).private_bytes_raw() == made.private_bytes_raw()
    key.write_text("no key")
    with pytest.raises(Fault, match="Move it away"):
        release_key(key)


def test_a_signature_is_checked_against_the_key_that_is_known(stick: Path, tmp_path: Path) -> None:
    check(stick, stick / PUBLIC_KEY, "RELEASE")
    known = shutil.copy(stick / PUBLIC_KEY, tmp_path / "known.pub")
    (stick / SUMS).write_bytes((stick / SUMS).read_bytes() + b"\n")
    with pytest.raises(NotSigned):
        check(stick, Path(known), "RELEASE")

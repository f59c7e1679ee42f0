"""Writes what installs EdgeRad without a network: `python -m deploy.release.bundle FOLDER`.

Knows pip, the lock files and what a stick holds. Needs the internet, so that no clinic does.
"""

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from deploy.release.lock import ROOT, RUNS, TORCH
from machine.project import python_module
from machine.sizes import size_words

THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
SUMS = "SHA256SUMS"

_STICK = ROOT / "deploy" / "stick"
_GLIBC = range(35, 4, -1)
"""Minor versions of glibc 2 that a wheel may ask for: Ubuntu 22.04 has 2.35, Debian 12 has 2.36."""


def bundle(
    folder: Path,
    pythons: Sequence[str],
    machine: str,
    models: Sequence[Path],
    *,
    source: Path = ROOT,
) -> None:
    """Write a stick's folder; what lies there of an earlier one is kept where it still fits.

    Args:
        folder: To be copied to a stick as it is.
        pythons: Versions of Python that the wheels are for, such as `3.11`.
        machine: Kind of processor, as `uname -m` says it.
        models: Folders of models to put on it.
        source: EdgeRad's code.

    Raises:
        CalledProcessError: pip could not fetch a package.
    """
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    for python in pythons:
        _say(f"Fetching the packages for Python {python} on {machine}")
        for arguments in (["--require-hashes", "-r", RUNS], ["-r", TORCH], [_own_pip()]):
            _pip("download", *_target(python, machine), "--dest", str(wheels), *arguments)
    for earlier in wheels.glob("edgerad-*.whl"):
        earlier.unlink()
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(source))
    for file in (
        _STICK / "install.sh",
        ROOT / RUNS,
        ROOT / TORCH,
        ROOT / "LICENSE",
        ROOT / "NOTICE",
    ):
        shutil.copy(file, folder)
    for model in models:
        _say(f"Copying {model.name}")
        shutil.copytree(model, folder / "models" / model.name, dirs_exist_ok=True)
    (folder / "RELEASE").write_text(f"{release(wheels)}\n")
    (folder / "PYTHONS").write_text("".join(f"{python}\n" for python in pythons))
    (folder / "MACHINE").write_text(f"{machine}\n")
    _sum(folder)


def release(wheels: Path) -> str:
    """Name of what is installed: the release, and which build of it.

    Args:
        wheels: Folder that EdgeRad's own wheel is in.

    Returns:
        Such as `0.1.0-1a2b3c4d`: two builds of a release stand beside each other.
    """
    (wheel,) = wheels.glob("edgerad-*.whl")
    return f"{wheel.name.split('-')[1]}-{_digest(wheel)[:8]}"


def _target(python: str, machine: str) -> Iterator[str]:
    yield from ("--no-deps", "--only-binary", ":all:", "--quiet", "--implementation", "cp")
    yield from ("--python-version", python, "--abi", f"cp{python.replace('.', '')}")
    yield from ("--abi", "abi3", "--abi", "none")
    named = (f"manylinux_2_{minor}" for minor in _GLIBC)
    for name in (*named, "manylinux2014", "manylinux2010", "manylinux1", "linux"):
        yield from ("--platform", f"{name}_{machine}")


def _own_pip() -> str:
    return f"pip=={version('pip')}"


def _pip(*arguments: str) -> None:
    command = python_module("pip", *arguments, "--disable-pip-version-check")
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - pip, with our own words


def _sum(folder: Path) -> None:
    sums = folder / SUMS
    sums.unlink(missing_ok=True)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums.write_text("".join(f"{_digest(path)}  {path.relative_to(folder)}\n" for path in files))
    size = sum(path.stat().st_size for path in files)
    _say(f"{folder}: {len(files)} files, {size_words(size)}. Copy it to a stick as it is.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Write the folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="to be copied to a stick")
    parser.add_argument("--python", action="append", help=f"3.11 to 3.13; by default {THIS_PYTHON}")
    parser.add_argument("--machine", default=platform.machine(), choices=("x86_64", "aarch64"))
    parser.add_argument("--model", type=Path, action="append", default=[], help="a model's folder")
    options = parser.parse_args()
    bundle(options.folder, options.python or [THIS_PYTHON], options.machine, options.model)


if __name__ == "__main__":
    main()

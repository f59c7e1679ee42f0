"""Writes what installs EdgeRad without a network: `python -m deploy.release.bundle FOLDER`.

Knows pip, the lock files and what a stick holds. Needs the internet, so that no clinic does.
Signs it with a key that it makes the first time, and that is on no stick.
"""

import argparse
import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from importlib.metadata import version
from pathlib import Path

from deploy.release.image import ARCHIVE, BASE, pack_image
from deploy.release.key_card import save_key_card
from deploy.release.llama import WHEELS, has_compiler, lock_of, lock_of_others, pack_llama
from deploy.release.lock import CUDA, LLAMA, OF_CUDA, ROOT, RUNS, TORCH, entries
from deploy.release.python import VERSION, pack_python
from deploy.release.sbom import bill
from deploy.release.signing import key_path, publish, release_key, sign
from deploy.stick.signature import SIGNATURE, SUMS
from machine.faults import Fault, said_in_words
from machine.project import python_module
from machine.sizes import size_words

THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

_SAID = ("release", "machine", "pythons")
_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
_CARDS = "PyTorch for NVIDIA cards, with NVIDIA's libraries"
_LLAMAS_MACHINE = "x86_64"
_BILL = "edgerad.cdx.json"
_STICK = ROOT / "deploy" / "stick"
_GLIBC = range(35, 4, -1)
"""Minor versions of glibc 2 that a wheel may ask for: Ubuntu 22.04 has 2.35, Debian 12 has 2.36."""

_README = """\
EdgeRad {release}: what installs it on a machine without a network.

    sh install.sh

For {machine}, Python {pythons}. {files} files, {size}: wheels/ has EdgeRad, with the practice
model in it, and each package that it needs; models/ what other models were put on it.
{parts}
The packages have licences of their own, each in its wheel; edgerad.cdx.json lists them (CycloneDX).

Signed with the key    {key}

Compare that with the card, which comes by another way than this stick: whoever forges a stick can
forge this file and install.sh too. A machine with openssl checks it, running nothing of the stick:

    sha256sum release.pub         begins with the key above
    openssl pkeyutl -verify -pubin -inkey release.pub -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
    sha256sum --check --quiet SHA256SUMS

A machine that has EdgeRad from a stick checks it by itself: edgerad update FOLDER
"""


def bundle(
    folder: Path,
    pythons: Sequence[str],
    machine: str,
    models: Sequence[Path],
    *,
    source: Path = ROOT,
    key: Path | None = None,
    bring_python: bool = False,
    image: str | None = None,
    cuda: bool = False,
    llama: Path | bool = True,
) -> None:
    """Write a stick's folder; what lies there of an earlier one is kept where it still fits.

    Args:
        folder: To be copied to a stick as it is.
        pythons: Versions of Python that the wheels are for, such as `3.11`.
        machine: Kind of processor, as `uname -m` says it.
        models: Folders of models to put on it.
        source: EdgeRad's code.
        key: What it is signed with; by default the user's own, made the first time.
        bring_python: Put Debian's Python on it too, for machines without one.
        image: What the image stands on that is put on it too, for Docker or Podman.
        cuda: Put PyTorch for NVIDIA cards on it, in place of the one for a CPU.
        llama: Put llama.cpp on it: its wheel, or whether to build that where it can be built.

    Raises:
        CalledProcessError: pip could not fetch a package.
        Fault: The key is none, PyTorch is not the one for a CPU, or llama.cpp, a Python or an
            image cannot be put on it here.
    """
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    _add_packages(wheels, pythons, machine, cuda=cuda)
    _add_llama(folder, pythons, machine, llama)
    for earlier in (*wheels.glob("edgerad-*.whl"), *folder.glob(ARCHIVE)):
        earlier.unlink()  # or an earlier release would be signed as this one
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(source))
    (folder / (TORCH if cuda else CUDA)).unlink(missing_ok=True)
    locks = [RUNS, CUDA if cuda else TORCH, "LICENSE", "NOTICE"]
    for file in (_STICK / "install.sh", *(ROOT / name for name in locks)):
        shutil.copy(file, folder)
    texts = [path.read_text() for path in sorted(folder.glob("requirements*.lock"))]
    (folder / _BILL).write_text(json.dumps(bill(ROOT / "pyproject.toml", texts), indent=1))
    for model in models:
        _say(f"Copying {model.name}")
        shutil.copytree(model, folder / "models" / model.name, dirs_exist_ok=True)
    if bring_python:
        _check_fit(pythons, machine)
        pack_python(folder)
    if image:
        _check_fit(pythons, machine)
        _say("Building the image")
        pack_image(folder, source, image)
    (folder / "RELEASE").write_text(f"{release(wheels)}\n")
    (folder / "PYTHONS").write_text("".join(f"{python}\n" for python in pythons))
    (folder / "MACHINE").write_text(f"{machine}\n")
    seal(folder, key or key_path())


def _add_packages(wheels: Path, pythons: Sequence[str], machine: str, *, cuda: bool) -> None:
    forget_torch(wheels, cuda=cuda)
    torch = ["--require-hashes", "-r", CUDA] if cuda else ["-r", TORCH]
    if cuda:
        _say(f"{_CARDS}: 2.7 GB to fetch, and 5.7 GB of the clinic's disk in all")
    for python in pythons:
        _say(f"Fetching the packages for Python {python} on {machine}")
        for arguments in (["--require-hashes", "-r", RUNS], torch, [_own_pip()]):
            _download(wheels, python, machine, *arguments)
    check_torch(wheels)


def forget_torch(wheels: Path, *, cuda: bool) -> None:
    """Remove what an earlier stick in this folder had for the other kind of machine.

    Args:
        wheels: Folder of what was fetched.
        cuda: Whether the stick is to be for NVIDIA cards.
    """
    for wheel in wheels.glob("torch-*.whl"):
        if bool(_cuda_needs(wheel)) != cuda:
            wheel.unlink()
    for wheel in [] if cuda else _of_cuda(wheels):
        wheel.unlink()


def check_torch(wheels: Path) -> None:
    """Refuse PyTorch's build for NVIDIA cards where what it loads is not on the stick.

    Args:
        wheels: Folder of what was fetched; such a build is removed from it.

    Raises:
        Fault: It was fetched, without their libraries.
    """
    there = {_package(wheel) for wheel in _of_cuda(wheels)}
    named = {name for name in entries((ROOT / CUDA).read_text()) if name.startswith(OF_CUDA)}
    for wheel in wheels.glob("torch-*.whl"):
        if _cuda_needs(wheel) and (named | _cuda_needs(wheel)) - there:
            wheel.unlink()
            raise Fault(
                "pip found PyTorch's build for NVIDIA cards, which does not start without 2 GB more"
                " of their libraries. For a machine with such a card: --cuda. For others name the"
                " index of PyTorch's builds for a CPU, and run it again:"
                f" PIP_EXTRA_INDEX_URL={_CPU_INDEX} make bundle ..."
            )


def _of_cuda(wheels: Path) -> list[Path]:
    """What PyTorch's build for NVIDIA cards needs of them."""
    return [wheel for wheel in wheels.glob("*.whl") if _package(wheel).startswith(OF_CUDA)]


def _package(wheel: Path) -> str:
    return wheel.name.partition("-")[0].replace("_", "-")


def _cuda_needs(wheel: Path) -> set[str]:
    needed = (re.split(r"[^\w.-]", need, maxsplit=1)[0] for need in _needs(wheel))
    return {name for name in needed if name.startswith(OF_CUDA)}


def _add_llama(folder: Path, pythons: Sequence[str], machine: str, llama: Path | bool) -> None:
    """With its lock file, by which `install.sh` knows that it is there."""
    wheels, lock = folder / "wheels", folder / LLAMA
    lock.unlink(missing_ok=True)
    why_not = "" if isinstance(llama, Path) else _why_no_llama(machine)
    if not llama or why_not:
        _say(f"Without llama.cpp: {why_not or 'as you asked'}")
        for wheel in wheels.glob(WHEELS):
            wheel.unlink()
        return
    _say("Building llama.cpp for all processors: some ten minutes, where it is not there already")
    wheel = pack_llama(wheels, llama if isinstance(llama, Path) else None)
    lock.write_text(lock_of_others())
    for python in pythons:
        _download(wheels, python, machine, "--require-hashes", "-r", str(lock.resolve()))
    lock.write_text(lock_of(wheel))
    _say(f"llama.cpp: {wheel.name}, {size_words(wheel.stat().st_size)}")


def _why_no_llama(machine: str) -> str:
    if machine != _LLAMAS_MACHINE:
        return f"that is built for {_LLAMAS_MACHINE} alone"
    if machine != platform.machine():
        return "that is built on a machine of the kind that it is for"
    return "" if has_compiler() else "it is built with a C++ compiler. Debian: apt install g++"


def _needs(wheel: Path) -> list[str]:
    """The packages that a wheel requires, by name; source: PEP 427, and its METADATA."""
    with zipfile.ZipFile(wheel) as files:
        (name,) = (name for name in files.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(files.read(name))
    return [need for need in metadata.get_all("Requires-Dist", []) if "extra ==" not in need]


def _check_fit(pythons: Sequence[str], machine: str) -> None:
    if VERSION not in pythons or machine != platform.machine():
        words = f"The Python to bring, and that of the image, is {VERSION}"
        raise Fault(f"{words}, for machines of this one's kind.")


def seal(folder: Path, key: Path) -> None:
    """Say in a stick's folder what is in it, and sign that; as often as something changes.

    Args:
        folder: With all else in it.
        key: The private key's file, made where there is none.
    """
    made = not key.exists()
    private = release_key(key)
    code = publish(private, folder)
    for name in (SUMS, SIGNATURE, "README.txt"):
        (folder / name).unlink(missing_ok=True)
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = size_words(sum(path.stat().st_size for path in files))
    words = {name: (folder / name.upper()).read_text().split() for name in _SAID}
    said = {name: ", ".join(texts) for name, texts in words.items()}
    (folder / "README.txt").write_text(
        _README.format(files=len(files), size=size, key=code, parts=_parts(folder), **said)
    )
    _sum(folder)
    sign(folder, private)
    _say(f"{folder}: {len(files)} files, {size}. Copy it to a stick as it is.")
    _say(_parts(folder).rstrip())
    if made:
        _say(f"The key that it is signed with was made: {key}. Keep a copy, and never on a stick.")
    card = key.with_name("stick_card.pdf")
    save_key_card(code, card)
    _say(f"Signed with the key {code}.")
    _say(f"Print the card that has it, and send it by another way than the stick: {card}")


def _parts(folder: Path) -> str:
    """What not every stick has, and how big it is; a line each."""
    wheels = folder / "wheels"
    parts = {
        _CARDS: [*wheels.glob("torch-*.whl"), *_of_cuda(wheels)] if _of_cuda(wheels) else [],
        "llama.cpp for any processor": [*wheels.glob(WHEELS)],
        "Python itself": [*folder.glob("python-*.tar.gz")],
        "an image for Docker": [*folder.glob(ARCHIVE)],
        "models": [path for path in folder.glob("models/*/**/*") if path.is_file()],
    }
    return "".join(
        f"On it: {name}, {size_words(sum(path.stat().st_size for path in files))}.\n"
        for name, files in parts.items()
        if files
    )


def release(wheels: Path) -> str:
    """Name of what is installed: the release, and which build of it.

    Args:
        wheels: Folder that EdgeRad's own wheel is in.

    Returns:
        Such as `0.1.0-1a2b3c4d`: two builds of a release stand beside each other.
    """
    (wheel,) = wheels.glob("edgerad-*.whl")
    return f"{wheel.name.split('-')[1]}-{_digest(wheel)[:8]}"


def _download(wheels: Path, python: str, machine: str, *arguments: str) -> None:
    _pip("download", *_target(python, machine), "--dest", str(wheels), *arguments)


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
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = (f"{_digest(path)}  {path.relative_to(folder)}\n" for path in files)
    (folder / SUMS).write_text("".join(lines))


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
    parser.add_argument(
        "--bring-python", action="store_true", help="for machines without one: Debian 12's"
    )
    parser.add_argument(
        "--image", nargs="?", const=BASE, metavar="BASE", help=f"for Docker; by default on {BASE}"
    )
    parser.add_argument(
        "--cuda", action="store_true", help="for machines with an NVIDIA card: 2.7 GB more"
    )
    llama = parser.add_mutually_exclusive_group()
    llama.add_argument("--no-llama", action="store_true", help="leave llama.cpp out")
    llama.add_argument(
        "--llama",
        type=Path,
        metavar="WHEEL",
        help="llama.cpp as an earlier stick has it in wheels/",
    )
    options = parser.parse_args()
    if options.cuda and options.image:
        parser.error("an image with CUDA is built by Docker: docs/install.md, In a container")
    with said_in_words():
        bundle(
            options.folder,
            options.python or [THIS_PYTHON],
            options.machine,
            options.model,
            bring_python=options.bring_python,
            image=options.image,
            cuda=options.cuda,
            llama=options.llama or not options.no_llama,
        )


if __name__ == "__main__":
    main()

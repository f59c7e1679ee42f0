"""Debian's Python for a stick, for machines that have none: packages unpacked, libraries beside it.

Knows Debian 12's package names, and how a program finds its libraries.
"""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from machine.faults import Fault

VERSION = "3.11"
_PACKAGES = (
    *("libpython3.11-minimal", "libpython3.11-stdlib", "python3.11-minimal"),
    *("libbz2-1.0", "libcrypt1", "libexpat1", "libffi8", "liblzma5", "libsqlite3-0", "libssl3"),
    *("libuuid1", "zlib1g"),
)
"""The interpreter, its modules, and what these are linked with; all but glibc."""

_PROGRAM = f"usr/bin/python{VERSION}"


def pack_python(folder: Path) -> Path:
    """Fetch Debian's packages for this kind of machine, and make one archive of them.

    Args:
        folder: Of the stick; an earlier archive in it is replaced.

    Returns:
        The archive, named after the version, such as `python-3.11.2-6+deb12u9.tar.gz`.

    Raises:
        Fault: This machine cannot make it.
    """
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "root")
        try:
            version = _unpack(Path(scratch), root)
            _join(root)
        except (OSError, subprocess.CalledProcessError) as error:
            words = "A stick with a Python is made on Debian 12: apt-get update, install patchelf."
            raise Fault(words) from error
        for earlier in folder.glob("python-*.tar.gz"):
            earlier.unlink()
        archive = folder / f"python-{version}.tar.gz"
        with tarfile.open(archive, "w:gz") as packed:
            packed.add(root / "usr", "usr")
    return archive


def _unpack(scratch: Path, root: Path) -> str:
    """Fetch the packages and unpack them; the version of Python's."""
    _run("apt-get", "download", "-qq", *_PACKAGES, folder=scratch)
    for package in scratch.glob("*.deb"):
        _run("dpkg-deb", "-x", str(package), str(root), folder=scratch)
    (package,) = scratch.glob(f"python{VERSION}-minimal_*.deb")
    return package.name.split("_")[1]


def _join(root: Path) -> None:
    """Lay all libraries into one folder, where the program looks first.

    By RPATH, which holds for the libraries of its modules too; RUNPATH does not.
    """
    for libraries in (root / "lib").glob("*-linux-gnu"):
        beside = root / "usr" / "lib" / libraries.name
        shutil.copytree(libraries, beside, symlinks=True, dirs_exist_ok=True)
        path = f"$ORIGIN/../lib/{libraries.name}"
        _run("patchelf", "--force-rpath", "--set-rpath", path, _PROGRAM, folder=root)
    for left_out in ("man", "lintian", "locale"):
        shutil.rmtree(root / "usr" / "share" / left_out, ignore_errors=True)


def _run(*command: str, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - Debian's programs, our own words

"""llama.cpp for a stick: one wheel for any processor of a kind, and for all versions of Python.

Knows the switches of llama.cpp's build. PyPI has its source alone, and what `make llama` builds of
that is for the processor that builds it. Here the part that computes is built once for each
generation of processors, and llama.cpp takes the best that the machine at hand can run.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from deploy.release.lock import LLAMA, ROOT, entries
from machine.cgroups import usable_cpus
from machine.faults import Fault
from machine.project import python_module

PACKAGE = "llama-cpp-python"
WHEELS = "llama_cpp_python-*.whl"

_VARIANTS = re.compile(r"llama_cpp/lib/libggml-cpu-\w+\.so")
_LIBRARIES = "llama_cpp/lib"
_SWITCHES = {
    "GGML_NATIVE": "OFF",
    "GGML_BACKEND_DL": "ON",
    "GGML_CPU_ALL_VARIANTS": "ON",
    "LLAVA_BUILD": "OFF",
    "LLAMA_BUILD_TOOLS": "OFF",
    "CMAKE_INSTALL_BINDIR": _LIBRARIES,  # of the variants, which the package would not install
    "CMAKE_INSTALL_RPATH": "$ORIGIN",
}
_LEFT_OUT = (
    *("/include/**", "/lib/**", "/bin/**"),
    *(f"/{_LIBRARIES}/*.so.*.*", f"/{_LIBRARIES}/libggml-cpu-*.so.*"),
)
"""Headers, and libraries a second and third time under other names."""

_LICENCES = ("LICENSE.md", "vendor/llama.cpp/LICENSE")
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)")


def has_compiler() -> bool:
    """Whether this machine can build it; CMake comes from the index where it is not here."""
    return all(shutil.which(name) for name in (os.environ.get("CXX", "c++"), "cc"))


def pack_llama(wheels: Path, made: Path | None = None) -> Path:
    """Put llama.cpp's wheel among a stick's; one of the pinned version that lies there is kept.

    Args:
        wheels: Folder of the stick's wheels.
        made: A wheel that was made before, None to build one in some ten minutes.

    Returns:
        The wheel, named after the oldest glibc that it runs with.

    Raises:
        Fault: It is none for any processor, or cannot be built here.
    """
    version = _pin().split()[0].partition("==")[2]
    kept = next(wheels.glob(f"llama_cpp_python-{version}-*.whl"), None)
    for other in wheels.glob(WHEELS):
        if other != kept or made is not None:
            other.unlink()
    if made is None and kept is not None:
        return kept
    with tempfile.TemporaryDirectory() as scratch:
        wheel = made or _build(Path(scratch))
        _check(wheel)
        return Path(shutil.copy(wheel, wheels / named_after_glibc(wheel)))


def lock_of(wheel: Path) -> str:
    """The lock file of a stick that has llama.cpp: as the project's, but with that wheel's hash."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    locked = entries((ROOT / LLAMA).read_text())
    locked[PACKAGE] = f"{locked[PACKAGE].split()[0]} \\\n    --hash=sha256:{digest}\n"
    return "".join(locked.values())


def lock_of_others() -> str:
    """What llama.cpp's Python package needs beside it: wheels, from an index."""
    locked = entries((ROOT / LLAMA).read_text())
    del locked[PACKAGE]
    return "".join(locked.values())


def named_after_glibc(wheel: Path) -> str:
    """A wheel's file name with a platform that says how old a glibc may be; source: PEP 600.

    pip then leaves it out where glibc is older, and takes it wherever it runs.
    """
    with zipfile.ZipFile(wheel) as files:
        libraries = [files.read(name) for name in files.namelist() if ".so" in name]
    newest = max(int(minor) for data in libraries for minor in _GLIBC.findall(data))
    head, _, platform = wheel.name.rpartition("-")
    machine = re.sub(r"^(linux|manylinux_\d+_\d+)_", "", platform)
    return f"{head}-manylinux_2_{newest}_{machine}"


def _pin() -> str:
    return entries((ROOT / LLAMA).read_text())[PACKAGE]


def _check(wheel: Path) -> None:
    """One built by `make llama` would end without a word on another processor."""
    with zipfile.ZipFile(wheel) as files:
        if not any(_VARIANTS.fullmatch(name) for name in files.namelist()):
            raise Fault(f"{wheel.name} is not for any processor: it was not built by make bundle.")


def _build(scratch: Path) -> Path:
    lock = scratch / LLAMA
    lock.write_text(_pin())
    switches = {
        "CMAKE_ARGS": " ".join(f"-D{name}={value}" for name, value in _SWITCHES.items()),
        "CMAKE_BUILD_PARALLEL_LEVEL": str(usable_cpus()),
        "SKBUILD_WHEEL_EXCLUDE": ";".join(_LEFT_OUT),
        "SKBUILD_WHEEL_LICENSE_FILES": ";".join(_LICENCES),
    }
    # not from pip's cache, which may have the one that `make llama` built, nor into it
    command = python_module("pip", "wheel", "--no-deps", "--no-cache-dir", "--require-hashes")
    command += ["--disable-pip-version-check", "--quiet", "--wheel-dir", str(scratch)]
    try:
        subprocess.run([*command, "-r", str(lock)], env=os.environ | switches, check=True)  # noqa: S603
    except subprocess.CalledProcessError as error:
        words = "llama.cpp could not be built; why stands above. Or leave it out: --no-llama"
        raise Fault(words) from error
    (wheel,) = scratch.glob(WHEELS)
    return wheel

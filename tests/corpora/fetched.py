"""The test files of pydicom, Pillow and pillow-heif: `python -m tests.corpora.fetched` gets them.

Knows the package index that pip is set to, and archives. Must not know what the files are. Those of
pydicom come with its wheel; the others' are in their sources, which are fetched by hash and never
run. Kept in `.venv`, so that the next run fetches nothing. No test fetches them itself: what runs
under pytest here trusts no authority of the world.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pydicom.data

from deploy.release.lock import entries
from machine.project import PROJECT_ROOT, python_module

SOURCES = Path(__file__).parent / "sources.lock"
_KEPT = PROJECT_ROOT / ".venv" / "corpora"
_FILES = {"pillow": "Tests/images", "pillow-heif": "tests/images"}
"""By package: where its source has them."""

NAMES = ("pydicom", *_FILES)
_PYPI = "https://pypi.org/simple"
_PATIENCE_S = 120


def corpus(name: str) -> Path:
    """The folder with the test files of a package."""
    if name == "pydicom":
        return Path(pydicom.data.__file__).parent / "test_files"
    return _KEPT / f"{name}-{pinned(name)[0]}"


def fetch(name: str) -> None:
    """Have the test files of a package at hand."""
    kept = corpus(name)
    if kept.is_dir():
        return
    _KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=_KEPT) as scratch:
        unpacked = Path(scratch, "files")
        _unpack(_source(name, pinned(name)[1]), f"/{_FILES[name]}/", unpacked)
        unpacked.rename(kept)


def pinned(name: str) -> tuple[str, str]:
    """Version and SHA-256 of a source."""
    pin, _, sha256 = entries(SOURCES.read_text(encoding="utf-8"))[name].split()
    return pin.partition("==")[2], sha256.partition(":")[2]


def _source(name: str, sha256: str) -> bytes:
    """Fetch a source from the index that pip is set to (PEP 691)."""
    set_to = _pip_is_set_to()
    trusted = httpx.create_ssl_context()
    trusted.load_default_certs()
    if "cert" in set_to:
        trusted.load_verify_locations(set_to["cert"])
    asked = {"Accept": "application/vnd.pypi.simple.v1+json"}
    with httpx.Client(verify=trusted, follow_redirects=True, timeout=_PATIENCE_S) as client:
        page = f"{set_to.get('index-url', _PYPI).rstrip('/')}/{name}/"
        files = client.get(page, headers=asked).raise_for_status().json()["files"]
        (url,) = (file["url"] for file in files if file["hashes"].get("sha256") == sha256)
        data = client.get(url).raise_for_status().content
    if hashlib.sha256(data).hexdigest() != sha256:
        message = f"The source of {name} is not the one that is pinned."
        raise ValueError(message)
    return data


def _pip_is_set_to() -> dict[str, str]:
    """By pip's own word: its files first, then what the environment says."""
    told = subprocess.run(
        python_module("pip", "config", "list"), capture_output=True, text=True, check=True
    ).stdout
    found = {}
    for line in sorted(told.splitlines(), key=lambda line: line.startswith(":env:")):
        key, _, value = line.partition("=")
        found[key.rpartition(".")[2]] = value.strip("'")
    return found


def _unpack(archive: bytes, within: str, target: Path) -> None:
    """Write the files of a folder that lies in the archive's only one."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        for member in packed:
            name = member.name.partition(within)[2]
            source = packed.extractfile(member) if name and ".." not in name else None
            if source is not None:
                file = target / name
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("wb") as copy:
                    shutil.copyfileobj(source, copy)


if __name__ == "__main__":
    try:
        for package in NAMES:
            fetch(package)
    except (httpx.HTTPError, json.JSONDecodeError) as error:
        sys.stderr.write(f"The package index gives no sources (PEP 691): {error}\n")
        sys.exit(os.EX_TEMPFAIL)

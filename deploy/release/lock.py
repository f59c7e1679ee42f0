"""Writes the lock files: what pyproject.toml asks for, resolved by uv, with every file's SHA-256.

Knows pyproject.toml, uv and the form of a lock file. Must not know any index. One resolution holds
for all machines: what only some of them need has a marker, and a package's hashes are those of all
its files, so that pip takes the one for the machine at hand.

torch stands apart, with its version alone: the builds for a CPU lie in PyTorch's own index and have
other hashes than PyPI's. PyPI's is for NVIDIA cards, and stands with all that it needs in a lock
file that only a stick for such cards is made of.
"""

import subprocess
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

from machine.project import python_module

ROOT = Path(__file__).resolve().parents[2]
RUNS, TORCH, CUDA = "requirements.lock", "requirements-torch.lock", "requirements-cuda.lock"
LLAMA = "requirements-llama.lock"
OF_EXTRAS = {"dev": "requirements-dev.lock", "fuzz": "requirements-fuzz.lock", "llama": LLAMA}
LOCKS = (RUNS, TORCH, CUDA, *OF_EXTRAS.values())

_HEADER = "# Written by `make lock`: do not edit.\n"
OF_CUDA = ("cuda-", "nvidia-", "triton")
"""How the packages are called that PyTorch's build for NVIDIA cards needs."""


def entries(text: str) -> dict[str, str]:
    """Take a lock file apart.

    Returns:
        By package, its lines: the version, a marker where there is one, the hashes.
    """
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if line[0].isalpha():
            name = line.partition("==")[0]
        if name and not line.startswith(("#", "-")):
            found[name] = found.get(name, "") + line
    return found


def lock_texts(known: Iterable[str]) -> dict[str, str]:
    """Work out the lock files.

    Args:
        known: Texts of the present ones; versions that still fit stay.

    Returns:
        The text of each, by its name.
    """
    earlier = "".join("".join(entries(text).values()) for text in known)
    found = entries(_resolved(earlier))
    cuda = {name: lines for name, lines in found.items() if name.startswith((*OF_CUDA, "torch"))}
    runs = {name: lines for name, lines in found.items() if name not in cuda}
    texts = {
        RUNS: _HEADER + "".join(runs.values()),
        TORCH: _HEADER + found["torch"].partition(" ")[0] + "\n",
        CUDA: _HEADER + "".join(cuda.values()),
    }
    for extra, lock in OF_EXTRAS.items():
        more = entries(_resolved(earlier, "--extra", extra))
        texts[lock] = _HEADER + "".join(more[name] for name in more if name not in found)
    return texts


def _resolved(earlier: str, *options: str) -> str:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    # editable installs without build isolation need hatchling's own helper beside it
    build = "\n".join([*table["build-system"]["requires"], "editables"])
    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(scratch, "kept.lock")
        kept.write_text(earlier)
        command = [
            *python_module("uv", "pip", "compile", "pyproject.toml", "-", *options),
            *("--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-header", "--no-annotate", "--quiet", "--output-file", str(kept)),
        ]
        subprocess.run(command, input=build, text=True, cwd=ROOT, check=True)  # noqa: S603
        return kept.read_text()


def main() -> None:
    """Write the lock files beside pyproject.toml."""
    paths = [ROOT / name for name in LOCKS]
    for name, text in lock_texts([path.read_text() for path in paths if path.exists()]).items():
        (ROOT / name).write_text(text)


if __name__ == "__main__":
    main()

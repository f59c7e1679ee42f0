"""Writes the lock files: the closure of pyproject's requirements, at the versions installed here.

Knows pyproject.toml and the installed packages' metadata. Must not know pip or any index.
torch stands without a local label and without its CUDA packages, so that pip takes a CPU
build where one is at hand, and the CUDA build elsewhere.
"""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

HEADER = "# Written by `make lock`: do not edit.\n"


def closure(requirements: Iterable[str]) -> dict[str, str]:
    """Follow requirements through the installed packages.

    Args:
        requirements: Requirement specifiers, such as `httpx>=0.28`.

    Returns:
        Canonical package names and their public versions, sorted by name.
    """
    waiting = [Requirement(text) for text in requirements]
    seen: set[str] = set()
    versions: dict[str, str] = {}
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        found = distribution(requirement.name)
        versions[canonicalize_name(requirement.name)] = Version(found.version).public
        waiting += _applicable(found.requires or [], requirement.extras)
    return dict(sorted(versions.items()))


def _applicable(requirements: Iterable[str], extras: set[str]) -> Iterator[Requirement]:
    """Those of a package's requirements that hold on this machine with these extras."""
    for text in requirements:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            requirement.marker = None
            yield requirement


def lock_texts(pyproject: Path) -> tuple[str, str]:
    """Work out both lock files.

    Args:
        pyproject: The project's `pyproject.toml`.

    Returns:
        The text of requirements.lock (what runs) and of requirements-dev.lock (what tests it).
    """
    table = tomllib.loads(pyproject.read_text())
    # editable installs without build isolation need hatchling's own helper beside it
    build = [*table["build-system"]["requires"], "editables"]
    runs = closure([*table["project"]["dependencies"], *build])
    tests = closure(table["project"]["optional-dependencies"]["dev"])
    extra = {name: version for name, version in tests.items() if name not in runs}
    return (
        HEADER + _lines(runs),
        HEADER + "-r requirements.lock\n" + _lines(extra),
    )


def _lines(versions: dict[str, str]) -> str:
    return "".join(f"{name}=={version}\n" for name, version in versions.items())


def main() -> None:
    """Write both lock files beside pyproject.toml."""
    root = Path(__file__).resolve().parent.parent
    runs, tests = lock_texts(root / "pyproject.toml")
    (root / "requirements.lock").write_text(runs)
    (root / "requirements-dev.lock").write_text(tests)


if __name__ == "__main__":
    main()

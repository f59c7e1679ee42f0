"""Writes a bill of materials: every package of the lock files, as CycloneDX 1.6 JSON.

Knows what an installed package says of itself. Must not know any index.
What runs is listed, not what tests it. The same lock files give the same bill.
"""

import json
import sys
import tomllib
import uuid
from collections.abc import Iterable
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from deploy.release.lock import ROOT, RUNS, TORCH, entries

NAMES_OF_NOTHING = {"", "UNKNOWN"}


def bill(pyproject: Path, locks: Iterable[str]) -> dict[str, Any]:
    """Put the bill together.

    Args:
        pyproject: The project's `pyproject.toml`.
        locks: Texts of the lock files of what runs.
    """
    project = tomllib.loads(pyproject.read_text())["project"]
    locked = {name: lines for text in locks for name, lines in entries(text).items()}
    components = [_component(name, lines) for name, lines in sorted(locked.items())]
    text = "".join(locked.values())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
        "dependencies": [
            {
                "ref": project["name"],
                "dependsOn": [component["bom-ref"] for component in components],
            }
        ],
    }


def _component(name: str, lines: str) -> dict[str, Any]:
    version = lines.split(maxsplit=1)[0].partition("==")[2]
    address = f"pkg:pypi/{name}@{version}"
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
    }
    try:
        described = metadata(name)
    except PackageNotFoundError:  # locked for another kind of machine
        return component
    if summary := _field(described, "Summary"):
        component["description"] = summary
    if licence := _licence(described):
        component["licenses"] = [licence]
    return component


def _licence(described: PackageMetadata) -> dict[str, Any] | None:
    """The licence as an SPDX expression, else as the package calls it."""
    if expression := _field(described, "License-Expression"):
        return {"expression": expression}
    named = [
        line.rpartition(" :: ")[2]
        for line in described.get_all("Classifier") or []
        if line.startswith("License :: ") and line.count(" :: ") > 1
    ]
    words = " ".join(_field(described, "License").split())
    name = named[0] if named else words
    return None if name in NAMES_OF_NOTHING or len(name) > 80 else {"license": {"name": name}}


def _field(described: PackageMetadata, name: str) -> str:
    return described[name] if name in described else ""  # noqa: SIM401 - it has no `get`


def main() -> None:
    """Write the bill to standard output."""
    document = bill(ROOT / "pyproject.toml", [(ROOT / name).read_text() for name in (RUNS, TORCH)])
    json.dump(document, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()

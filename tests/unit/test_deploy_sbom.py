import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from deploy.sbom import ROOT, bill, locked


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return bill(ROOT / "pyproject.toml", ROOT / "requirements.lock")


def test_every_locked_package_is_listed_under_its_version(document: dict[str, Any]) -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    listed = {f"{each['name']}=={each['version']}": each for each in document["components"]}
    assert sorted(listed) == sorted(pinned)
    assert listed_as_pypi(listed["torch==2.13.0"]) == "pkg:pypi/torch@2.13.0"


def listed_as_pypi(component: dict[str, Any]) -> str:
    assert component["bom-ref"] == component["purl"]
    return str(component["purl"])


def test_it_has_the_fields_that_cyclonedx_asks_for(document: dict[str, Any]) -> None:
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert UUID(document["serialNumber"].removeprefix("urn:uuid:")).version == 5
    assert document["metadata"]["component"]["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    references = [each["bom-ref"] for each in document["components"]]
    assert len(set(references)) == len(references)
    (root,) = document["dependencies"]
    assert root == {"ref": "edgerad", "dependsOn": references}


def test_the_same_lock_file_gives_the_same_bill(document: dict[str, Any]) -> None:
    again = bill(ROOT / "pyproject.toml", ROOT / "requirements.lock")
    assert json.dumps(again) == json.dumps(document)


def test_licences_are_named_as_the_packages_name_them(document: dict[str, Any]) -> None:
    licences = {each["name"]: each.get("licenses") for each in document["components"]}
    assert licences["annotated-types"] == [{"expression": "MIT"}]
    assert sum(licence is None for licence in licences.values()) <= 3


def test_a_package_that_is_not_installed_here_is_listed_all_the_same(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("# Written by hand\nno-such-package==1.0\n")
    (component,) = bill(ROOT / "pyproject.toml", lock)["components"]
    assert component["purl"] == "pkg:pypi/no-such-package@1.0"


def test_hashes_after_a_version_are_no_part_of_it() -> None:
    assert list(locked("httpx==0.28.1 --hash=sha256:ab\n    --hash=sha256:cd\n")) == [
        ("httpx", "0.28.1")
    ]

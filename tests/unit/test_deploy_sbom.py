import json
from typing import Any
from uuid import UUID

import pytest

from deploy.release.lock import ROOT, RUNS, TORCH, entries
from deploy.release.sbom import bill

LOCKS = [(ROOT / name).read_text() for name in (RUNS, TORCH)]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return bill(ROOT / "pyproject.toml", LOCKS)


def test_every_locked_package_is_listed_under_its_version(document: dict[str, Any]) -> None:
    pinned = [lines.split()[0] for text in LOCKS for lines in entries(text).values()]
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
    again = bill(ROOT / "pyproject.toml", LOCKS)
    assert json.dumps(again) == json.dumps(document)


def test_licences_are_named_as_the_packages_name_them(document: dict[str, Any]) -> None:
    licences = {each["name"]: each.get("licenses") for each in document["components"]}
    assert licences["annotated-types"] == [{"expression": "MIT"}]
    assert sum(licence is None for licence in licences.values()) <= 3


def test_it_is_a_bill_by_the_schema_of_cyclonedx(document: dict[str, Any]) -> None:
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 - the grammars take seconds
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    schema = JsonStrictValidator(SchemaVersion.V1_6)
    assert schema.validate_str(json.dumps(document)) is None
    broken = json.dumps({**document, "specVersion": "1.6", "components": [{}]})
    assert schema.validate_str(broken) is not None


def test_a_package_that_is_not_installed_here_is_listed_all_the_same() -> None:
    (component,) = bill(ROOT / "pyproject.toml", ["no-such-package==1.0\n"])["components"]
    assert component["purl"] == "pkg:pypi/no-such-package@1.0"


def test_marker_and_hashes_are_no_part_of_a_version() -> None:
    lock = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:ab\n"
    (component,) = bill(ROOT / "pyproject.toml", [lock])["components"]
    assert component["version"] == "0.4.6"

"""What the files promise that start EdgeRad in a container."""

from pathlib import Path
from typing import Any

import yaml

from deploy.settings import setting_names
from machine.project import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "deploy" / "container"
SETTINGS = setting_names()


def services(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text())["services"]
    return found


def test_the_container_may_write_to_its_volumes_and_to_memory_alone() -> None:
    edgerad = services("compose.yaml")["edgerad"]
    assert edgerad["read_only"] is True
    assert {line.split(":")[1] for line in edgerad["volumes"]} == {"/data", "/data/models"}
    assert len(edgerad["tmpfs"]) == 1  # what lies there is gone with the container


def test_the_container_has_no_rights_beyond_its_users() -> None:
    edgerad = services("compose.yaml")["edgerad"]
    assert edgerad["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in edgerad["security_opt"]
    assert "cap_add" not in edgerad
    assert "privileged" not in edgerad


def test_the_key_comes_by_file_and_never_by_the_environment() -> None:
    given = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    assert given["services"]["edgerad"]["secrets"] == ["edgerad_key"]
    assert set(given["secrets"]["edgerad_key"]) == {"file"}
    containerfile = (FOLDER / "Containerfile").read_text()
    assert "EDGERAD_KEY_FILE=/run/secrets/edgerad_key" in containerfile


def test_every_setting_of_the_compose_files_is_one() -> None:
    for file in FOLDER.glob("compose*.yaml"):
        for service in services(file.name).values():
            named = set(service.get("environment", {}))
            assert named <= SETTINGS


def test_the_files_that_are_named_are_there() -> None:
    build = services("compose.yaml")["edgerad"]["build"]
    context = (FOLDER / build["context"]).resolve()
    assert (context / build["dockerfile"]).is_file()
    beside = services("compose.vllm.yaml")["engine"]["extends"]
    assert beside["service"] in yaml.safe_load((FOLDER / beside["file"]).read_text())["services"]


def test_what_the_image_is_built_from_is_not_kept_from_it() -> None:
    allowed = {
        line[1:]
        for line in (PROJECT_ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    rooms = {path.parent.name for path in PROJECT_ROOT.glob("*/__init__.py")} - {"tests"}
    assert rooms | {"requirements.lock", "requirements-torch.lock", "LICENSE"} <= allowed
    assert all(Path(PROJECT_ROOT, name).exists() for name in allowed)

import sys
from pathlib import Path

import pytest
import yaml

from deploy.release.bundle import bundle
from deploy.release.image import ARCHIVE, BASE, pack_image
from deploy.stick.signature import SUMS
from machine.faults import Fault
from machine.project import PROJECT_ROOT

COMPOSE = PROJECT_ROOT / "deploy" / "container" / "compose.yaml"
ENGINE = f"""#!{sys.executable}
import pathlib, sys
with pathlib.Path(__file__).with_name("said").open("a") as said:
    print(*sys.argv[1:], file=said)
for word in sys.argv[1:]:
    if word.endswith("{ARCHIVE}") or "{ARCHIVE}:" in word:
        path = pathlib.Path(word.removeprefix("docker-archive:").partition(":")[0])
        path.open("x").write("image")
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that programs are found in."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(engine: str, programs: Path, script: str = ENGINE) -> None:
    (programs / engine).write_text(script)
    (programs / engine).chmod(0o755)


@pytest.mark.parametrize("engine", ["podman", "docker", "buildah"])
def test_the_image_is_built_of_the_sticks_wheels_and_lies_on_the_stick(
    engine: str, programs: Path, tmp_path: Path
) -> None:
    install(engine, programs)
    (tmp_path / ARCHIVE).write_text("an earlier one")
    archive = pack_image(tmp_path, PROJECT_ROOT, BASE)
    assert archive == tmp_path / ARCHIVE
    assert archive.read_text() == "image"
    _, built, saved = (programs / "said").read_text().splitlines()
    assert built.startswith("build ")
    name = yaml.safe_load(COMPOSE.read_text())["services"]["edgerad"]["image"]
    assert f"--tag {name} " in built
    for expected in (f"wheels={tmp_path / 'wheels'}", "PIP_NO_INDEX=1", f"BASE={BASE}"):
        assert expected in built
    assert str(archive) in saved


def test_without_an_engine_it_is_said_which_would_do(programs: Path, tmp_path: Path) -> None:
    assert programs.exists()
    with pytest.raises(Fault, match="podman, docker, buildah"):
        pack_image(tmp_path, PROJECT_ROOT, BASE)


def test_an_engine_that_does_not_run_is_passed_over(programs: Path, tmp_path: Path) -> None:
    """Docker's command is there, and its daemon is not."""
    install("docker", programs, f"#!{sys.executable}\nraise SystemExit(1)\n")
    install("buildah", programs)
    assert pack_image(tmp_path, PROJECT_ROOT, BASE).exists()


def test_where_no_engine_runs_it_is_said_which_would_do(programs: Path, tmp_path: Path) -> None:
    install("docker", programs, f"#!{sys.executable}\nraise SystemExit(1)\n")
    with pytest.raises(Fault, match="none runs here: podman, docker, buildah"):
        pack_image(tmp_path, PROJECT_ROOT, BASE)


def test_an_engine_that_cannot_build_is_named(programs: Path, tmp_path: Path) -> None:
    install("docker", programs, f"#!{sys.executable}\nimport sys\nsys.exit('build' in sys.argv)\n")
    with pytest.raises(Fault, match="docker could not make the image"):
        pack_image(tmp_path, PROJECT_ROOT, BASE)
    assert not (tmp_path / ARCHIVE).exists()


def test_a_stick_that_is_made_anew_without_an_image_does_not_carry_the_one_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be signed with the new release's name."""
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / ARCHIVE).write_text("of the release before")

    def pip(*words: str) -> None:
        assert words[0] == "wheel"
        (stick / "wheels" / "edgerad-9.0-py3-none-any.whl").write_text("EdgeRad")

    monkeypatch.setattr("deploy.release.bundle._pip", pip)
    bundle(stick, [], "x86_64", [], key=tmp_path / "key", llama=False)
    assert not (stick / ARCHIVE).exists()
    assert ARCHIVE not in (stick / SUMS).read_text()

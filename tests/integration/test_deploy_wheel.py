"""What a wheel holds: what runs in a clinic, and nothing that only makes or measures EdgeRad."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

from machine.project import PROJECT_ROOT

ROOMS = ("bot", "deploy", "gateway", "inference", "machine", "pictures", "storage")
PROGRAMS = ("bot", "deploy", "gateway", "inference.runtime", "pictures")
STARTED = {f"{package}.__main__" for package in PROGRAMS} | {"pictures.corpus"}
"""Started by their package's name, or by their own."""
LEFT_OUT = {
    "deploy.bench",
    "deploy.phone_client",
    "deploy.release",
    "deploy.running.sandbox",
    "gateway.bot_api.page",
    "inference.bench_results",
    "inference.practice.backdrops",
    "inference.practice.batches",
    "inference.practice.beside",
    "inference.practice.cameras",
    "inference.practice.cases",
    "inference.practice.chest",
    "inference.practice.conversations",
    "inference.practice.dataset",
    "inference.practice.disturbances",
    "inference.practice.draw_samples",
    "inference.practice.evaluate",
    "inference.practice.film_tables",
    "inference.practice.finder_fit",
    "inference.practice.folder",
    "inference.practice.lesions",
    "inference.practice.lifelike_chests",
    "inference.practice.limit_fit",
    "inference.practice.measures",
    "inference.practice.modelling",
    "inference.practice.negatives",
    "inference.practice.phantoms",
    "inference.practice.photographs",
    "inference.practice.placement",
    "inference.practice.plain_photographs",
    "inference.practice.plates",
    "inference.practice.radiographs",
    "inference.practice.same_pictures",
    "inference.practice.shots",
    "inference.practice.strange_chests",
    "inference.practice.sureness_fit",
    "inference.practice.train",
    "inference.practice.unseen_photographs",
    "inference.runtime.fidelity",
    "inference.runtime.measure",
    "inference.runtime.shape",
    "storage.testing",
}

ELSEWHERE = {PROJECT_ROOT / "deploy" / "colab", PROJECT_ROOT / "deploy" / "container"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds."""
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(PROJECT_ROOT)).build(directory=str(folder), versions=["standard"])
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def modules(root: Path) -> dict[str, Path]:
    """The project's modules in a folder, by name."""
    paths = [path for room in ROOMS for path in (root / room).rglob("*.py")]
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }


def named(path: Path) -> Iterator[str]:
    """What may be a module among all that a module imports, or starts by its name."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Constant(value=str(text)):
                yield text


def edgerad(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy", *arguments],
        cwd=root.parent,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_font_is_in_it_with_its_licence(installed: Path) -> None:
    for name in ("letters.ttf", "letters.LICENSE.txt"):
        assert (installed / "pictures" / name).read_bytes()


def test_what_only_makes_or_measures_edgerad_is_left_out_and_nothing_else(installed: Path) -> None:
    missing = set(modules(PROJECT_ROOT)) - set(modules(installed))
    top = {name for name in missing if not {*_parents(name)} & missing}
    assert top == LEFT_OUT


def test_no_module_names_one_that_was_left_out(installed: Path) -> None:
    missing = set(modules(PROJECT_ROOT)) - set(modules(installed))
    found = {
        (name, other)
        for name, path in modules(installed).items()
        for other in named(path)
        if other in missing
    }
    # offered only where they are
    assert {name for name, _ in found} == {"deploy.commands.cli"}
    assert {other for _, other in found} == {"deploy.bench", "deploy.bench.commands"}


def test_every_module_is_used_by_another(installed: Path) -> None:
    inside = modules(installed)
    used = {other for path in inside.values() for other in named(path)} | STARTED
    used |= {parent for name in used for parent in _parents(name)}
    assert set(inside) - used == set()


def test_what_is_no_code_comes_along(installed: Path) -> None:
    files = [path for room in ROOMS for path in (PROJECT_ROOT / room).rglob("*") if path.is_file()]
    clinics = [path for path in files if path.parent not in ELSEWHERE]
    data = [path for path in clinics if path.suffix not in {".py", ".pyc", ".sh"}]
    assert data
    assert not [path for path in data if not (installed / path.relative_to(PROJECT_ROOT)).exists()]


def test_the_command_runs_from_it_and_says_where_benches_are(installed: Path) -> None:
    shown = edgerad(installed, "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "bench" in shown.stdout
    refused = edgerad(installed, "bench", "model", "--tier", "cpu")
    assert refused.returncode == 2
    assert "repository" in refused.stderr


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.lock import lock_texts

ROOT = Path(__file__).parents[2]


def pins(lock: Path) -> dict[str, str]:
    lines = [line for line in lock.read_text().splitlines() if "==" in line]
    return dict(line.split("==") for line in lines)


def test_every_requirement_is_pinned_at_a_version_that_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runs, tests = pins(ROOT / "requirements.lock"), pins(ROOT / "requirements-dev.lock")
    for text in project["dependencies"]:
        requirement = Requirement(text)
        assert runs[canonicalize_name(requirement.name)] in requirement.specifier
    for text in project["optional-dependencies"]["dev"]:
        assert canonicalize_name(Requirement(text).name) in {**runs, **tests}


def test_no_cuda_package_is_pinned_so_that_pip_may_take_a_cpu_build_of_torch() -> None:
    names = pins(ROOT / "requirements.lock")
    assert names["torch"] == "2.13.0"
    assert not [name for name in names if name.startswith(("nvidia", "cuda", "triton"))]


def test_the_closure_follows_what_is_installed() -> None:
    runs, tests = lock_texts(ROOT / "pyproject.toml")
    assert "\nstarlette==" in runs
    assert "\nanyio==" in runs  # starlette's own requirement
    assert "\npytest==" in tests
    assert "\nanyio==" not in tests

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from deploy.release.lock import CUDA, LOCKS, OF_CUDA, OF_EXTRAS, ROOT, RUNS, TORCH, entries

SHA256 = re.compile(r"--hash=sha256:[0-9a-f]{64}(?: \\)?")


def locked(*locks: str) -> dict[str, str]:
    return {
        name: lines for lock in locks for name, lines in entries((ROOT / lock).read_text()).items()
    }


def version_of(lines: str) -> Version:
    return Version(lines.split(maxsplit=1)[0].partition("==")[2])


def test_every_requirement_is_pinned_at_a_version_that_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = locked(*LOCKS)
    for requirement in map(
        Requirement, chain(project["dependencies"], *project["optional-dependencies"].values())
    ):
        version = version_of(pinned[canonicalize_name(requirement.name)])
        assert requirement.specifier.contains(version, prereleases=True)


@pytest.mark.parametrize("lock", [RUNS, CUDA, *OF_EXTRAS.values()])
def test_every_pin_but_torchs_has_its_hashes_and_names_no_place(lock: str) -> None:
    for lines in locked(lock).values():
        _, *hashes = lines.strip().splitlines()
        assert hashes
        assert all(SHA256.fullmatch(each.strip()) for each in hashes)
    assert "://" not in (ROOT / lock).read_text()


def test_torch_stands_alone_so_that_pip_may_take_a_cpu_build_of_it() -> None:
    assert (ROOT / TORCH).read_text().splitlines()[1:] == ["torch==2.13.0"]
    others = locked(*(lock for lock in LOCKS if lock != CUDA))
    assert not [name for name in others if name.startswith(OF_CUDA)]


def test_of_nvidia_cards_are_torch_by_its_hashes_what_it_loads_and_nothing_else() -> None:
    pinned = locked(CUDA)
    assert pinned.pop("torch").startswith("torch==2.13.0 ")
    assert {"nvidia-cublas", "nvidia-cudnn-cu13", "cuda-toolkit", "triton"} <= {*pinned}
    assert all(name.startswith(OF_CUDA) for name in pinned)


@pytest.mark.parametrize("lock", [RUNS, *OF_EXTRAS.values()])
def test_a_lock_file_has_all_that_its_packages_need(lock: str) -> None:
    pinned = locked(RUNS, lock, TORCH)
    for name in locked(lock):
        try:
            needed = map(Requirement, requires(name) or [])
        except PackageNotFoundError:  # locked for another kind of machine
            continue
        for each in needed:
            if each.marker is None or each.marker.evaluate({"extra": ""}):
                assert version_of(pinned[canonicalize_name(each.name)]) in each.specifier


def test_a_lock_file_is_taken_apart_by_package() -> None:
    text = "# by hand\na==1 \\\n    --hash=sha256:ab\nb==2 ; sys_platform == 'win32'\n"
    assert entries(text) == {
        "a": "a==1 \\\n    --hash=sha256:ab\n",
        "b": "b==2 ; sys_platform == 'win32'\n",
    }

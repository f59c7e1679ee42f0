"""A stick never carries a PyTorch that cannot start there."""

import zipfile
from pathlib import Path

import pytest

from deploy.release.bundle import check_torch
from machine.faults import Fault

CPU = "Name: torch\nRequires-Dist: filelock\nRequires-Dist: triton>=3; extra == 'compile'\n"
CUDA = CPU + "Requires-Dist: nvidia-cudnn-cu13==9.20; platform_system == 'Linux'\n"


def wheel(folder: Path, metadata: str) -> Path:
    path = folder / "torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl"
    with zipfile.ZipFile(path, "w") as files:
        files.writestr("torch/__init__.py", "")
        files.writestr("torch-2.13.0.dist-info/METADATA", metadata)
    return path


def test_the_build_for_a_cpu_stays(tmp_path: Path) -> None:
    path = wheel(tmp_path, CPU)
    check_torch(tmp_path)
    assert path.exists()


def test_the_build_for_cards_is_refused_in_words_and_not_kept_for_the_next_try(
    tmp_path: Path,
) -> None:
    path = wheel(tmp_path, CUDA)
    with pytest.raises(Fault, match="PIP_EXTRA_INDEX_URL=https"):
        check_torch(tmp_path)
    assert not path.exists()
    check_torch(tmp_path)

"""A stick never carries a PyTorch that cannot start there, nor a llama.cpp of another processor."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from deploy.release.bundle import check_torch, forget_torch
from deploy.release.llama import PACKAGE, lock_of, lock_of_others, named_after_glibc, pack_llama
from deploy.release.lock import CUDA, LLAMA, ROOT, entries
from machine.faults import Fault

CPU = "Name: torch\nRequires-Dist: filelock\nRequires-Dist: triton>=3; extra == 'compile'\n"
CARDS = CPU + "Requires-Dist: nvidia-cudnn-cu13==9.20; platform_system == 'Linux'\n"


def wheel(folder: Path, metadata: str, name: str = "torch-2.13.0-cp311") -> Path:
    path = folder / f"{name}-cp311-manylinux_2_28_x86_64.whl"
    with zipfile.ZipFile(path, "w") as files:
        files.writestr("torch/__init__.py", "")
        files.writestr("torch-2.13.0.dist-info/METADATA", metadata)
    return path


def libraries_of_cards(folder: Path) -> list[Path]:
    """Empty wheels of all that PyTorch's build for cards needs."""
    names = [name for name in entries((ROOT / CUDA).read_text()) if name != "torch"]
    paths = [folder / f"{name.replace('-', '_')}-1-py3-none-any.whl" for name in names]
    for path in paths:
        path.touch()
    return paths


def test_the_build_for_a_cpu_stays(tmp_path: Path) -> None:
    path = wheel(tmp_path, CPU)
    check_torch(tmp_path)
    assert path.exists()


def test_the_build_for_cards_is_refused_in_words_and_not_kept_for_the_next_try(
    tmp_path: Path,
) -> None:
    path = wheel(tmp_path, CARDS)
    with pytest.raises(Fault, match="PIP_EXTRA_INDEX_URL=https"):
        check_torch(tmp_path)
    assert not path.exists()
    check_torch(tmp_path)


def test_the_build_for_cards_stays_with_all_its_libraries_and_is_refused_with_some(
    tmp_path: Path,
) -> None:
    path, (*_, last) = wheel(tmp_path, CARDS), libraries_of_cards(tmp_path)
    check_torch(tmp_path)
    assert path.exists()
    last.unlink()
    with pytest.raises(Fault, match="--cuda"):
        check_torch(tmp_path)


def test_a_stick_made_anew_for_another_kind_of_machine_keeps_nothing_of_the_one_before(
    tmp_path: Path,
) -> None:
    for_cpu, for_cards = wheel(tmp_path, CPU, "torch-2.13.0+cpu-cp311"), wheel(tmp_path, CARDS)
    libraries = libraries_of_cards(tmp_path)
    forget_torch(tmp_path, cuda=True)
    assert [*tmp_path.glob("torch-*")] == [for_cards]
    assert all(path.exists() for path in libraries)
    for_cpu = wheel(tmp_path, CPU, "torch-2.13.0+cpu-cp311")
    forget_torch(tmp_path, cuda=False)
    assert [*tmp_path.iterdir()] == [for_cpu]


def llama(folder: Path, *libraries: str, tag: str = "linux_x86_64") -> Path:
    version = entries((ROOT / LLAMA).read_text())[PACKAGE].split()[0].partition("==")[2]
    path = folder / f"llama_cpp_python-{version}-py3-none-{tag}.whl"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as files:
        for name in libraries:
            files.writestr(f"llama_cpp/lib/{name}", b"GLIBC_2.2.5\0GLIBC_2.34\0GLIBCXX_3.4.30\0")
    return path


ANY = ("libllama.so", "libggml-cpu-haswell.so", "libggml-cpu-zen4.so")


def test_llamas_wheel_says_how_old_a_system_it_runs_on(tmp_path: Path) -> None:
    name = "llama_cpp_python-{}-py3-none-manylinux_2_34_x86_64.whl"
    made = llama(tmp_path, *ANY)
    assert named_after_glibc(made) == name.format(made.name.split("-")[1])
    assert named_after_glibc(llama(tmp_path, *ANY, tag="manylinux_2_36_x86_64")).endswith(
        "none-manylinux_2_34_x86_64.whl"
    )


def test_a_llama_for_the_processor_that_built_it_is_not_put_on_a_stick(tmp_path: Path) -> None:
    native = llama(tmp_path / "native", "libllama.so", "libggml-cpu.so")
    (tmp_path / "wheels").mkdir()
    with pytest.raises(Fault, match="not for any processor"):
        pack_llama(tmp_path / "wheels", native)
    assert not [*(tmp_path / "wheels").iterdir()]


def test_llamas_wheel_is_kept_for_the_next_stick_and_one_of_another_version_is_not(
    tmp_path: Path,
) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    packed = pack_llama(wheels, llama(tmp_path / "made", *ANY))
    earlier = wheels / "llama_cpp_python-0.1.0-py3-none-manylinux_2_34_x86_64.whl"
    earlier.touch()
    assert pack_llama(wheels) == packed
    assert [*wheels.iterdir()] == [packed]


def test_a_sticks_lock_has_the_hash_of_its_own_llama_and_those_of_the_index_for_the_rest(
    tmp_path: Path,
) -> None:
    made = llama(tmp_path, *ANY)
    locked, project = entries(lock_of(made)), entries((ROOT / LLAMA).read_text())
    assert locked.keys() == project.keys()
    own = locked.pop(PACKAGE)
    assert hashlib.sha256(made.read_bytes()).hexdigest() in own
    assert own.count("--hash") == 1
    del project[PACKAGE]
    assert locked == project == entries(lock_of_others())

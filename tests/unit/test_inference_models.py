"""Models are found by preference, verified byte by byte, and added whole or not at all."""

import io
import json
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from inference.errors import ModelCorrupt, ModelError, ModelFetchFailed, ModelMissing
from inference.models import (
    Progress,
    add_model,
    fetch_model,
    find_model,
    installed,
    installed_models,
    remove_model,
    verify_model,
)

CONFIG = {"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3"}


def safetensors(content: bytes = bytes(8)) -> bytes:
    tensor = {"dtype": "U8", "shape": [len(content)], "data_offsets": [0, len(content)]}
    header = json.dumps({"weight": tensor}).encode()
    return len(header).to_bytes(8, "little") + header + content


def checkpoint(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "processor_config.json").write_text("{}")
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    (folder / "model.safetensors").write_bytes(safetensors())
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return checkpoint(tmp_path / "stick" / "medgemma-4b-it")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, and an embedded practice model."""
    made = add_model(tmp_path / "made", checkpoint(tmp_path / "drawn"), name="drawn").path
    manifest = json.loads((made / "edgerad.json").read_text())
    (made / "edgerad.json").unlink()
    (made / "edgerad.json").write_text(
        json.dumps({**manifest, "name": "practice", "practice": True})
    )
    monkeypatch.setattr(installed, "_PRACTICE_FOLDER", made)
    return tmp_path / "home"


def test_a_fresh_machine_has_the_practice_model(home: Path) -> None:
    model = find_model(home)
    assert (model.name, model.practice) == ("practice", True)
    verify_model(model)


def test_a_machine_without_any_model_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "_PRACTICE_FOLDER", home / "nowhere")
    with pytest.raises(ModelMissing, match="none"):
        find_model(home)


def test_an_added_model_is_found_and_verified(home: Path, source: Path) -> None:
    added = add_model(home, source)
    assert added == find_model(home)
    assert (added.name, added.practice, added.modified) == ("medgemma-4b-it", False, False)
    verify_model(added)


def test_auto_prefers_the_newest_medgemma_then_others_then_practice(
    home: Path, source: Path
) -> None:
    for name in ("other", "medgemma-4b-it", "medgemma-1.5-4b-it"):
        add_model(home, source, name=name)
    names = [model.name for model in installed_models(home)]
    assert names == ["medgemma-1.5-4b-it", "medgemma-4b-it", "other", "practice"]


def test_a_model_can_be_asked_for_by_name(home: Path, source: Path) -> None:
    add_model(home, source)
    assert find_model(home, "practice").practice
    with pytest.raises(ModelMissing, match="medgemma-4b-it, practice"):
        find_model(home, "medgemma-27b")


def test_a_damaged_medgemma_is_never_replaced_by_the_practice_model(
    home: Path, source: Path
) -> None:
    model = add_model(home, source)
    (model.path / "model.safetensors").unlink()
    with pytest.raises(ModelCorrupt, match=r"model\.safetensors"):
        find_model(home)
    (model.path / "edgerad.json").unlink()
    with pytest.raises(ModelCorrupt, match=r"edgerad\.json"):
        find_model(home)


def overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def test_one_changed_byte_is_found(home: Path, source: Path) -> None:
    model = add_model(home, source)
    overwrite(model.path / "model.safetensors", safetensors(b"\1" + bytes(7)))
    assert find_model(home) == model
    with pytest.raises(ModelCorrupt, match="damaged"):
        verify_model(model)


def test_a_file_that_does_not_belong_is_found(home: Path, source: Path) -> None:
    model = add_model(home, source)
    (model.path / "extra.safetensors").write_bytes(safetensors())
    with pytest.raises(ModelCorrupt, match="does not belong"):
        verify_model(model)


def test_a_file_that_became_a_link_is_found(home: Path, source: Path) -> None:
    model = add_model(home, source)
    (model.path / "tokenizer.json").unlink()
    (model.path / "tokenizer.json").symlink_to(source / "tokenizer.json")
    with pytest.raises(ModelCorrupt, match="missing"):
        verify_model(model)


def test_a_manifest_cannot_point_outside(home: Path, source: Path) -> None:
    model = add_model(home, source)
    text = (model.path / "edgerad.json").read_text()
    overwrite(model.path / "edgerad.json", text.replace("config", "../config").encode())
    with pytest.raises(ModelCorrupt):
        find_model(home)


def test_verifying_tells_how_far_it_is(home: Path, source: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    verify_model(
        add_model(home, source), lambda step, done, total: steps.append((step, done, total))
    )
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert steps[-1][1] == steps[-1][2] > 0


def test_added_files_are_read_only_and_nothing_else_is_left(home: Path, source: Path) -> None:
    model = add_model(home, source)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in model.path.iterdir()}
    assert modes == {0o444}
    assert [path.name for path in (home / "models").iterdir()] == ["medgemma-4b-it"]


def test_adding_again_replaces(home: Path, source: Path) -> None:
    model = add_model(home, source)
    overwrite(model.path / "model.safetensors", b"damaged")
    verify_model(add_model(home, source))
    assert [path.name for path in (home / "models").iterdir()] == ["medgemma-4b-it"]


def test_only_what_belongs_to_a_checkpoint_is_copied(home: Path, source: Path) -> None:
    (source / "modeling.py").write_text("print()")
    (source / ".cache").mkdir()
    (source / ".cache" / "x.json").write_text("{}")
    (source / "LICENSE").write_text("terms")
    model = add_model(home, source)
    assert not (model.path / "modeling.py").exists()
    assert not (model.path / ".cache").exists()
    assert (model.path / "LICENSE").exists()


def test_quantised_weights_are_called_modified(home: Path, source: Path) -> None:
    config = {**CONFIG, "quantization_config": {"load_in_4bit": True}}
    (source / "config.json").write_text(json.dumps(config))
    assert add_model(home, source).modified


def as_zip(source: Path) -> Path:
    path = source.with_name(source.name + ".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in source.iterdir():
            archive.write(file, f"{source.name}/{file.name}")
    return path


def as_tar(suffix: str, mode: str) -> Callable[[Path], Path]:
    def pack(source: Path) -> Path:
        path = source.with_name(source.name + suffix)
        with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # mode is a str
            archive.add(source, source.name)
        return path

    return pack


@pytest.mark.parametrize(
    "pack", [as_zip, as_tar(".tar", "w"), as_tar(".tar.gz", "w:gz")], ids=["zip", "tar", "tar.gz"]
)
def test_an_archive_is_added_like_a_folder(
    home: Path, source: Path, pack: Callable[[Path], Path]
) -> None:
    model = add_model(home, pack(source))
    assert model.name == "medgemma-4b-it"
    verify_model(model)


def test_an_archive_without_a_folder_in_it_is_named_by_itself(home: Path, source: Path) -> None:
    path = source.with_name("medgemma-1.5-4b-it.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in source.iterdir():
            archive.write(file, file.name)
    assert add_model(home, path).name == "medgemma-1.5-4b-it"


def test_a_manifest_that_comes_along_is_verified_and_kept(home: Path, source: Path) -> None:
    first = add_model(home, source)
    copied = shutil.copytree(first.path, source.with_name("copy"))
    assert add_model(home, copied).name == "medgemma-4b-it"
    overwrite(copied / "model.safetensors", safetensors(b"\1" + bytes(7)))
    with pytest.raises(ModelCorrupt, match="damaged"):
        add_model(home, copied)
    with pytest.raises(ModelError, match="keeps its name"):
        add_model(home, first.path, name="another")


INDEX = "model.safetensors.index.json"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("config.json", None, r"no config\.json"),
        ("config.json", b'{"architectures": ["LlamaForCausalLM"]}', "Gemma"),
        ("config.json", b"{", "cannot be read"),
        ("config.json", b"[]", "cannot be read"),
        ("tokenizer.json", None, "Missing: the tokenizer"),
        ("processor_config.json", None, "Missing: the image processor"),
        ("chat_template.jinja", None, "Missing: the chat template"),
        ("model.safetensors", None, r"Missing: model\.safetensors"),
        ("model.safetensors", safetensors()[:-1], "cut short"),
        ("model.safetensors", b"PK", "not a safetensors"),
        (INDEX, b'{"weight_map": {"a": "model-2.safetensors"}}', r"Missing: model-2\.safetensors"),
        (INDEX, b'{"weight_map": {"a": "../model.safetensors"}}', "outside"),
        (INDEX, b"{}", "names no files"),
        ("pytorch_model.bin", b"pickled", "pickle"),
    ],
)
def test_what_cannot_be_loaded_is_refused_and_leaves_nothing(
    home: Path, source: Path, name: str, content: bytes | None, message: str
) -> None:
    (source / name).unlink(missing_ok=True)
    if content is not None:
        (source / name).write_bytes(content)
    with pytest.raises(ModelError, match=message):
        add_model(home, source)
    assert list((home / "models").iterdir()) == []


def test_a_link_in_a_folder_is_refused(home: Path, source: Path) -> None:
    (source / "linked.json").symlink_to("/etc/hostname")
    with pytest.raises(ModelError, match="link"):
        add_model(home, source)


def test_an_archive_that_climbs_out_is_refused(home: Path, source: Path) -> None:
    evil_zip, evil_tar = source.with_name("evil.zip"), source.with_name("evil.tar")
    with zipfile.ZipFile(evil_zip, "w") as archive:
        archive.writestr("../evil.json", "{}")
    with tarfile.open(evil_tar, "w") as tar:
        tar.addfile(tarfile.TarInfo("/tmp/evil.json"), io.BytesIO())  # noqa: S108 - never written
    for path in (evil_zip, evil_tar):
        with pytest.raises(ModelError, match="leads out"):
            add_model(home, path)


def test_links_in_archives_are_refused(home: Path, source: Path) -> None:
    (source / "linked.json").symlink_to("/etc/hostname")
    with pytest.raises(ModelError, match="link"):
        add_model(home, as_tar(".tar", "w")(source))
    path = source.with_name("linked.zip")
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo("linked.json")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/hostname")
    with pytest.raises(ModelError, match="link"):
        add_model(home, path)


def test_what_is_neither_folder_nor_archive_is_refused(home: Path, source: Path) -> None:
    with pytest.raises(ModelError, match="neither"):
        add_model(home, source / "config.json")
    with pytest.raises(ModelError, match="No such file"):
        add_model(home, source / "nowhere")


def test_a_damaged_archive_is_refused(home: Path, source: Path) -> None:
    path = as_tar(".tar.gz", "w:gz")(source)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ModelError):
        add_model(home, path)


def test_a_full_disk_is_said_before_it_is_full(
    home: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(source)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(ModelError, match="room"):
        add_model(home, source)


@pytest.mark.parametrize("name", ["practice", "auto", "../x", ".x", ""])
def test_reserved_and_odd_names_are_refused(home: Path, source: Path, name: str) -> None:
    with pytest.raises(ModelError):
        add_model(home, source.rename(source.with_name("auto")), name=name)


def test_a_model_can_be_removed_but_not_the_practice_model(home: Path, source: Path) -> None:
    add_model(home, source)
    remove_model(home, "medgemma-4b-it")
    assert find_model(home).practice
    for name in ("medgemma-4b-it", "practice", "..", ""):
        with pytest.raises(ModelMissing):
            remove_model(home, name)


def brings(source: Path, digests: dict[str, str]) -> Callable[..., dict[str, str]]:
    """A download that copies a folder, as the hub's client leaves it, and states digests."""

    def download(
        repo_id: str, folder: Path, token: str | None, progress: Progress
    ) -> dict[str, str]:
        shutil.copytree(source, folder, dirs_exist_ok=True)
        (folder / ".cache" / "huggingface").mkdir(parents=True)
        progress("Fetching", 1, 1)
        return digests

    return download


def test_a_fetched_model_is_installed_and_the_token_is_nowhere(home: Path, source: Path) -> None:
    model = fetch_model(home, "google/medgemma-4b-it", "hf_secret", download=brings(source, {}))
    assert model == find_model(home)
    verify_model(model)
    assert [path.name for path in (home / "models").iterdir()] == ["medgemma-4b-it"]
    assert not any(b"hf_secret" in path.read_bytes() for path in model.path.iterdir())


def test_a_fetched_file_must_have_the_hubs_digest(home: Path, source: Path) -> None:
    download = brings(source, {"model.safetensors": "0" * 64})
    with pytest.raises(ModelFetchFailed, match="damaged"):
        fetch_model(home, "google/medgemma-4b-it", None, download=download)
    assert find_model(home).practice
    partial = home / "models" / ".fetching-google--medgemma-4b-it"
    assert not (partial / "model.safetensors").exists()
    assert (partial / "config.json").exists()


class GatedRepoError(Exception):
    """Stands for the hub client's own, told by its name."""


class HubError(Exception):
    """Stands for an HTTP error of the hub's client."""

    def __init__(self, status: int) -> None:
        super().__init__("GET https://hub.invalid: token hf_secret")
        self.response = httpx.Response(status)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (GatedRepoError(), r"Accept its terms at https://huggingface.co/google/medgemma-4b-it"),
        (HubError(401), "refused the token"),
        (HubError(404), "has no model"),
        (HubError(503), "error 503"),
        (ConnectionError("Name or service not known"), "cannot be reached"),
    ],
)
def test_a_failed_fetch_says_what_to_do(home: Path, error: Exception, message: str) -> None:
    def download(
        repo_id: str, folder: Path, token: str | None, progress: Progress
    ) -> dict[str, str]:
        raise error

    with pytest.raises(ModelFetchFailed, match=message) as caught:
        fetch_model(home, "google/medgemma-4b-it", "hf_secret", download=download)
    assert "hf_secret" not in str(caught.value)

"""A model fetched from the Hugging Face hub, once, at set-up: the only use of the network.

Knows the hub's client. The token is passed through, never stored and never logged. An interrupted
fetch goes on where it stopped.
"""

import os
import shutil
from collections.abc import Callable
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any, Self, cast

from inference.errors import InferenceError, ModelFetchFailed
from inference.models.intake import place, seal
from inference.models.manifest import MANIFEST_NAME
from inference.models.model import InstalledModel, Progress, no_progress
from storage.layout import Layout

KNOWN_REPOSITORIES = ("google/medgemma-1.5-4b-it", "google/medgemma-4b-it")
"""Repositories that EdgeRad is made for, the preferred one first."""

Download = Callable[[str, Path, str | None, Progress], dict[str, str]]
"""Brings a repository's files into a folder, going on with what is there.

Takes repository, folder, token and progress; returns the SHA-256 of those files whose digest the
hub states, by path."""

_PATTERNS = ("*.safetensors", "*.json", "*.model", "*.txt", "*.jinja", "*.md", "LICENSE", "NOTICE")
_RESERVE_BYTES = 500_000_000


def download_from_hub(
    repo_id: str, folder: Path, token: str | None, progress: Progress
) -> dict[str, str]:
    """Bring a repository's files with `huggingface_hub`; a `Download`.

    Args:
        folder: Where the files go; what is there already is not fetched again.
        progress: Told how far it is.

    Returns:
        SHA-256 of the large files, as the hub states them.

    Raises:
        ModelFetchFailed: There is not enough room on the disk.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # plain HTTP resumes within a file
    from huggingface_hub import HfApi, hf_hub_download  # noqa: PLC0415 - only here, and slow

    info = HfApi(token=token).model_info(repo_id, files_metadata=True, timeout=30)
    files = [
        file
        for file in info.siblings or []
        if any(fnmatch(file.rfilename, pattern) for pattern in _PATTERNS)
    ]
    total_bytes = sum(file.size or 0 for file in files)
    present_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if shutil.disk_usage(folder).free + present_bytes < total_bytes + _RESERVE_BYTES:
        raise ModelFetchFailed(f"The model needs {total_bytes / 1e9:.1f} GB of free disk.")
    done_bytes = 0
    for file in files:
        hf_hub_download(
            repo_id,
            file.rfilename,
            revision=info.sha,
            local_dir=folder,
            token=token,
            tqdm_class=cast("Any", partial(_Bar, done_bytes, total_bytes, progress)),
        )
        done_bytes += file.size or 0
        progress("Fetching", done_bytes, total_bytes)
    return {file.rfilename: file.lfs.sha256 for file in files if file.lfs is not None}


def fetch_model(
    home: Path,
    repo_id: str,
    token: str | None,
    progress: Progress = no_progress,
    *,
    download: Download = download_from_hub,
) -> InstalledModel:
    """Fetch a model from the hub and make it available; run again, it goes on where it stopped.

    Args:
        repo_id: Owner and name, such as one of `KNOWN_REPOSITORIES`.
        token: Access token of an account that has accepted the model's terms.
        progress: Told how far it is.
        download: What brings the files.

    Raises:
        ModelFetchFailed: It did not come; the message says what to do.
        ModelError: What came cannot be used.
        InferenceError: The download itself said what is wrong.
    """
    models_folder = Layout(home).models
    folder = models_folder / f".fetching-{repo_id.replace('/', '--')}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        digests = download(repo_id, folder, token, progress)
    except InferenceError:
        raise
    except Exception as error:  # the hub's client raises its HTTP library's errors beside its own
        raise ModelFetchFailed(_what_to_do(error, repo_id)) from error
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    (folder / MANIFEST_NAME).unlink(missing_ok=True)
    weights = {path.relative_to(folder).as_posix() for path in folder.rglob("*.safetensors")}
    is_release = repo_id in KNOWN_REPOSITORIES and weights <= digests.keys()
    manifest = seal(
        folder,
        name=None,
        default_name=repo_id.rpartition("/")[2],
        progress=progress,
        release=repo_id if is_release else None,
    )
    for path, digest in digests.items():
        if manifest.files[path].sha256 != digest:
            (folder / path).unlink()
            raise ModelFetchFailed(f"{path} arrived damaged: fetch again, only it will come anew.")
    return place(folder, models_folder, manifest)


def _what_to_do(error: Exception, repo_id: str) -> str:
    status = getattr(getattr(error, "response", None), "status_code", None)
    page = f"https://huggingface.co/{repo_id}"
    if type(error).__name__ == "GatedRepoError":
        return (
            f"The hub does not let this account have the model yet. Accept its terms at {page}, "
            "then fetch again with a token of the same account."
        )
    if status in {401, 403}:
        return f"The hub refused the token. Make one that may read {repo_id} and fetch again."
    if status == 404:
        return f"The hub has no model {repo_id}."
    if status is not None:
        return f"The hub answered with error {status}. Fetch again later; it goes on from here."
    return "The hub cannot be reached. Check the connection and fetch again; it goes on from here."


class _Bar:
    """As much of a tqdm bar as the hub's client uses, for one file among several."""

    def __init__(
        self,
        before_bytes: int,
        total_bytes: int,
        progress: Progress,
        *,
        initial: int = 0,
        **_options: object,
    ) -> None:
        self._done_bytes = before_bytes + initial
        self._total_bytes = total_bytes
        self._progress = progress

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc_info: object) -> None:
        pass

    def update(self, size_bytes: int) -> None:
        """Note bytes that arrived."""
        self._done_bytes += size_bytes
        self._progress("Fetching", self._done_bytes, self._total_bytes)

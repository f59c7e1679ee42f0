"""The image as an archive on a stick, built from the stick's own wheels.

Knows the engines that build images. Must not know what is in one.
"""

import shutil
import subprocess
from pathlib import Path

from machine.faults import Fault

BASE = "docker.io/library/debian:bookworm-slim"
ARCHIVE = "edgerad-image.tar"

_NAME = "edgerad"
"""As the compose files call it."""

_PUSHED = ["push", _NAME, f"docker-archive:{{archive}}:{_NAME}:latest"]
_ENGINES = {
    "podman": (["build", "--format", "docker"], _PUSHED),
    "docker": (["build"], ["save", "--output", "{archive}", _NAME]),
    "buildah": (["build", "--format", "docker", "--isolation", "chroot"], _PUSHED),
}
"""Each engine's words for building an image, and for writing it to a file."""


def pack_image(folder: Path, source: Path, base: str) -> Path:
    """Build the image and write it as what `docker load` and `podman load` read.

    Args:
        folder: Of the stick, with the wheels in it; an earlier archive is replaced.
        source: EdgeRad's code.
        base: The image of Debian 12 that it stands on.

    Raises:
        Fault: No engine is at hand, or it cannot build.
    """
    engine = next((name for name in _ENGINES if _runs(name)), None)
    if engine is None:
        words = f"An image needs one of these programs, and none runs here: {', '.join(_ENGINES)}."
        raise Fault(f"{words} Install or start one, or leave --image out.")
    build, save = _ENGINES[engine]
    archive = folder / ARCHIVE
    archive.unlink(missing_ok=True)  # none of them writes over one
    _run(
        *(engine, *build, "--tag", _NAME, "--build-arg", f"BASE={base}"),
        *("--build-arg", "PIP_NO_INDEX=1", "--build-context", f"wheels={folder / 'wheels'}"),
        *("--file", str(source / "deploy" / "container" / "Containerfile"), str(source)),
    )
    _run(engine, *(word.format(archive=archive) for word in save))
    return archive


def _runs(engine: str) -> bool:
    """Whether an engine is at hand and at work: docker's command is nothing without its daemon."""
    if not shutil.which(engine):
        return False
    answer = subprocess.run([engine, "info"], capture_output=True, check=False)  # noqa: S603
    return answer.returncode == 0


def _run(engine: str, *words: str) -> None:
    try:
        subprocess.run([engine, *words], check=True)  # noqa: S603 - an engine, with our own words
    except subprocess.CalledProcessError as error:
        why = "its words stand above. Does it reach the base image?"
        raise Fault(f"{engine} could not make the image: {why}") from error

"""A tar archive's files into a folder; `extractall(filter=...)` came with Python 3.11.4."""

import tarfile
from pathlib import Path


def unpack(archive: Path, folder: Path) -> None:
    """Write out every file of an archive that a test made itself."""
    with tarfile.open(archive) as tar:
        for member in tar:
            if (content := tar.extractfile(member)) is not None:
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())

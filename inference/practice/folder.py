"""Where the practice model lives, and its manifest.

Knows the model folder's shape as `inference.models` verifies it. Must not know torch.
"""

import hashlib
import json
from pathlib import Path

MODEL_FOLDER = Path(__file__).parent / "model"
MANIFEST_NAME = "edgerad.json"


def write_manifest(folder: Path) -> None:
    """Write down every file's size and SHA-256.

    Args:
        folder: Model folder.
    """
    files = {
        path.relative_to(folder).as_posix(): {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST_NAME
    }
    manifest = {"name": "practice", "practice": True, "modified": False, "files": files}
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest, indent=2) + "\n")

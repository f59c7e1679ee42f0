"""Where the practice model lives; `python -m inference.practice.folder` renews its manifest.

Knows the model folder and nothing of what is in it. Must not know torch.
"""

from pathlib import Path

from inference.models.manifest import write_manifest
from inference.models.model import no_progress

MODEL_FOLDER = Path(__file__).parent / "model"


def sign(folder: Path = MODEL_FOLDER) -> None:
    """Write the manifest anew, after training or after a change of the model card."""
    write_manifest(folder, name="practice", practice=True, modified=False, progress=no_progress)


if __name__ == "__main__":
    sign()

"""Where the practice model lives; `python -m inference.practice.folder` signs it anew.

Knows the model folder and nothing of what is in it. Must not know torch.
"""

from pathlib import Path

from inference.models.manifest import write_manifest
from inference.models.model import no_progress
from inference.models.recognition import note_practice

MODEL_FOLDER = Path(__file__).parent / "model"
WEIGHTS = "model.safetensors"


def sign(folder: Path = MODEL_FOLDER) -> None:
    """Write the manifest anew, after training or after a change of the model card.

    The weights of the model that ships are noted, too, so that they are known under any name.
    """
    if folder == MODEL_FOLDER:
        note_practice(folder)
    write_manifest(folder, name="practice", practice=True, modified=False, progress=no_progress)


if __name__ == "__main__":
    sign()

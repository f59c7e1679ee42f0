"""Whether a model's eyes bear 8 bits, as `edgerad model prepare` found, and what that takes.

Knows two files and the proof's numbers. Must not import torch.
"""

from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

INT8_FILE = "vision-int8.safetensors"
PROOF_FILE = "vision-int8.json"
LEAST_COSINE = 0.995
LEAST_SAME = 0.95


class VisionProof(BaseModel, frozen=True):
    """How a model saw and read some films at 8 bits, beside float32.

    Args:
        films: How many.
        cosine: Of the two features of an image token; of a hundred tokens one is worse.
        same_words: Films whose readings begin with the same 50 tokens.
        same_urgency: Films whose scored urgency is the same.
    """

    films: int = Field(ge=1)
    cosine: float
    same_words: int
    same_urgency: int

    @property
    def holds(self) -> bool:
        """Whether it may be used."""
        alike = self.cosine >= LEAST_COSINE and self.same_urgency == self.films
        return alike and self.same_words >= LEAST_SAME * self.films

    @property
    def words(self) -> str:
        """For people."""
        what = "vision at 8 bits" if self.holds else "vision stays float32, as at 8 bits it differs"
        return (
            f"{what}: of {self.films} films {self.same_words} read in the same words,"
            f" {self.same_urgency} with the same urgency, features alike to {self.cosine:.4f}"
        )


def has_int8_vision(folder: Path) -> bool:
    """Whether a model's folder brings what its vision at 8 bits takes: only where that holds."""
    return (folder / INT8_FILE).is_file()


def read_proof(folder: Path) -> VisionProof | None:
    """What was found; None where it was not tried."""
    try:
        return VisionProof.model_validate_json((folder / PROOF_FILE).read_bytes())
    except (OSError, ValidationError):
        return None

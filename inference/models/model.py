"""What a model is, to whoever lists, checks or loads one.

Knows values only. Must not know folders' contents.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[str, int, int], None]
"""Called with what is being done, and how many bytes of how many are done; must return quickly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModel:
    """A model folder.

    Args:
        name: What it is called, such as `medgemma-4b-it`.
        path: The folder.
        practice: True for the model trained on drawn films: never for patients.
        modified: True if the weights differ from the published ones (quantised, fine-tuned), which
            must be said to users.
        release: Which known release its weights are, None for all others and the practice model.
        problem: Why it cannot be used, as a sentence; None if its files are all there.
    """

    name: str
    path: Path
    practice: bool
    modified: bool = False
    release: str | None = None
    problem: str | None = None


def no_progress(_step: str, _done_bytes: int, _total_bytes: int) -> None:
    """Tell nobody."""

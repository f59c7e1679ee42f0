"""A process that ends in the middle: at a step of its own that renames a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest


@contextmanager
def cut_off_after(renames: int, how: Literal["rename", "replace"]) -> Iterator[None]:
    """Let so many files be renamed, and end at the next one whatever runs in the block."""
    left = renames
    rename = getattr(Path, how)

    def counted(self: Path, target: Path) -> Path:
        nonlocal left
        if left == 0:
            raise KeyboardInterrupt
        left -= 1
        moved: Path = rename(self, target)
        return moved

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, how, counted)
        with pytest.raises(KeyboardInterrupt):
            yield

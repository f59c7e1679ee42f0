"""Changes a file behind its owner's back."""

from pathlib import Path


def flip_byte(file: Path, offset: int | None = None) -> None:
    """Change one byte of a file: the one at `offset`, or the one in the middle."""
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2 if offset is None else offset)
        (byte,) = opened.read(1)
        opened.seek(-1, 1)
        opened.write(bytes([byte ^ 0xFF]))

"""The file from which llama.cpp computes a model's text, and whether llama.cpp is at hand.

Knows a name. Must not import llama.cpp: that is the model process's.
"""

from importlib.util import find_spec
from pathlib import Path

TEXT_FILE = "text.gguf"


def llama_installed() -> bool:
    """Whether llama.cpp's Python package is installed (`pip install edgerad[llama]`)."""
    return find_spec("llama_cpp") is not None


def can_write_text() -> bool:
    """Whether the file can be made here: with what `pip install edgerad[llama]` installs today."""
    return llama_installed() and find_spec("gguf") is not None


def has_text(folder: Path) -> bool:
    """Whether a model's folder brings the file."""
    return (folder / TEXT_FILE).is_file()

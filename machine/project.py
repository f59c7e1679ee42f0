"""Where EdgeRad's own code lies, and how a module of it is started as a process of its own."""

import sys
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]


def python_module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module by this very Python.

    With -P no code is taken from the folder that one happens to stand in.
    """
    return [sys.executable, "-P", "-m", name, *arguments]

"""Where EdgeRad's own code and files lie, and how a module of it is started as its own process."""

import os
import sys
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]


def _own_folder() -> Path:
    if (PROJECT_ROOT / "pyproject.toml").is_file():
        return PROJECT_ROOT
    folder = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(folder) / "edgerad"


OWN_FOLDER = _own_folder()
"""What a relative path in a setting is of: the checkout, else the user's own. Never the folder that
one happens to stand in: `edgerad` means the same data from everywhere."""

ENV_FILE = OWN_FOLDER / ".env"


def python_module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module by this very Python.

    With -P no code is taken from the folder that one happens to stand in.
    """
    return [sys.executable, "-P", "-m", name, *arguments]

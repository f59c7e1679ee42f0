"""Where EdgeRad's own code lies, for processes that are started as `python -m <module>`."""

from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]

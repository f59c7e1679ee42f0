"""Model folders: find, verify (SHA-256), add from a stick, fetch from the hub, prepare at 4 bits.

A model lives in `HOME/models/<name>/` with a manifest, `edgerad.json`; the practice model lives in
the package. Nothing here loads weights. Only `fetch_model` ever uses the network.
"""

from inference.models.fetch import KNOWN_REPOSITORIES, fetch_model
from inference.models.installed import (
    check_removable,
    find_model,
    find_prepared,
    installed_models,
    remove_model,
)
from inference.models.intake import add_model
from inference.models.manifest import verify_model
from inference.models.model import InstalledModel, Progress
from inference.models.prepare import prepare_model

__all__ = [
    "KNOWN_REPOSITORIES",
    "InstalledModel",
    "Progress",
    "add_model",
    "check_removable",
    "fetch_model",
    "find_model",
    "find_prepared",
    "installed_models",
    "prepare_model",
    "remove_model",
    "verify_model",
]

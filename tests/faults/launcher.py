"""Runs a part of EdgeRad with faults in it: `python -m tests.faults.launcher PART ORDERS`.

ORDERS is a folder in which the harness leaves `PART.once.json`, taken away by the start that it is
for, and `PART.always.json`, which every start obeys. Both name faults of `tests.faults.injections`
with their arguments. The product itself knows nothing of this.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from tests.faults.injections import INJECTIONS


def take_orders(folder: Path, part: str) -> dict[str, Any]:
    """The faults for this start."""
    orders: dict[str, Any] = {}
    always, once = folder / f"{part}.always.json", folder / f"{part}.once.json"
    for file in (always, once):
        if file.exists():
            orders |= json.loads(file.read_text())
    once.unlink(missing_ok=True)
    return orders


def main() -> None:
    """Put the faults in, then run the part as `python -m PART` does."""
    part, folder = sys.argv[1:]
    for name, argument in take_orders(Path(folder), part).items():
        INJECTIONS[name](argument)
    importlib.import_module(f"{part}.__main__").main()


if __name__ == "__main__":
    main()

"""`python -m inference.runtime.survey TIER PROCESS FOLDER [PREPARED]`: the tier here, as JSON.

For `edgerad doctor`, which must not import torch. What `PROCESS` may have of the machine counts, by
its id, or `self`. Loads no weights.
"""

import dataclasses
import json
import sys
from pathlib import Path

from inference.contract import Tier
from inference.errors import ModelError, NoTierFits
from inference.runtime.probe import measure_footprint, measure_hardware
from inference.tiers import choose


def main() -> None:
    """Print `{"hardware", "choice"}`, or `{"hardware", "fault"}` where no tier fits."""
    tier, process, *folders = sys.argv[1:]
    hardware = measure_hardware(None if process == "self" else int(process))
    found: dict[str, object] = {"hardware": dataclasses.asdict(hardware)}
    try:
        footprint, *prepared = (measure_footprint(Path(folder)) for folder in folders)
        choice = choose(
            hardware,
            footprint,
            override=None if tier == "auto" else Tier(tier),
            prepared=next(iter(prepared), None),
        )
        found["choice"] = dataclasses.asdict(choice)
    except (ModelError, NoTierFits) as error:
        found["fault"] = str(error)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

"""`python -m tests.fuzz --minutes 60`: a campaign, guided by coverage; `make fuzz` installs for it.

Says what it found, with exit status 1 if there is something.
"""

import argparse
import sys
from pathlib import Path

from tests.fuzz.campaign import Campaign
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Run a campaign, or go on with one.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=60.0, help="for how long, in all")
    parser.add_argument("--folder", type=Path, default=Path(".fuzz"), help="where it is kept")
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one")
    chosen = parser.parse_args()
    campaign = Campaign(chosen.folder, chosen.target or list(TARGETS))
    campaign.run(chosen.minutes)
    sys.stdout.write(campaign.table() + "\n")
    return 1 if any(tally.findings for tally in campaign.tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

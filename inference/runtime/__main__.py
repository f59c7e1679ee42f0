"""Entry point of the model process."""

import sys
from pathlib import Path

from machine.process_rights import leave_network

_NVIDIA_DRIVER = Path("/proc/driver/nvidia")


def main() -> None:
    """Serve, without a way out, and with libraries that keep quiet."""
    close_way_out()
    # what follows starts threads
    from inference.runtime.transformers_logs import quieten_transformers  # noqa: PLC0415

    quieten_transformers()
    from inference.runtime.serve import main as serve  # noqa: PLC0415

    serve()


def close_way_out() -> None:
    """Leave the network, and say so where that cannot be.

    A card's driver may have a program with privileges make its devices, which nothing in a user
    namespace of its own can start: with one, the network stays.
    """
    if not _NVIDIA_DRIVER.exists() and not leave_network():
        sys.stderr.write("not kept from the model process on this machine: the network\n")


if __name__ == "__main__":
    main()

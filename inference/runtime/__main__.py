"""Entry point of the model process."""

from pathlib import Path

from machine.process_rights import leave_network

_NVIDIA_DRIVER = Path("/proc/driver/nvidia")


def main() -> None:
    """Serve, without a way out, and with libraries that keep quiet.

    A card's driver may have a program with privileges make its devices, which nothing in a user
    namespace of its own can start: with one, the network stays.
    """
    if not _NVIDIA_DRIVER.exists():
        leave_network()
    # what follows starts threads
    from inference.runtime.library_logs import quieten_transformers  # noqa: PLC0415

    quieten_transformers()
    from inference.runtime.serve import main as serve  # noqa: PLC0415

    serve()


if __name__ == "__main__":
    main()

"""Runs the gateway: `python -m gateway`."""

from gateway.app import run
from gateway.settings import GatewaySettings
from machine.faults import said_in_words
from machine.logs import set_up_logs


def main() -> None:
    """Run the gateway; exit with what to do about it if it cannot."""
    with said_in_words():
        settings = GatewaySettings()
        set_up_logs(settings.log_level)
        run(settings)


if __name__ == "__main__":
    main()

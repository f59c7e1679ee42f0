"""Runs the gateway: `python -m gateway`."""

import sys

from gateway.app import run
from gateway.errors import GatewayError
from gateway.logs import set_up_logs
from gateway.settings import GatewaySettings
from vault.errors import VaultError


def main() -> None:
    """Run the gateway; exit with what to do about it if it cannot."""
    settings = GatewaySettings()
    set_up_logs(settings.log_level)
    try:
        run(settings)
    except (GatewayError, VaultError) as error:
        sys.exit(f"The gateway cannot run: {error}")
    except OSError as error:
        sys.exit(f"The gateway cannot listen or write: {error.strerror}")


if __name__ == "__main__":
    main()

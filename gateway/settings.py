"""The gateway's own settings: where it listens, where its data lives, how much it takes.

Knows the environment. Built in entry points only and passed down.
"""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from machine.settings import PartSettings


def _samples_folder(folder: Path) -> Path:
    if not (folder / "samples.json").is_file():
        raise ValueError(f"{folder} is no folder of sample films with their samples.json")
    return folder


class GatewaySettings(PartSettings):
    """Settings of the gateway, each from `EDGERAD_<NAME>` or the `.env` file."""

    gateway_host: str = "0.0.0.0"  # noqa: S104 - phones reach the gateway over the LAN
    gateway_port: int = Field(default=8081, ge=0, le=65535)
    bot_api_host: str = "127.0.0.1"
    bot_api_port: int | None = Field(default=None, ge=0, le=65535)
    tls_port: int = Field(default=8443, ge=0, le=65535)
    samples_dir: Annotated[Path, AfterValidator(_samples_folder)] | None = None
    mdns: bool = True
    gateway_local: bool = False
    gateway_flood_control: bool = False
    gateway_open: bool = False

    @property
    def bots_port(self) -> int:
        """Where the Bot API listens: at the port after the phones', unless another is named."""
        if self.bot_api_port is not None:
            return self.bot_api_port
        return self.gateway_port and self.gateway_port + 1

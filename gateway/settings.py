"""The gateway's own settings: where it listens, where its data lives, how much it takes.

Knows the environment. Built in entry points only and passed down.
"""

from pathlib import Path
from typing import Annotated, Self

import phonenumbers
from pydantic import AfterValidator, Field, SecretStr, model_validator

from machine.settings import PartSettings, WebAddress


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
    sms_phone_url: WebAddress | None = None
    sms_phone_user: str = "sms"
    sms_phone_password: SecretStr | None = None
    sms_gammu_config: Path | None = None
    sms_parts_a_day: int = Field(default=100, gt=0)
    sms_parts_a_number: int = Field(default=30, gt=0)

    @model_validator(mode="after")
    def _check_sms(self) -> Self:
        if self.sms_country is None and (self.sms_phone_url or self.sms_gammu_config):
            raise ValueError(
                "EDGERAD_SMS_COUNTRY is missing: two letters of the clinic's country, such as BF"
            )
        if self.sms_country not in {None, *phonenumbers.SUPPORTED_REGIONS}:
            raise ValueError(f"EDGERAD_SMS_COUNTRY: {self.sms_country} is no country's two letters")
        if self.sms_phone_url and self.sms_phone_password is None:
            raise ValueError(
                "EDGERAD_SMS_PHONE_PASSWORD is missing: SMS Gateway for Android shows it"
            )
        return self

    @property
    def bots_port(self) -> int:
        """Where the Bot API listens: at the port after the phones', unless another is named."""
        if self.bot_api_port is not None:
            return self.bot_api_port
        return self.gateway_port and self.gateway_port + 1

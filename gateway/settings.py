"""The gateway's own settings: where it listens, where its data lives, how much it takes.

Knows the environment. Built in entry points only and passed down.
"""

import os
import re
import secrets
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.errors import SettingsError

_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{35}")


class GatewaySettings(BaseSettings):
    """Settings of the gateway, each from `EDGERAD_<NAME>` or the `.env` file."""

    model_config = SettingsConfigDict(
        env_prefix="EDGERAD_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Path("data")
    key_file: Path | None = None
    bot_token: SecretStr | None = None
    gateway_host: str = "0.0.0.0"  # noqa: S104 - phones reach the gateway over the LAN
    gateway_port: int = Field(default=8081, ge=0, le=65535)
    public_url: str | None = None
    samples_dir: Path | None = None
    max_upload_bytes: int = Field(default=50_000_000, gt=0)
    gateway_local: bool = False
    gateway_flood_control: bool = False
    log_level: str = "INFO"

    @property
    def database_path(self) -> Path:
        """Where messages and updates live."""
        return self.home / "gateway" / "gateway.db"

    @property
    def files_dir(self) -> Path:
        """Where pictures and documents live."""
        return self.home / "gateway" / "files"


def resolve_token(settings: GatewaySettings) -> str:
    """The bot's token: from the settings, else from `HOME/secrets/bot_token`, made there once.

    Args:
        settings: The gateway's settings.

    Returns:
        A token of Telegram's shape, `<digits>:<35 characters>`.

    Raises:
        SettingsError: If the token at hand does not have that shape.
    """
    given = settings.bot_token.get_secret_value().strip() if settings.bot_token else ""
    token = given or _token_on_disk(settings.home / "secrets" / "bot_token")
    if not _TOKEN.fullmatch(token):
        raise SettingsError("EDGERAD_BOT_TOKEN is not of the shape <digits>:<35 characters>.")
    return token


def _token_on_disk(path: Path) -> str:
    """Read the token, or make it; of two processes that both make it, the first one's stands."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        token = f"{10**9 + secrets.randbelow(9 * 10**9)}:{secrets.token_urlsafe(27)[:35]}"
        draft = path.with_name(f".bot_token.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(token, encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()

"""Settings that more than one part reads, and the shapes that their values must have.

Knows the environment and `.env`. Built in entry points only and passed down.
"""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from machine.project import ENV_FILE, OWN_FOLDER

TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{35}")
"""A bot token as Telegram makes them."""

_HOST = re.compile(r"[\w.-]+|[0-9a-fA-F:.]+")


def web_address(value: str) -> str:
    """Check an address of a server.

    Args:
        value: Such as `http://192.168.1.20:8081`.

    Returns:
        The address without a slash at its end.

    Raises:
        ValueError: If it is none; says what one looks like.
    """
    if not _is_web_address(value.strip()):
        raise ValueError(
            f"{value!r} is not a web address: write http:// or https://, then the machine's name or"
            " number and its port, such as http://192.168.1.20:8081"
        )
    return value.strip().rstrip("/")


def _is_web_address(value: str) -> bool:
    try:
        url = urlsplit(value)
        url.port  # noqa: B018 - raises where the port is no number
    except ValueError:
        return False
    named = url.scheme in {"http", "https"} and _HOST.fullmatch(url.hostname or "")
    return bool(named) and not (url.username or url.query or url.fragment)


def _bot_token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value().strip()
    if not TOKEN.fullmatch(token):
        raise ValueError(
            "its value is not a bot token, which is digits, a colon and 35 characters. Copy the"
            " whole of what @BotFather gave you; for EdgeRad's own gateway, leave it out"
        )
    return SecretStr(token)


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _own_path(path: Path) -> Path:
    return OWN_FOLDER / path.expanduser()


UserPath = Annotated[Path, AfterValidator(_own_path)]
WebAddress = Annotated[str, AfterValidator(web_address)]
BotToken = Annotated[SecretStr, AfterValidator(_bot_token)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]


class PartSettings(BaseSettings):
    """What each part reads, each key from `EDGERAD_<NAME>` or the `.env` file."""

    model_config = SettingsConfigDict(
        env_prefix="EDGERAD_", env_file=ENV_FILE, env_ignore_empty=True, extra="ignore"
    )

    home: UserPath = OWN_FOLDER / "data"
    key_file: UserPath | None = None
    bot_token: BotToken | None = None
    public_url: WebAddress | None = None
    sms_country: Annotated[str, BeforeValidator(_upper), Field(pattern="^[A-Z]{2}$")] | None = None
    max_upload_bytes: int = Field(default=50_000_000, gt=0)
    log_level: LogLevel = "INFO"

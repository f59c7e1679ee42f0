"""What the bot reads from its environment, and its token.

Built in entry points only and passed down.
"""

import re
import secrets
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain import Role
from bot.errors import NoToken
from inference.contract import Language, Tier
from inference.remote.config import RemoteConfig, engine_address, tls_context


class Engine(StrEnum):
    """What makes the readings."""

    LOCAL = "local"
    REMOTE = "remote"
    SCRIPTED = "scripted"


class BotSettings(BaseSettings):
    """The bot's keys; the prefix is `EDGERAD_`, `.env` is read too."""

    model_config = SettingsConfigDict(
        env_prefix="EDGERAD_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Path("data")
    key_file: Path | None = None
    bot_token: SecretStr | None = None
    bot_api_url: str = "http://127.0.0.1:8081"
    public_url: str | None = None
    language: Language = Language.ENGLISH
    model: str = "auto"
    tier: Tier | None = None
    engine: Engine = Engine.LOCAL
    engine_urls: Annotated[tuple[str, ...], NoDecode] = ()
    engine_model: str | None = None
    engine_key: SecretStr | None = None
    engine_ca_file: Path | None = None
    engine_parallel: int = Field(default=1, ge=1)
    max_upload_bytes: int = 50_000_000
    read_deadline_s: float = 1800
    answer_max_tokens: int = 400
    score_urgency: bool = False
    invite_minutes: float = 15
    invite_hours: float = 24
    log_level: str = "INFO"

    @field_validator("tier", mode="before")
    @classmethod
    def _auto_is_no_tier(cls, value: object) -> object:
        return None if value == "auto" else value

    @field_validator("engine_urls", mode="before")
    @classmethod
    def _split_urls(cls, value: object) -> object:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("engine_urls")
    @classmethod
    def _check_urls(cls, urls: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not urls and info.data.get("engine") is Engine.REMOTE:
            raise ValueError("EDGERAD_ENGINE=remote needs an address, such as http://10.0.0.5:8000")
        return tuple(engine_address(url) for url in urls)

    @field_validator("engine_ca_file")
    @classmethod
    def _check_ca_file(cls, path: Path | None) -> Path | None:
        if path is not None:
            tls_context(path)
        return path

    def remote(self) -> RemoteConfig:
        """What the engines elsewhere are, and the limits of a reading."""
        return RemoteConfig(
            urls=self.engine_urls,
            model=self.engine_model,
            key=self.engine_key,
            ca_file=self.engine_ca_file,
            parallel=self.engine_parallel,
            deadline_s=self.read_deadline_s,
            answer_max_tokens=self.answer_max_tokens,
            score_urgency=self.score_urgency,
        )

    def invite_lasts(self, role: Role) -> timedelta:
        """How long an invite to a role works: a health worker stands by, a supervisor may not."""
        if role is Role.HEALTH_WORKER:
            return timedelta(minutes=self.invite_minutes)
        return timedelta(hours=self.invite_hours)

    def with_token(self) -> Self:
        """Settings that hold a token: the one given, else the data folder's, made once."""
        if self.bot_token is not None and self.bot_token.get_secret_value():
            return self
        token = SecretStr(read_or_make_token(self.home))
        return self.model_copy(update={"bot_token": token})


def read_or_make_token(home: Path) -> str:
    """Read the bot's token from the data folder, where the gateway reads it too.

    Args:
        home: The data folder; the token is made once, in its folder `secrets`.

    Returns:
        A token of Telegram's shape.

    Raises:
        NoToken: The file is there but holds no token.
    """
    path = home / "secrets" / "bot_token"
    if not path.exists():
        _make_token(path)
    token = path.read_text(encoding="ascii").strip()
    if not re.fullmatch(r"\d+:[\w-]+", token):
        raise NoToken
    return token


def _make_token(path: Path) -> None:
    """Write a token whole or not at all; where another process was faster, its token stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    try:
        draft.write_text(_new_token(), encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()


def _new_token() -> str:
    number = 1_000_000_000 + secrets.randbelow(9_000_000_000)
    return f"{number}:{secrets.token_hex(18)[:35]}"

"""What the bot reads from its environment.

Built in entry points only and passed down.
"""

from enum import StrEnum
from typing import Self

from pydantic import Field, SecretStr, field_validator

from inference.contract import Language, Tier
from machine.settings import PartSettings, WebAddress
from machine.token import resolve_token


class Engine(StrEnum):
    """What makes the readings."""

    LOCAL = "local"
    SCRIPTED = "scripted"


class BotSettings(PartSettings):
    """The bot's keys; the prefix is `EDGERAD_`, `.env` is read too."""

    bot_api_url: WebAddress = "http://127.0.0.1:8081"
    language: Language = Language.ENGLISH
    model: str = "auto"
    tier: Tier | None = None
    engine: Engine = Engine.LOCAL
    read_deadline_s: float = Field(default=1800, gt=0)
    answer_max_tokens: int = Field(default=400, gt=0)
    invite_hours: float = Field(default=24, gt=0)

    @field_validator("tier", mode="before")
    @classmethod
    def _tier_or_auto(cls, value: object) -> object:
        if value is None or value == "auto":
            return None
        if value not in set(Tier):
            raise ValueError(f"is none of 'auto', {', '.join(map(repr, map(str, Tier)))}")
        return value

    def with_token(self) -> Self:
        """Settings that hold a token: the one given, else the data folder's, made once."""
        return self.model_copy(update={"bot_token": SecretStr(resolve_token(self))})

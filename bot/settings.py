"""What the bot reads from its environment.

Built in entry points only and passed down.
"""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from bot.domain.alarms import CallWaits
from bot.domain.people import Role
from bot.domain.retention import Retention
from inference.contract import AnswerLimits, Language, Tier
from inference.remote.config import RemoteConfig, engine_address, tls_context
from machine.settings import PartSettings, WebAddress
from storage.bot_token import resolve_token
from storage.keys import Keyring


class Engine(StrEnum):
    """What makes the readings."""

    LOCAL = "local"
    REMOTE = "remote"
    SCRIPTED = "scripted"


class BotSettings(PartSettings):
    """The bot's keys; the prefix is `EDGERAD_`, `.env` is read too."""

    bot_api_url: WebAddress = "http://127.0.0.1:8082"
    language: Language = Language.ENGLISH
    clinic: str = ""
    model: str = "auto"
    tier: Tier | None = None
    engine: Engine = Engine.LOCAL
    engine_urls: Annotated[tuple[str, ...], NoDecode] = ()
    engine_model: str | None = None
    engine_key: SecretStr | None = None
    engine_ca_file: Path | None = None
    engine_parallel: int = Field(default=1, ge=1)
    scripted_s: float = Field(default=0, ge=0)
    read_deadline_s: float = Field(default=1800, gt=0)
    answer_max_tokens: int = Field(default=400, gt=0)
    follow_up_max_tokens: int = Field(default=200, gt=0)
    thought_max_tokens: int = Field(default=1000, ge=0)
    score_urgency: bool = True
    answer_grammar: bool = False
    call_again_critical_minutes: float = Field(default=10, gt=0)
    call_again_urgent_minutes: float = Field(default=30, gt=0)
    invite_minutes: float = Field(default=15, gt=0)
    invite_hours: float = Field(default=24, gt=0)

    keep_cases_days: int | None = Field(default=None, ge=1)
    keep_pictures_days: int | None = Field(default=None, ge=1)

    @field_validator("tier", mode="before")
    @classmethod
    def _tier_or_auto(cls, value: object) -> object:
        if value is None or value == "auto":
            return None
        if value not in set(Tier):
            raise ValueError(f"{value!r} is none of 'auto', {', '.join(map(repr, map(str, Tier)))}")
        return value

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
            limits=self.answer_limits(),
            score_urgency=self.score_urgency,
            answer_grammar=self.answer_grammar,
        )

    def answer_limits(self) -> AnswerLimits:
        """How long an answer may become."""
        return AnswerLimits(
            reading_tokens=self.answer_max_tokens,
            follow_up_tokens=self.follow_up_max_tokens,
            thought_tokens=self.thought_max_tokens,
        )

    def call_waits(self) -> CallWaits:
        """How long an alarm waits for somebody before it is called again."""
        return CallWaits(
            critical=timedelta(minutes=self.call_again_critical_minutes),
            urgent=timedelta(minutes=self.call_again_urgent_minutes),
        )

    def retention(self) -> Retention:
        """How long cases and their pictures are kept."""
        return Retention(cases=_days(self.keep_cases_days), pictures=_days(self.keep_pictures_days))

    @property
    def has_sms(self) -> bool:
        """Whether the clinic has SMS."""
        return self.sms_country is not None

    def invite_lasts(self, role: Role) -> timedelta:
        """How long an invite to a role works: a health worker stands by, a supervisor may not."""
        if role is Role.HEALTH_WORKER:
            return timedelta(minutes=self.invite_minutes)
        return timedelta(hours=self.invite_hours)

    def with_token(self, keyring: Keyring) -> Self:
        """Settings that hold a token: the one given, else the data folder's, made once.

        Args:
            keyring: Seals it.
        """
        return self.model_copy(update={"bot_token": SecretStr(resolve_token(self, keyring))})


def _days(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(days=number)

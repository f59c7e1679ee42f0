"""The bot's settings, as the environment gives them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import BotSettings
from inference.contract import AnswerLimits
from tests.keys import KEYRING


def test_the_tier_auto_means_that_the_hardware_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGERAD_TIER", "auto")
    assert BotSettings(_env_file=None).tier is None


def test_a_token_never_shows_in_what_is_printed(tmp_path: Path) -> None:
    settings = BotSettings(_env_file=None, home=tmp_path).with_token(KEYRING)
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() not in repr(settings)


def test_an_answer_to_a_question_has_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGERAD_ANSWER_MAX_TOKENS", "300")
    monkeypatch.setenv("EDGERAD_FOLLOW_UP_MAX_TOKENS", "50")
    settings = BotSettings(_env_file=None)
    limits = AnswerLimits(reading_tokens=300, follow_up_tokens=50)
    assert settings.answer_limits() == settings.remote().limits == limits


def test_addresses_of_engines_are_read_as_people_write_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDGERAD_ENGINE", "remote")
    monkeypatch.setenv("EDGERAD_ENGINE_URLS", "http://10.0.0.5:8000/v1, https://engine.lan/ ")
    settings = BotSettings(_env_file=None)
    assert settings.remote().urls == ("http://10.0.0.5:8000", "https://engine.lan")


@pytest.mark.parametrize(
    "urls", ["10.0.0.5:8000", "ftp://engine", "http://", "http://a:b@c", "http://a:x", "http://a?b"]
)
def test_what_is_no_address_of_an_engine_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, urls: str
) -> None:
    monkeypatch.setenv("EDGERAD_ENGINE_URLS", urls)
    with pytest.raises(ValidationError, match="address"):
        BotSettings(_env_file=None)


def test_engines_elsewhere_need_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGERAD_ENGINE", "remote")
    with pytest.raises(ValidationError, match="needs an address"):
        BotSettings(_env_file=None)


def test_a_file_that_holds_no_certificate_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for name in ("ca.pem", "missing.pem"):
        monkeypatch.setenv("EDGERAD_ENGINE_CA_FILE", str(tmp_path / name))
        with pytest.raises(ValidationError, match="not a file of certificates"):
            BotSettings(_env_file=None)

"""The bot's settings, as the environment gives them."""

from pathlib import Path

import pytest

from bot.settings import BotSettings


def test_the_tier_auto_means_that_the_hardware_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGERAD_TIER", "auto")
    assert BotSettings(_env_file=None).tier is None


def test_a_token_never_shows_in_what_is_printed(tmp_path: Path) -> None:
    settings = BotSettings(_env_file=None, home=tmp_path).with_token()
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() not in repr(settings)

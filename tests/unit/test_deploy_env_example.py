from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.settings import BotSettings
from deploy.settings import setting_names
from gateway.settings import GatewaySettings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
SETTINGS = (BotSettings, GatewaySettings)


def test_every_setting_stands_in_the_example() -> None:
    keys = {f"EDGERAD_{name.upper()}" for settings in SETTINGS for name in settings.model_fields}
    assert set(dotenv_values(EXAMPLE)) == keys
    assert keys < setting_names()  # besides, what only parts and tests tell each other


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_example_holds_the_defaults(
    settings: type[BotSettings | GatewaySettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in dotenv_values(EXAMPLE):
        monkeypatch.delenv(key, raising=False)
    assert settings(_env_file=EXAMPLE) == settings(_env_file=None)

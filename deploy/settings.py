"""The names of all settings, whichever part reads them."""

from bot.settings import BotSettings
from gateway.settings import GatewaySettings
from machine.unknown_settings import PREFIX
from storage.bot_token import BOT_FD
from storage.key_sources import KEY_FD

_OF_TESTS = "EDGERAD_TESTS_NO_SKIPS"


def setting_names() -> frozenset[str]:
    """The variables that mean something, such as `EDGERAD_HOME`."""
    fields = BotSettings.model_fields.keys() | GatewaySettings.model_fields.keys()
    return frozenset({PREFIX + name.upper() for name in fields} | {KEY_FD, BOT_FD, _OF_TESTS})

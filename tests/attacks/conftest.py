"""The gateway of the integration tests, and the bot and phone that speak to it."""

from tests.integration.conftest import bot, chat_id, gateway, phone

__all__ = ["bot", "chat_id", "gateway", "phone"]

"""Others who have the bot's token: here a webhook, to which the server sends all that phones send.

Knows the Bot API's ways of getting updates. EdgeRad's bot polls, so every webhook is another's.
"""

import logging
from urllib.parse import urlsplit

from telegram import Bot

REPLACE_IT = (
    "Whoever did this has the bot's token. For a new one: stop EdgeRad, remove secrets/bot_token"
    " from EDGERAD_HOME, and start it. (A token of @BotFather's: revoke it there.)"
)

log = logging.getLogger(__name__)


async def take_webhook_away(bot: Bot) -> None:
    """Take away a webhook, if there is one, and say so; what waits for it comes to this bot."""
    hook = await bot.get_webhook_info()
    if hook.url:
        await bot.delete_webhook()
        log.error(
            "A webhook at %s took what phones sent, in place of this bot. It is taken away; ask the"
            " senders of the last hours whether all was answered. %s",
            urlsplit(hook.url).hostname,
            REPLACE_IT,
        )

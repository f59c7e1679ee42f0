"""What the bot does with each kind of update; python-telegram-bot's types stop here."""

"""Runs the bot: `python -m bot`."""

import sys

from bot.app import run
from bot.errors import BotError
from bot.settings import BotSettings
from machine.faults import EXIT_STATUS, said_in_words
from machine.logs import set_up_logs


def main() -> None:
    """Run the bot; exit with what to do about it if it cannot."""
    with said_in_words():
        settings = BotSettings()
        set_up_logs(settings.log_level)
        try:
            run(settings)
        except BotError as error:
            print(f"The bot cannot run: {error}", file=sys.stderr)  # noqa: T201 - its last words
            raise SystemExit(EXIT_STATUS) from error


if __name__ == "__main__":
    main()

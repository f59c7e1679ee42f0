"""What the bot does with each kind of update; Telegram's types stop here.

Each module has one function `handlers()` that lists its PTB handlers; `bot.app` puts them together
in the order in which they are tried. A callback takes an `Update` and a `Context`
(`bot.handlers.context`), and answers by `context.say(reply)`. The gate (`bot.handlers.gate`) comes
first: whoever is not enrolled gets through to `/start` alone, and whoever has not accepted the
terms to `/start`, `/language` and the buttons of both. `bot.handlers.permissions` checks roles.
What a button carries is made and taken apart in `bot.replies.buttons`.
"""

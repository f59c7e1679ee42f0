"""What the bot does with each kind of update; Telegram's types stop here.

Each module has one function `handlers()` that lists its PTB handlers; `bot.app` puts them together
in the order in which they are tried. Callbacks are `async def name(update: Update, visit: Visit)`
(`bot.handlers.visit`) and answer by `visit.say(reply)`. The gate (`bot.handlers.gate`) comes before
all of them: strangers get through to `/start` and to buttons whose data begins with `join:`, people
who have not accepted the terms to `/start`, `/language` and to `join:` and `language:` buttons.
Button data is `<verb>:<argument>[:<argument>]`; the verb is its module's own.
"""

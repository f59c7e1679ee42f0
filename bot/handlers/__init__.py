"""What the bot does with each kind of update; Telegram's types stop here.

Each module has one function `handlers()` that lists its PTB handlers; `bot.app` puts them together
in the order in which they are tried. Callbacks are `async def name(update: Update, visit: Visit)`
(`bot.handlers.visit`) and answer by `visit.say(reply)`. The gate (`bot.handlers.gate`) comes before
all of them: strangers get through to `/start`, people who have not accepted the terms to `/start`,
`/language` and the buttons of both. The guard (`bot.handlers.guard`) asks whether a role is enough.
What a button carries is made and taken apart in `bot.replies.buttons`.
"""

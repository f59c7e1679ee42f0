"""Everything the bot says: domain values to safe text in the reader's language, and its buttons.

Knows domain and language. Must not know Telegram, SQL or engines. Every function returns one
`Reply`, or a list of them where a text may be long; the last argument is always the language.
"""

"""The nouns of the clinic: people, cases, what is said of them, and what becomes of both.

Knows none of Telegram, SQL or any engine.
"""

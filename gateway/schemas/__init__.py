"""The shapes that rooms exchange: what is stored, and the Bot API's objects made of it.

Knows no SQL and no HTTP.
"""

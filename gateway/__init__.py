"""A Telegram-Bot-API-compatible server for a LAN with no uplink, and the phone chat it serves.

`bot_api` is what a bot calls, `phone` what a phone's page asks, `sms` what reaches a number; all
work on `store` and never on each other, and the shapes that they exchange are in `schemas`. `app`
puts everything together.
"""

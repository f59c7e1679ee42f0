"""What others wrote for Telegram's own server, run against this one: `python -m tests.suites`."""

"""The phone chat in a real browser."""

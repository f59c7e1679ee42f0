"""A Telegram-Bot-API-compatible server for a LAN with no uplink, and the phone chat it serves."""

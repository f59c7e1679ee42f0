"""The phone chat: join, chat, files, events."""

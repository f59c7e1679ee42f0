"""How much a message may hold.

Source: Bot API, sendMessage, sendPhoto, sendMediaGroup; Telegram's limits of a message's entities.
"""

TEXT_MAX_CHARS = 4096
CAPTION_MAX_CHARS = 1024
PHOTO_MAX_BYTES = 10_000_000
ALBUM_MAX = 10
ENTITIES_MAX = 100

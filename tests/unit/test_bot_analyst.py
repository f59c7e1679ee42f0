"""The analyst: one claim seen to its end, whatever the engine does."""

"""All SQL of the bot, and its picture files."""

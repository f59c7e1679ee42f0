"""The Bot API: any encoding in, Bot API objects out."""

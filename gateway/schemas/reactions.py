"""The emoji that a bot may put on a message. Source: Bot API, ReactionTypeEmoji."""

_LISTED = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 "
    "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 "
    "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡 "
)
_EMOJI = frozenset(_LISTED.split())
_VARIANT = "\ufe0f"  # asks for the colourful look of a sign, which some clients leave out


def is_reaction(emoji: str) -> bool:
    """Whether a message may carry this emoji."""
    return emoji.replace(_VARIANT, "") in _EMOJI

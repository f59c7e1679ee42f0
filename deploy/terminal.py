"""The terminal, which shows words as they are.

Rich would take `[fd00::1]` in a link for markup and drop it, and draw a disc for the `:CD:` of a
certificate's fingerprint, which people compare with a phone's.
"""

from rich.console import Console

from machine.line_breaks import between_words


def terminal() -> Console:
    """Standard output, in colour where it can."""
    return Console(markup=False, emoji=False)


def say(console: Console, words: str, style: str = "") -> None:
    """Print a sentence: broken between words where somebody reads it, on one line in a file."""
    shown = between_words(words, console.width) if console.is_terminal else words
    console.print(shown, style=style, highlight=False, soft_wrap=True)

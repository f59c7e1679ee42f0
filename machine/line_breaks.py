"""Words for a terminal: broken between words, where a terminal would break within one."""

import textwrap


def between_words(words: str, columns: int) -> str:
    """Break each line that is too long; what is longer than a line, such as a path, stays whole.

    Args:
        words: One line or several.
        columns: How wide the terminal is.
    """
    lines = (
        textwrap.fill(line, columns, break_long_words=False, break_on_hyphens=False)
        for line in words.splitlines()
    )
    return "\n".join(lines)

"""The terminal, which shows words as they are.

Rich would take `[fd00::1]` in a link for markup and drop it, and draw a disc for the `:CD:` of a
certificate's fingerprint, which people compare with a phone's.
"""

from rich.console import Console


def terminal() -> Console:
    """Standard output, in colour where it can."""
    return Console(markup=False, emoji=False)

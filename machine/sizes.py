"""Amounts of bytes as people say them."""

KB, MB, GB = 10**3, 10**6, 10**9


def size_words(size_bytes: int) -> str:
    """Say an amount of bytes.

    Returns:
        Such as `812 kB`, `2.4 MB` or `50 MB`; never 0 of a unit unless there are none.
    """
    if size_bytes < KB:
        return f"{size_bytes} bytes"
    if round(size_bytes / KB) < KB:
        return f"{size_bytes / KB:.0f} kB"
    if round(size_bytes / MB, 1) < KB:
        return f"{_short(size_bytes / MB)} MB"
    return f"{_short(size_bytes / GB)} GB"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")

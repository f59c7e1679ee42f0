"""A card to print: the code of the key that sticks are signed with, for a clinic to compare.

Knows paper. Must not know how a stick is signed.
"""

from collections.abc import Iterator
from pathlib import Path

from deploy.joining.card import LARGEST_PX, MARGIN_PX, blank_page, save_page, write_lines

_HALF = 20
"""Of a code: four of its eight groups, with a blank behind each."""

_CODE_PX, _WORDS_PX = 92, 46


def card_lines(code: str) -> Iterator[tuple[str, int]]:
    """What the card says, each line with its largest height in pixels.

    Args:
        code: Of the public key, in eight groups of four digits.
    """
    yield "EdgeRad", LARGEST_PX + 26
    yield "Our sticks are signed with the key", LARGEST_PX
    yield "", _WORDS_PX
    yield code[:_HALF].strip(), _CODE_PX
    yield code[_HALF:].strip(), _CODE_PX
    yield "", _WORDS_PX
    yield "This card comes by another way than a stick.", _WORDS_PX
    yield "Before the first installation, in its folder:", _WORDS_PX
    yield "", _WORDS_PX
    yield "1.  sha256sum release.pub", _WORDS_PX
    yield "      begins with these digits", _WORDS_PX
    yield "2.  openssl pkeyutl -verify -pubin -rawin \\", _WORDS_PX
    yield "      -inkey release.pub -in SHA256SUMS \\", _WORDS_PX
    yield "      -sigfile SHA256SUMS.sig", _WORDS_PX
    yield "3.  sha256sum --check --quiet SHA256SUMS", _WORDS_PX
    yield "", _WORDS_PX
    yield "If one of them fails, do not use the stick:", _WORDS_PX
    yield "ask whoever made it.", _WORDS_PX


def save_key_card(code: str, target: Path) -> None:
    """Draw the card and write it as a PDF.

    Args:
        code: Of the public key.
        target: A `.pdf` file; one of that name is replaced.
    """
    page, pen = blank_page()
    write_lines(pen, card_lines(code), MARGIN_PX)
    save_page(page, target)

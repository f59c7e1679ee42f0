"""The font that EdgeRad draws with has every letter of its languages, and needs none installed."""

import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bot.locale import translator
from inference.contract import Language
from pictures import letters

ROOM = Path(letters.__file__).parent
CATALOGS = Path("bot/locale")


def drawn(text: str) -> Image.Image:
    page = Image.new("L", (400, 60), 255)
    ImageDraw.Draw(page).text((10, 10), text, 0, letters.font(32))
    return page


@pytest.mark.parametrize("char", "ɓɗƙƴʼƁƊƘƳéèàâçêëîïôùûüœãõáíóúÉÀÇÃÕ–’“”«»·…☐☑☒₦≥≤×")  # noqa: RUF001
def test_a_letter_of_any_language_is_drawn_as_itself(char: str) -> None:
    assert letters.has(char)
    nothing = drawn("\uffff")
    assert drawn(char) != nothing
    assert letters.shown(char) == char


def test_hausas_letters_are_not_the_plain_ones() -> None:
    for hooked, plain in zip("ɓɗƙƴƁƊƘƳ", "bdkyBDKY", strict=True):
        assert drawn(hooked) != drawn(plain)


@pytest.mark.parametrize("language", [Language.FRENCH, Language.PORTUGUESE, Language.HAUSA])
def test_every_letter_that_the_bot_writes_is_in_the_font(language: Language) -> None:
    translator(language)  # its catalog is there
    catalog = (CATALOGS / f"{language}.po").read_text("utf-8")
    said = {char for text in re.findall(r'msgstr(?:\[\d\])? "(.*)"', catalog) for char in text}
    assert {char for char in said if char.isalpha() and not letters.has(char)} == set()


def test_what_the_font_lacks_is_a_question_mark_and_never_a_box() -> None:
    assert not letters.has("🔴")
    assert letters.shown("🔴 Musa\n李\u202e\x00") == "? Musa ?"


def test_an_accent_that_stands_apart_is_drawn_on_its_letter() -> None:
    assert letters.shown("re\u0301sultat") == "résultat"


def test_the_font_is_shipped_with_its_licence() -> None:
    assert (ROOM / "letters.ttf").stat().st_size < 200_000
    assert "Bitstream" in (ROOM / "letters.LICENSE.txt").read_text("utf-8")

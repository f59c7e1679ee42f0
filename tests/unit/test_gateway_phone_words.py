"""What the phone page says, in each of its languages."""

import re
from importlib.resources import files

import pytest

UNITS = {
    "en": "min|minutes?|hours?|h|s",
    "fr": "min|minutes?|heures?|h|s",
    "pt": "min|minutos?|horas?|h|s",
    "ha": "minti|mintuna|awa|awanni|daƙiƙa",
}


@pytest.mark.parametrize("language", UNITS)
def test_a_number_and_its_unit_stand_on_one_line(language: str) -> None:
    """Lines of a page are narrow; Hausa has the unit first."""
    words = files("gateway.phone").joinpath(f"static/words/{language}.js").read_text("utf-8")
    number, unit = r"(?:\d|\{n\})", rf"\b(?:{UNITS[language]})\b"
    parted = f"{unit} {number}" if language == "ha" else f"{number} {unit}"
    assert [line for line in words.splitlines() if re.search(parted, line)] == []

import re
from pathlib import Path

from gateway.bot_api.methods import METHODS

PAGE = Path(__file__).parents[2] / "docs" / "bot-api.md"


def test_the_table_lists_exactly_the_methods_that_are_served() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)
    assert {name.lower() for name in listed} == set(METHODS)
    assert len(listed) == len(METHODS)

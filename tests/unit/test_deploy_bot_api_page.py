from pathlib import Path

from gateway.bot_api.methods import METHODS
from gateway.bot_api.page import page

PAGE = Path(__file__).parents[2] / "docs" / "bot-api.md"


def test_the_page_says_what_the_code_does() -> None:
    assert PAGE.read_text() == page(), "python -m gateway.bot_api.page > docs/bot-api.md"


def test_the_page_has_every_method_once() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(METHODS)


def test_no_field_is_both_supported_and_ignored_or_refused() -> None:
    for method in METHODS.values():
        fields = method.fields
        groups = [set(fields.takes.split()), set(fields.ignores.split()), set(fields.refuses)]
        assert sum(map(len, groups)) == len(set.union(*groups)), method.name

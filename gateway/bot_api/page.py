"""The tables of docs/bot-api.md, made of the methods as they are declared.

In that page a comment with a module's name stands above the table of its methods.
`python -m gateway.bot_api.page` writes the tables anew; a test holds them equal.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from gateway.bot_api.method import Method
from gateway.bot_api.methods import METHODS

PAGE = Path(__file__).parents[2] / "docs" / "bot-api.md"

_HEAD = "| Method | Supported | Ignored | Refused |\n|---|---|---|---|\n"
_TABLE = re.compile(r"(<!-- methods: (\w+) -->\n)(?:\|.*\n)*")


def with_tables(page: str) -> str:
    """The page with each table as the code has it now."""
    return _TABLE.sub(lambda found: found[1] + _table(found[2]), page)


def _table(module: str) -> str:
    methods = [
        found
        for found in METHODS.values()
        if found.run.__module__ == f"gateway.bot_api.methods.{module}"
    ]
    return _HEAD + "".join(map(_row, methods))


def _row(found: Method) -> str:
    fields = found.fields
    refused = [f"`{name}`: {why}" for name, why in fields.refuses.items()]
    cells = [
        f"`{found.name}`<br>{found.about}",
        _names(fields.takes.split()),
        _names(fields.ignores.split()),
        "; ".join(refused),
    ]
    return f"| {' | '.join(cells)} |\n"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text()))

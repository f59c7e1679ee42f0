"""docs/security.md names each file of attacks, and none that is not there."""

import re

from machine.project import PROJECT_ROOT

TABLE = re.compile(r"### Attacks that are tried in each test run\n(.*?)\n## ", re.DOTALL)
NAMED = re.compile(r"`((?:faults/)?test_\w+\.py)`")


def test_the_table_of_attacks_is_that_of_the_tests() -> None:
    table = TABLE.search((PROJECT_ROOT / "docs" / "security.md").read_text())
    assert table is not None
    rows = [line for line in table[1].splitlines() if line.startswith("| ")]
    named = set(NAMED.findall("\n".join(rows)))
    attacks = {path.name for path in (PROJECT_ROOT / "tests" / "attacks").glob("test_*.py")}
    assert {name for name in named if "/" not in name} == attacks
    assert all((PROJECT_ROOT / "tests" / name).exists() for name in named if "/" in name)
    assert all(NAMED.search(row) for row in rows if not row.startswith("| Attack,"))

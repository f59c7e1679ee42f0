"""docs/security.md lists each attack that is tried, and no other; `make attacks` writes it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from machine.project import PROJECT_ROOT
from tests.attacks import outcomes
from tests.attacks.outcomes import ATTACKERS, Outcome

TESTS = PROJECT_ROOT / "tests" / "attacks"
FOUND = Outcome(attacker=ATTACKERS[1], attack="`A` tried", result="429", test="test_a.py")
OTHER = Outcome(attacker=ATTACKERS[0], attack="B tried", result="401", test="test_b.py")


def attacks_in(path: Path) -> Iterator[tuple[str, str, str]]:
    """Who attacks, what is tried, and where, as a test's file says it."""
    attacker = ""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Assign(targets=[ast.Name("ATTACKER")], value=ast.Constant(str(who))):
                attacker = who
            case ast.Call(func=ast.Name("outcome"), args=[ast.Constant(str(attack)), _]):
                yield attacker, attack, path.name


def test_the_tables_of_attacks_are_those_of_the_tests() -> None:
    tried = {path: list(attacks_in(path)) for path in TESTS.glob("test_*.py")}
    assert [path.name for path, attacks in tried.items() if not attacks] == []
    written = {(each.attacker, each.attack, each.test) for each in outcomes.written()}
    assert written == {attack for attacks in tried.values() for attack in attacks}


def test_outcomes_are_written_between_what_stands_around_them(tmp_path: Path) -> None:
    page = tmp_path / "security.md"
    page.write_text(f"before\n{outcomes.BEGIN}\nold\n{outcomes.END}\nafter\n")
    outcomes.write([FOUND, OTHER, FOUND], page)
    assert outcomes.written(page) == {FOUND, OTHER}
    text = page.read_text()
    assert (text.partition("\n")[0], text[-6:], text.count("`A` tried")) == ("before", "after\n", 1)
    outcomes.write([FOUND, OTHER], page)
    assert page.read_text() == text

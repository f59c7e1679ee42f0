"""Counts the code for docs/architecture.md: `python -m deploy.release.figures` writes it there.

Knows Python's syntax trees and who imports whom. Must not know what the code does.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grimp

from machine.project import PROJECT_ROOT

ROOMS = ("deploy", "bot", "gateway", "inference", "pictures", "storage", "machine")
PAGE = Path("docs/architecture.md")
START, END = "<!-- figures: written by `make figures` -->", "<!-- end of figures -->"

PUBLIC_ALL_THE_SAME = {"_exit", "_replace", "_asdict", "_fields"}
"""Documented names of `os` and of named tuples."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module's file and its syntax tree."""

    path: Path
    lines: int
    tree: ast.Module

    @property
    def room(self) -> str:
        """The top-level folder that it is in."""
        return self.path.parts[0]


def modules() -> list[Module]:
    """All modules of the product; tests and scripts of the docs are none."""
    found = []
    for room in ROOMS:
        for file in sorted((PROJECT_ROOT / room).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            path = file.relative_to(PROJECT_ROOT)
            found.append(Module(path=path, lines=text.count("\n"), tree=ast.parse(text)))
    return found


def longest_function(found: list[Module]) -> tuple[int, str]:
    """How many lines the longest function has, and which it is."""
    return max(
        (node.end_lineno - node.lineno + 1, f"{module.path}: {node.name}")
        for module in found
        for node in ast.walk(module.tree)
        if isinstance(node, Function) and node.end_lineno is not None
    )


def shared_class_names(found: list[Module]) -> dict[str, list[str]]:
    """Names that two public classes have, and in which modules."""
    places: dict[str, list[str]] = defaultdict(list)
    for module in found:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(module.path))
    return {name: where for name, where in sorted(places.items()) if len(where) > 1}


def import_cycles() -> list[str]:
    """Modules that can be reached from themselves by imports, a line for each circle."""
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    cycles = []
    for module in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            chain = graph.find_shortest_chain(importer=imported, imported=module)
            if chain is not None and module == min(chain):
                cycles.append(" > ".join((module, *chain)))
    return cycles


def private_fields_of_others(found: list[Module]) -> list[str]:
    """Uses of a field `_name` that neither the module nor a base class in the project defines."""
    bases = {
        node.name: node
        for module in found
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }
    uses: set[str] = set()
    for module in found:
        known = set(_defined(module.tree))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                known |= {name for base in _ancestors(node, bases) for name in _defined(base)}
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Attribute)
                and _is_private(node.attr)
                and node.attr not in known
            ):
                uses.add(f"{module.path}: {node.attr}")
    return sorted(uses)


def _ancestors(node: ast.ClassDef, bases: dict[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    for base in node.bases:
        name = ast.unparse(base).partition("[")[0].rpartition(".")[2]
        if name in bases and bases[name] is not node:
            yield bases[name]
            yield from _ancestors(bases[name], bases)


def _defined(tree: ast.AST) -> Iterator[str]:
    """Names that a tree gives: by definition, by assignment to a name or to a field."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in PUBLIC_ALL_THE_SAME


def table() -> str:
    """The figures as Markdown."""
    found = modules()
    lines = ["| Room | Modules | Lines |", "|---|---|---|"]
    for room in ROOMS:
        own = [module for module in found if module.room == room]
        lines.append(f"| `{room}/` | {len(own)} | {sum(module.lines for module in own):,} |")
    longest, where = longest_function(found)
    longest_module = max(found, key=lambda module: module.lines)
    private = private_fields_of_others(found)
    lines += [
        f"| all | {len(found)} | {sum(module.lines for module in found):,} |",
        "",
        f"- Longest function: {longest} lines, `{where}`",
        f"- Longest module: {longest_module.lines} lines, `{longest_module.path}`",
        f"- Import cycles: {len(import_cycles())}",
        f"- Public classes that share a name: {_named(shared_class_names(found))}",
        f"- Private fields of others: {', '.join(f'`{use}`' for use in private) or 0}",
    ]
    return "\n".join(lines)


def _named(shared: dict[str, list[str]]) -> str:
    if not shared:
        return "0"
    return "; ".join(f"`{name}` ({', '.join(where)})" for name, where in shared.items())


def main() -> None:
    """Write the figures to the page, between its markers."""
    page = PROJECT_ROOT / PAGE
    before, _, rest = page.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{START}\n{table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

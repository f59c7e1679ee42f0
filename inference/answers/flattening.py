"""JSON and tables in an answer, turned into the lines that the same answer would have in prose.

Knows the two notations, whole or cut off. Must not know what a section means.
"""

import json
import re
from collections.abc import Iterator

from inference.answers.folding import folded
from inference.answers.headings import headings

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[\w-]*[ \t]*\n?", re.MULTILINE)
_RULED_OFF = re.compile(r"^[ \t]*([-*_=])(?:[ \t]*\1){2,}[ \t]*$", re.MULTILINE)
_BRACKETED = re.compile(r"\[([^\W\d_][\w' ]{3,24})\]:? *|<(/?)([^\W\d_]{4,24})>")
_JSON = re.compile(r"\{\s*\"")
_TOKEN = re.compile(
    r'"(?P<string>(?:[^"\\]|\\.)*)(?:"|$)|(?P<mark>[{}\[\]:,])|(?P<bare>[^\s{}\[\]:,"]+)'
)
_TABLE = re.compile(r"(?:^[ \t]*\|.*(?:\n|\Z)){2,}", re.MULTILINE)
_RULE = re.compile(r"[\s|:-]+")
_TITLES = re.compile(
    r"sections?|contents?|contenus?|contenidos?|conteudos?|details?|descriptions?|fields?|values?"
    r"|category|items?|rubriques?|secao|seccion|champ|campo|valeur|valor|aspects?|"
)


def flattened(text: str) -> str:
    """Text whose JSON and tables are lines, without fences and rules.

    Args:
        text: As `composed` makes it.
    """
    plain = _BRACKETED.sub(_heading_line, _RULED_OFF.sub("", _FENCE.sub("", text)))
    return _TABLE.sub(_table_lines, _without_json(plain))


def _heading_line(bracketed: re.Match[str]) -> str:
    """`[FINDINGS]` and `<findings>` as `FINDINGS:` on a line of its own; other brackets stay."""
    name = bracketed[1] or bracketed[3]
    if not _is_heading(f"{name}:"):
        return bracketed[0]
    return "\n" if bracketed[2] else f"\n{name}: "


def _without_json(text: str) -> str:
    found = _JSON.search(text)
    if found is None:
        return text
    lines, end = _json_lines(text, found.start())
    if not any(_is_heading(line) for line in lines):
        return text
    return f"{text[: found.start()]}\n{chr(10).join(lines)}\n{text[end:]}"


def _json_lines(text: str, start: int) -> tuple[list[str], int]:
    """The keys and values of an object, a line for each.

    Returns:
        The lines, and where the object ends in the text.
    """
    lines: list[str] = []
    depth, end = 0, len(text)
    tokens = list(_TOKEN.finditer(text, start))
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token["mark"] or "", 0)
        if depth == 0:
            end = token.end()
            break
        said = token["bare"] if token["string"] is None else _unescaped(token["string"])
        if not said:
            continue
        if after is not None and after["mark"] == ":":
            lines.append(f"{said.replace('_', ' ')}:")
        elif lines and lines[-1].endswith(":"):
            lines[-1] += f" {said}"
        else:
            lines.append(said)
    return lines, end


def _unescaped(string: str) -> str:
    try:
        return str(json.loads(f'"{string}"', strict=False))
    except ValueError:  # cut off
        return string.replace("\\n", "\n").replace('\\"', '"')


def _table_lines(table: re.Match[str]) -> str:
    rows = [_cells(line) for line in table[0].splitlines() if not _RULE.fullmatch(line)]
    if rows and sum(map(_is_name, rows[0])) >= 2:
        columns = zip(*rows, strict=False)
        return "".join(f"{name}: {' '.join(cells)}\n" for name, *cells in columns)
    if not any(row and _is_name(row[0]) for row in rows):
        return table[0]
    return "".join(f"{line}\n" for line in _row_lines(rows))


def _row_lines(rows: list[list[str]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number == 0 and all(_TITLES.fullmatch(folded(cell)) for cell in row):
            continue
        name, *cells = row
        yield f"{name}: {' '.join(cells)}" if _is_name(name) else " \u00b7 ".join(row)


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("*_").strip() for cell in line.strip().strip("|").split("|")]


def _is_name(cell: str) -> bool:
    return _is_heading(f"{cell.rstrip(':')}:") if cell else False


def _is_heading(line: str) -> bool:
    found = headings(line, folded(line))
    return bool(found) and found[0].start == 0

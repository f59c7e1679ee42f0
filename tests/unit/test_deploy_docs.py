import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from deploy.commands.cli import app
from storage.layout import Layout

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
NO_LINK = ("http://", "https://", "#", "mailto:")


def code_lines(page: Path) -> Iterator[str]:
    """Lines that the page tells its reader to type, and code within its sentences."""
    text = page.read_text()
    yield from re.findall(r"^    (\S.*)$", text, re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", text)


def words_after(page: Path, program: str) -> Iterator[list[str]]:
    """What follows a program's name on each line, comments left out."""
    for line in code_lines(page):
        found = re.match(rf"(?:\w+=\S+ |sudo |\S*/|cd \S+ && )*{program} (.+)", line)
        if found:
            yield shlex.split(found[1], comments=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_edgerad_command_on_the_page_exists(page: Path) -> None:
    for words in words_after(page, "edgerad"):
        command = typer.main.get_command(app)
        for word in words:
            commands = getattr(command, "commands", {})
            if not commands:
                break
            assert word in commands, f"edgerad {' '.join(words)}"
            command = commands[word]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_on_the_page_exists(page: Path) -> None:
    targets = set(re.findall(r"^([.\w/-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for words in words_after(page, "make"):
        named = [word.rstrip(".,;") for word in words if "=" not in word]
        assert set(named) <= targets, f"make {' '.join(words)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if not target.startswith(NO_LINK):
            assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_on_the_page_stands_in_the_example(page: Path) -> None:
    example = (ROOT / ".env.example").read_text()
    for key in re.findall(r"EDGERAD_[A-Z0-9_]*[A-Z0-9]", page.read_text()):
        assert f"\n{key}=" in example, key


def test_every_page_is_linked_from_the_readme_and_from_the_map() -> None:
    readme, index = PAGES[0], ROOT / "docs" / "index.md"
    for page in set(PAGES) - {readme, index}:
        assert f"]({page.relative_to(ROOT)}" in readme.read_text(), page
        assert f"]({os.path.relpath(page, index.parent)}" in index.read_text(), page


def test_the_architecture_names_every_path_of_the_data_folder() -> None:
    table = (ROOT / "docs" / "architecture.md").read_text().partition("### The data folder")[2]
    home = Path("home")
    for name, value in vars(Layout).items():
        if isinstance(value, property):
            path = getattr(Layout(home), name).relative_to(home)
            assert f"`{path}`" in table, path


def test_every_file_that_a_recipe_names_is_there() -> None:
    """A name with a placeholder in it is of a file that the reader makes."""
    page = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(
        r"`((?:bot|deploy|docs|gateway|inference|machine|pictures|storage|tests)/[^`]*)`", page
    )
    made = [path for path in named if "<" not in path]
    assert len(made) > 30
    assert [path for path in made if not (ROOT / path.split()[0]).exists()] == []


def test_vllm_is_asked_for_the_same_by_hand_and_in_docker() -> None:
    page = (ROOT / "docs" / "remote-engines.md").read_text()
    found = re.search(r"^    vllm serve ((?:.*\\\n)*.*)", page, re.MULTILINE)
    assert found is not None
    model, *words = shlex.split(found[1].replace("\\\n", " "))
    by_hand = dict(zip(words[::2], words[1::2], strict=True))
    for given_otherwise in ("--api-key", "--host", "--port"):
        del by_hand[given_otherwise]

    compose = (ROOT / "deploy" / "vllm" / "compose.yaml").read_text()
    flags = re.findall(r"^ +- (?:'(--\S+?)=(.*)'|(--[\w-]+)=(\S+))", compose, re.MULTILINE)
    in_docker = {quoted or plain: value or other for quoted, value, plain, other in flags}
    assert in_docker == by_hand
    assert f'"vllm", "serve", "{model}"' in compose

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from deploy.commands.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
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


def test_every_page_is_linked_from_the_readme() -> None:
    readme = PAGES[0].read_text()
    assert [page.name for page in PAGES[1:] if f"docs/{page.name}" not in readme] == []


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

import io
from pathlib import Path

from rich.console import Console

from deploy.joining.banner import qr_code, show_banner
from deploy.terminal import terminal
from inference.models import InstalledModel

PRACTICE = InstalledModel(name="practice", path=Path("practice"), practice=True)
MEDGEMMA = InstalledModel(name="medgemma-4b-it", path=Path("medgemma"), practice=False)
LINKS = ["http://192.168.1.20:8081", "http://10.0.0.5:8081"]


def banner(links: list[str], code: str | None, model: InstalledModel = MEDGEMMA) -> str:
    console = terminal()
    console.file, console.width = io.StringIO(), 80
    show_banner(console, links=links, invite_code=code, model=model, tier="auto")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_first_start_shows_the_supervisors_link_at_every_address() -> None:
    shown = banner(LINKS, "ABCDEFGH23")
    assert all(f"{link}/join#ABCDEFGH23" in shown for link in LINKS)
    assert qr_code(f"{LINKS[0]}/join#ABCDEFGH23").splitlines()[3] in shown


def test_a_link_with_an_ipv6_address_is_shown_whole() -> None:
    assert "  http://[fd00::cd:1]:8081/\n" in banner(["http://[fd00::cd:1]:8081"], None)


def test_a_later_start_shows_the_page_and_how_to_invite() -> None:
    shown = banner(LINKS, None)
    assert "/join#" not in shown
    assert f"{LINKS[0]}/\n" in shown
    assert "edgerad invite" in shown


def test_without_a_gateway_the_code_is_shown_for_telegram() -> None:
    shown = banner([], "ABCDEFGH23")
    assert "/start ABCDEFGH23" in shown
    assert "http" not in shown


def test_the_practice_model_is_named_for_what_it_is() -> None:
    assert "not for patients" in banner(LINKS, None, PRACTICE)
    assert "not for patients" not in banner(LINKS, None, MEDGEMMA)


def test_engines_elsewhere_stand_in_place_of_the_model() -> None:
    console = Console(file=io.StringIO(), width=80)
    show_banner(
        console, links=LINKS, invite_code=None, model=None, tier="auto", engines=["http://a:1"]
    )
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "Engines: http://a:1" in shown
    assert "Model:" not in shown


def test_scripted_answers_are_named_for_what_they_are() -> None:
    """Where answers are fixed texts, no model is named as if it read anything."""
    console = Console(file=io.StringIO(), width=80)
    show_banner(console, links=LINKS, invite_code=None, model=None, tier="auto")
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "SCRIPTED ANSWERS: the same text for every picture, not for patients." in shown
    assert "EDGERAD_ENGINE=scripted" in shown
    assert "Model:" not in shown
    assert "Engines:" not in shown

"""The bot's signs on the page: each has a drawing of the page's own, for screens without emoji."""

import re
import unicodedata
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "gateway" / "phone" / "static"
SIGN = "So"
DRAWING = r"""(?m)^  "(?P<sign>[^"]+)": (?:"(?P<name>[^"]+)"|URGENCIES\.(?P<urgency>\w+)),$"""


def drawings() -> dict[str, str]:
    """The name of each sign's drawing."""
    script = (STATIC / "signs.js").read_text(encoding="utf-8")
    table = script[script.index("const DRAWINGS = {") : script.index("const SIGN =")]
    return {
        found["sign"]: found["name"] or found["urgency"].replace("_", "-")
        for found in re.finditer(DRAWING, table)
    }


def bots_signs() -> set[str]:
    """What the bot puts into its messages, and is no letter or punctuation."""
    files = [*(ROOT / "bot" / "replies").rglob("*.py"), ROOT / "bot" / "domain" / "messages.py"]
    files = [file for file in files if file.name != "paper.py"]  # it replaces what others write
    texts = (file.read_text(encoding="utf-8") for file in files)
    return {char for text in texts for char in text if unicodedata.category(char) == SIGN}


def test_every_sign_of_the_bot_is_drawn() -> None:
    assert bots_signs() >= {"🔴", "⚠", "☑"}
    assert bots_signs() - drawings().keys() == set()


def test_every_drawing_is_there() -> None:
    sheet = (STATIC / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sheet))
    assert set(drawings().values()) - drawn == set()
    files = [*STATIC.glob("*.js"), *(STATIC.parent / "templates").glob("*.html")]
    texts = (file.read_text(encoding="utf-8") for file in files)
    used = {name for text in texts for name in re.findall(r"icons\.svg#([\w-]+)", text)}
    assert used - drawn == set()


def test_urgencies_differ_by_shape_and_not_by_colour_alone() -> None:
    sheet = (STATIC / "icons.svg").read_text(encoding="utf-8")
    shapes = {}
    for urgency in ("critical", "urgent", "not-stated", "routine", "not-medical"):
        symbol = re.search(rf'<symbol id="{urgency}"[^>]*>(.*?)</symbol>', sheet)
        assert symbol is not None
        shapes[urgency] = re.sub(r' (?:fill|stroke)="[^"]*"', "", symbol[1])
    assert len(set(shapes.values())) == len(shapes)

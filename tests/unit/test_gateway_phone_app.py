"""The page on a phone's home screen: a name and an icon."""

import json
import re
from pathlib import Path

from PIL import Image

PHONE = Path(__file__).parents[2] / "gateway" / "phone"


def served(path: str) -> Path:
    assert path.startswith("/static/")
    return PHONE / path.removeprefix("/")


def test_the_home_screen_has_a_name_and_icons_of_the_sizes_that_are_named() -> None:
    head = (PHONE / "templates" / "base.html").read_text(encoding="utf-8")
    link = re.search(r'rel="manifest" href="([^"]+)"', head)
    assert link is not None
    manifest = json.loads(served(link[1]).read_text(encoding="utf-8"))
    assert (manifest["short_name"], manifest["start_url"]) == ("EdgeRad", "/")
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    for icon in manifest["icons"]:
        with Image.open(served(icon["src"])) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_an_iphone_has_an_icon_without_transparency() -> None:
    head = (PHONE / "templates" / "base.html").read_text(encoding="utf-8")
    link = re.search(r'rel="apple-touch-icon" href="([^"]+)"', head)
    assert link is not None
    with Image.open(served(link[1])) as picture:
        assert picture.size == (180, 180)
        assert "transparency" not in picture.info

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from deploy.joining.card import (
    DPI,
    SIZE_PX,
    CannotDraw,
    Card,
    Wifi,
    check_card,
    draw_card,
    save_card,
)
from inference.contract import Language
from pictures import letters

CARD = Card(
    link="http://192.168.1.20:8081/join#ABCDEFGH23",
    wifi=Wifi(name="Clinic"),
    role="health worker",
    until=datetime(2026, 11, 25, 8, 0),  # noqa: DTZ001 - the clinic's own clock
)


def test_a_card_is_a_picture_of_its_size_with_a_code_of_black_and_white() -> None:
    page = draw_card(CARD)
    assert page.size == SIZE_PX
    assert page.getextrema() == (0, 255)


def test_a_card_says_the_wifi_the_link_the_role_and_until_when() -> None:
    words = " ".join(line for line, _ in [*CARD.title(), *CARD.lines(), *CARD.notes()])
    for expected in ("Clinic", CARD.link, "health worker", "25/11/2026 08:00"):
        assert expected in words
    assert letters.shown(words) == " ".join(words.split())


def test_a_longer_link_is_written_smaller_and_stays_on_the_page() -> None:
    long = Card(
        link=f"http://{'x' * 60}.lan:8081/join#A", wifi=None, role="admin", until=CARD.until
    )
    margin = draw_card(long).crop((SIZE_PX[0] - 60, 200, SIZE_PX[0] - 30, 900))
    assert margin.getextrema() == (255, 255)


@pytest.mark.parametrize(("name", "start"), [("card.png", b"\x89PNG"), ("card.PDF", b"%PDF")])
def test_a_card_is_written_for_its_owner_alone(tmp_path: Path, name: str, start: bytes) -> None:
    save_card(CARD, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_printed_card_has_the_size_of_a_postcard(tmp_path: Path) -> None:
    save_card(CARD, tmp_path / "card.png")
    with Image.open(tmp_path / "card.png") as page:
        assert round(page.info["dpi"][0]) == DPI


@pytest.mark.parametrize(
    ("name", "wifi"), [("card.txt", None), ("nowhere/card.png", None), ("card.png", "العيادة")]
)
def test_what_cannot_be_drawn_is_said_before_there_is_an_invite(
    tmp_path: Path, name: str, wifi: str | None
) -> None:
    with pytest.raises(CannotDraw):
        check_card(tmp_path / name, None if wifi is None else Wifi(name=wifi))


@pytest.mark.parametrize("wifi", ["Clinic 5G", "Clinique é", "Asibitin ƙauye"])
def test_a_wifi_of_any_of_the_bots_languages_can_stand_on_a_card(tmp_path: Path, wifi: str) -> None:
    check_card(tmp_path / "card.pdf", Wifi(name=wifi))


@pytest.mark.parametrize("language", Language)
def test_a_card_speaks_each_language_in_letters_that_can_be_drawn(language: Language) -> None:
    card = replace(CARD, language=language)
    words = " ".join(line for line, _ in [*card.lines(), *card.notes()])
    assert "health worker" in words
    assert letters.shown(words) == " ".join(words.split())


def test_a_phone_joins_the_wifi_by_a_code_where_the_password_is_known() -> None:
    assert CARD.wifi_code is None
    card = replace(CARD, wifi=Wifi(name="Clinic; 5G", password='se"cret'))
    assert card.wifi_code == r"WIFI:T:WPA;S:Clinic\; 5G;P:se\"cret;;"
    both, one = draw_card(card), draw_card(CARD)
    assert both.size == one.size
    foot = (SIZE_PX[0] // 2 - 100, SIZE_PX[1] - 60, SIZE_PX[0] // 2 + 100, SIZE_PX[1] - 30)
    assert both.crop(foot).getextrema() == (255, 255)

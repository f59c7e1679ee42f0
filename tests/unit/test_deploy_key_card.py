from pathlib import Path

import pytest

from deploy.joining.card import SIZE_PX, blank_page, write_lines
from deploy.release.bundle import seal
from deploy.release.key_card import card_lines
from deploy.stick.signature import PUBLIC_KEY, key_code
from pictures import letters

CODE = "5caa 30b8 8aeb be36 d19d 01f1 ae77 aee2"


def test_a_key_card_says_the_whole_code_what_to_compare_and_what_to_do() -> None:
    words = " ".join(line for line, _ in card_lines(CODE) if line)
    for expected in (
        CODE,
        "sha256sum release.pub",
        "openssl pkeyutl -verify",
        "another way",
        "do not use the stick",
    ):
        assert expected in words
    assert letters.shown(words) == " ".join(words.split())


def test_all_of_it_stays_on_the_page() -> None:
    page, pen = blank_page()
    assert write_lines(pen, card_lines(CODE), 90) < SIZE_PX[1] - 60
    assert page.crop((SIZE_PX[0] - 60, 30, SIZE_PX[0] - 30, 900)).getextrema() == (255, 255)


def test_a_stick_is_sealed_with_a_card_beside_the_key_and_none_on_the_stick(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick, key = tmp_path / "stick", tmp_path / "maker" / "release_key"
    stick.mkdir()
    for name in ("RELEASE", "MACHINE", "PYTHONS"):
        (stick / name).write_text("words\n")
    seal(stick, key)
    card = key.with_name("stick_card.pdf")
    assert card.read_bytes().startswith(b"%PDF")
    assert str(card) in capsys.readouterr().out
    assert key_code(stick / PUBLIC_KEY) in (stick / "README.txt").read_text()
    assert not list(stick.rglob("*.pdf"))

"""Before sending: who the patient is by tap, no name by mistake, and the film's four corners."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pictures.corners import corners as outline
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone
from tests.film_photos import jpeg, on_light_box, overlap

TOUCH_PX = 44


def pressed(phone: Phone, name: str) -> None:
    expect(phone.preview.get_by_role("button", name=name, exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_what_is_tapped_stands_in_the_caption_and_can_be_taken_back(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    caption = phone.preview.get_by_label("Caption")
    for name in ("Female", "cough", "fever", "chest X-ray"):
        phone.preview.get_by_role("button", name=name, exact=True).click()
    phone.preview.get_by_label("Age").fill("8")
    phone.preview.get_by_role("button", name="years", exact=True).click()
    phone.preview.get_by_label("Record no.").fill("2231")
    expect(caption).to_have_value("F, 8 months, cough, fever, chest X-ray, ref 2231")

    phone.preview.get_by_role("button", name="fever", exact=True).click()
    phone.preview.get_by_role("button", name="Male", exact=True).click()
    expect(caption).to_have_value("M, 8 months, cough, chest X-ray, ref 2231")
    phone.send_preview()
    assert bot.next_update("message")["caption"] == "M, 8 months, cough, chest X-ray, ref 2231"


def test_what_is_typed_is_shown_at_once_and_forgotten_with_the_picture(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    phone.preview.get_by_label("Caption").fill("45 M, fever, ref 77/B")
    pressed(phone, "Male")
    pressed(phone, "fever")
    expect(phone.preview.get_by_label("Age")).to_have_value("45")
    expect(phone.preview.get_by_label("Record no.")).to_have_value("77/B")
    phone.send_preview()
    assert bot.next_update("message")["photo"]

    phone.choose([film])
    expect(phone.preview.get_by_label("Caption")).to_have_value("")
    expect(phone.preview.get_by_label("Age")).to_have_value("")
    expect(phone.preview.locator("[aria-pressed=true].chip")).to_have_count(0)


def test_a_name_in_the_caption_is_asked_about_and_taken_out_by_a_tap(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    phone.preview.get_by_label("Caption").fill("F, 34 y, Amina Bello, cough")
    warning = phone.preview.get_by_role("alert").filter(has_text="“Amina Bello” looks like")
    expect(warning).to_be_visible()
    warning.get_by_role("button", name="Remove").click()
    expect(warning).to_be_hidden()
    expect(phone.preview.get_by_label("Caption")).to_have_value("F, 34 y, cough")
    phone.send_preview()
    assert bot.next_update("message")["caption"] == "F, 34 y, cough"


def test_the_corners_of_the_film_are_set_by_finger_and_keys_and_sent_with_the_whole_photo(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    image = phone.preview.locator("#preview-stage img")
    expect(image).to_be_visible()
    phone.preview.get_by_role("button", name="Corners of the film").click()
    box = phone.preview.locator(".film-box").bounding_box()
    first = phone.preview.get_by_role("button", name="Corner 1 of 4").bounding_box()
    assert box is not None
    assert first is not None
    assert min(first["width"], first["height"]) >= TOUCH_PX

    mouse = phone.page.mouse
    mouse.move(box["x"] + 0.08 * box["width"], box["y"] + 0.08 * box["height"])
    mouse.down()
    mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.1 * box["height"], steps=4)
    mouse.up()
    phone.preview.get_by_role("button", name="Corner 3 of 4").focus()
    for _ in range(5):
        phone.page.keyboard.press("ArrowLeft")
    phone.send_preview("Corners")

    sent = bot.next_update("message")
    corners = sent["edgerad_film_corners"]
    expected = [[0.2, 0.1], [0.92, 0.08], [0.87, 0.92], [0.08, 0.92]]
    for corner, there in zip(corners, expected, strict=True):
        assert corner == pytest.approx(there, abs=0.02)
    ratio = sent["photo"][-1]["width"] / sent["photo"][-1]["height"]
    assert ratio == pytest.approx(box["width"] / box["height"], abs=0.02)  # nothing is cut off


def test_the_corners_are_found_where_a_film_is_surely_seen_and_may_be_taken_off(
    phone: Phone, bot: BotByHand, tmp_path: Path
) -> None:
    photo, corners = on_light_box()
    (tmp_path / "light box.jpg").write_bytes(jpeg(photo))
    phone.choose([tmp_path / "light box.jpg"])
    handles = phone.preview.get_by_role("button", name=re.compile("Corner . of 4"))
    expect(handles).to_have_count(4)
    phone.send_preview("Found")
    found = bot.next_update("message")["edgerad_film_corners"]
    assert overlap(outline(found), corners) > 0.9

    phone.choose([tmp_path / "light box.jpg"])
    expect(handles).to_have_count(4)
    phone.preview.get_by_role("button", name="Corners of the film").click()
    expect(handles).to_have_count(0)
    phone.send_preview("Taken off")
    assert bot.next_update("message").get("edgerad_film_corners") is None


def test_corners_turn_with_the_picture_and_never_cross(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    expect(phone.preview.locator("#preview-stage img")).to_be_visible()
    phone.preview.get_by_role("button", name="Corners of the film").click()
    phone.preview.get_by_role("button", name="Corner 2 of 4").focus()
    for _ in range(10):
        phone.page.keyboard.press("ArrowDown")  # (0.92, 0.18)
    phone.preview.get_by_role("button", name="Turn picture").click()
    corner = phone.preview.get_by_role("button", name="Corner 3 of 4")  # now at (0.82, 0.92)
    expect(corner).to_have_css("position", "absolute")
    phone.preview.get_by_role("button", name="Corner 1 of 4").focus()
    for _ in range(200):
        phone.page.keyboard.press("ArrowRight")
    phone.send_preview("Turned")

    (x1, _), _, (x3, y3), _ = bot.next_update("message")["edgerad_film_corners"]
    assert (x3, y3) == pytest.approx((0.82, 0.92), abs=0.01)
    assert x1 < 0.92

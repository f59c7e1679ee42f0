"""A film that a phone cannot draw is seen before it is sent: the clinic's machine draws it."""

import io
from pathlib import Path

import pillow_heif
import pytest
from PIL import ImageFilter
from playwright.sync_api import FilePayload, Request, Route, expect

from inference.contract import Language
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone
from tests.film_photos import on_light_box
from tests.integration.test_pictures_series import ct, lying, zipped

NARROW_PX = 320
HELD = "**/chat/held/*"


def dicom(name: str = "slice.dcm") -> FilePayload:
    return FilePayload(name=name, mimeType="application/dicom", buffer=ct(40, side_px=256))


FILES = {
    "DICOM": dicom(),
    "a scan in a ZIP": FilePayload(
        name="scan.zip", mimeType="application/zip", buffer=zipped(lying([30, 10, 20], side_px=128))
    ),
}


def is_message(request: Request) -> bool:
    return "/chat/messages/" in request.url and request.method == "PUT"


def see_drawn(phone: Phone) -> None:
    """The film stands on the stage, and small in the strip."""
    for place in ("#preview-stage > img", "#preview-strip img"):
        expect(phone.preview.locator(place)).to_have_count(1)
        phone.see(f"document.querySelector('{place}')?.naturalWidth > 0")


@pytest.mark.parametrize("kind", FILES)
def test_a_film_as_a_file_is_seen_before_it_is_sent_and_comes_in_once(
    phone: Phone, bot: BotByHand, kind: str
) -> None:
    file = FILES[kind]
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    phone.page.on("request", note)
    phone.choose([file])
    see_drawn(phone)
    expect(phone.preview.locator(".preview-name")).to_contain_text(file["name"])
    with phone.page.expect_request(is_message) as message:
        phone.send_preview("F 45, cough")
    document = bot.next_update("message")["document"]
    assert bot.download(document["file_id"]) == file["buffer"]
    assert document["thumbnail"]
    assert len(message.value.post_data_buffer or b"") < 2_000
    assert [each for each in asked if each.method == "DELETE"] == []


def test_a_file_that_is_held_no_longer_is_sent_as_a_whole(phone: Phone, bot: BotByHand) -> None:
    phone.expect_fault("410 (Gone)")
    phone.choose([dicom()])
    see_drawn(phone)
    phone.page.evaluate(
        """async () => {
            const { name } = performance.getEntriesByType("resource")
                .findLast((each) => each.name.includes("/chat/held/"));
            await fetch(name, { method: "DELETE" });
        }"""
    )
    phone.send_preview("F 45, cough")
    sent = bot.next_update("message")
    assert sent["caption"] == "F 45, cough"
    assert bot.download(sent["document"]["file_id"]) == dicom()["buffer"]


def test_a_film_that_is_thrown_away_is_held_no_longer(phone: Phone) -> None:
    phone.choose([dicom()])
    see_drawn(phone)
    with phone.page.expect_request(HELD) as let_go:
        phone.preview.get_by_role("button", name="Take this picture out").click()
    assert let_go.value.method == "DELETE"
    expect(phone.preview).to_be_hidden()


def test_it_can_be_sent_while_its_picture_is_still_made(phone: Phone, bot: BotByHand) -> None:
    phone.page.route(HELD, lambda _route: None)  # it never ends
    phone.choose([dicom()])
    making = phone.preview.locator("#preview-stage")
    expect(making).to_contain_text("Making a small picture of it…")
    expect(making.locator("progress")).to_be_visible()
    phone.send_preview("Sooner")
    sent = bot.next_update("message")
    assert sent["document"]["file_name"] == "slice.dcm"
    expect(phone.preview.locator("#preview-stage > *")).to_have_count(0)


@pytest.mark.parametrize("way", ["no picture", "no connection"])
def test_a_file_of_which_nothing_can_be_shown_says_so_and_is_sent(
    phone: Phone, bot: BotByHand, way: str
) -> None:
    if way == "no connection":
        phone.expect_fault("ERR_INTERNET_DISCONNECTED")
        phone.page.route(HELD, lambda route: route.abort("internetdisconnected"))
    phone.choose([FilePayload(name="letter.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4")])
    stage = phone.preview.locator("#preview-stage")
    expect(stage).to_contain_text("No picture of this file can be shown. It will be sent as it is.")
    expect(stage.locator("progress")).to_have_count(0)
    phone.send_preview("A letter")
    assert bot.next_update("message")["document"]["file_name"] == "letter.pdf"


def test_a_photo_of_another_phone_is_judged_by_the_picture_made_of_it(
    phone: Phone, bot: BotByHand
) -> None:
    """This browser cannot draw HEIC, so the coach has what the machine made."""
    made = io.BytesIO()
    photo = on_light_box()[0].resize((1200, 1600)).filter(ImageFilter.GaussianBlur(9))
    pillow_heif.from_pillow(photo).save(made)
    phone.choose([FilePayload(name="IMG_1.heic", mimeType="image/heic", buffer=made.getvalue())])
    see_drawn(phone)
    expect(phone.preview.locator("#coach")).to_contain_text("Blurred: take it again?")
    phone.preview.get_by_role("button", name="Send anyway").click()
    assert bot.download(bot.next_update("message")["document"]["file_id"]) == made.getvalue()


def test_of_an_album_each_file_has_its_picture(phone: Phone, bot: BotByHand, film: Path) -> None:
    phone.choose([dicom("one.dcm"), dicom("two.dcm")])
    expect(phone.preview.locator("#preview-strip img")).to_have_count(2)
    phone.choose([film])
    expect(phone.preview.locator("#preview-strip img")).to_have_count(3)
    phone.send_preview("Three")
    kinds = ["document" if "document" in bot.next_update("message") else "photo" for _ in range(3)]
    assert sorted(kinds) == ["document", "document", "photo"]


@pytest.mark.parametrize("language", Language)
def test_what_is_shown_of_a_file_fits_the_narrowest_phone(phone: Phone, language: str) -> None:
    page = phone.page
    page.set_viewport_size({"width": NARROW_PX, "height": 568})
    page.evaluate("code => localStorage.setItem('edgerad.language', code)", language)
    page.reload()
    phone.see(
        "document.documentElement.lang !== '' && !!document.querySelector('#about-signs .chip')"
    )
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(HELD, hold)
    long_name = "IMG_2026_11_30_chest_of_the_patient_in_bed_four.dcm"
    phone.choose([dicom(long_name)])
    expect(phone.preview.locator("progress")).to_be_visible()
    fits(phone, ".preview-file p", ".preview-file b", "progress", "#preview-send")
    held[0].continue_()
    see_drawn(phone)
    fits(phone, "#preview-stage > img", ".preview-name", "#preview-send")


def fits(phone: Phone, *places: str) -> None:
    for place in places:
        box = phone.preview.locator(place).bounding_box()
        assert box is not None, place
        assert box["x"] >= 0, place
        assert box["x"] + box["width"] <= NARROW_PX, place
    width = phone.page.evaluate("document.querySelector('#preview form').scrollWidth")
    assert width <= NARROW_PX

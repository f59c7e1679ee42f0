"""Pictures: from the camera, the gallery or the samples, through the preview sheet, to the bot."""

import io
import re
import uuid
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone
from tests.film_photos import on_light_box

ORIENTATION, GPS = 0x0112, 0x8825
TURNED_RIGHT = 6


def camera_picture(width_px: int, height_px: int) -> bytes:
    """A JPEG as a phone's camera writes it: lying, with orientation and place in its EXIF."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    exif.get_ifd(GPS)[1] = "N"
    picture = Image.new("RGB", (width_px, height_px), "gray")
    data = io.BytesIO()
    picture.save(data, "JPEG", exif=exif)
    return data.getvalue()


def test_a_photo_with_its_caption_is_delivered(phone: Phone, bot: BotByHand, film: Path) -> None:
    phone.choose([film])
    phone.send_preview("34 y, F, cough for 3 weeks")

    case = bot.next_update("message")
    assert case["caption"] == "34 y, F, cough for 3 weeks"
    assert case["photo"]
    bot.confirm()
    phone.see_delivered("34 y, F, cough")
    expect(phone.entry("34 y, F, cough").locator(".tile img")).to_be_visible()


def test_a_camera_picture_goes_out_upright_smaller_and_without_its_place(
    phone: Phone, bot: BotByHand, tmp_path: Path
) -> None:
    taken = tmp_path / "camera.jpg"
    taken.write_bytes(camera_picture(3000, 2000))
    phone.page.locator("#camera-input").set_input_files(taken)
    phone.send_preview()

    sizes = bot.next_update("message")["photo"]
    with Image.open(io.BytesIO(bot.download(sizes[-1]["file_id"]))) as received:
        assert received.width < received.height <= 2048
        assert not received.getexif()


def test_a_picture_turned_in_the_preview_arrives_turned(
    phone: Phone, bot: BotByHand, tmp_path: Path
) -> None:
    lying = tmp_path / "lying.png"
    Image.new("RGB", (600, 300), "gray").save(lying)
    phone.choose([lying])
    phone.preview.get_by_role("button", name="Turn picture").click()
    shown = "document.querySelector('#preview-stage img')"
    phone.see(f"{shown}.naturalHeight > {shown}.naturalWidth")
    phone.send_preview()

    largest = bot.next_update("message")["photo"][-1]
    assert (largest["width"], largest["height"]) == (300, 600)


def test_a_picture_is_cropped_by_its_corners_with_finger_or_keys(
    phone: Phone, bot: BotByHand, tmp_path: Path
) -> None:
    halves = Image.new("RGB", (600, 400), "white")
    halves.paste("black", (300, 0, 600, 400))
    halves.save(tmp_path / "halves.png")
    phone.choose([tmp_path / "halves.png"])
    phone.preview.get_by_role("button", name="Crop picture").click()
    cropper = phone.page.get_by_role("dialog", name="Crop picture")
    box = cropper.locator("#crop-box").bounding_box()
    corner = cropper.get_by_role("button", name="Corner 1 of 4").bounding_box()
    assert box is not None
    assert corner is not None
    assert min(corner["width"], corner["height"]) >= 44

    mouse = phone.page.mouse
    mouse.move(box["x"], box["y"])
    mouse.down()
    mouse.move(box["x"] + box["width"] / 2, box["y"], steps=4)
    mouse.up()
    cropper.get_by_role("button", name="Corner 4 of 4").focus()
    for _ in range(25):
        phone.page.keyboard.press("ArrowUp")
    cropper.get_by_role("button", name="Use this part").click()
    expect(cropper).to_be_hidden()
    phone.see("document.querySelector('#preview-stage img').naturalWidth === 300")
    phone.send_preview()

    largest = bot.next_update("message")["photo"][-1]
    assert (largest["width"], largest["height"]) == (300, 200)
    with Image.open(io.BytesIO(bot.download(largest["file_id"]))) as received:
        black = received.convert("L").point(lambda level: 255 if level > 40 else 0)
        assert black.getbbox() is None


def test_the_original_is_sent_as_a_file_with_all_its_pixels_and_without_its_place(
    phone: Phone, bot: BotByHand, tmp_path: Path
) -> None:
    taken = tmp_path / "camera.jpg"
    taken.write_bytes(camera_picture(300, 200))
    phone.choose([taken])
    phone.preview.get_by_label("Send original as file").check()
    phone.send_preview("Faint finding")

    document = bot.next_update("message")["document"]
    assert document["file_name"] == "camera.jpg"
    with (
        Image.open(taken) as chosen,
        Image.open(io.BytesIO(bot.download(document["file_id"]))) as received,
    ):
        assert received.tobytes() == chosen.tobytes()
        assert dict(received.getexif()) == {ORIENTATION: TURNED_RIGHT}


def test_several_pictures_are_one_album_with_one_caption(
    phone: Phone, bot: BotByHand, film: Path, tmp_path: Path
) -> None:
    side = tmp_path / "side.png"
    Image.new("RGB", (300, 200), "gray").save(side)
    phone.choose([film, side])
    expect(phone.preview.get_by_role("heading")).to_have_text("2 pictures")
    phone.send_preview("Front and side")

    first, second = bot.next_update("message"), bot.next_update("message")
    assert first["media_group_id"] == second["media_group_id"]
    assert first["caption"] == "Front and side"
    assert "caption" not in second
    bot.confirm()
    phone.see_delivered("Front and side")
    expect(phone.entry("Front and side").locator(".tile")).to_have_count(2)


def test_what_the_browser_cannot_show_goes_as_it_is(phone: Phone, bot: BotByHand) -> None:
    scan = b"\0" * 128 + b"DICM" + b"\0" * 64
    phone.choose([{"name": "scan.dcm", "mimeType": "application/dicom", "buffer": scan}])
    expect(phone.preview.get_by_label("Send original as file")).to_be_hidden()  # it is one
    expect(phone.preview).to_contain_text("It will be sent as it is.")
    phone.send_preview("CT")

    document = bot.next_update("message")["document"]
    assert document["file_name"] == "scan.dcm"
    assert bot.download(document["file_id"]) == scan
    expect(phone.entry("scan.dcm")).to_be_visible()


def plain_png() -> bytes:
    """A PNG with enough in it to be cut short."""
    data = io.BytesIO()
    Image.effect_noise((300, 200), 60).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "whole"), [("cut.jpg", camera_picture(1200, 900)), ("cut.png", plain_png())]
)
def test_a_photo_that_was_cut_short_is_not_redrawn_as_a_whole_one(
    phone: Phone, bot: BotByHand, name: str, whole: bytes
) -> None:
    cut = whole[: len(whole) // 2]
    kind = f"image/{Path(name).suffix[1:]}".replace("jpg", "jpeg")
    phone.choose([{"name": name, "mimeType": kind, "buffer": cut}])
    phone.send_preview()

    document = bot.next_update("message")["document"]
    assert bot.download(document["file_id"])[-1000:] == cut[-1000:]


def test_a_sample_film_is_tried_with_two_taps_and_send(phone: Phone, bot: BotByHand) -> None:
    phone.page.get_by_role("button", name="Try a sample film").click()
    sample = phone.page.locator("#sample-list button").first
    caption = sample.locator("small").inner_text()
    sample.click()
    expect(phone.preview.get_by_label("Caption")).to_have_value(caption)
    phone.send_preview()

    assert bot.next_update("message")["caption"] == caption
    expect(phone.page.locator("#welcome")).to_be_hidden()


def test_a_picture_opens_over_the_whole_screen_and_closes_again(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    phone.send_preview("To look at")
    assert bot.next_update("message")["photo"]
    phone.entry("To look at").locator(".tile").click()
    viewer = phone.page.get_by_role("dialog", name="Picture")
    expect(viewer.get_by_role("img")).to_be_visible()

    viewer.get_by_role("button", name="Larger").click()
    expect(viewer.get_by_role("img")).to_have_css("transform", "matrix(1.6, 0, 0, 1.6, 0, 0)")
    phone.page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()


def test_two_fingers_enlarge_a_picture(phone: Phone, bot: BotByHand, film: Path) -> None:
    phone.choose([film])
    phone.send_preview("To look at closely")
    assert bot.next_update("message")["photo"]
    phone.entry("To look at closely").locator(".tile").click()
    expect(phone.page.locator("#viewer-image")).to_be_visible()

    touch = phone.context.new_cdp_session(phone.page)
    for kind, apart in (("touchStart", 50), ("touchMove", 75), ("touchMove", 100)):
        fingers = [{"x": 180 + side * apart, "y": 370, "id": side} for side in (-1, 1)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    image = "document.querySelector('#viewer-image')"
    phone.see(f"new DOMMatrix(getComputedStyle({image}).transform).a > 1.8")


def test_a_picture_is_inverted_and_made_lighter_by_finger_or_keys(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    phone.send_preview("Too dark")
    assert bot.next_update("message")["photo"]
    phone.entry("Too dark").locator(".tile").click()
    viewer = phone.page.get_by_role("dialog", name="Picture")
    image = phone.page.locator("#viewer-image")

    viewer.get_by_role("button", name="Black and white exchanged").click()
    expect(image).to_have_css("filter", "invert(1)")
    phone.page.keyboard.press("i")
    expect(image).to_have_css("filter", "none")

    viewer.get_by_role("button", name="Light and contrast").click()
    mouse = phone.page.mouse
    mouse.move(100, 500)
    mouse.down()
    mouse.move(136, 426, steps=3)  # a tenth of the screen to the right, and up
    mouse.up()
    expect(image).to_have_css("filter", "brightness(1.1) contrast(1.1)")
    phone.page.keyboard.press("ArrowUp")
    phone.page.keyboard.press("ArrowLeft")
    expect(image).to_have_css("filter", "brightness(1.2) contrast(1)")
    expect(viewer.get_by_role("status")).to_have_text("Light 120 %, contrast 100 %")
    phone.page.keyboard.press("0")
    expect(image).to_have_css("filter", "none")


def test_a_film_whose_corners_are_known_is_shown_straight_and_as_it_was(
    phone: Phone, bot: BotByHand, tmp_path: Path
) -> None:
    photo = Image.new("RGB", (400, 400), "gray")
    ImageDraw.Draw(photo).polygon([(100, 120), (320, 80), (300, 340), (80, 300)], fill="white")
    photo.save(tmp_path / "tilted.png")
    corners = "[[0.25,0.3],[0.8,0.2],[0.75,0.85],[0.2,0.75]]"
    answer = phone.page.request.put(
        f"{phone.base_url}/chat/messages/{uuid.uuid4()}",
        multipart={
            "text": "A tilted film",
            "as": "photo",
            "film_corners": corners,
            "file": {
                "name": "tilted.png",
                "mimeType": "image/png",
                "buffer": (tmp_path / "tilted.png").read_bytes(),
            },
        },
    )
    assert answer.ok
    assert bot.next_update("message")["photo"]
    phone.entry("A tilted film").locator(".tile").click()
    straight = phone.page.get_by_role("button", name="Film straight")
    as_it_was = grey_at(phone, 30, 200)
    straight.click()
    assert grey_at(phone, 30, 200) > 240 > as_it_was  # the film fills the width
    phone.page.keyboard.press("s")
    assert grey_at(phone, 30, 200) == as_it_was


def grey_at(phone: Phone, x: int, y: int) -> int:
    """What the screen shows there, as a grey."""
    with Image.open(io.BytesIO(phone.page.screenshot(animations="disabled"))) as screen:
        return screen.convert("L").tobytes()[y * screen.width + x]


def test_the_back_button_closes_what_lies_over_the_chat_and_asks_before_it_throws_away(
    phone: Phone, film: Path
) -> None:
    phone.page.get_by_role("button", name="Menu").click()
    expect(phone.page.locator("#menu")).to_be_visible()
    phone.page.go_back()
    expect(phone.page.locator("#menu")).to_be_hidden()

    phone.choose([film])
    expect(phone.preview).to_be_visible()
    phone.page.go_back()
    question = phone.page.get_by_role("dialog").filter(has_text="It has not been sent.")
    question.get_by_role("button", name="Keep").click()
    expect(phone.preview).to_be_visible()
    expect(phone.page.locator("#preview-stage img")).to_be_visible()


def test_a_file_over_the_limit_is_refused_in_words_before_it_is_uploaded(
    phone: Phone, tmp_path: Path
) -> None:
    large = tmp_path / "series.dcm"
    with large.open("wb") as file:
        file.truncate(60_000_000)

    phone.choose([large])

    words = phone.page.get_by_role("dialog").filter(has_text="60 MB")
    expect(words).to_contain_text("At most 50 MB can be sent.")
    words.get_by_role("button", name="OK").click()
    expect(phone.preview).to_be_hidden()


def test_a_file_under_a_megabyte_is_shown_in_kilobytes(phone: Phone) -> None:
    phone.choose([{"name": "slice.dcm", "mimeType": "application/dicom", "buffer": bytes(480_000)}])

    expect(phone.preview).to_contain_text("480 kB")


def test_an_empty_file_is_refused_in_words(phone: Phone) -> None:
    phone.choose([{"name": "film.jpg", "mimeType": "image/jpeg", "buffer": b""}])

    expect(phone.page.get_by_role("dialog")).to_contain_text("“film.jpg” is empty.")


def test_a_caption_that_is_too_long_is_said_and_not_cut(phone: Phone, film: Path) -> None:
    phone.choose([film])
    caption = phone.preview.get_by_label("Caption")
    caption.fill("x" * 5000)

    expect(phone.preview).to_contain_text("The caption is 3976 characters too long.")
    phone.preview.get_by_role("button", name="Send", exact=True).click()
    expect(phone.preview).to_be_visible()
    expect(caption).to_have_value("x" * 5000)


def test_a_picture_is_thrown_away_only_after_asking(phone: Phone, film: Path) -> None:
    phone.choose([film])
    expect(phone.preview).to_be_visible()
    phone.page.keyboard.press("Escape")
    question = phone.page.get_by_role("dialog").filter(has_text="It has not been sent.")

    question.get_by_role("button", name="Keep").click()
    expect(phone.preview).to_be_visible()
    phone.preview.get_by_role("button", name="Discard").click()
    question.get_by_role("button", name="Discard").click()
    expect(phone.preview).to_be_hidden()


def test_a_film_whose_corners_nobody_set_is_shown_straight_where_it_is_surely_seen(
    phone: Phone, bot: BotByHand, film: Path, tmp_path: Path
) -> None:
    on_light_box()[0].save(tmp_path / "light box.jpg")
    phone.choose([tmp_path / "light box.jpg"])
    corners = phone.preview.get_by_role("button", name="Corners of the film")
    expect(corners).to_have_attribute("aria-pressed", "true")
    corners.click()
    phone.send_preview("Taken off")
    assert "edgerad_film_corners" not in bot.next_update("message")
    phone.entry("Taken off").locator(".tile").click()
    phone.page.get_by_role("button", name="Film straight").click()
    expect(phone.page.locator("#viewer-image")).to_have_css("transform", re.compile("matrix3d"))
    phone.page.keyboard.press("Escape")

    phone.choose([film])  # a bare film: there is nothing around it
    phone.send_preview("Bare")
    phone.entry("Bare").locator(".tile").click()
    phone.page.get_by_role("button", name="Film straight").click()
    expect(phone.page.locator("#viewer-told")).to_have_text(
        "No film was surely seen in this picture."
    )


def deep_png() -> bytes:
    """A PNG of 65,536 greys, as a digitiser writes it."""
    greys = np.linspace(0, 65535, 300 * 200).reshape(200, 300).astype(np.uint16)
    data = io.BytesIO()
    Image.fromarray(greys).save(data, "PNG")
    return data.getvalue()


def see_through_png(*alphas: int) -> bytes:
    """A PNG of which each stripe is as opaque as that."""
    picture = Image.new("RGBA", (300, 200), "gray")
    for i, alpha in enumerate(alphas):
        picture.paste((90, 90, 90, alpha), (i * 40, 0, i * 40 + 40, 200))
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize("png", [deep_png(), see_through_png(255, 0, 128)], ids=["deep", "alpha"])
def test_a_png_that_a_canvas_would_make_poorer_goes_as_it_is(
    phone: Phone, bot: BotByHand, png: bytes
) -> None:
    phone.choose([{"name": "scan.png", "mimeType": "image/png", "buffer": png}])
    expect(phone.preview.locator(".preview-name")).to_contain_text("scan.png")
    phone.send_preview()
    assert bot.download(bot.next_update("message")["document"]["file_id"]) == png


def test_a_screenshot_whose_every_pixel_is_opaque_goes_as_a_photo(
    phone: Phone, bot: BotByHand
) -> None:
    png = see_through_png(255)
    phone.choose([{"name": "screen.png", "mimeType": "image/png", "buffer": png}])
    phone.send_preview()
    assert bot.next_update("message")["photo"]

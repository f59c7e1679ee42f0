"""Before sending: who the patient is by tap, no name by mistake, and the film's four corners."""

import base64
import re
import sys
from pathlib import Path

import pytest
from PIL import ImageFilter
from playwright.sync_api import FilePayload, Route, expect

from inference.contract import Language
from pictures.corners import corners as outline
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import SEND, Phone
from tests.film_photos import jpeg, on_light_box, overlap

TOUCH_PX = 44
NARROW_PX = 320


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


def test_a_corner_stays_under_the_finger_while_the_film_is_looked_for(
    phone: Phone, bot: BotByHand, tmp_path: Path
) -> None:
    on_light_box()[0].save(tmp_path / "light box.jpg")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.page.route("**/chat/look", hold)
    with phone.page.expect_request("**/chat/look"):
        phone.choose([tmp_path / "light box.jpg"])
    phone.preview.get_by_role("button", name="Corners of the film").click()
    corner = phone.preview.get_by_role("button", name="Corner 1 of 4")
    box, there = phone.preview.locator(".film-box").bounding_box(), corner.bounding_box()
    assert box is not None
    assert there is not None
    x, y = there["x"] + there["width"] / 2, there["y"] + there["height"] / 2
    phone.page.mouse.move(x, y)
    phone.page.mouse.down()
    phone.page.mouse.move(x + box["width"] * 0.1, y)
    with phone.page.expect_response("**/chat/look"):
        held[0].continue_()
    phone.page.evaluate("() => new Promise((shown) => requestIdleCallback(shown))")
    phone.page.mouse.move(x + box["width"] * 0.2, y)
    phone.page.mouse.up()
    expect(corner).to_have_attribute("style", re.compile("left: 2[78]"))


def test_each_tap_turns_the_picture_and_its_corners_a_quarter(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    phone.preview.get_by_role("button", name="Corners of the film").click()
    phone.preview.get_by_role("button", name="Corner 1 of 4").focus()
    for _ in range(10):
        phone.page.keyboard.press("ArrowDown")  # (0.08, 0.18)
    turn = phone.preview.get_by_role("button", name="Turn picture")
    for _ in range(3):
        turn.click()
    send = phone.preview.get_by_role("button", name=SEND)
    expect(send).to_be_enabled()
    phone.send_preview("Three quarters")

    sent = bot.next_update("message")
    assert sent["photo"][-1]["width"] > sent["photo"][-1]["height"]
    corners = sent["edgerad_film_corners"]
    assert corners[3] == pytest.approx((0.18, 0.92), abs=0.005)  # the first, three quarters on


def test_a_picture_that_cannot_be_turned_stays_as_it_was_and_can_be_sent(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    expect(phone.preview.locator("#preview-stage img")).to_be_visible()
    phone.page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    phone.preview.get_by_role("button", name="Turn picture").click()
    said = phone.page.get_by_role("dialog").filter(has_text="The picture could not be turned")
    said.get_by_role("button", name="OK").click()
    phone.send_preview("As it was")
    sent = bot.next_update("message")
    assert sent["photo"][-1]["width"] < sent["photo"][-1]["height"]


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
    corner = phone.preview.get_by_role("button", name="Corner 3 of 4")
    expect(corner).to_have_attribute("style", re.compile(r"left: (82|81\.9).*top: 92"))
    phone.preview.get_by_role("button", name="Corner 1 of 4").focus()
    for _ in range(200):
        phone.page.keyboard.press("ArrowRight")
    phone.send_preview("Turned")

    (x1, _), _, (x3, y3), _ = bot.next_update("message")["edgerad_film_corners"]
    assert (x3, y3) == pytest.approx((0.82, 0.92), abs=0.01)
    assert x1 < 0.92


@pytest.fixture
def blurred(tmp_path: Path) -> Path:
    """A photo of a film that nobody held still for."""
    photo, _ = on_light_box()
    photo.resize((1200, 1600)).filter(ImageFilter.GaussianBlur(9)).save(tmp_path / "blurred.jpg")
    return tmp_path / "blurred.jpg"


def test_a_poor_photo_is_told_of_and_another_one_takes_its_place(
    phone: Phone, bot: BotByHand, blurred: Path, tmp_path: Path
) -> None:
    on_light_box()[0].save(tmp_path / "sharp.jpg")
    phone.choose([blurred])
    coach = phone.preview.locator("#coach")
    expect(coach).to_contain_text("Blurred: take it again?")
    expect(coach.locator("svg")).to_have_count(1)

    with phone.page.expect_file_chooser() as camera:
        coach.get_by_role("button", name="Take again").click()
    expect(phone.preview.locator("#preview-strip img")).to_have_count(1)  # it stays until then
    camera.value.set_files(tmp_path / "sharp.jpg")
    expect(phone.preview.get_by_role("button", name=re.compile("Corner . of 4"))).to_have_count(4)
    expect(coach).to_be_hidden()
    expect(phone.preview.locator("#preview-strip img")).to_have_count(1)
    phone.send_preview("Sharp")
    assert bot.next_update("message")["caption"] == "Sharp"


def test_a_poor_photo_may_be_sent_anyway_and_a_picture_added_takes_no_place(
    phone: Phone, bot: BotByHand, blurred: Path, film: Path
) -> None:
    phone.choose([blurred])
    coach = phone.preview.locator("#coach")
    with phone.page.expect_file_chooser():
        coach.get_by_role("button", name="Take again").click()  # and then rather not
    with phone.page.expect_file_chooser() as gallery:
        phone.preview.get_by_role("button", name="Add a picture").click()
    gallery.value.set_files(film)
    expect(phone.preview.locator("#preview-strip img")).to_have_count(2)
    expect(coach).to_be_hidden()  # the film that was added is on the stage
    expect(phone.preview.locator("#preview-strip .poor")).to_have_count(1)
    phone.preview.get_by_role("button", name="Send anyway").click()
    expect(phone.preview).to_be_hidden()
    assert [bool(bot.next_update("message")["photo"]) for _ in range(2)] == [True, True]


def test_moved_corners_are_measured_anew(phone: Phone, tmp_path: Path) -> None:
    on_light_box()[0].save(tmp_path / "good.jpg")
    phone.choose([tmp_path / "good.jpg"])
    first = phone.preview.get_by_role("button", name="Corner 1 of 4")
    expect(first).to_be_visible()
    expect(phone.preview.locator("#coach")).to_be_hidden()
    for corner, way in ((1, "ArrowDown"), (3, "ArrowUp")):
        phone.preview.get_by_role("button", name=f"Corner {corner} of 4").focus()
        for _ in range(40):
            phone.page.keyboard.press(way)
    expect(phone.preview.locator("#coach")).to_contain_text("The film is tilted")


@pytest.mark.parametrize("language", Language)
def test_the_advice_fits_the_narrowest_phone(phone: Phone, blurred: Path, language: str) -> None:
    page = phone.page
    page.set_viewport_size({"width": NARROW_PX, "height": 568})
    page.evaluate("code => localStorage.setItem('edgerad.language', code)", language)
    page.reload()
    phone.see(
        "document.documentElement.lang !== '' && !!document.querySelector('#about-signs .chip')"
    )
    phone.choose([blurred])
    coach = page.locator("#coach")
    expect(coach).to_be_visible()
    for part in ("#coach-says span", "#coach-again", "#preview-send", "#preview-stage img"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW_PX
    stage = page.locator("#preview-stage").bounding_box()
    assert stage is not None
    assert stage["height"] > 140  # what is advised on is still seen
    assert page.evaluate("document.querySelector('#preview form').scrollWidth") <= NARROW_PX


JUDGE = """async ([photo, corners]) => {
    const { prepare, small } = await import("/static/picture.js");
    const { faultsIn } = await import("/static/coach.js");
    const bytes = Uint8Array.from(atob(photo), (each) => each.charCodeAt(0));
    const whole = { left: 0, top: 0, right: 1, bottom: 1 };
    const { blob } = await prepare(new Blob([bytes], { type: "image/jpeg" }), 0, whole);
    const looked = await small(blob, 1024);
    const taken = [];
    for (let i = 0; i < 6; i++) {
        const start = performance.now();
        const faults = await faultsIn(looked, corners, []);
        taken.push({ ms: performance.now() - start, faults });
    }
    return taken;
}"""


@pytest.mark.parametrize("size", [(1224, 1632), (3000, 4000)], ids=["2 MP", "12 MP"])
def test_a_photo_is_judged_on_a_cheap_phone(phone: Phone, size: tuple[int, int]) -> None:
    """Prints how long that takes (`-s`): a figure for docs/phone.md, and nobody's limit."""
    photo, corners = on_light_box()
    sent = base64.b64encode(jpeg(photo.resize(size))).decode("ascii")
    cheap = phone.context.new_cdp_session(phone.page)
    cheap.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    taken = phone.page.evaluate(JUDGE, [sent, corners])
    taken_ms = [round(each["ms"]) for each in taken]  # the first one compiles the script
    sys.stdout.write(f"\n{size[0]} x {size[1]}: {taken_ms} ms\n")
    assert [each["faults"] for each in taken] == [[]] * len(taken)


REFUSED = [
    FilePayload(name="letter.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4"),
    FilePayload(name="IMG_1.heic", mimeType="image/heic", buffer=b"\0\0\0\x18ftypheic broken"),
]


@pytest.mark.parametrize("refused", REFUSED, ids=lambda file: file["name"])
def test_the_caption_of_a_file_that_was_refused_is_said_again_by_a_tap(
    phone: Phone, bot: BotByHand, film: Path, refused: FilePayload
) -> None:
    """It may be another patient by now: nothing is said by itself."""
    phone.choose([refused])
    phone.send_preview("F 45, cough, ref 2231")
    sent = bot.next_update("message")
    bot.confirm()
    bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="I cannot read this file.",
        reply_parameters={"message_id": sent["message_id"]},
    )
    expect(phone.entry("I cannot read this file.")).to_be_visible()

    phone.choose([film])
    caption = phone.preview.get_by_label("Caption")
    expect(caption).to_have_value("")
    phone.preview.get_by_role("button", name="As before: F 45, cough, ref 2231").click()

    expect(caption).to_have_value("F 45, cough, ref 2231")
    expect(phone.preview.locator("#caption-again")).to_be_hidden()
    phone.send_preview()
    assert bot.next_update("message")["caption"] == "F 45, cough, ref 2231"
    bot.confirm()
    phone.choose([film])
    expect(phone.preview.locator("#caption-again")).to_be_hidden()

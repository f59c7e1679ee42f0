"""Takes every screen from the real product: `python docs/screenshots.py [PHOTO]`.

Starts EdgeRad with the practice model on loopback, joins it from a phone-size Chromium as a nurse
would, sends a sample film and, if one is named, a photo, and saves what is seen to docs/images/.
"""

import asyncio
import io
import sys
import tempfile
from pathlib import Path

import httpx
import numpy as np
import pydicom
from PIL import Image, ImageFilter
from playwright.async_api import (
    Browser,
    FilePayload,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

import inference.practice
from bot.domain.people import Role
from bot.store import open_store
from deploy.running.sandbox import Sandbox, sandbox
from inference.practice.phantoms import draw_phantom
from inference.practice.truth import Finding, Side, Size, Truth
from machine.clock import SystemClock
from storage.opening import unlocked

IMAGES = Path(__file__).parent / "images"
SAMPLES = Path(inference.practice.__file__).parent / "samples"
PHONE_PX = ViewportSize(width=360, height=740)
WALL_PX = ViewportSize(width=1280, height=720)
ANSWER_MS = 240_000
BLUR_PX = 3
TO_TOP = "entry => entry.scrollIntoView({ block: 'start' })"
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


async def main(photo: Path | None) -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    expect.set_options(timeout=ANSWER_MS)
    async with (
        sandbox(lambda _name, _line: None, samples=SAMPLES) as system,
        async_playwright() as tool,
    ):
        browser = await tool.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *QUIET]
        )
        page = await new_phone(browser)
        await try_wrong_code(page, system)
        await page.goto("about:blank")
        await page.goto(f"{system.base_url}/join#{await system.invite(Role.SUPERVISOR)}")
        await page.get_by_label("Your name").fill("Nurse Amina")
        await save(page, "join")
        await accept_terms(page)
        await send_sample(page)
        await mark_film(page)
        await look_around(page)
        await coach(page)
        await send_ct(page)
        await list_cases(page)
        await hang_board(page)
        await page.goto(system.base_url)
        await talk_in_group(page, await new_phone(browser), system)
        await compare_films(page)
        if photo is not None:
            await send_photo(page, photo)
        await lock(page)
        await browser.close()


async def new_phone(browser: Browser) -> Page:
    """A page on a phone of its own."""
    context = await browser.new_context(
        viewport=PHONE_PX, device_scale_factor=2, has_touch=True, is_mobile=True
    )
    return await context.new_page()


async def try_wrong_code(page: Page, system: Sandbox) -> None:
    """Try to join with a code that nobody made."""
    await page.goto(f"{system.base_url}/join#NOSUCHCODE")
    await page.get_by_label("Your name").fill("Nurse Amina")
    await page.locator("#go").click()
    await expect(page.locator("#join-error")).not_to_be_empty()
    await save(page, "wrong-code")


async def accept_terms(page: Page) -> None:
    """Join, and accept the terms."""
    await page.locator("#go").click()
    accept = page.locator("#entries button", has_text="accept")
    await expect(accept).to_be_visible()
    await save(page, "terms")
    await accept.click()
    await expect(page.locator("#welcome")).to_be_visible()
    await page.locator("#welcome").scroll_into_view_if_needed()
    await save(page, "welcome")


async def send_sample(page: Page) -> None:
    """Send a sample film and wait for its answer."""
    await page.locator("#open-menu").click()
    await page.locator("#menu [data-action=samples]").click()
    film = page.locator("#sample-list button").nth(1)
    await film.wait_for()
    for picture in await page.locator("#sample-list img").all():
        await picture.evaluate("picture => { picture.loading = 'eager'; return picture.decode(); }")
    await save(page, "samples")
    await film.click()
    await expect(page.locator("#preview .corner").first).to_be_visible()
    await save(page, "preview")
    await page.locator("#preview-crop").click()
    await expect(page.locator("#crop-frame")).to_be_visible()
    await save(page, "crop")
    await page.locator("#cropper button[value=whole]").click()
    await expect(page.locator("#preview-send")).to_be_enabled()
    await page.locator("#preview-send").click()
    await expect(page.locator("#entries")).to_contain_text("C-0001")
    await save(page, "sent")
    await expect(answers(page)).to_have_count(1)
    await answers(page).evaluate(TO_TOP)
    await save(page, "answer")


async def mark_film(page: Page) -> None:
    """Look at the film on which the place is marked, and at the photo made straight."""
    marked = page.locator("#entries .entry.in", has_text="Drawn from the answer").last
    await expect(marked.locator(".tile img")).to_be_visible()
    await marked.evaluate(TO_TOP)
    await save(page, "marked")
    await page.locator("#entries .entry.out .tile").first.click()
    await page.locator("#viewer-straight").click()
    await expect(page.locator("#viewer-straight")).to_have_attribute("aria-pressed", "true")
    await save(page, "straight")
    await page.locator("#viewer-close").click()


async def coach(page: Page) -> None:
    """Choose a photo that should be taken again."""
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        with Image.open(SAMPLES / "film-2.jpg") as film:
            film.filter(ImageFilter.GaussianBlur(BLUR_PX)).save(photo, quality=90)
        await page.locator("#file-input").set_input_files(photo)
        await expect(page.locator("#coach")).to_be_visible()
        await save(page, "coach")
        await page.locator("#preview-close").click()
        await page.locator("#question-yes").click()
        await expect(page.locator("#preview")).to_be_hidden()


async def send_ct(page: Page) -> None:
    """Send a slice of a CT as it comes out of the scanner."""
    slice_file = FilePayload(name="slice.dcm", mimeType="application/dicom", buffer=ct_slice())
    await page.locator("#file-input").set_input_files([slice_file])
    await page.locator("#caption").fill("M 60, CT chest, cough")
    await expect(page.locator("#preview-stage > img")).to_be_visible()
    await save(page, "ct-preview")
    await page.locator("#preview-send").click()
    await expect(answers(page)).to_have_count(2)
    await page.locator("#entries .entry.out").last.evaluate(TO_TOP)
    await save(page, "ct")


async def list_cases(page: Page) -> None:
    """List the cases with their films, that of the DICOM file among them."""
    await say(page, "/cases")
    listed = page.locator("#entries .entry", has=page.locator(".listed")).last
    await expect(listed.locator(".listed img")).to_have_count(2)
    for film in await listed.locator(".listed img").all():
        await film.scroll_into_view_if_needed()
        await expect(film).not_to_have_js_property("naturalWidth", 0)
    await listed.evaluate(TO_TOP)
    await save(page, "list")


def ct_slice() -> bytes:
    """A drawn slice through a chest."""
    across, down = np.meshgrid(np.linspace(-1, 1, 512), np.linspace(-1, 1, 512))

    def inside(x: float, y: float, wide: float, high: float) -> np.ndarray:
        return ((across - x) / wide) ** 2 + ((down - y) / high) ** 2 < 1

    hounsfield = np.full((512, 512), -1000)
    for shape, value in (
        (inside(0, 0, 0.85, 0.6), -90),
        (inside(0, 0, 0.79, 0.55), 45),
        (inside(-0.38, -0.02, 0.3, 0.42), -830),
        (inside(0.38, -0.02, 0.3, 0.42), -830),
        (inside(0.08, -0.1, 0.2, 0.24), 40),
        (inside(-0.42, -0.15, 0.08, 0.08), 30),
        (inside(0, 0.38, 0.11, 0.1), 420),
        (inside(0, -0.5, 0.1, 0.03), 350),
    ):
        hounsfield[shape] = value
    noise = np.random.default_rng(1).normal(0, 12, hounsfield.shape)
    return _dicom(np.clip(hounsfield + noise + 1024, 0, 4095).astype(np.uint16))


def _dicom(stored: np.ndarray) -> bytes:
    made = pydicom.Dataset()
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = CTImageStorage
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = generate_uid()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.Modality, made.PhotometricInterpretation = "CT", "MONOCHROME2"
    made.Rows, made.Columns = stored.shape
    made.SamplesPerPixel, made.PixelRepresentation = 1, 0
    made.BitsAllocated, made.BitsStored, made.HighBit = 16, 12, 11
    made.RescaleSlope, made.RescaleIntercept = 1, -1024
    made.PixelData = stored.tobytes()
    written = io.BytesIO()
    made.save_as(written, enforce_file_format=True)
    return written.getvalue()


async def look_around(page: Page) -> None:
    """Open what lies over the chat: menu, viewer, the question before leaving; and the dark."""
    await page.emulate_media(color_scheme="dark")
    await save(page, "answer-dark")
    await page.emulate_media(color_scheme="light")
    await page.locator("#entries .tile").first.click()
    await save(page, "viewer")
    await page.locator("#viewer-close").click()
    await expect(page.locator("#open-board")).to_be_attached()
    await page.locator("#open-menu").click()
    await expect(page.locator("#open-board")).to_be_visible()
    await save(page, "menu")
    await page.locator("#leave").click()
    await save(page, "leave")
    await page.locator("#question-no").click()


async def compare_films(page: Page) -> None:
    """Send two films of one patient, confirm that they are, and see what has changed."""
    for size in (Size.LARGE, Size.SMALL):
        truth = Truth(finding=Finding.EFFUSION, side=Side.RIGHT, size=size)
        film = io.BytesIO()
        draw_phantom(np.random.default_rng(3), truth, 800).film.save(film, "PNG")
        sent = FilePayload(name="film.png", mimeType="image/png", buffer=film.getvalue())
        before = await answers(page).count()
        await page.locator("#file-input").set_input_files([sent])
        await page.locator("#caption").fill("F 54, ref 4471, chest, drained")
        await expect(page.locator("#preview-send")).to_be_enabled()
        await page.locator("#preview-send").click()
        await expect(answers(page)).to_have_count(before + 1)
    await page.locator("#entries button", has_text="Compare with").click()
    compared = answers(page).filter(has_text="compared with")
    await expect(compared).to_be_visible()
    await compared.evaluate(TO_TOP)
    await save(page, "compare")


async def hang_board(page: Page) -> None:
    """Show the ward's board as on a wall."""
    await page.set_viewport_size(WALL_PX)
    await page.goto(f"{page.url.rstrip('/')}/board")
    await expect(page.locator("#hour .figure")).to_have_text("2")
    await save(page, "board")
    await page.set_viewport_size(PHONE_PX)


async def talk_in_group(page: Page, colleague: Page, system: Sandbox) -> None:
    """Talk in the ward's group, which the bot's own methods make."""
    await colleague.goto(f"{system.base_url}/join#{await system.invite(Role.HEALTH_WORKER)}")
    await colleague.get_by_label("Your name").fill("Kofi")
    await colleague.locator("#go").click()
    await colleague.locator("#entries button", has_text="accept").wait_for()
    with unlocked(system.settings.home, system.settings.key_file) as keyring:
        async with open_store(system.settings.home, keyring, SystemClock()) as store:
            everyone = [person.user_id for person in await store.people.everyone()]
    api = f"{system.api_url}/bot{system.bot_token}"
    async with httpx.AsyncClient(trust_env=False) as bot:
        asked = {"title": "Ward 7", "user_ids": everyone}
        (await bot.post(f"{api}/edgeradCreateGroup", json=asked)).raise_for_status()
    for phone in (page, colleague):
        await phone.locator("#chats button", has_text="Ward 7").click()
    await say(colleague, "Who looks after bed 4 tonight?")
    await expect(page.locator("#entries")).to_contain_text("bed 4")
    await say(page, "I do, until eight")
    await expect(page.locator("#entries")).to_contain_text("until eight")
    await save(page, "group")
    await page.locator("#chats button", has_text="EdgeRad").click()


async def say(page: Page, text: str) -> None:
    """Send a text."""
    await page.locator("#text").fill(text)
    await page.locator("#send").click()


async def lock(page: Page) -> None:
    """Lock the chat by a PIN, and open it anew."""
    await page.locator("#open-menu").click()
    await page.locator("#open-lock").click()
    await save(page, "lock")
    for field in ("#lock-new", "#lock-again"):
        await page.locator(field).fill("4711")
    await page.locator("#lock-form [type=submit]").click()
    await expect(page.locator("#lock")).to_be_hidden()
    anew = await page.context.new_page()  # a tab that reloads is not asked for the PIN
    await anew.goto(page.url)
    await expect(anew.locator("#unlock")).to_be_visible()
    await save(anew, "pin")


async def send_photo(page: Page, photo: Path) -> None:
    """Send a picture from the phone and wait for its answer."""
    await page.locator("#file-input").set_input_files(photo)
    await page.locator("#caption").fill("F 61, breathless")
    await expect(page.locator("#preview-send")).to_be_enabled()
    await save(page, "photo-preview")
    await page.locator("#preview-send").click()
    await expect(answers(page)).to_have_count(2)
    await save(page, "photo-answer")


def answers(page: Page) -> Locator:
    """Messages that carry the disclaimer of a reading."""
    return page.locator("#entries .entry", has_text="preliminary, unverified")


async def save(page: Page, name: str) -> None:
    """Save what is on the screen, in 256 colours: a third of the bytes."""
    await expect(page.locator("#day-pill")).to_be_hidden()
    seen = Image.open(io.BytesIO(await page.screenshot(animations="disabled")))
    seen.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
        IMAGES / f"{name}.png", optimize=True
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))

"""Takes every screen from the real product: `python docs/screenshots.py [PHOTO]`.

Starts EdgeRad with the practice model on loopback, joins it from a phone-size Chromium as a nurse
would, sends a sample film and, if one is named, a photo, and saves what is seen to docs/images/.
"""

import asyncio
import io
import sys
from pathlib import Path

import httpx
from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright, expect

import inference.practice
from bot.domain.people import Role
from bot.store import open_store
from deploy.running.sandbox import Sandbox, sandbox
from machine.clock import SystemClock
from storage.opening import unlocked

IMAGES = Path(__file__).parent / "images"
SAMPLES = Path(inference.practice.__file__).parent / "samples"
PHONE_PX = ViewportSize(width=360, height=740)
WALL_PX = ViewportSize(width=1280, height=720)
ANSWER_MS = 60_000
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


async def main(photo: Path | None) -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
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
        await look_around(page)
        await hang_board(page)
        await page.goto(system.base_url)
        await talk_in_group(page, await new_phone(browser), system)
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
    await expect(page.locator("#join-error")).not_to_be_empty(timeout=ANSWER_MS)
    await save(page, "wrong-code")


async def accept_terms(page: Page) -> None:
    """Join, and accept the terms."""
    await page.locator("#go").click()
    accept = page.locator("#entries button", has_text="accept")
    await expect(accept).to_be_visible(timeout=ANSWER_MS)
    await save(page, "terms")
    await accept.click()
    await expect(page.locator("#welcome")).to_be_visible(timeout=ANSWER_MS)
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
    await page.locator("#preview-stage img").wait_for()
    await save(page, "preview")
    await page.locator("#preview-crop").click()
    await expect(page.locator("#crop-frame")).to_be_visible()
    await save(page, "crop")
    await page.locator("#cropper button[value=whole]").click()
    await expect(page.locator("#preview-send")).to_be_enabled(timeout=ANSWER_MS)
    await page.locator("#preview-send").click()
    await expect(page.locator("#entries")).to_contain_text("C-0001", timeout=ANSWER_MS)
    await save(page, "sent")
    await expect(answers(page)).to_have_count(1, timeout=ANSWER_MS)
    await save(page, "answer")


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
    await expect(page.locator("#open-board")).to_be_visible(timeout=ANSWER_MS)
    await save(page, "menu")
    await page.locator("#leave").click()
    await save(page, "leave")
    await page.locator("#question-no").click()


async def hang_board(page: Page) -> None:
    """Show the ward's board as on a wall."""
    await page.set_viewport_size(WALL_PX)
    await page.goto(f"{page.url.rstrip('/')}/board")
    await expect(page.locator("#hour .figure")).to_have_text("1", timeout=ANSWER_MS)
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
    await expect(page.locator("#preview-send")).to_be_enabled(timeout=ANSWER_MS)
    await save(page, "photo-preview")
    await page.locator("#preview-send").click()
    await expect(answers(page)).to_have_count(2, timeout=ANSWER_MS)
    await save(page, "photo-answer")


def answers(page: Page) -> Locator:
    """Messages that carry the disclaimer of a reading."""
    return page.locator("#entries .entry", has_text="A qualified clinician must verify")


async def save(page: Page, name: str) -> None:
    """Save what is on the screen, in 256 colours: a third of the bytes."""
    seen = Image.open(io.BytesIO(await page.screenshot(animations="disabled")))
    seen.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
        IMAGES / f"{name}.png", optimize=True
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))

"""A nurse's phone: one page of Chromium at a phone's size, and what went wrong in it."""

import itertools
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    expect,
)

from tests.browser.gateway_process import BotByHand

WIDTH_PX, HEIGHT_PX = 360, 740
LOOK_S = 60.0
LOOK_AGAIN_MS = 20
addresses = itertools.count(2)  # the gateway counts how often each one joins
FAULTS = {"error", "warning"}
SERIOUS = {"serious", "critical"}
SEND = re.compile(r"^Send( anyway)?$")  # the coach may have found a fault in the photo


def serious_faults(page: Page, screen: str) -> list[str]:
    """What axe finds on the screen as it is."""
    found = Axe().run(page).response["violations"]
    return [
        f"{screen}: {fault['id']} {[node['target'] for node in fault['nodes']]}"
        for fault in found
        if fault["impact"] in SERIOUS
    ]


class Phone:
    """What a person can see and do; faults of the page are kept until the test ends."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.context = context
        self.page = context.new_page()
        self.base_url = base_url
        self.chat_id = 0
        self._faults: list[str] = []
        self._expected: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._faults.append(str(error)))

    def expect_fault(self, words: str) -> None:
        """Say that the browser will report a fault with these words, as part of the test."""
        self._expected.append(words)

    def faults(self) -> list[str]:
        """What the page complained about and nobody expected, policy violations included."""
        return [
            fault for fault in self._faults if not any(words in fault for words in self._expected)
        ]

    def join(self, code: str, name: str, bot: BotByHand) -> dict[str, Any]:
        """Follow a join link, give a name and be let in; gives what the bot was told."""
        self.page.goto(f"{self.base_url}/join#{code}")
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_role("button", name="Join").click()
        return self.let_in(bot)

    def let_in(self, bot: BotByHand) -> dict[str, Any]:
        """The bot lets somebody in whose page waits; gives what it was told."""
        greeting = bot.next_update("message")
        bot.call("edgeradSetAccess", chat_id=greeting["chat"]["id"], is_member=True)
        self.see_connected()
        return greeting

    def open_joined(self, code: str, name: str, bot: BotByHand) -> dict[str, Any]:
        """Open the chat of somebody who joined before, from an address of its own.

        Returns:
            What the bot was told.
        """
        body = {"code": code, "name": name}
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{next(addresses)}")
        with httpx.Client(transport=transport, timeout=LOOK_S) as http, ThreadPoolExecutor() as one:
            asking = one.submit(http.post, f"{self.base_url}/join", json=body)
            greeting = bot.next_update("message")
            self.chat_id = greeting["chat"]["id"]
            bot.call("edgeradSetAccess", chat_id=self.chat_id, is_member=True)
            answer = asking.result().raise_for_status()
        self.sign_in(answer.cookies)
        self.page.goto(self.base_url)
        self.see_connected()
        return greeting

    def sign_out(self) -> dict[str, str]:
        """Be a phone that never joined; gives what `sign_in` takes to be the same again."""
        kept = {each["name"]: each["value"] for each in self.context.cookies()}
        self.context.clear_cookies()
        return kept

    def sign_in(self, kept: Mapping[str, str]) -> None:
        """Be signed in with these cookies."""
        self.context.clear_cookies()
        for key, value in kept.items():
            self.context.add_cookies([{"name": key, "value": value, "url": self.base_url}])

    def see_connected(self) -> None:
        """Wait until the chat says that it is connected."""
        expect(self.page.locator("#connection")).to_have_text("Connected")

    def write(self, text: str) -> None:
        """Send a text."""
        self.page.get_by_label("Message", exact=True).fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def choose(self, files: Sequence[Path | FilePayload]) -> None:
        """Choose files as from the gallery; the preview sheet comes."""
        if all(isinstance(each, Path) for each in files):
            self.page.locator("#file-input").set_input_files(
                [each for each in files if isinstance(each, Path)]
            )
        else:
            self.page.locator("#file-input").set_input_files(
                [each for each in files if not isinstance(each, Path)]
            )

    @property
    def preview(self) -> Locator:
        """The sheet between choosing and sending."""
        return self.page.locator("#preview")

    def send_preview(self, caption: str = "") -> None:
        """Send what the preview sheet shows."""
        if caption:
            self.preview.get_by_label("Caption").fill(caption)
        self.preview.get_by_role("button", name=SEND).click()
        expect(self.preview).to_be_hidden()

    def entry(self, words: str) -> Locator:
        """The entry of the chat that has these words."""
        return self.page.locator(".entry").filter(has_text=words)

    def see_delivered(self, words: str) -> None:
        """Wait until that entry shows that the bot has it."""
        expect(self.entry(words).locator(".tick.delivered")).to_be_visible()

    def see_at_end(self) -> None:
        """Wait until the newest message is in view."""
        self.see("log.scrollHeight - log.scrollTop - log.clientHeight < 2")

    def see_noted(self) -> None:
        """Wait until the page has noted that the newest message was read.

        It does so when it hears that the reader is at the end, which is a frame later.
        """
        newest = "[...document.querySelectorAll('.entry[data-id]')].at(-1)?.dataset.id"
        self.see(f"localStorage.getItem('edgerad.read') === {newest}")

    def see_drawn(self) -> None:
        """Wait for a frame: only then does the browser hold what is read in its place."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def see(self, expression: str) -> None:
        """Wait until a JavaScript expression holds; the policy forbids `wait_for_function`."""
        deadline = time.monotonic() + LOOK_S
        while not self.page.evaluate(expression):
            assert time.monotonic() < deadline, f"never true: {expression}"
            self.page.wait_for_timeout(LOOK_AGAIN_MS)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in FAULTS:
            self._faults.append(re.sub(r"\s+", " ", f"{message.text} {message.location['url']}"))

"""Chromium, a gateway, a bot played by hand and phones that have joined.

Playwright's loop ends with this package: no test elsewhere may find one running.
"""

import contextlib
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.gateway_process import ROOT, BotByHand, GatewayProcess
from tests.browser.phone import HEIGHT_PX, WIDTH_PX, Phone

# The last list of such features counts, so this one has Playwright's that bear on a page as well.
# The pages that Chromium keeps ready for its address bar took a third of these tests' time.
WITHOUT = [
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AimEnabled"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
]
CHROMIUM_ARGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(WITHOUT)}",
]
MISSING = "No Chromium: install one (apt install chromium) or set EDGERAD_CHROMIUM to its path."
SAMPLES = ROOT / "inference" / "practice" / "samples"
CALL_MS = 120_000  # a busy machine may load a page for a minute
codes = itertools.count(1)
Launch = Callable[..., Browser]


@pytest.fixture(scope="package")
def launch() -> Iterator[Launch]:
    """Start Chromium, without anything that calls home."""
    chromium = os.environ.get("EDGERAD_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.skip(MISSING)
    expect.set_options(timeout=40_000)
    with sync_playwright() as playwright:

        def start(*more: str) -> Browser:
            return playwright.chromium.launch(
                executable_path=chromium,
                args=[*CHROMIUM_ARGS, *more],
                ignore_default_args=["--headless"],
            )

        yield start


@pytest.fixture(scope="package")
def browser(launch: Launch) -> Iterator[Browser]:
    """The Chromium that the phones share."""
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A running gateway."""
    process = GatewayProcess(tmp_path_factory.mktemp("gateway"), SAMPLES)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def bot(gateway: GatewayProcess) -> Iterator[BotByHand]:
    """A bot to which nothing has been said yet."""
    bot = BotByHand(gateway.bot_url)
    bot.forget_waiting()
    yield bot
    bot.close()


@pytest.fixture
def new_phone(browser: Browser, gateway: GatewayProcess) -> Iterator[Callable[..., Phone]]:
    """Make phones; at the end, none of them may have complained about anything unexpected."""
    with phones_of(browser, gateway) as make:
        yield make


@pytest.fixture
def hurried_phone(launch: Launch, gateway: GatewayProcess, bot: BotByHand) -> Iterator[Phone]:
    """A phone that draws each frame as soon as the last one is drawn, whose owner has joined."""
    browser = launch("--disable-frame-rate-limit", "--disable-gpu-vsync")
    with phones_of(browser, gateway) as make:
        yield joined(make(), bot)
    browser.close()


@contextlib.contextmanager
def phones_of(browser: Browser, gateway: GatewayProcess) -> Iterator[Callable[..., Phone]]:
    """Make phones in a browser, and look at the end what they complained about."""
    phones: list[Phone] = []

    def make(locale: str = "en-GB") -> Phone:
        context = browser.new_context(
            viewport={"width": WIDTH_PX, "height": HEIGHT_PX},
            is_mobile=True,
            has_touch=True,
            locale=locale,
        )
        context.set_default_timeout(CALL_MS)
        phones.append(Phone(context, gateway.base_url))
        return phones[-1]

    yield make
    for phone in phones:
        phone.context.close()
    assert [fault for phone in phones for fault in phone.faults()] == []


@pytest.fixture
def phone(new_phone: Callable[..., Phone], bot: BotByHand) -> Phone:
    """A phone whose owner has just joined; the bot has taken the first message."""
    return joined(new_phone(), bot)


def joined(phone: Phone, bot: BotByHand, name: str = "Aisha") -> Phone:
    """Let a phone's owner join."""
    code = f"INVITE{next(codes)}"
    assert phone.open_joined(code, name, bot)["text"] == f"/start {code}"
    bot.confirm()
    return phone


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A sample film as a file."""
    return Path(shutil.copy(SAMPLES / "film-1.jpg", tmp_path / "film.jpg"))

"""A phone at the port without HTTPS learns to trust the clinic, and then goes on to HTTPS."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phone import serious_faults
from tests.browser.test_phone_access import NARROW_PX, sideways
from tests.tls_world import Served, served


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A gateway with certificates that takes the browser for somebody else's machine."""
    monkeypatch.setattr("gateway.phone.plain_http.is_trusted", lambda _host: False)
    with served(tmp_path) as found:
        yield found


def opened(browser: Browser, clinic: Served, *, trusts: bool, locale: str = "en-GB") -> Page:
    context = browser.new_context(ignore_https_errors=trusts, locale=locale)
    page = context.new_page()
    page.set_viewport_size({"width": NARROW_PX, "height": 640})
    page.goto(f"{clinic.gateway.url}/join#CODE12345")
    return page


def test_a_phone_that_trusts_the_clinic_is_led_on_with_its_invite(
    browser: Browser, clinic: Served
) -> None:
    page = opened(browser, clinic, trusts=True)
    page.wait_for_url(f"{clinic.safe}/join#CODE12345")
    expect(page.locator("#name")).to_be_focused()
    page.context.close()


def test_a_phone_that_does_not_is_told_how_and_stays_until_it_does(
    browser: Browser, clinic: Served
) -> None:
    page = opened(browser, clinic, trusts=False, locale="fr-FR")
    expect(page.get_by_role("link", name="1. Télécharger")).to_be_visible()
    expect(page.locator(".fingerprint")).to_have_text(clinic.certificates.fingerprint)
    page.get_by_role("button", name="3. Continuer").click()
    expect(page.locator("#trust-error")).to_contain_text("ne se fie pas encore")
    assert page.url.startswith(f"{clinic.gateway.url}/join")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="1. Télécharger").click()
    assert downloading.value.suggested_filename == "edgerad-ca.crt"
    assert serious_faults(page, "trust") == []
    assert not sideways(page)
    page.context.close()

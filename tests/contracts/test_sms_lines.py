"""What a line promises the courier: the old phone and the USB modem pass the same tests.

The phone is a stand-in, which the app's own client from PyPI uses as it uses the app; the modem is
Gammu's own daemon with its dummy driver.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from android_sms_gateway import client, domain
from android_sms_gateway.enums import ProcessState

from deploy.bench.sms_phone import sms_phone
from gateway.schemas.sms import IncomingSms, parts_of
from gateway.sms.android import AndroidPhone
from gateway.sms.driver import Driver, LineDown, Progress
from gateway.sms.gammu import GammuModem
from tests.sms_modem import IS_THERE, WHY_NOT, Modem, usb_modem
from tests.sms_phone import PASSWORD, USER, Phone, old_phone

NUMBER = "+22670123456"
LINES = ("phone", pytest.param("modem", marks=pytest.mark.skipif(not IS_THERE, reason=WHY_NOT)))
WITHIN_S = 30


@dataclass
class Line:
    """A line, and what is behind it."""

    driver: Driver
    behind: Phone | Modem

    def pull_out(self) -> None:
        """Have it answer no more."""
        if isinstance(self.behind, Phone):
            self.behind.is_off = True
        else:
            self.behind.stop()


@pytest.fixture(params=LINES)
async def line(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Line]:
    if request.param == "modem":
        with usb_modem(tmp_path / "modem") as modem:
            yield Line(GammuModem(modem.config), modem)
        return
    async with old_phone() as phone:
        driver = AndroidPhone(phone.url, USER, PASSWORD, time.time)
        yield Line(driver, phone)
        await driver.close()


async def eventually(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await look():  # noqa: ASYNC110 - another process has no Event
            await asyncio.sleep(0.1)


async def progress_is(line: Line, handle: str, wanted: Progress) -> bool:
    return await line.driver.progress(handle) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "EdgeRad: critical case C-0042 not opened for 12 min. Reply 1 C-0042 to take it",
        "é" * 160,
        "ɗauka C-0042, ƙarfe",
        "x" * 400,
        "two\nlines, 'quoted' \"twice\" $HOME `id` %s",
    ],
)
async def test_what_a_line_takes_goes_out_once_as_it_is(line: Line, text: str) -> None:
    handle = await line.driver.send("own-1", NUMBER, text, 600)
    await eventually(lambda: progress_is(line, handle, Progress.SENT))
    assert [number for number, _ in line.behind.sent] == [NUMBER]
    assert "".join(words for _, words in line.behind.sent) == text


async def test_a_line_that_runs_has_no_fault(line: Line) -> None:
    assert (await line.driver.condition()).fault is None


async def test_a_line_knows_nothing_of_what_it_was_never_given(line: Line) -> None:
    assert await line.driver.progress("never") is Progress.UNKNOWN


@pytest.mark.parametrize("text", ["1 C-0042", "Ɗauka C-0042", "DUTY ON\nplease"])
async def test_what_comes_is_told_with_its_sender_and_its_words(line: Line, text: str) -> None:
    line.behind.receives(NUMBER, text)
    came: list[IncomingSms] = []

    async def look() -> bool:
        came[:] = await line.driver.received()
        return bool(came)

    await eventually(look)
    [sms] = came
    assert (sms.sender, sms.text) == (NUMBER, text)
    await line.driver.acknowledge(sms)
    assert {each.digest for each in await line.driver.received()} <= {sms.digest}


async def test_a_line_that_is_gone_says_so_in_words(line: Line) -> None:
    line.pull_out()
    with pytest.raises(LineDown, match=r"phone answers with HTTP 503|gammu-smsd does not run"):
        await line.driver.condition()


async def test_a_modem_whose_device_is_gone_is_not_plugged_in(tmp_path: Path) -> None:
    modem = Modem(tmp_path / "modem")
    modem.make()
    driver = GammuModem(modem.config)
    (modem.folder / "dummy").rename(modem.folder / "gone")
    with pytest.raises(LineDown, match="the modem is not plugged in"):
        await driver.condition()
    with pytest.raises(LineDown, match="the modem is not plugged in"):
        await driver.send("own-1", NUMBER, "1 C-0042", 600)
    assert list((modem.folder / "out").iterdir()) == []


async def test_an_sms_given_to_the_phone_twice_under_one_id_goes_out_once() -> None:
    async with old_phone() as phone:
        driver = AndroidPhone(phone.url, USER, PASSWORD, time.time)
        for _ in range(2):
            assert await driver.send("own-1", NUMBER, "1 C-0042", 600) == "own-1"
        await driver.close()
    assert len(phone.sent) == 1


async def test_what_is_withdrawn_before_it_was_sent_never_is(line: Line) -> None:
    if isinstance(line.behind, Phone):
        line.behind.sends = False
    else:
        line.behind.stop()  # so that it lies in the outbox
    handle = await line.driver.send("own-1", NUMBER, "1 C-0042", 600)
    for _ in range(2):
        await line.driver.withdraw(handle)
    assert await line.driver.progress(handle) in {Progress.FAILED, Progress.UNKNOWN}
    await line.driver.withdraw("never")


async def test_a_phone_that_does_not_answer_at_all_is_down() -> None:
    async with old_phone() as phone:
        driver = AndroidPhone(phone.url, USER, PASSWORD, time.time)
    with pytest.raises(LineDown, match="does not answer"):
        await driver.condition()
    await driver.close()


@pytest.mark.parametrize("size", [60, 1203])
async def test_all_of_a_phones_inbox_is_read_also_what_its_clock_puts_last(size: int) -> None:
    async with old_phone() as phone:
        driver = AndroidPhone(phone.url, USER, PASSWORD, time.time)
        for number in range(size):
            phone.receives(
                NUMBER, str(number), at=f"2026-03-02T01:{number // 60:02d}:00.{number % 60:03d}Z"
            )
        assert len(await driver.received()) == size
        assert len(await driver.received()) == min(size, 50)
        phone.receives(NUMBER, "from long ago", at="1970-01-01T00:00:00.000Z")
        assert "from long ago" in [sms.text for sms in await driver.received()]
        await driver.close()


async def test_the_benchs_phone_is_one_too() -> None:
    async with sms_phone() as phone:
        driver = AndroidPhone(phone.url, USER, PASSWORD, time.time)
        assert (await driver.condition()).fault is None
        for _ in range(2):
            await driver.send("own-1", NUMBER, "1 C-0042", 600)
        assert await driver.progress("own-1") is Progress.DELIVERED
        for text in ("STATUS", "HELP"):
            phone.receives(NUMBER, text)
        assert [sms.text for sms in await driver.received()] == ["STATUS", "HELP"]
        await driver.close()
    assert phone.sent == {"own-1": "1 C-0042"}


async def test_the_apps_own_client_finds_the_stand_in_to_be_the_app() -> None:
    async with old_phone() as phone:
        phone.receives(NUMBER, "STATUS")
        sent, found, known, health = await asyncio.to_thread(_use, phone.url)
    assert sent.state is ProcessState.Pending
    assert known.state is ProcessState.Sent
    assert phone.sent == [(NUMBER, "by the app's own client")]
    assert [(each.sender, each.content_preview) for each in found] == [(NUMBER, "STATUS")]
    assert health.status.value == "pass"


def _use(
    url: str,
) -> tuple[
    domain.MessageState, list[domain.IncomingMessage], domain.MessageState, domain.HealthResponse
]:
    message = domain.Message(
        id="theirs",
        phone_numbers=[NUMBER],
        text_message=domain.TextMessage("by the app's own client"),
    )
    with client.APIClient(USER, PASSWORD, base_url=url) as app:
        sent = app.send(message)
        known = app.get_state("theirs")
        app.cancel_message("theirs")
        return sent, app.list_inbox_messages(), known, app.health_check()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ç" + "a" * 69, 1),
        ("ç" + "a" * 70, 2),
        ("🔴" * 35, 1),
        ("🔴" * 36, 2),
    ],
)
def test_a_text_is_counted_as_the_network_counts_it(text: str, parts: int) -> None:
    assert parts_of(text) == parts

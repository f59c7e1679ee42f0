"""Updates are delivered to a webhook: in order, until the bot has them, and to nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict

from gateway.bot_api import deliveries
from tests.gateway_world import (
    MessageJson,
    Phone,
    RunningGateway,
    bot_of,
    phone_of,
    running_gateway,
)
from tests.webhook_world import Answer, Receiver, receiving

CERTIFICATE = Path(__file__).parents[1] / "data" / "bot_server.pem"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "FIRST_PAUSE_S", 0.01)


@pytest.fixture
async def bot(gateway: RunningGateway, phone: Phone) -> AsyncIterator[Bot]:
    """Forgets what came before, and has no webhook in the end."""
    async with bot_of(gateway) as made:
        yield made
        await made.delete_webhook()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def next_text(receiver: Receiver) -> str:
    async with asyncio.timeout(90):
        return (await receiver.deliveries.get()).text


async def shown(phone: Phone, wanted: str) -> MessageJson:
    """A message of the bot's, as soon as the phone hears of it."""
    async with asyncio.timeout(90), phone.http.stream("GET", "/chat/events") as events:
        for message in await phone.messages():
            if wanted in json.dumps(message):
                return message
        async for line in events.aiter_lines():
            if line.startswith("data: ") and wanted in line:
                found: MessageJson = json.loads(line.removeprefix("data: "))
                return found
    raise AssertionError(wanted)


async def test_updates_are_delivered_in_order_with_the_secret(
    bot: Bot, phone: Phone, receiver: Receiver
) -> None:
    await phone.put("1", text="waited for the webhook")
    await bot.set_webhook(receiver.url, secret_token="s3cret")
    for number in range(5):
        await phone.put(f"n{number}", text=str(number))
    async with asyncio.timeout(90):
        came = [await receiver.deliveries.get() for _ in range(6)]
    assert [each.text for each in came] == ["waited for the webhook", *"01234"]
    assert {each.headers["x-telegram-bot-api-secret-token"] for each in came} == {"s3cret"}
    ids = [each.update["update_id"] for each in came]
    assert ids == sorted(ids)


async def test_a_bot_may_be_elsewhere_than_its_name_says(
    bot: Bot, phone: Phone, receiver: Receiver
) -> None:
    address = urlsplit(receiver.url)
    named = f"http://bot.clinic:{address.port}{address.path}"
    await bot.set_webhook(named, ip_address=address.hostname, max_connections=7)
    await phone.put("named", text="by name")
    async with asyncio.timeout(90):
        came = await receiver.deliveries.get()
    assert (came.text, came.headers["host"]) == ("by name", f"bot.clinic:{address.port}")
    info = await bot.get_webhook_info()
    assert (info.ip_address, info.max_connections) == (address.hostname, 7)


async def test_nothing_can_be_polled_while_there_is_a_webhook(
    bot: Bot, phone: Phone, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    await phone.put("polled", text="polled again")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "polled again"


async def test_a_poll_that_waits_is_ended_by_a_webhook(
    bot: Bot, gateway: RunningGateway, receiver: Receiver
) -> None:
    async with bot_of(gateway, forget=False) as other, asyncio.TaskGroup() as group:
        poll = group.create_task(failure_of(other.get_updates(timeout=50)))
        while not poll.done():  # a webhook that came before the poll did refuses it likewise
            await bot.set_webhook(receiver.url)
    assert "webhook" in poll.result().lower()


async def failure_of(call: object) -> str:
    with pytest.raises(Conflict) as caught:
        await call  # type: ignore[misc]  # a coroutine of PTB's
    return str(caught.value)


async def test_a_delivery_that_fails_is_tried_again_before_the_next(
    bot: Bot, phone: Phone, receiver: Receiver
) -> None:
    receiver.answers += [Answer(status=500), Answer(status=302), Answer()]
    await bot.set_webhook(receiver.url)
    await phone.put("first", text="first")
    await phone.put("second", text="second")
    assert [await next_text(receiver) for _ in range(4)] == ["first", "first", "first", "second"]
    info = await bot.get_webhook_info()
    assert (info.url, info.last_error_message) == (
        receiver.url,
        "Wrong response from the webhook: 302 Found",
    )
    assert info.last_error_date is not None


async def test_nobody_there_is_an_error_that_can_be_seen_and_what_waits_can_be_dropped(
    bot: Bot, phone: Phone, receiver: Receiver
) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")  # the port of "discard": nobody listens
    await phone.put("kept", text="kept")
    async with asyncio.timeout(90):
        while (info := await bot.get_webhook_info()).last_error_message is None:
            pass
    assert (info.last_error_message, info.pending_update_count) == ("Connection refused", 1)
    await bot.delete_webhook(drop_pending_updates=True)
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("", 0)


async def test_a_fault_of_the_gateways_own_ends_no_deliveries(
    bot: Bot, phone: Phone, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, faults = deliveries._post, [RuntimeError(), OSError()]

    async def faulty(*given: Any) -> Any:
        if faults:
            raise faults.pop()
        return await post(*given)

    monkeypatch.setattr(deliveries, "_post", faulty)
    monkeypatch.setattr(deliveries, "LONGEST_PAUSE_S", 0.01)
    await bot.set_webhook(receiver.url)
    await phone.put("late", text="late but there")
    assert await next_text(receiver) == "late but there"


async def test_an_answer_may_carry_a_method(bot: Bot, phone: Phone, receiver: Receiver) -> None:
    chat = (await phone.put("who", text="who am I")).status_code
    assert chat == 200
    (update,) = await bot.get_updates()
    assert update.effective_chat is not None
    say = {"method": "sendMessage", "chat_id": update.effective_chat.id, "text": "*hi* there"}
    carrying = httpx.Request(
        "POST",
        receiver.url,
        data={"method": "sendDocument", "chat_id": str(update.effective_chat.id)},
        files={"document": ("a.txt", b"words")},
    )
    receiver.answers += [
        Answer(body=json.dumps(say | {"parse_mode": "Markdown"}).encode()),
        Answer(body=carrying.read(), media_type=carrying.headers["content-type"]),
        Answer(body=b'{"method": "sendMessage", "chat_id": 1, "text": "to nobody"}'),
        Answer(body=b"OK", media_type="text/plain"),
        Answer(body=b"{", media_type="application/json"),
    ]
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    for number in range(6):
        await phone.put(f"ask{number}", text=f"ask {number}")
    (bold,) = (await shown(phone, "hi there"))["entities"]
    assert bold == {"type": "bold", "offset": 0, "length": 2}
    assert (await shown(phone, "a.txt"))["document"]["file_size"] == 5
    assert [await next_text(receiver) for _ in range(6)] == [f"ask {n}" for n in range(6)]


async def test_a_bot_may_have_made_its_own_certificate(bot: Bot, phone: Phone) -> None:
    async with receiving(str(CERTIFICATE)) as secure:
        pem = CERTIFICATE.read_text().partition("-----BEGIN PRIVATE")[0].encode()
        await bot.set_webhook(secure.url, certificate=pem)
        await phone.put("secure", text="over TLS")
        assert await next_text(secure) == "over TLS"
        assert (await bot.get_webhook_info()).has_custom_certificate
        await bot.delete_webhook()


async def test_a_webhook_outlasts_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    with running_gateway(tmp_path) as first:
        async with phone_of(first), bot_of(first) as bot:
            await bot.set_webhook(receiver.url, allowed_updates=["message"])
    with running_gateway(tmp_path) as second:
        async with phone_of(second, code="later"), bot_of(second, forget=False) as bot:
            assert await next_text(receiver) == "/start later"
            info = await bot.get_webhook_info()
            assert (info.url, info.allowed_updates) == (receiver.url, ("message",))


async def test_an_address_without_a_scheme_is_meant_as_https(bot: Bot) -> None:
    await bot.set_webhook("127.0.0.1:9/hook")
    assert (await bot.get_webhook_info()).url == "https://127.0.0.1:9/hook"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"url": "ftp://bot/hook"}, "(?i)bad webhook: invalid webhook url"),
        ({"url": "http://[b/"}, r"(?i)bad webhook: invalid webhook url"),
        ({"url": "http://"}, "(?i)bad webhook: invalid webhook url"),
        ({"url": "http://b/", "secret_token": "no spaces"}, "(?i)unallowed characters"),
        ({"url": "http://b/", "certificate": b"no"}, "(?i)not a pem one"),
        ({"url": "http://b/", "ip_address": "b"}, "(?i)invalid ip address"),
    ],
)
async def test_a_webhook_that_cannot_be_one_is_refused(
    bot: Bot, parameters: dict[str, object], words: str
) -> None:
    with pytest.raises(BadRequest, match=words):
        await bot.set_webhook(**parameters)  # type: ignore[arg-type]  # each as PTB takes it
    assert (await bot.get_webhook_info()).url == ""

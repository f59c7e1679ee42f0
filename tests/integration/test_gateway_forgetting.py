"""`edgeradForget`: messages that go for good, and those that stay."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway_world import (
    Phone,
    RunningGateway,
    bot_of,
    chat_of,
    file_part,
    phone_of,
    picture,
    running_gateway,
)

Chat = tuple[RunningGateway, Phone, int]


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """A gateway, a phone, and the id of its chat."""
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone:
            yield gateway, phone, await chat_of(phone, gateway)


async def say(gateway: RunningGateway, chat_id: int, *texts: str) -> None:
    async with bot_of(gateway) as bot:  # what the phone sent before counts as fetched
        for text in texts:
            await bot.send_message(chat_id, text)


async def forget(gateway: RunningGateway, **asked: Any) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.post(gateway.api("edgeradForget"), json=asked)


async def texts(phone: Phone) -> list[str]:
    said = [message["text"] for message in await phone.messages()]
    return [text for text in said if text not in {"/start code", "who am I"}]


async def test_messages_go_with_the_answers_to_them_and_their_files(chat: Chat) -> None:
    gateway, phone, chat_id = chat
    sent = (await phone.put("1", files=[file_part(picture())], text="film")).json()
    await phone.put("2", text="why?", reply_to=str(sent["message_id"]))
    await phone.put("3", text="thanks")
    await say(gateway, chat_id, "other")
    file_id = sent["photo"]["file_id"]
    assert (await phone.http.get(f"/chat/files/{file_id}")).status_code == 200
    assert (await forget(gateway, messages=[[chat_id, sent["message_id"]]])).is_success
    assert await texts(phone) == ["thanks", "other"]
    assert (await phone.http.get(f"/chat/files/{file_id}")).status_code == 404


async def test_messages_go_that_name_a_code_and_not_those_that_name_one_like_it(
    chat: Chat,
) -> None:
    gateway, phone, chat_id = chat
    await say(gateway, chat_id, "C-0042: clear", "C-00421: clear", "XC-0042", "a. C-0042")
    await forget(gateway, words=["C-0042"])
    assert await texts(phone) == ["C-00421: clear", "XC-0042"]


async def test_only_files_go_where_only_they_shall(chat: Chat) -> None:
    gateway, phone, chat_id = chat
    sent = (await phone.put("1", files=[file_part(picture())], text="C-0042")).json()
    await say(gateway, chat_id, "C-0042: clear")
    await forget(
        gateway, messages=[[chat_id, sent["message_id"]]], words=["C-0042"], files_only=True
    )
    assert await texts(phone) == ["C-0042: clear"]


async def test_tables_and_typed_words_go_that_were_asked_for_since(chat: Chat) -> None:
    gateway, phone, chat_id = chat
    await phone.put("1", text="/search cough")
    await phone.put("2", text="/cases")
    async with bot_of(gateway) as bot:
        await bot.send_document(chat_id, io.BytesIO(b"a,b"), filename="x.csv", caption="table")
    await forget(gateway, asked_since=1 << 40)
    assert await texts(phone) == ["/search cough", "/cases", "table"]
    await forget(gateway, asked_since=1)
    assert await texts(phone) == ["/cases"]


async def test_what_the_bot_has_not_fetched_yet_stays(chat: Chat) -> None:
    gateway, phone, _ = chat
    await phone.put("1", text="C-0042 again")
    await forget(gateway, words=["C-0042"], before=1 << 40)
    assert await texts(phone) == ["C-0042 again"]


async def test_nothing_goes_where_nothing_is_asked_and_nonsense_is_refused(chat: Chat) -> None:
    gateway, phone, chat_id = chat
    await say(gateway, chat_id, "hello")
    assert (await forget(gateway)).is_success
    assert (await forget(gateway, words=[""])).is_success
    assert (await forget(gateway, messages=[1])).status_code == 400
    assert await texts(phone) == ["hello"]

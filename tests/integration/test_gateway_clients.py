"""Other client libraries' ways of speaking, as their sources have them, are understood."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.gateway_world import RunningGateway, phone_of, picture


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        yield client


@pytest.fixture
async def chat_id(gateway: RunningGateway, http: httpx.AsyncClient) -> AsyncIterator[int]:
    async with phone_of(gateway):
        updates = (await http.get(gateway.api("getUpdates"), params={"offset": -1})).json()
        yield updates["result"][0]["message"]["chat"]["id"]


async def test_method_names_are_case_insensitive(
    gateway: RunningGateway, http: httpx.AsyncClient
) -> None:
    for name in ("getMe", "GETME", "getme"):
        assert (await http.get(gateway.api(name))).json()["result"]["is_bot"] is True


async def test_aiogram_starts_up(gateway: RunningGateway, http: httpx.AsyncClient) -> None:
    """getMe, then getUpdates(10) as multipart forms without files."""
    me = await http.post(gateway.api("getMe"), files=[])
    form = {"timeout": "0", "allowed_updates": '["message", "callback_query"]'}
    parts = [(key, (None, value)) for key, value in form.items()]
    polled = await http.post(gateway.api("getUpdates"), files=parts)
    await http.post(gateway.api("getUpdates"), json={"allowed_updates": []})
    assert me.json()["ok"] is True
    assert polled.json() == {"ok": True, "result": []}


async def test_pytelegrambotapi_puts_all_parameters_into_a_multiparts_query(
    gateway: RunningGateway, http: httpx.AsyncClient, chat_id: int
) -> None:
    answer = await http.post(
        gateway.api("sendPhoto"),
        params={"chat_id": str(chat_id), "caption": "film", "timeout": "30"},
        files={"photo": ("film.jpg", picture())},
    )
    assert answer.json()["result"]["caption"] == "film"


async def test_grammy_and_telegraf_send_json_and_attach_under_any_name(
    gateway: RunningGateway, http: httpx.AsyncClient, chat_id: int
) -> None:
    deleted = await http.post(gateway.api("deleteWebhook"), json={"drop_pending_updates": False})
    media = [{"type": "photo", "media": f"attach://x{n}", "caption": str(n)} for n in range(2)]
    album = await http.post(
        gateway.api("sendMediaGroup"),
        data={"chat_id": chat_id, "media": json.dumps(media)},
        files={f"x{n}": ("f.jpg", picture()) for n in range(2)},
    )
    attached = await http.post(
        gateway.api("sendDocument"),
        data={"chat_id": chat_id, "document": "attach://theirs"},
        files={"theirs": ("notes.txt", b"notes")},
    )
    assert deleted.json()["result"] is True
    assert [m["caption"] for m in album.json()["result"]] == ["0", "1"]
    assert attached.json()["result"]["document"]["file_name"] == "notes.txt"


@pytest.mark.parametrize("as_string", [True, False])
async def test_a_keyboard_comes_as_an_object_or_a_string(
    gateway: RunningGateway, http: httpx.AsyncClient, chat_id: int, *, as_string: bool
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    body = {
        "chat_id": str(chat_id) if as_string else chat_id,
        "text": "press",
        "reply_markup": json.dumps(keyboard) if as_string else keyboard,
    }
    answer = await http.post(gateway.api("sendMessage"), json=body)
    assert answer.json()["result"]["reply_markup"] == keyboard


async def test_get_with_a_query_and_post_with_a_form_do_the_same(
    gateway: RunningGateway, http: httpx.AsyncClient, chat_id: int
) -> None:
    query = {"chat_id": str(chat_id), "text": "hello"}
    got = await http.get(gateway.api("sendMessage"), params=query)
    posted = await http.post(gateway.api("sendMessage"), data=query)
    assert got.json()["result"]["text"] == posted.json()["result"]["text"] == "hello"


async def test_damaged_requests_get_a_description(
    gateway: RunningGateway, http: httpx.AsyncClient
) -> None:
    kinds = {"application/json": b"{", "multipart/form-data": b"--x"}
    for kind, body in kinds.items():
        answer = await http.post(
            gateway.api("sendMessage"), content=body, headers={"content-type": kind}
        )
        assert answer.status_code == 400
        assert answer.json()["description"].startswith("Bad Request: can't parse")


@pytest.mark.parametrize(
    "body",
    [
        {"reply_parameters": "[]"},
        {"reply_parameters": {"message_id": 1 << 70}},
        {"entities": [{"type": "bold"}]},
        {"entities": "x"},
        {"reply_markup": {"inline_keyboard": [["x"]]}},
        {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]}},
        {"reply_markup": {"inline_keyboard": "x"}},
    ],
)
async def test_values_of_a_wrong_shape_are_refused(
    gateway: RunningGateway, http: httpx.AsyncClient, chat_id: int, body: dict[str, object]
) -> None:
    answer = await http.post(
        gateway.api("sendMessage"), json={"chat_id": chat_id, "text": "x"} | body
    )
    assert (answer.status_code, answer.json()["ok"]) == (400, False)


@pytest.mark.parametrize("ids", [["x"], [1 << 70], [None]])
async def test_numbers_that_are_none_are_refused(
    gateway: RunningGateway, http: httpx.AsyncClient, chat_id: int, ids: list[object]
) -> None:
    answer = await http.post(
        gateway.api("deleteMessages"), json={"chat_id": chat_id, "message_ids": ids}
    )
    assert (answer.status_code, answer.json()["ok"]) == (400, False)

"""The phone's HTTP interface: what goes in reaches the bot once, what is another's stays theirs."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.gateway_world import Json, Phone, World, gateway_world, picture

BROKEN_JPEG = picture()[:500]
MAX_UPLOAD_BYTES = 1_000_000


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with gateway_world(tmp_path, max_upload_bytes=MAX_UPLOAD_BYTES) as running:
        yield running


async def test_joining_sends_the_code_to_the_bot_as_a_command(world: World) -> None:
    await world.joined("  Awa \n Diop ")
    (update,) = await world.updates()
    assert update["message"]["text"] == "/start CODE"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["from"]["first_name"] == "Awa Diop"


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    phone = await world.phone()
    answer = await phone.http.post("/join", json={"code": "CODE", "name": "Awa"})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize(
    "body", [{"name": "", "code": "A"}, {"name": "x" * 65, "code": "A"}, {"name": "A", "code": "<"}]
)
async def test_a_join_that_says_too_little_or_too_much_is_refused_in_words(
    world: World, body: dict[str, str]
) -> None:
    answer = await (await world.phone()).http.post("/join", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert await world.updates() == []


async def test_joining_over_and_over_is_slowed_down(world: World) -> None:
    phone = await world.phone()
    answers = [
        await phone.http.post("/join", json={"code": "GUESS", "name": "A"}) for _ in range(21)
    ]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/chat/messages", "/chat/events", "/chat/files/x"])
async def test_nobody_reads_without_having_joined(world: World, path: str) -> None:
    assert (await (await world.phone()).http.get(path)).status_code == 401


async def test_leaving_ends_the_session_for_a_copied_cookie_too(world: World) -> None:
    phone, copy = await world.joined(), await world.phone()
    copy.http.cookies.update(phone.http.cookies)
    await phone.http.post("/leave")
    assert (await copy.http.get("/chat/messages")).status_code == 401


async def test_a_photo_reaches_the_bot_with_its_caption_and_the_phone_sees_it(
    world: World,
) -> None:
    phone = await world.joined()
    answer = await phone.send("one", ("film.jpg", picture(1200, 900)), text="F 45, cough")
    (sent,) = answer.json()["messages"]
    assert (sent["photo"]["width"], sent["photo"]["height"]) == (1200, 900)
    assert sent["text"] == "F 45, cough"
    assert sent["state"] == "sent"
    message = (await world.updates())[-1]["message"]
    assert message["caption"] == "F 45, cough"
    assert [size["width"] for size in message["photo"]] == sorted(
        size["width"] for size in message["photo"]
    )
    assert len(message["photo"]) >= 2
    seen = await phone.http.get(f"/chat/files/{sent['photo']['file_id']}")
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["cache-control"] == "no-store"


async def test_a_confirmed_update_shows_as_delivered(world: World) -> None:
    phone = await world.joined()
    await phone.send("one", text="hello")
    updates = await world.updates()
    await world.updates(offset=updates[-1]["update_id"] + 1)
    assert [m["state"] for m in await phone.messages()] == ["delivered", "delivered"]


async def test_the_same_client_id_sends_once_and_answers_the_same(world: World) -> None:
    phone = await world.joined()
    answers = await asyncio.gather(*(phone.send("one", text="hello") for _ in range(4)))
    assert len({answer.text for answer in answers}) == 1
    assert len(await world.updates()) == 2


async def test_an_album_is_messages_that_share_a_group_with_the_words_on_the_first(
    world: World,
) -> None:
    phone = await world.joined()
    files = [(f"{n}.jpg", picture(300 + n)) for n in range(3)]
    sent = (await phone.send("album", *files, text="two views")).json()["messages"]
    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message["text"] for message in sent] == ["two views", "", ""]
    assert len(await world.updates()) == 4


async def test_a_photo_that_cannot_be_decoded_is_passed_on_as_a_document(world: World) -> None:
    phone = await world.joined()
    answer = await phone.send("one", ("../../film.jpg", BROKEN_JPEG))
    (sent,) = answer.json()["messages"]
    assert sent["photo"] is None
    assert sent["document"]["file_name"] == "film.jpg"
    saved = await phone.http.get(f"/chat/files/{sent['document']['file_id']}")
    assert saved.content == BROKEN_JPEG
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")


async def test_an_empty_file_still_reaches_the_bot(world: World) -> None:
    answer = await (await world.joined()).send("one", ("film.jpg", b""))
    assert answer.json()["messages"][0]["document"]["file_size"] == 0


async def test_a_file_over_the_limit_is_refused_in_words_and_nothing_is_kept(
    world: World, tmp_path: Path
) -> None:
    answer = await (await world.joined()).send("one", ("film.dcm", bytes(2 * MAX_UPLOAD_BYTES)))
    assert answer.status_code == 413
    assert "too large" in answer.json()["error"]
    assert not list((tmp_path / "gateway").rglob("*.dcm"))


@pytest.mark.parametrize(("length", "files"), [(4097, []), (1025, [("film.jpg", picture())])])
async def test_words_over_the_limit_are_refused_with_their_number(
    world: World, length: int, files: list[tuple[str, bytes]]
) -> None:
    answer = await (await world.joined()).send("one", *files, text="x" * length)
    assert answer.status_code == 400
    assert f"{length:,}" in answer.json()["error"]
    assert len(await world.updates()) == 1


async def test_a_picture_is_its_own_chats_alone(world: World) -> None:
    awa, binta = await world.joined("Awa"), await world.joined("Binta")
    photo = (await awa.send("one", ("film.jpg", picture()))).json()["messages"][0]["photo"]
    assert (await binta.http.get(f"/chat/files/{photo['file_id']}")).status_code == 404
    assert (await awa.http.get(f"/chat/files/{photo['thumb_id']}")).status_code == 200
    assert len(await binta.messages()) == 1


async def test_only_a_button_that_is_there_and_ones_own_can_be_pressed(world: World) -> None:
    awa, binta = await world.joined("Awa"), await world.joined("Binta")
    message_id = await _asked(world)

    assert (await _press(awa, message_id, "yes")).status_code == 200
    query = (await world.updates())[-1]["callback_query"]
    assert query["data"] == "yes"
    assert query["chat_instance"]
    assert (await _press(awa, message_id, "no")).status_code == 404
    assert (await _press(binta, message_id, "yes")).status_code == 404


async def test_history_pages_both_ways(world: World) -> None:
    phone = await world.joined()
    for n in range(4):
        await phone.send(f"m{n}", text=f"m{n}")
    newest = await phone.messages(limit=2)
    first = newest[0]["message_id"]
    assert [m["text"] for m in newest] == ["m2", "m3"]
    assert [m["text"] for m in await phone.messages(limit=2, before=first)] == ["m0", "m1"]
    assert [m["text"] for m in await phone.messages(after=first)] == ["m3"]


async def test_a_phone_that_was_cut_off_is_told_what_it_missed_once(world: World) -> None:
    phone = await world.joined()
    chat_id = (await world.updates())[0]["message"]["chat"]["id"]
    seen = await _events(phone, "0", 1)
    await world.call("sendMessage", chat_id=chat_id, text="while you were away")
    missed = await _events(phone, seen[-1]["id"], 1)
    assert [event["data"]["text"] for event in missed] == ["while you were away"]


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}])
async def test_another_site_cannot_act_for_a_phone(world: World, headers: dict[str, str]) -> None:
    phone = await world.joined()
    assert (await phone.http.post("/leave", headers=headers)).status_code == 403
    assert (await phone.http.get("/chat/messages")).status_code == 200


@pytest.mark.parametrize("host", ["192.168.1.5:8081", "[fd00::1]:8081", "clinic", "edgerad.local"])
async def test_a_phone_reaches_the_gateway_by_every_name_that_a_lan_has(
    world: World, host: str
) -> None:
    assert (await (await world.phone()).http.get("/", headers={"Host": host})).status_code == 200


async def test_pages_and_answers_carry_a_policy_without_inline_script(world: World) -> None:
    answer = await (await world.phone()).http.get("/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def _asked(world: World) -> int:
    """The bot asks whoever joined first; says in which message."""
    chat_id = (await world.updates())[0]["message"]["chat"]["id"]
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    sent = await world.call("sendMessage", chat_id=chat_id, text="?", reply_markup=keyboard)
    return int(sent["result"]["message_id"])


async def _press(phone: Phone, message_id: int, data: str) -> httpx.Response:
    return await phone.http.post("/chat/callbacks", json={"message_id": message_id, "data": data})


async def _events(phone: Phone, last_event_id: str, count: int) -> list[Json]:
    """The next events of a phone's stream."""
    found: list[Json] = []
    event: Json = {}
    headers = {"Last-Event-ID": last_event_id}
    async with asyncio.timeout(10), phone.http.stream("GET", "/chat/events", headers=headers) as s:
        async for line in s.aiter_lines():
            key, _, value = line.partition(": ")
            event |= {key: json.loads(value) if key == "data" else value} if key else {}
            if not line:
                found += [event] if "data" in event else []
                event = {}
            if len(found) == count:
                break
    return found

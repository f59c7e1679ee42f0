"""A chat locked by a PIN: what the gateway refuses until it is given, and how it changes."""

import httpx

from tests.gateway_world import (
    Phone,
    RunningGateway,
    file_part,
    phone_of,
    picture,
)

PIN = "4711"


async def put_pin(phone: Phone, pin: str | None, current: str | None = None) -> httpx.Response:
    return await phone.http.put("/chat/pin", json={"pin": pin, "current": current})


async def unlock(phone: Phone, pin: object) -> httpx.Response:
    return await phone.http.post("/unlock", json={"pin": pin})


async def open_page(phone: Phone) -> str:
    return (await phone.http.get("/")).text


async def test_a_locked_chat_gives_nothing_until_its_pin_is_given(phone: Phone) -> None:
    sent = (await phone.put("1", files=[file_part(picture())], text="Age 40")).json()
    assert (await put_pin(phone, PIN)).status_code == 200
    assert (await phone.messages())[-1]["text"] == "Age 40", "who set it goes on reading"

    assert 'id="unlock"' in await open_page(phone)
    asked = [
        await phone.http.get("/chat/messages"),
        await phone.http.get("/chat/events"),
        await phone.http.get(f"/chat/files/{sent['photo']['file_id']}"),
        await phone.put("2", text="hello"),
        await phone.http.post("/chat/callbacks", json={"message_id": 1, "data": "x"}),
        await put_pin(phone, None, PIN),
        await phone.http.put("/chat/language", json={"language_code": "fr"}),
    ]
    assert {answer.status_code for answer in asked} == {423}
    assert not any("Age 40" in answer.text for answer in asked)

    assert (await unlock(phone, PIN)).status_code == 200
    assert 'id="log"' in await open_page(phone)
    assert (await phone.messages())[-1]["text"] == "Age 40"
    assert 'id="unlock"' in await open_page(phone), "asked whenever the page is opened"


async def test_the_tab_in_which_the_pin_was_given_loads_the_chat_again_without_it(
    phone: Phone,
) -> None:
    """A reload; whoever opens the page elsewhere, or holds an older pass, gives the PIN."""
    first = (await put_pin(phone, PIN)).json()["pass"]
    for _ in range(2):
        assert 'id="unlock"' in await open_page(phone)
        assert (await phone.http.get("/chat/messages")).status_code == 423
        assert (await phone.http.post("/unlock", json={"pass": first})).status_code == 200
        assert 'id="log"' in await open_page(phone)
    assert 'id="unlock"' in await open_page(phone)
    second = (await unlock(phone, PIN)).json()["pass"]
    assert 'id="log"' in await open_page(phone)
    assert 'id="unlock"' in await open_page(phone)
    for wrong in (first, "", None, PIN):
        answer = await phone.http.post("/unlock", json={"pass": wrong})
        assert answer.status_code == 423, wrong
    assert 'id="unlock"' in await open_page(phone)
    assert (await phone.http.post("/unlock", json={"pass": second})).status_code == 200


async def test_a_stream_ends_when_the_chat_is_locked(phone: Phone) -> None:
    await put_pin(phone, PIN)
    async with phone.http.stream("GET", "/chat/events") as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        await open_page(phone)
        told = [line async for line in lines]
    assert "event: locked" in told


async def test_a_wrong_pin_says_how_many_tries_are_left_and_the_last_ends_the_session(
    phone: Phone,
) -> None:
    await put_pin(phone, PIN)
    await open_page(phone)
    left = []
    for guess in ("0000", 4711, None):
        answer = await unlock(phone, guess)
        assert answer.status_code == 403
        left.append((answer.json()["tries_left"], answer.json()["wait_s"]))
    assert left == [(6, 0), (5, 0), (4, 60)]
    locked_out = await unlock(phone, PIN)
    assert (locked_out.status_code, locked_out.json()["tries_left"]) == (403, 4)
    assert 'id="unlock"' in await open_page(phone)


async def test_a_pin_is_changed_and_removed_by_whoever_knows_it(phone: Phone) -> None:
    for simple in ("1111", "1234", "9876", "12", "12345678901234", "12a4", ""):
        assert (await put_pin(phone, simple)).status_code == 400, simple
    await put_pin(phone, PIN)
    assert (await put_pin(phone, "2580", "0000")).status_code == 403
    assert (await put_pin(phone, "2580", PIN)).status_code == 200
    await open_page(phone)
    assert (await unlock(phone, PIN)).status_code == 403
    assert (await unlock(phone, "2580")).status_code == 200
    assert (await put_pin(phone, None, "2580")).status_code == 200
    assert 'id="log"' in await open_page(phone)


async def test_a_pin_locks_the_phone_that_has_it_and_no_other(
    gateway: RunningGateway, phone: Phone
) -> None:
    await put_pin(phone, PIN)
    await open_page(phone)
    async with phone_of(gateway) as other:
        assert (await other.http.get("/chat/messages")).status_code == 200
        assert (await unlock(other, "0000")).status_code == 200, "there is nothing to open"
    assert (await phone.http.post("/leave")).status_code == 200
    assert (await unlock(phone, PIN)).status_code == 401

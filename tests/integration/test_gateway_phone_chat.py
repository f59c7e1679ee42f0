"""The phone chat's HTTP interface: what a phone may do, and what it is told in words."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from gateway.phone.rates import JOINS_AT_ONCE
from gateway.store.files import FileStore
from storage.layout import GATEWAY_FILES
from tests.gateway_world import (
    MessageJson,
    Phone,
    RunningGateway,
    bot_of,
    file_part,
    phone_of,
    picture,
    running_gateway,
)

MAX_UPLOAD_BYTES = 12_000_000
CORNERS = "[[0.1,0.1],[0.9,0.15],[0.85,0.8],[0.1,0.75]]"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    samples = tmp_path_factory.mktemp("samples")
    (samples / "film.jpg").write_bytes(picture())
    (samples / "secret.txt").write_text("not listed")
    others = {"fr": {"title": "Un cliché", "caption": "40 ans"}}
    listing = [{"file": "film.jpg", "title": "A film", "caption": "Age 40", "others": others}]
    (samples / "samples.json").write_text(json.dumps(listing))
    home = tmp_path_factory.mktemp("home")
    with running_gateway(
        home, samples_dir=samples, max_upload_bytes=MAX_UPLOAD_BYTES, public_url="http://rad.clinic"
    ) as running:
        yield running


def error_of(answer: httpx.Response) -> str:
    words: str = answer.json()["error"]
    return words


class Events:
    """A phone's event stream, event by event; ids are noted."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()
        self.last_id = ""

    async def next(self) -> tuple[str, MessageJson]:
        """The next event, with its data."""
        kind = ""
        async with asyncio.timeout(90):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if name == "id":
                    self.last_id = value
                elif name == "event":
                    kind = value
                elif name == "data":
                    return kind, json.loads(value)
        raise AssertionError("the stream ended")

    async def until(self, kind: str) -> MessageJson:
        """The data of the next event of a kind."""
        while True:
            found, data = await self.next()
            if found == kind:
                return data


async def test_joining_makes_an_identity_and_says_start_to_the_bot(gateway: RunningGateway) -> None:
    async with (
        bot_of(gateway) as bot,
        phone_of(gateway, code="abc-1", name="  Ama   Mensah ") as phone,
    ):
        (update,) = await bot.get_updates()
        assert update.message is not None
        assert update.message.text == "/start abc-1"
        assert update.message.from_user is not None
        assert update.message.from_user.first_name == "Ama Mensah"
        (cookie,) = phone.http.cookies.jar
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie.get_nonstandard_attr("SameSite") == "strict"
        assert len(cookie.value or "") >= 43


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"code": "", "name": "Ama"}, "code is not complete"),
        ({"code": "a b", "name": "Ama"}, "code is not complete"),
        ({"code": "abc", "name": "  "}, "Tell your name"),
        ({"code": "abc", "name": "x" * 65}, "Tell your name"),
        ({"code": 5}, "code is not complete"),
        ([], "cannot be understood"),
    ],
)
async def test_joining_without_a_code_or_a_name_is_refused_in_words(
    gateway: RunningGateway, body: object, words: str
) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as http:
        answer = await http.post("/join", json=body)
    assert answer.status_code == 400
    assert words in error_of(answer)


async def test_joining_over_and_over_is_slowed_down(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as own:
        async with httpx.AsyncClient(base_url=own.url) as http:
            answers = []
            for _ in range(JOINS_AT_ONCE + 9):
                http.cookies.clear()
                answers.append(await http.post("/join", json={"code": "GUESS", "name": "A"}))
    assert [answer.status_code for answer in answers][:JOINS_AT_ONCE] == [200] * JOINS_AT_ONCE
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "Too many attempts" in error_of(answers[-1])


async def test_without_a_session_nothing_of_the_chat_is_given(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, cookies={"edgerad_session": "x"}) as http:
        answers = [
            await http.get("/chat/messages"),
            await http.get("/chat/events"),
            await http.get("/chat/files/x"),
            await http.put("/chat/messages/1", data={"text": "x"}),
            await http.post("/chat/callbacks", json={"message_id": 1, "data": "x"}),
        ]
        page = await http.get("/")
    assert {answer.status_code for answer in answers} == {401}
    assert "join" in error_of(answers[0])
    assert page.status_code == 200


async def test_leaving_ends_the_session(phone: Phone) -> None:
    assert (await phone.http.get("/chat/messages")).status_code == 200
    token = phone.http.cookies["edgerad_session"]
    assert (await phone.http.post("/leave")).status_code == 200
    phone.http.cookies.clear()
    phone.http.cookies.set("edgerad_session", token)
    assert (await phone.http.get("/chat/messages")).status_code == 401


async def test_the_same_client_id_again_answers_the_same_message(phone: Phone) -> None:
    first = await phone.put("same", files=[file_part(picture())], text="once")
    again = await phone.put("same", files=[file_part(picture())], text="twice")
    assert first.json() == again.json()
    assert [m["text"] for m in await phone.messages()][1:] == ["once"]


async def test_two_copies_at_once_are_one_message(phone: Phone) -> None:
    answers = await asyncio.gather(
        *(phone.put("race", files=[file_part(picture())], text="once") for _ in range(5))
    )
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["message_id"] for a in answers}) == 1
    assert len(await phone.messages()) == 2


async def test_two_phones_may_use_the_same_client_id(gateway: RunningGateway, phone: Phone) -> None:
    async with phone_of(gateway, name="Kofi") as other:
        mine = (await phone.put("1", text="mine")).json()
        theirs = (await other.put("1", text="theirs")).json()
    assert (mine["text"], theirs["text"]) == ("mine", "theirs")


async def test_nobody_sees_a_file_or_a_message_of_another_phone(
    gateway: RunningGateway, phone: Phone
) -> None:
    sent = (await phone.put("f", files=[file_part(picture())])).json()
    path = f"/chat/files/{sent['photo']['file_id']}"
    mine = await phone.http.get(path)
    async with phone_of(gateway, name="Kofi") as other:
        theirs = await other.http.get(path)
        replied = await other.put("r", text="x", reply_to=str(sent["message_id"]))
        seen = await other.messages()
    assert mine.status_code == 200
    assert mine.headers["cache-control"] == "no-store"
    assert mine.headers["x-content-type-options"] == "nosniff"
    assert theirs.status_code == 404
    assert (replied.status_code, error_of(replied)) == (
        404,
        "The message you reply to is no longer there.",
    )
    assert sent["message_id"] not in [m["message_id"] for m in seen]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.jpg", b""),
        ("text.jpg", b"this is no picture"),
        ("cut.jpg", picture(1000, 1000)[:2000]),
        ("film.gif", picture(form="GIF")),
        ("film.heic", b"\x00\x00\x00\x18ftypheic" + bytes(100)),
        ("film.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("film.dcm", bytes(128) + b"DICM" + bytes(50)),
        ("big.jpg", picture() + bytes(10_000_001)),
    ],
)
async def test_what_cannot_be_a_photo_goes_on_as_a_document(
    phone: Phone, name: str, data: bytes
) -> None:
    sent = (await phone.put("bad", files=[file_part(data, name)], text="look")).json()
    assert sent["photo"] is None
    assert (sent["document"]["file_name"], sent["document"]["file_size"]) == (name, len(data))
    fetched = await phone.http.get(f"/chat/files/{sent['document']['file_id']}")
    assert fetched.content == data
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert fetched.headers["content-disposition"].startswith("attachment")


async def test_the_corners_of_a_film_reach_the_bot_with_their_photo(
    gateway: RunningGateway,
) -> None:
    async with bot_of(gateway) as bot, phone_of(gateway) as phone:
        sent = await phone.put("c", files=[file_part(picture())], film_corners=CORNERS)
        assert sent.json()["film_corners"] == json.loads(CORNERS)
        await phone.put("d", files=[file_part(picture())])
        _start, marked, bare = [update.message for update in await bot.get_updates()]
    assert marked is not None
    assert bare is not None
    assert marked.api_kwargs["edgerad_film_corners"] == json.loads(CORNERS)
    assert "edgerad_film_corners" not in bare.api_kwargs


async def test_each_photo_of_an_album_has_its_own_corners(gateway: RunningGateway) -> None:
    files = [file_part(picture()) for _ in range(3)]
    fields = [("film_corners", (None, text)) for text in ("", CORNERS)]
    async with bot_of(gateway) as bot, phone_of(gateway) as phone:
        await phone.put("a", files=[*files, *fields])
        told = [update.message for update in await bot.get_updates()][1:]
    assert [m is not None and "edgerad_film_corners" in m.api_kwargs for m in told] == [
        False,
        True,
        False,
    ]


async def test_a_files_name_is_never_a_path(phone: Phone) -> None:
    sent = (await phone.put("up", files=[file_part(b"x", "../../..\\film.jpg")])).json()
    assert sent["document"]["file_name"] == "film.jpg"


async def test_a_photo_is_kept_in_ascending_sizes_or_as_it_is(phone: Phone) -> None:
    data = picture(3000, 2000)
    photo = (await phone.put("p", files=[file_part(data)])).json()["photo"]
    document = (await phone.put("d", files=[file_part(data)], **{"as": "document"})).json()
    assert (photo["width"], photo["height"]) == (2560, 1707)
    assert photo["thumb_id"] != photo["file_id"]
    assert document["document"]["file_size"] == len(data)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"text": "x" * 4097}, "The text has 4,097 characters, and 4,096 is the most"),
        ({"text": "  "}, "The message is empty"),
        ({"text": "x", "reply_to": "x"}, "no longer there"),
        ({"files": [file_part(picture())], "text": "x" * 5000}, "The caption has 5,000 characters"),
        ({"files": [file_part(b"x")] * 11}, "at most 10 pictures"),
        ({"files": [file_part(picture())], "film_corners": "[[0,0],[1,0]]"}, "set them again"),
        ({"text": "no file", "film_corners": CORNERS}, "set them again"),
    ],
)
async def test_a_message_that_does_not_fit_is_refused_in_words(
    phone: Phone, form: MessageJson, words: str
) -> None:
    answer = await phone.put("long", **form)
    assert answer.status_code == 400
    assert words in error_of(answer)
    assert len(await phone.messages()) == 1


async def test_a_file_that_is_too_large_is_refused_without_being_read(phone: Phone) -> None:
    answer = await phone.put("huge", files=[file_part(bytes(MAX_UPLOAD_BYTES + 100_000))])
    assert answer.status_code == 413
    assert error_of(answer) == "This is too large: 12 MB is the most that can be sent at once."


async def test_a_stream_of_unknown_length_is_cut_off_where_it_is_too_large(phone: Phone) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(200):
            yield bytes(100_000)

    answer = await phone.http.put(
        "/chat/messages/endless",
        content=endless(),
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 413


async def test_history_goes_forward_and_back(phone: Phone) -> None:
    ids = [(await phone.put(str(n), text=str(n))).json()["message_id"] for n in range(5)]
    assert [m["message_id"] for m in await phone.messages(after=ids[1], limit=2)] == ids[2:4]
    assert [m["message_id"] for m in await phone.messages(before=ids[4], limit=2)] == ids[2:4]
    assert [m["message_id"] for m in await phone.messages()][1:] == ids
    assert (await phone.http.get("/chat/messages?after=x")).status_code == 400


async def test_the_event_stream_tells_all_and_resumes(
    gateway: RunningGateway, phone: Phone
) -> None:
    async with bot_of(gateway) as bot:
        async with phone.http.stream("GET", "/chat/events") as response:
            events = Events(response)
            await phone.put("1", text="hello")
            assert (await events.until("message"))["text"] == "hello"
            (update,) = await bot.get_updates()
            assert update.effective_chat is not None
            chat_id = update.effective_chat.id
            await bot.get_updates(offset=update.update_id + 1)
            delivered = await events.until("state")
            assert delivered == {
                "message_ids": [update.message.message_id if update.message else 0],
                "state": "delivered",
            }
            await bot.send_chat_action(chat_id, "typing")
            assert await events.until("action") == {"action": "typing"}
            sent = await bot.send_message(chat_id, "one")
            assert (await events.until("message"))["text"] == "one"
        await sent.edit_text("two")
        await sent.edit_text("three")
        gone = await bot.send_message(chat_id, "gone")
        await gone.delete()
        headers = {"Last-Event-ID": events.last_id}
        async with phone.http.stream("GET", "/chat/events", headers=headers) as response:
            resumed = Events(response)
            kind, edited = await resumed.next()
            assert (kind, edited["text"]) == ("edited", "three")
            assert await resumed.next() == ("deleted", {"message_ids": [gone.message_id]})


async def test_a_press_reaches_the_bot_and_its_answer_the_phone(
    gateway: RunningGateway, phone: Phone
) -> None:
    async with bot_of(gateway) as bot, phone.http.stream("GET", "/chat/events") as response:
        events = Events(response)
        await phone.put("1", text="hello")
        (update,) = await bot.get_updates(offset=-1)
        assert update.effective_chat is not None
        keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
        sent = await bot.send_message(
            update.effective_chat.id, "?", api_kwargs={"reply_markup": keyboard}
        )
        press = {"message_id": sent.message_id, "data": "yes"}
        assert (await phone.http.post("/chat/callbacks", json=press)).json() == {}
        made_up = await phone.http.post("/chat/callbacks", json=press | {"data": "admin"})
        async with phone_of(gateway, name="Kofi") as other:
            not_theirs = await other.http.post("/chat/callbacks", json=press)
        assert (made_up.status_code, not_theirs.status_code) == (404, 404)
        pressed = (await bot.get_updates(offset=update.update_id + 1))[0]
        assert pressed.callback_query is not None
        assert pressed.callback_query.data == "yes"
        await pressed.callback_query.answer("done", show_alert=True)
        assert await events.until("answer") == {"text": "done", "alert": True}


async def test_samples_are_offered_and_only_what_is_listed(phone: Phone) -> None:
    listed = (await phone.http.get("/samples")).json()
    assert listed == [
        {"name": "film.jpg", "title": "A film", "caption": "Age 40", "url": "/samples/film.jpg"}
    ]
    assert (await phone.http.get(listed[0]["url"])).content == picture()
    assert (await phone.http.get("/samples/secret.txt")).status_code == 404


async def test_samples_are_called_something_in_the_pages_language(phone: Phone) -> None:
    titles = {}
    for language in ("fr", "en", "ha", ""):
        (listed,) = (await phone.http.get("/samples", params={"language": language})).json()
        titles[language] = (listed["title"], listed["caption"])
    assert titles.pop("fr") == ("Un cliché", "40 ans")
    assert {*titles.values()} == {("A film", "Age 40")}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"message_id": %d, "data": "x"}' % (1 << 70), 404),
        (b'{"message_id": true, "data": "x"}', 400),
        (b"[" * 16_000, 400),
    ],
)
async def test_a_press_that_makes_no_sense_is_refused_in_words(
    phone: Phone, body: bytes, status: int
) -> None:
    answer = await phone.http.post("/chat/callbacks", content=body)
    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)


@pytest.mark.parametrize("host", ["evil.example", "rad.clinic.evil.example", "", "[bad"])
async def test_a_name_that_is_not_this_hosts_is_refused(gateway: RunningGateway, host: str) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as http:
        assert (await http.get("/", headers={"host": host})).status_code == 403


@pytest.mark.parametrize(
    "host", ["192.168.4.20:8081", "[::1]:8081", "edgerad.local", "edgerad.lan", "rad.clinic"]
)
async def test_this_hosts_own_names_are_served(gateway: RunningGateway, host: str) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as http:
        answer = await http.get("/", headers={"host": host})
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://["},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
async def test_another_sites_page_cannot_send(phone: Phone, headers: dict[str, str]) -> None:
    answer = await phone.http.post("/leave", headers=headers)
    assert answer.status_code == 403
    assert (await phone.http.get("/chat/messages")).status_code == 200


async def test_a_breakdown_is_told_in_words_to_phones_and_bots(
    phone: Phone, gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileStore, "write", full)
    sent = await phone.put("1", files=[file_part(b"x")])
    chat = (await phone.messages())[0]
    document = {"document": ("x", b"x")}
    async with bot_of(gateway, forget=False) as bot:
        (update, *_) = await bot.get_updates(offset=-1)
    assert update.effective_chat is not None
    query = {"chat_id": str(update.effective_chat.id)}
    answer = await phone.http.post(gateway.api("sendDocument"), params=query, files=document)
    assert (sent.status_code, answer.status_code) == (500, 500)
    assert "try again" in error_of(sent)
    assert answer.json()["description"] == "Internal Server Error"
    assert chat["text"] == "/start code"


async def test_what_is_a_patients_is_not_cached_and_the_page_is_revalidated(phone: Phone) -> None:
    chat = await phone.http.get("/chat/messages")
    script = await phone.http.get("/static/chat.js")
    again = await phone.http.get(
        "/static/chat.js", headers={"if-none-match": script.headers["etag"]}
    )
    assert chat.headers["cache-control"] == "no-store"
    assert (script.headers["cache-control"], again.status_code) == ("no-cache", 304)


async def test_health_tells_nothing_of_patients(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as http:
        answer = (await http.get("/health")).json()
    assert answer.keys() == {"ok", "version"}


async def test_what_a_phone_sent_outlasts_a_restart_and_strays_do_not(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as first:
        async with phone_of(first) as phone:
            sent = (await phone.put("1", files=[file_part(picture())])).json()
            cookies = phone.http.cookies
    stray = tmp_path / GATEWAY_FILES / "photos" / "stray.jpg"
    stray.write_bytes(b"left by a crash between file and row")
    with running_gateway(tmp_path) as second:
        async with httpx.AsyncClient(base_url=second.url, cookies=cookies) as http:
            again = await http.put("/chat/messages/1", files=[file_part(picture())])
            film = await http.get(f"/chat/files/{sent['photo']['file_id']}")
    assert again.json()["message_id"] == sent["message_id"]
    assert film.status_code == 200
    assert not stray.exists()


async def test_an_upload_that_is_already_there_leaves_no_second_file(
    gateway: RunningGateway, tmp_path: Path
) -> None:
    with running_gateway(tmp_path) as own:
        async with phone_of(own) as phone:
            await asyncio.gather(*(phone.put("1", files=[file_part(picture())]) for _ in range(4)))
            await phone.put("2", files=[file_part(picture())], reply_to="999")
    sizes = 3  # of 400 x 300 px: 90, 320, 400
    assert len(list((tmp_path / GATEWAY_FILES).rglob("*.*"))) == sizes


@pytest.mark.parametrize("path", ["/generate_204", "/hotspot-detect.html", "/connecttest.txt"])
async def test_a_phones_question_for_the_internet_is_answered_with_the_join_page(
    tmp_path: Path, path: str
) -> None:
    with running_gateway(tmp_path) as own:
        async with httpx.AsyncClient(trust_env=False) as http:
            headers = {"Host": "connectivitycheck.gstatic.com"}
            answer = await http.get(own.url + path, headers=headers, follow_redirects=False)
            assert answer.status_code == 302
            assert answer.headers["location"] == f"{own.url}/join?portal"
            assert "join.js" in (await http.get(answer.headers["location"])).text


async def test_a_phones_question_is_sent_to_the_address_set(
    gateway: RunningGateway,
) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as http:
        answer = await http.get("/generate_204")
    assert answer.headers["location"] == "http://rad.clinic/join?portal"

"""What is shown before it is sent fills neither disk nor memory, and nobody else gets it."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gateway.phone.held import FILES_MAX, HeldFiles
from gateway.phone.rates import LOOKS_AT_ONCE
from gateway.store.sessions import Session
from tests.attacks.conftest import Note
from tests.attacks.test_late_uploads import call, files, half
from tests.gateway_world import Phone, RunningGateway, chat_of, file_part, phone_of, running_gateway
from tests.integration.test_at_rest import everything

ATTACKER = "by somebody who has joined"

MAX_BYTES = 3_000_000
PLANTED = b"quillaja saponaria"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningGateway]:
    """A gateway that takes little, and looks as often as it is asked."""
    monkeypatch.setattr("gateway.phone.rates.LOOKS_AT_ONCE", 1_000)
    with running_gateway(tmp_path, max_upload_bytes=MAX_BYTES) as running:
        yield running


async def hold(phone: Phone, name: str, size_bytes: int) -> httpx.Response:
    data = PLANTED * (size_bytes // len(PLANTED))
    return await phone.http.put(f"/chat/held/{name}", files=[file_part(data, "film.dcm")])


async def can_send(phone: Phone, name: str) -> bool:
    form = {"as": "document", "file": name}
    return (await phone.put(f"send-{name}", **form)).is_success


def nameless() -> list[bytes]:
    """What this process, and the gateway in it, has in files that have no name any more."""
    found = []
    for place in Path("/proc/self/fd").iterdir():
        try:
            if place.readlink().name.endswith(" (deleted)") and place.is_file():
                found.append(os.pread(int(place.name), place.stat().st_size, 0))
        except OSError:  # closed meanwhile
            continue
    return found


async def test_files_that_are_shown_and_never_sent_do_not_pile_up(
    own: RunningGateway, tmp_path: Path, outcome: Note
) -> None:
    async with phone_of(own) as phone:
        for number in range(FILES_MAX + 5):
            assert (await hold(phone, f"small-{number}", 1_000)).status_code == 204
        small = [await can_send(phone, f"small-{number}") for number in range(5)]
        for number in range(4):
            assert (await hold(phone, f"large-{number}", 2_000_000)).status_code == 204
        assert small == [False] * 5
        assert sum(len(each) for each in nameless()) <= MAX_BYTES
    assert files(tmp_path) == []
    outcome(
        "Files shown before sending, and never sent, without end",
        "one message's are held, the newest; none has a row or a place in the data folder",
    )


async def test_what_is_held_cannot_be_read_on_the_disk(
    own: RunningGateway, tmp_path: Path, outcome: Note
) -> None:
    async with phone_of(own) as phone:
        await hold(phone, "film", 2_000_000)
        held = [each for each in nameless() if len(each) > 1_900_000]
        assert len(held) == 1
        assert PLANTED not in held[0]
        assert PLANTED not in everything(tmp_path)
    outcome(
        "A file that is shown before sending, looked for on the disk",
        "in a file without a name, whose key is in memory alone",
    )


async def test_a_phone_has_only_so_many_small_pictures_made(
    gateway: RunningGateway, outcome: Note
) -> None:
    async with phone_of(gateway) as phone:
        answers = [await hold(phone, "film", 100) for _ in range(LOOKS_AT_ONCE + 2)]
    assert [answer.status_code for answer in answers][-1] == 429
    outcome(
        "Small pictures of files, asked for without end",
        "429 beyond 20 at once and one every 3 s, one at a time; they count as bytes that are sent",
    )


async def test_what_somebody_left_is_not_sent_by_whoever_comes_back(
    own: RunningGateway, outcome: Note
) -> None:
    async with phone_of(own) as phone, phone_of(own, name="Kofi") as other:
        await hold(phone, "film", 1_000)
        assert not await can_send(other, "film")
        await phone.http.put("/chat/pin", json={"pin": "4711"})
        await phone.http.get("/")
        assert (await hold(phone, "more", 1_000)).status_code == 423
        await phone.http.post("/unlock", json={"pin": "4711"})
        cookies = dict(phone.http.cookies)
        await phone.http.post("/leave", json={})
        phone.http.cookies.update(cookies)
        assert (await hold(phone, "film", 1_000)).status_code == 401
    outcome(
        "Another phone's file that is shown and not sent, taken by its name",
        "410; leaving lets go of it, and after 10 minutes it is gone",
    )


async def test_a_file_that_comes_in_after_revoking_is_not_held(
    own: RunningGateway, monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    held: list[str] = []

    async def put(_files: HeldFiles, _session: Session, name: str, *_more: object) -> None:
        held.append(name)

    monkeypatch.setattr(HeldFiles, "put", put)
    form = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.dcm"\r\n\r\nfilm'
    body = f"{form}\r\n--b--\r\n".encode()
    kind = "multipart/form-data; boundary=b"
    async with phone_of(own) as phone:
        chat_id = await chat_of(phone, own)
        for revoked in (False, True):
            async with half("PUT /chat/held/film", kind, body, own, phone) as upload:
                if revoked:
                    await call(own, "edgeradSetAccess", chat_id=chat_id, is_member=False)
                status = 401 if revoked else 204
                assert (await upload.end()).startswith(f"HTTP/1.1 {status}".encode())
    assert held == ["film"]
    outcome("A file to be shown, begun before `/revoke` and ended after it", "401; not held")

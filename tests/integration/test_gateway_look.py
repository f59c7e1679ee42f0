"""A look at a photo before it is sent: the phone is told where the film is, and nothing is kept."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PIL import Image

from gateway.errors import TooManyRequests
from gateway.phone.rates import LOOK_EVERY_S, LOOKS_AT_ONCE, Rates
from gateway.store.sessions import Session
from pictures.corners import corners as outline
from tests.film_photos import jpeg, on_light_box, overlap
from tests.gateway_world import Phone, RunningGateway, kept, running_gateway


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def gateway(home: Path) -> Iterator[RunningGateway]:
    with running_gateway(home) as running:
        yield running


async def test_a_phone_is_told_where_the_film_is(home: Path, phone: Phone) -> None:
    photo, corners = on_light_box()
    before = kept(home)
    answer = await phone.http.post("/chat/look", content=jpeg(photo))
    found = answer.json()["corners"]
    assert overlap(outline(found), corners) > 0.9
    assert kept(home) == before
    assert [each for each in await phone.messages() if each["photo"]] == []


@pytest.mark.parametrize("body", [b"", b"no picture", jpeg(Image.new("RGB", (300, 200)))[:400]])
async def test_what_is_no_photo_of_a_film_has_none(phone: Phone, body: bytes) -> None:
    answer = await phone.http.post("/chat/look", content=body)
    assert answer.json() == {"corners": None, "faults": []}


async def test_a_look_is_for_small_pictures_alone(phone: Phone) -> None:
    assert (await phone.http.post("/chat/look", content=bytes(1_000_001))).status_code == 413


async def test_who_has_not_joined_has_nothing_looked_at(phone: Phone) -> None:
    phone.http.cookies.clear()
    assert (await phone.http.post("/chat/look", content=b"x")).status_code == 401


def test_a_phone_may_not_have_pictures_looked_at_without_end() -> None:
    now = 0.0
    rates = Rates(lambda: now, 1_000)
    session = cast("Session", SimpleNamespace(token_sha256=b"a phone"))
    for _ in range(LOOKS_AT_ONCE):
        rates.look(session)
    with pytest.raises(TooManyRequests):
        rates.look(session)
    now += LOOK_EVERY_S
    rates.look(session)

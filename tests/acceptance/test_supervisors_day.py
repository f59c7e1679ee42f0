"""A supervisor's day on the real product: everything by chat, on phones, over HTTP."""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from PIL import Image
from typing_extensions import override

from deploy.phone_client import Message, PhoneClient, PhoneEvent, PhoneRefused, PhoneUpload
from tests.acceptance.running import EdgeRad

pytestmark = pytest.mark.timeout(120)

DISCLAIMER = "Not a medical device. A clinician must verify."


class ScriptedEdgeRad(EdgeRad):
    """EdgeRad whose answers are written out beforehand: nothing here depends on a model."""

    @override
    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), "EDGERAD_ENGINE": "scripted"}


class Phone:
    """A phone whose owner types, presses and reads."""

    def __init__(self, client: PhoneClient) -> None:
        self.client = client

    async def is_shut_out(self) -> bool:
        """Whether the gateway knows this phone no longer."""
        try:
            await self.client.messages()
        except PhoneRefused as refusal:
            return refusal.status == 401
        return False

    async def types(self, text: str, *, reply_to: int | None = None) -> Message:
        """Send a text and wait for what the bot says next."""
        known = len(self.client.events)
        await self.client.send(text=text, reply_to=reply_to)
        return (await self.client.wait_for(lambda event: event.is_from_bot, since=known)).data

    async def presses(self, message: Message, action: str, *, until: str) -> Message:
        """Press the first button of an action and wait for words of the bot."""
        known = len(self.client.events)
        await self.client.press(message["message_id"], button(message, action))
        return await self.reads(until, since=known)

    async def reads(self, words: str, *, since: int = 0) -> Message:
        """Wait for words of the bot, new or edited."""
        return (await self.client.wait_for(lambda event: says(event, words), since=since)).data


def button(message: Message, action: str) -> str:
    """The data of the first button of an action."""
    rows: list[list[dict[str, str]]] = message["buttons"] or []
    return next(one["data"] for row in rows for one in row if one["data"].startswith(action))


def says(event: PhoneEvent, words: str) -> bool:
    told = event.is_from_bot or event.kind == "edited"
    return told and words in event.data["text"]


@pytest.fixture(scope="module")
def edgerad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeRad]:
    system = ScriptedEdgeRad(tmp_path_factory.mktemp("ward"))
    system.start()
    yield system
    system.stop()


@pytest.fixture
async def doors(edgerad: EdgeRad) -> AsyncIterator["Doors"]:
    async with AsyncExitStack() as stack:
        yield Doors(edgerad, stack)


class Doors:
    """Where phones come in."""

    def __init__(self, edgerad: EdgeRad, stack: AsyncExitStack) -> None:
        self.edgerad = edgerad
        self._stack = stack

    async def enter(self, code: str, name: str) -> Phone:
        """Join by an invite and accept the terms."""
        client = await self._stack.enter_async_context(PhoneClient(self.edgerad.base_url))
        await client.join(code, name)
        await self._stack.enter_async_context(client.listening())
        await client.accept_terms()
        return Phone(client)


def film() -> PhoneUpload:
    encoded = io.BytesIO()
    Image.effect_noise((320, 320), 60).save(encoded, "JPEG")
    return PhoneUpload(name="film.jpg", data=encoded.getvalue())


async def test_a_supervisor_invites_looks_up_signs_off_and_exports(doors: Doors) -> None:
    # Given a supervisor who invites a nurse by a link
    esther = await doors.enter(doors.edgerad.supervisor_code(), "Esther")
    invite = await esther.types("/invite health worker")
    link = re.search(r"http://127\.0\.0\.1:\d+/join#(\w+)", invite["text"])
    assert link is not None
    amina = await doors.enter(link[1], "Amina")

    # When the nurse sends a film and it is answered
    await amina.client.send(film(), text="F 32 ans, toux <3 semaines>, ref 2231")
    answer = await amina.reads(DISCLAIMER)
    assert "C-0001" in answer["text"]

    # And its alarm is taken by the supervisor, which the nurse hears
    alarm = await esther.reads("🟠 URGENT")
    await esther.presses(alarm, "take:", until="C-0001: you have it")
    await amina.reads("Esther has taken your case")

    # Then the supervisor finds it, sees it whole, and signs it off with a note
    for text in ("/cases", "/search toux", "/search 2231"):
        assert "C-0001" in (await esther.types(text))["text"]
    asked = await esther.types("/search")
    assert asked["keyboard"]["force_reply"]
    assert "C-0001" in (await esther.types("toux", reply_to=asked["message_id"]))["text"]
    listed = await esther.types("/cases")
    card = await esther.presses(listed, "case:", until="Not reviewed yet.")
    assert "F 32 ans, toux <3 semaines>, ref 2231" in card["text"]
    shown = [event.data for event in esther.client.events if event.data.get("photo")]
    assert shown[-1]["text"] == "C-0001"
    signed = await esther.presses(card, "agree:", until="signed off")
    await esther.types("seen at the round", reply_to=signed["message_id"])
    assert "Esther agrees" in (await amina.reads("seen at the round"))["text"]
    known = len(amina.client.events)
    await amina.client.send(text="/cases")
    listed = await amina.reads("All · 1 case", since=known)  # other news may come before it
    own = await amina.presses(listed, "case:", until="Reviewed by Esther")
    assert "seen at the round" in own["text"]

    # And takes the table with it
    table = (await esther.types("/export all"))["document"]
    assert table["file_name"].endswith(".csv")
    rows = (await esther.client.file(table["file_id"])).decode("utf-8-sig")
    assert [row["case"] for row in csv.DictReader(io.StringIO(rows))] == ["C-0001"]
    known = len(esther.client.events)
    assert "Today · 1 case" in (await esther.types("/stats"))["text"]
    await esther.reads("Last 7\u00a0days · Supervisors", since=known)  # under the chart

    # While the nurse is refused what is for supervisors, and may choose another language
    assert "for supervisors" in (await amina.types("/stats"))["text"]
    chooser = await amina.types("/language")
    await amina.presses(chooser, "language:fr", until="en français")
    assert "Ce cas n" in (await amina.types("/case C-0099"))["text"]

    # Until their access is taken away, and their phone's with it
    asked = await esther.types("/revoke amina")
    sure = await esther.presses(asked, "revoke:", until="Take away the access of Amina?")
    await esther.presses(sure, "revoke!:", until="no longer has access")
    async with asyncio.timeout(90):
        while not await amina.is_shut_out():  # noqa: ASYNC110 - another process has no Event
            await asyncio.sleep(0.05)

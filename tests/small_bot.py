"""What a small bot does, whichever library it is written with, and a phone that tries all of it.

The bot greets a `/start` with its payload and a button, changes the text under the button once it
is pressed, sends a photo back with its width and twice as an album, sends a document back in
capitals, and edits a text from one markup to another.
"""

import asyncio
import json

from tests.gateway_world import MessageJson, Phone, RunningGateway, file_part, phone_of, picture

SECRET = "s3cret"
LIMIT_S = 50


async def try_small_bot(gateway: RunningGateway, code: str) -> None:
    """Use everything that the small bot can do, as a person with a phone would."""
    async with asyncio.timeout(LIMIT_S), phone_of(gateway, code=code) as phone:
        greeting = await said(phone, f"joined with {code}")
        assert greeting["buttons"] == [[{"text": "Yes", "data": "yes"}]]
        body = {"message_id": greeting["message_id"], "data": "yes"}
        assert (await phone.http.post("/chat/callbacks", json=body)).status_code == 200
        pressed = await said(phone, "pressed yes")
        assert pressed["message_id"] == greeting["message_id"]
        await _try_files(phone)
        await phone.put("edit", text="edit")
        edited = await said(phone, "after")
        assert edited["entities"] == [{"type": "bold", "offset": 0, "length": 5}]


async def _try_files(phone: Phone) -> None:
    film = await phone.put("film", files=[file_part(picture(1000, 700))], text="cap")
    back = await said(phone, "1000 px: cap")
    assert back["photo"]["width"] == 1000
    assert back["reply_to"]["message_id"] == film.json()["message_id"]
    first, second = [await said(phone, f"view {number}") for number in (1, 2)]
    assert first["media_group_id"] == second["media_group_id"] is not None
    notes = {"files": [file_part(b"notes", "notes.txt")], "as": "document"}
    await phone.put("notes", **notes)
    file = (await said(phone, "back.txt"))["document"]
    assert (await phone.http.get(f"/chat/files/{file['file_id']}")).content == b"NOTES"


async def said(phone: Phone, wanted: str) -> MessageJson:
    """The bot's message with these words, as soon as the phone hears of it."""
    async with phone.http.stream("GET", "/chat/events") as events:
        for message in await phone.messages():
            if wanted in json.dumps(message) and not message["outgoing"]:
                return message
        async for line in events.aiter_lines():
            if line.startswith("data: ") and wanted in line and '"outgoing": false' in line:
                found: MessageJson = json.loads(line.removeprefix("data: "))
                return found
    raise AssertionError(wanted)

"""A stolen disk: after a day's traffic no file holds a word, a name, an answer or a picture."""

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from deploy.phone_client import PhoneUpload
from gateway.app import Ports, serving
from gateway.settings import GatewaySettings
from storage.opening import unlocked
from tests.integration.test_bot_on_the_gateway import WITHIN_S, bot_running, nurse, says

CAPTION = "quillaja saponaria since Tuesday"
QUESTION = "Does zanzibarite fit?"
NAME = "Amina"
ANSWER = "FINDINGS"
COMMENT = "planted in the picture"
REFERENCE = "MRN 778123"


def film() -> bytes:
    """A picture, grey as a film, whose bytes hold a comment to look for."""
    made = io.BytesIO()
    Image.effect_noise((1200, 900), 40).save(made, "JPEG", comment=COMMENT.encode())
    return made.getvalue()


def chunks(data: bytes) -> Iterator[bytes]:
    """Places all over a picture's bytes."""
    yield from (data[at : at + 24] for at in range(0, len(data) - 24, 50_000))


async def test_no_file_holds_anything_of_a_patient_while_it_serves_or_after(
    tmp_path: Path,
) -> None:
    settings = GatewaySettings(
        _env_file=None, home=tmp_path, gateway_host="127.0.0.1", gateway_port=0
    )
    async with serving(settings) as ports:
        seen, pictures = await a_days_traffic(tmp_path, ports)
    for moment in (seen, everything(tmp_path)):
        for planted in (CAPTION, QUESTION, NAME, REFERENCE, ANSWER, COMMENT):
            assert planted.encode() not in moment
        for picture in pictures:
            assert not [place for place in chunks(picture) if place in moment]
    with unlocked(tmp_path, None) as keyring:
        assert keyring.current.secret not in seen


async def a_days_traffic(home: Path, ports: Ports) -> tuple[bytes, tuple[bytes, bytes]]:
    """What the disk holds after it, and the pictures that went over it."""
    data = film()
    assert len(data) > 1 << 18, "large enough for more than one sealed piece"
    async with bot_running(home, ports), nurse(home, ports) as phone:
        photo = await phone.send(PhoneUpload(name="Amina.jpg", data=data), text=f"F 41 {CAPTION}")
        answer = await phone.wait_for(says("FINDINGS", "C-0001"), limit_s=WITHIN_S)
        known = len(phone.events)
        await phone.send(text=QUESTION, reply_to=answer.data["message_id"])
        await phone.wait_for(says("Opacity", "C-0001"), since=known, limit_s=WITHIN_S)
        known = len(phone.events)
        await phone.send(PhoneUpload(name="Amina.jpg", data=data), text=REFERENCE, as_document=True)
        await phone.wait_for(says("FINDINGS", "C-0002"), since=known, limit_s=WITHIN_S)
        assert [path.name for path in wal_files(home)] == ["bot.db-wal", "gateway.db-wal"]
        return everything(home), (data, await phone.file(photo["photo"]["file_id"]))


def everything(home: Path) -> bytes:
    """All that a thief finds in the data folder, names of files included."""
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    return b"".join(str(path.relative_to(home)).encode() + path.read_bytes() for path in files)


def wal_files(home: Path) -> list[Path]:
    """What was committed and is not in the databases' files yet."""
    return sorted(home.rglob("*.db-wal"))

"""Who may use the bot, as supervisors see and change it by chat."""

import io
import re

import pytest
import segno
from PIL import Image

from bot.domain.people import Role
from bot.replies import people, qr_picture
from tests.bot_conversation import ADMIN, STRANGER, SUPERVISOR, WORKER, Conversation, buttons, words


async def test_an_invite_tells_code_link_and_expiry(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    settings = chat.clinic.services.settings
    settings.public_url = "http://192.168.1.5:8081/"
    said = words(await chat.types(supervisor, "/invite supervisor"))
    assert re.search(r"http://192\.168\.1\.5:8081/join#\w+\n", said)
    assert "It works once, until 3 Mar 2026, " in said
    settings.public_url = None
    (without,) = await chat.types(supervisor, "/invite health worker")
    assert "http" not in without.reply.text
    assert without.attachment is None


async def test_an_invite_is_a_picture_of_its_link_with_the_code_large_under_it(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    chat.clinic.services.settings.public_url = "http://192.168.1.5:8081"
    (said,) = await chat.types(supervisor, "/invite health worker")
    assert "Invite for one health worker" in said.reply.text
    assert said.attachment is not None
    assert said.attachment.is_picture
    link = re.search(r"http://\S+#(\w+)", said.reply.text)
    assert link is not None
    assert modules_of(said.attachment.data) == modules_of_link(link[0])
    code = qr_picture.invite(link[0], "192.168.1.5:8081", link[1])
    assert code == said.attachment.data


async def test_whoever_is_to_accept_the_terms_can_scan_where_all_of_them_are(
    chat: Conversation,
) -> None:
    code = await chat.invite(await chat.enrol(SUPERVISOR, Role.SUPERVISOR))
    await chat.types(STRANGER, f"/start {code}")
    (said,) = await chat.presses(STRANGER, "fullterms")
    assert said.attachment is not None
    assert said.attachment.is_picture
    with Image.open(io.BytesIO(said.attachment.data)) as both:
        top = 0
        for name, address in people.FULL_TERMS:
            alone = qr_picture.addresses((name, address))
            assert modules_of(alone) == modules_of_link(address)
            with Image.open(io.BytesIO(alone)) as one:
                part = both.crop((0, top, both.width, top + one.height))
                assert part.tobytes() == one.tobytes()
                top += one.height
        assert top == both.height


def modules_of_link(link: str) -> list[list[bool]]:
    return [[bool(module) for module in row] for row in segno.make_qr(link, error="M").matrix]


def modules_of(png: bytes) -> list[list[bool]]:
    """The modules of the QR code in a picture, looked at in their middles."""
    with Image.open(io.BytesIO(png)) as picture:
        square = picture.crop((0, 0, picture.width, picture.width))
        dark = square.point(lambda grey: 255 if grey < 128 else 0)
        box = dark.getbbox()
        assert box is not None
        left, top, right, _ = box
        finder = next(x for x in range(left, right) if not dark.getpixel((x, top)))
        module = (finder - left) / 7
        count = round((right - left) / module)
        return [
            [
                bool(dark.getpixel((left + int((x + 0.5) * module), top + int((y + 0.5) * module))))
                for x in range(count)
            ]
            for y in range(count)
        ]


async def test_whoever_opens_their_own_invite_stays_who_they_are(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    code = await chat.invite(supervisor)
    said = words(await chat.types(supervisor, f"/start {code}"))
    assert "You are enrolled already, as: supervisor." in said
    me = await chat.clinic.store.people.find(supervisor.user_id)
    assert me == supervisor
    assert "health worker" in words(await chat.types(STRANGER, f"/start {code}"))


@pytest.mark.parametrize("code", ["ABCDEFGH23", "WWWWWWWWWW"])
def test_a_code_is_written_as_large_as_fits(code: str) -> None:
    long = f"http://{'clinic-' * 9}.lan:8081"
    with Image.open(io.BytesIO(qr_picture.invite(f"{long}/join#{code}", long, code))) as drawn:
        for x in (0, drawn.width - 1):
            assert {drawn.getpixel((x, y)) for y in range(drawn.height)} == {255}


async def test_nobody_invites_above_themselves(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    offered = ["invite:health_worker", "invite:supervisor"]
    assert buttons(await chat.types(supervisor, "/invite admin")) == offered
    assert await chat.presses(supervisor, "invite:admin") == []
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    assert "administrator" in words(await chat.presses(admin, "invite:admin"))


async def test_access_is_taken_away_after_a_second_question(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    assert buttons(await chat.types(supervisor, "/revoke")) == [f"revoke:{WORKER}"]
    asked = await chat.presses(supervisor, f"revoke:{WORKER}")
    assert buttons(asked) == [f"revoke!:{WORKER}", "keep"]
    assert "0 cases" in words(await chat.types(worker, "/cases"))
    said = words(await chat.presses(supervisor, f"revoke!:{WORKER}"))
    assert said == "Person 1 no longer has access."
    assert "enrolled staff only" in words(await chat.types(worker, "/cases"))
    assert "Access taken away" in words(await chat.types(supervisor, "/people"))


async def test_nobody_takes_their_own_access_or_that_of_a_higher_role_away(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    assert "nobody whose access" in words(await chat.types(supervisor, "/revoke"))
    for data in (f"revoke!:{SUPERVISOR}", f"revoke!:{ADMIN}", f"revoke:{ADMIN}", "revoke!:12345"):
        assert await chat.presses(supervisor, data) == []
    assert await chat.presses(admin, f"revoke!:{ADMIN}") == []
    everyone = await chat.clinic.store.people.everyone()
    assert [person.revoked_at for person in everyone] == [None, None]


async def test_keeping_access_changes_nothing(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    said = await chat.presses(supervisor, "keep", message_id=55)
    assert (said[0].edits, words(said)) == (55, "Nothing was changed.")

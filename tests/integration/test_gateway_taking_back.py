"""A message that the bot has not read can be deleted for everyone; what it may have read cannot."""

from pathlib import Path

import pytest

from tests.gateway_world import (
    MessageJson,
    Phone,
    RunningGateway,
    bot_of,
    file_part,
    kept,
    phone_of,
    picture,
    running_gateway,
)

READ = {"error": "EdgeRad has read this already."}


async def sent(phone: Phone, client_id: str, text: str, pictures: int = 0) -> list[MessageJson]:
    files = [file_part(picture(100 + n, 100)) for n in range(pictures)]
    found: list[MessageJson] = (await phone.put(client_id, text=text, files=files)).json()[
        "messages"
    ]
    return found


async def texts(phone: Phone) -> list[str]:
    return [each["text"] for each in await phone.messages() if each["text"] != "/start code"]


@pytest.mark.parametrize("pictures", [0, 1, 3])
async def test_what_nobody_has_read_is_gone_for_everyone(tmp_path: Path, pictures: int) -> None:
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone, bot_of(gateway) as bot:
            taken = await sent(phone, "1", "sent by mistake", pictures)
            await sent(phone, "2", "stays")
            answer = await phone.http.delete(f"/chat/messages/{taken[-1]['message_id']}")
            assert answer.json() == {"message_ids": [each["message_id"] for each in taken]}
            assert await texts(phone) == ["stays"]
            told = [update.message for update in await bot.get_updates()]
            assert [message and message.text for message in told] == ["stays"]
            assert kept(tmp_path) == set()


async def test_what_the_bot_was_handed_stays_although_it_has_not_confirmed_it(
    gateway: RunningGateway,
) -> None:
    async with phone_of(gateway) as phone, bot_of(gateway) as bot:
        (message,) = await sent(phone, "1", "F 45, cough", 1)
        address = f"/chat/messages/{message['message_id']}"
        updates = await bot.get_updates()
        answer = await phone.http.delete(address)
        assert (answer.status_code, answer.json()) == (409, READ)
        await bot.get_updates(offset=updates[-1].update_id + 1)
        assert (await phone.http.delete(address)).status_code == 409
        assert await texts(phone) == ["F 45, cough"]
        assert (await phone.http.get(f"/chat/files/{message['photo']['file_id']}")).is_success


async def test_after_a_restart_nobody_knows_what_was_handed_out(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone:
            (message,) = await sent(phone, "1", "before")
            cookies = dict(phone.http.cookies)
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway, name="Kofi") as other:
            other.http.cookies.clear()
            other.http.cookies.update(cookies)
            address = f"/chat/messages/{message['message_id']}"
            assert (await other.http.delete(address)).status_code == 409
            (later,) = await sent(other, "2", "after")
            assert (await other.http.delete(f"/chat/messages/{later['message_id']}")).is_success


async def test_nobody_deletes_what_others_or_the_bot_wrote(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone, phone_of(gateway, name="Kofi") as other:
        (message,) = await sent(phone, "1", "mine")
        answer = await other.http.delete(f"/chat/messages/{message['message_id']}")
        assert answer.status_code == 404
        async with bot_of(gateway, forget=False) as bot:
            update = (await bot.get_updates())[-1]
            assert update.effective_chat is not None
            said = await bot.send_message(update.effective_chat.id, "from the bot")
        assert (await phone.http.delete(f"/chat/messages/{said.message_id}")).status_code == 404
        assert await texts(phone) == ["mine", "from the bot"]


async def test_in_a_group_others_may_have_read_it(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone, bot_of(gateway) as bot:
        await sent(phone, "1", "who am I")
        user = (await bot.get_updates())[-1].effective_user
        assert user is not None
        asked = {"title": "Ward 7", "user_ids": [user.id]}
        group = await bot.do_api_request("edgeradCreateGroup", asked)
        form = {"text": "to all", "chat": str(group["id"])}
        message = (await phone.put("2", **form)).json()
        answer = await phone.http.delete(f"/chat/messages/{message['message_id']}")
        assert answer.status_code == 404


async def test_the_same_id_may_be_used_again_once_its_message_was_deleted(
    gateway: RunningGateway,
) -> None:
    async with phone_of(gateway) as phone, bot_of(gateway):
        (first,) = await sent(phone, "1", "wrong")
        await phone.http.delete(f"/chat/messages/{first['message_id']}")
        (second,) = await sent(phone, "1", "right")
        assert second["message_id"] > first["message_id"]
        assert await texts(phone) == ["right"]

"""A ward's group: the bot makes it, several phones are in it, and each sees what is said in it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.constants import ChatAction, ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden

from tests.gateway_world import (
    Phone,
    RunningGateway,
    bot_of,
    chat_of,
    file_part,
    phone_of,
    picture,
)


@dataclass(frozen=True, slots=True)
class Ward:
    """A group with Ama and Kofi in it, and Esi who is not."""

    bot: Bot
    chat_id: int
    ama: Phone
    ama_id: int
    kofi: Phone
    kofi_id: int
    esi: Phone
    esi_id: int


@pytest.fixture
async def ward(gateway: RunningGateway) -> AsyncIterator[Ward]:
    async with AsyncExitStack() as stack:
        phones = [
            await stack.enter_async_context(phone_of(gateway, name=name))
            for name in ("Ama", "Kofi", "Esi")
        ]
        ids = [await chat_of(phone, gateway) for phone in phones]
        bot = await stack.enter_async_context(bot_of(gateway))
        chat = await bot.do_api_request(
            "edgeradCreateGroup", {"title": "Ward 7", "user_ids": json.dumps(ids[:2])}
        )
        yield Ward(bot, chat["id"], phones[0], ids[0], phones[1], ids[1], phones[2], ids[2])


async def in_group(phone: Phone, ward: Ward) -> list[dict[str, Any]]:
    answer = await phone.http.get("/chat/messages", params={"chat": str(ward.chat_id)})
    found: list[dict[str, Any]] = answer.json()["messages"]
    return found


async def test_who_comes_into_a_group_is_told_to_the_bot_and_the_phones(ward: Ward) -> None:
    runs, update = await ward.bot.get_updates()
    assert runs.my_chat_member is not None
    assert update.message is not None
    assert update.message.chat.type == ChatType.GROUP
    assert [user.first_name for user in update.message.new_chat_members] == ["Ama", "Kofi"]
    (shown,) = await in_group(ward.kofi, ward)
    assert shown["chat"] == {"chat_id": ward.chat_id, "title": "Ward 7"}
    assert [user["first_name"] for user in shown["service"]["new_chat_members"]] == ["Ama", "Kofi"]


async def test_what_the_bot_says_in_a_group_reaches_every_phone_in_it(ward: Ward) -> None:
    async with AsyncExitStack() as stack, asyncio.timeout(90):
        streams = []
        for phone in (ward.ama, ward.kofi):
            answer = await stack.enter_async_context(phone.http.stream("GET", "/chat/events"))
            lines = answer.aiter_lines()
            await anext(lines)
            streams.append(lines)
        await ward.bot.send_chat_action(ward.chat_id, ChatAction.TYPING)
        sent = await ward.bot.send_photo(ward.chat_id, picture(), caption="for the round")
        for lines in streams:
            kinds = [line async for line in _until(lines, "for the round")]
            assert "event: group_message" in kinds
    assert (sent.chat.title, sent.chat.id) == ("Ward 7", ward.chat_id)
    film = sent.photo[-1].file_id
    for phone in (ward.ama, ward.kofi):
        assert (await in_group(phone, ward))[-1]["photo"]["file_id"] == film
        assert (await phone.http.get(f"/chat/files/{film}")).status_code == 200
        assert "for the round" not in json.dumps(await phone.messages())
    assert (await ward.esi.http.get(f"/chat/files/{film}")).status_code == 404


async def _until(lines: AsyncIterator[str], wanted: str) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if wanted in line:
            return


async def test_what_a_phone_says_in_a_group_has_its_author(ward: Ward) -> None:
    chat = str(ward.chat_id)
    await ward.ama.put("a", text="Who is on call?", chat=chat)
    await ward.kofi.put("k", files=[file_part(picture())], text="I am", chat=chat)
    said = [update.message for update in await ward.bot.get_updates() if update.message][1:]
    assert [m.from_user and m.from_user.first_name for m in said] == ["Ama", "Kofi"]
    assert {m.chat.id for m in said} == {ward.chat_id}
    *_, question, answer = await in_group(ward.kofi, ward)
    assert (question["author"], question["outgoing"]) == ("Ama", False)
    assert (answer["author"], answer["outgoing"]) == ("Kofi", True)
    reply = await said[0].reply_text("Kofi is", do_quote=True)
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.from_user == said[0].from_user
    refused = await ward.esi.put("e", text="me too", chat=chat)
    assert (refused.status_code, refused.json()["error"]) == (404, "You are not in this group.")


async def test_a_button_in_a_group_says_who_pressed_it(ward: Ward) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Done", callback_data="done")]])
    sent = await ward.bot.send_message(ward.chat_id, "Round?", reply_markup=keyboard)
    body = {"message_id": sent.message_id, "data": "done", "chat_id": ward.chat_id}
    assert (await ward.kofi.http.post("/chat/callbacks", json=body)).status_code == 200
    assert (await ward.esi.http.post("/chat/callbacks", json=body)).status_code == 404
    query = (await ward.bot.get_updates(offset=-1))[0].callback_query
    assert query is not None
    assert query.from_user.id == ward.kofi_id
    await query.answer("noted")
    await query.edit_message_text("Round done")
    assert (await in_group(ward.ama, ward))[-1]["text"] == "Round done"


async def test_a_phone_is_told_which_groups_it_is_in_and_how_far_each_has_come(ward: Ward) -> None:
    sent = await ward.bot.send_message(ward.chat_id, "Round at nine")
    listed = (await ward.ama.http.get("/chat/messages")).json()["chats"]
    group = {"chat_id": ward.chat_id, "title": "Ward 7", "newest_id": sent.message_id}
    assert listed[-1] == group
    assert group not in (await ward.esi.http.get("/chat/messages")).json()["chats"]
    own = {"chat": str(ward.ama_id)}
    answer = await ward.ama.http.get("/chat/messages", params=own)
    assert "Round at nine" not in answer.text


async def test_a_groups_keyboard_is_the_groups_alone(ward: Ward) -> None:
    choices = ReplyKeyboardMarkup([["Yes", "No"]])
    await ward.bot.send_message(ward.chat_id, "Who comes?", reply_markup=choices)
    asked = {"chat": str(ward.chat_id)}
    shown = (await ward.kofi.http.get("/chat/messages", params=asked)).json()["keyboard"]
    assert shown["rows"] == [["Yes", "No"]]
    assert (await ward.kofi.http.get("/chat/messages")).json()["keyboard"] is None


async def test_who_is_in_a_group_can_be_asked_and_changed(ward: Ward) -> None:
    async def status(user_id: int) -> str:
        return (await ward.bot.get_chat_member(ward.chat_id, user_id)).status

    assert await status(ward.ama_id) == ChatMemberStatus.MEMBER
    assert await status(ward.esi_id) == ChatMemberStatus.LEFT
    assert await ward.bot.get_chat_member_count(ward.chat_id) == 3
    (runs,) = await ward.bot.get_chat_administrators(ward.chat_id)
    assert runs.user.id == ward.bot.id
    told = {"chat_id": ward.chat_id, "user_id": ward.esi_id}
    assert await ward.bot.do_api_request("edgeradAddChatMember", told)
    assert await status(ward.esi_id) == ChatMemberStatus.MEMBER
    with pytest.raises(BadRequest, match=r"(?i)user_already_participant"):
        await ward.bot.do_api_request("edgeradAddChatMember", told)
    with pytest.raises(BadRequest, match="User not found"):
        await ward.bot.ban_chat_member(ward.chat_id, 1)


async def test_what_the_bot_pins_is_told_and_stands_above_the_chat(ward: Ward) -> None:
    async def above(phone: Phone) -> object:
        asked = {"chat": str(ward.chat_id)}
        return (await phone.http.get("/chat/messages", params=asked)).json()["pinned"]

    first, second = [await ward.bot.send_message(ward.chat_id, text) for text in ("One", "Two")]
    assert await above(ward.ama) is None
    for message in (second, first, first):  # again changes nothing
        assert await ward.bot.pin_chat_message(ward.chat_id, message.message_id)
    said = [update.message for update in await ward.bot.get_updates() if update.message][1:]
    assert [m.pinned_message for m in said] == [second, first]
    assert (await in_group(ward.kofi, ward))[-1]["service"]["pinned_message"]["message_id"] == (
        first.message_id
    )
    newest = {
        "message_id": second.message_id,
        "text": "Two",
        "photo": False,
        "thumb_id": None,
        "author": None,
    }
    assert await above(ward.ama) == newest
    assert (await ward.bot.get_chat(ward.chat_id)).pinned_message == second
    assert await ward.bot.unpin_chat_message(ward.chat_id)
    assert (await ward.bot.get_chat(ward.chat_id)).pinned_message == first
    await ward.bot.pin_chat_message(ward.chat_id, second.message_id)
    assert await ward.bot.unpin_chat_message(ward.chat_id, message_id=second.message_id)
    assert (await ward.bot.get_chat(ward.chat_id)).pinned_message == first
    assert await ward.bot.unpin_all_chat_messages(ward.chat_id)
    assert await above(ward.ama) is None
    with pytest.raises(BadRequest, match="Message to unpin not found"):
        await ward.bot.unpin_chat_message(ward.chat_id)
    with pytest.raises(BadRequest, match="Message to pin not found"):
        await ward.bot.pin_chat_message(ward.ama_id, first.message_id)
    with pytest.raises(BadRequest, match="service message"):
        await ward.bot.pin_chat_message(ward.chat_id, said[0].message_id)


async def test_a_pinned_message_that_is_deleted_stands_nowhere_any_more(ward: Ward) -> None:
    sent = await ward.bot.send_message(ward.ama_id, "in private too")
    await ward.bot.pin_chat_message(ward.ama_id, sent.message_id)
    assert (await ward.ama.http.get("/chat/messages")).json()["pinned"]["text"] == "in private too"
    await sent.delete()
    answer = await ward.ama.http.get("/chat/messages")
    assert answer.json()["pinned"] is None
    assert "in private too" not in answer.text
    assert (await ward.bot.get_chat(ward.ama_id)).pinned_message is None


async def test_a_group_that_the_bot_left_goes_on_without_it(ward: Ward) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Done", callback_data="done")]])
    asked = await ward.bot.send_message(ward.chat_id, "Round?", reply_markup=keyboard)
    await forget_updates(ward.bot)
    assert await ward.bot.leave_chat(ward.chat_id)
    (update,) = await ward.bot.get_updates()
    assert update.my_chat_member is not None
    change = update.my_chat_member
    assert (change.old_chat_member.status, change.new_chat_member.status) == (
        *(ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.LEFT),
    )
    await forget_updates(ward.bot)
    for refused in (
        ward.bot.send_message(ward.chat_id, "Hello?"),
        ward.bot.get_chat(ward.chat_id),
        ward.bot.leave_chat(ward.chat_id),
    ):
        with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
            await refused
    with pytest.raises(BadRequest, match="private chats"):
        await ward.bot.leave_chat(ward.ama_id)
    said = await ward.kofi.put("k", text="Just us", chat=str(ward.chat_id))
    assert said.status_code == 200
    pressed = {"message_id": asked.message_id, "data": "done", "chat_id": ward.chat_id}
    assert (await ward.kofi.http.post("/chat/callbacks", json=pressed)).status_code == 404
    *_, left, heard = await in_group(ward.ama, ward)
    assert left["service"]["left_chat_member"]["id"] == ward.bot.id
    assert (heard["author"], heard["text"]) == ("Kofi", "Just us")
    assert await ward.bot.get_updates() == ()


async def forget_updates(bot: Bot) -> None:
    for update in (await bot.get_updates())[-1:]:
        await bot.get_updates(offset=update.update_id + 1)


async def test_a_group_is_a_chat_as_the_bot_api_has_it(ward: Ward) -> None:
    chat = await ward.bot.get_chat(ward.chat_id)
    assert (chat.type, chat.title) == (ChatType.GROUP, "Ward 7")
    assert (await ward.bot.get_chat_member(ward.ama_id, ward.ama_id)).status == "member"
    with pytest.raises(BadRequest, match="no administrators"):
        await ward.bot.get_chat_administrators(ward.ama_id)
    for refused in ({"title": ""}, {"title": "x", "user_ids": "[1]"}):
        with pytest.raises(BadRequest):
            await ward.bot.do_api_request("edgeradCreateGroup", refused)
    told = {"chat_id": ward.chat_id, "is_member": False}
    with pytest.raises(BadRequest, match="Chat not found"):
        await ward.bot.do_api_request("edgeradSetAccess", told)

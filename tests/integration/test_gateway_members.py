"""Who comes, goes and is banned is told to the bot, which asked for it, as Telegram tells it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from telegram import Bot, ChatMemberAdministrator, ChatMemberBanned, ChatMemberUpdated
from telegram.error import Forbidden

from tests.gateway_world import Phone, RunningGateway, bot_of, chat_of, phone_of

KINDS = ["message", "chat_member", "my_chat_member"]


@dataclass(frozen=True, slots=True)
class Ward:
    """Ama and Kofi, and a bot that asked for all updates of them."""

    bot: Bot
    ama: Phone
    ama_id: int
    kofi_id: int

    async def call(self, name: str, **fields: Any) -> Any:
        """Call one of EdgeRad's own methods."""
        return await self.bot.do_api_request(name, fields)

    async def group(self, *user_ids: int) -> int:
        """Make a group, and forget what was told of it."""
        made = await self.call("edgeradCreateGroup", title="Ward 7", user_ids=list(user_ids))
        await self.told()
        return int(made["id"])

    async def told(self) -> list[tuple[str, str, str]]:
        """What the bot is told next: the kind of each change, and how somebody stood and stands."""
        updates = await self.bot.get_updates(allowed_updates=KINDS)
        if updates:
            await self.bot.get_updates(offset=updates[-1].update_id + 1)
        found = []
        for update in updates:
            change = update.chat_member or update.my_chat_member
            if change is not None:
                assert change.from_user.id == self.bot.id
                kind = "my_chat_member" if update.my_chat_member else "chat_member"
                found.append((kind, *_statuses(change)))
        return found


def _statuses(change: ChatMemberUpdated) -> tuple[str, str]:
    return change.old_chat_member.status, change.new_chat_member.status


@pytest.fixture
async def ward(gateway: RunningGateway) -> AsyncIterator[Ward]:
    async with AsyncExitStack() as stack:
        ama = await stack.enter_async_context(phone_of(gateway, name="Ama"))
        kofi = await stack.enter_async_context(phone_of(gateway, name="Kofi"))
        ids = [await chat_of(phone, gateway) for phone in (ama, kofi)]
        bot = await stack.enter_async_context(bot_of(gateway))
        await bot.get_updates(allowed_updates=KINDS)
        yield Ward(bot, ama, *ids)


async def test_a_new_group_tells_that_the_bot_runs_it_and_who_came(ward: Ward) -> None:
    people = [ward.ama_id, ward.kofi_id]
    await ward.call("edgeradCreateGroup", title="Ward 7", user_ids=people)
    assert await ward.told() == [
        ("my_chat_member", "left", "administrator"),
        ("chat_member", "left", "member"),
        ("chat_member", "left", "member"),
    ]


async def test_whoever_is_added_banned_and_unbanned_is_told_of(ward: Ward) -> None:
    group = await ward.group(ward.ama_id)
    await ward.call("edgeradAddChatMember", chat_id=group, user_id=ward.kofi_id)
    assert await ward.told() == [("chat_member", "left", "member")]
    assert await ward.bot.ban_chat_member(group, ward.kofi_id)
    assert await ward.told() == [("chat_member", "member", "kicked")]
    banned = await ward.bot.get_chat_member(group, ward.kofi_id)
    assert isinstance(banned, ChatMemberBanned)
    assert banned.user.first_name == "Kofi"
    assert await ward.bot.ban_chat_member(group, ward.kofi_id)  # again changes nothing
    assert await ward.told() == []
    assert await ward.bot.unban_chat_member(group, ward.kofi_id)
    assert await ward.told() == [("chat_member", "kicked", "left")]
    assert (await ward.bot.get_chat_member(group, ward.kofi_id)).status == "left"


async def test_whoever_was_never_in_a_group_can_be_banned_and_comes_in_again_by_the_bot(
    ward: Ward,
) -> None:
    group = await ward.group(ward.ama_id)
    await ward.bot.ban_chat_member(group, ward.kofi_id)
    assert await ward.told() == [("chat_member", "left", "kicked")]
    await ward.call("edgeradAddChatMember", chat_id=group, user_id=ward.kofi_id)
    assert await ward.told() == [("chat_member", "kicked", "member")]


async def test_unbanning_takes_a_member_out_unless_only_the_banned_are_meant(ward: Ward) -> None:
    group = await ward.group(ward.ama_id, ward.kofi_id)
    assert await ward.bot.unban_chat_member(group, ward.kofi_id, only_if_banned=True)
    assert await ward.told() == []
    assert await ward.bot.unban_chat_member(group, ward.kofi_id)
    assert await ward.told() == [("chat_member", "member", "left")]
    asked = {"chat": str(group)}
    said = (await ward.ama.http.get("/chat/messages", params=asked)).json()["messages"]
    assert said[-1]["service"]["left_chat_member"]["first_name"] == "Kofi"


async def test_a_bot_that_leaves_is_told_so(ward: Ward) -> None:
    group = await ward.group(ward.ama_id)
    runs = await ward.bot.get_chat_member(group, ward.bot.id)
    assert isinstance(runs, ChatMemberAdministrator)
    await ward.bot.leave_chat(group)
    assert await ward.told() == [("my_chat_member", "administrator", "left")]


async def test_a_bot_that_asks_for_nothing_is_told_of_itself_alone(
    gateway: RunningGateway, ward: Ward
) -> None:
    await ward.bot.get_updates(allowed_updates=[])
    made = await ward.call("edgeradCreateGroup", title="Ward 8", user_ids=[ward.ama_id])
    kinds = [set(update.to_dict()) - {"update_id"} for update in await ward.bot.get_updates()]
    assert kinds == [{"my_chat_member"}, {"message"}]
    assert made["title"] == "Ward 8"


async def test_whoever_is_shut_out_leaves_every_group_and_is_sent_nothing(ward: Ward) -> None:
    group = await ward.group(ward.ama_id, ward.kofi_id)
    await ward.call("edgeradSetAccess", chat_id=ward.kofi_id, is_member=False)
    assert await ward.told() == [("chat_member", "member", "left")]
    sent = await ward.bot.send_message(group, "for the round")
    for refused in (
        ward.bot.send_message(ward.kofi_id, "x"),
        ward.bot.send_photo(ward.kofi_id, b"x"),
        ward.bot.send_venue(ward.kofi_id, 5, 1, "x", "y"),
        ward.bot.send_chat_action(ward.kofi_id, "typing"),
        ward.bot.forward_message(ward.kofi_id, group, sent.message_id),
        ward.bot.copy_message(ward.kofi_id, group, sent.message_id),
    ):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await refused
    await ward.call("edgeradSetAccess", chat_id=ward.kofi_id, is_member=True)
    assert (await ward.bot.send_message(ward.kofi_id, "welcome back")).text == "welcome back"

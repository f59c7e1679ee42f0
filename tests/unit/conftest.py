"""What unit tests of the bot and of the gateway's store begin with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.store.store import ChatStore
from tests.bot_conversation import Conversation, conversation
from tests.bot_world import Clinic, clinic
from tests.gateway_store import Time, chats_in_memory


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Clinic]:
    """A clinic with nobody in it yet."""
    async with clinic(tmp_path, in_memory=True) as opened:
        yield opened


@pytest.fixture
async def chat(ward: Clinic) -> AsyncIterator[Conversation]:
    """People who talk with the bot of the clinic."""
    async with conversation(ward) as opened:
        yield opened


@pytest.fixture
def time() -> Time:
    """The gateway's clock."""
    return Time()


@pytest.fixture
async def store(time: Time) -> AsyncIterator[ChatStore]:
    """The gateway's store, in which nobody has said anything yet."""
    async with chats_in_memory(time) as store:
        yield store

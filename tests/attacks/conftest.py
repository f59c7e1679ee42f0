"""A gateway of the module's own, and a bot and a phone that speak to it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from telegram import Bot

from tests.gateway_world import Phone, RunningGateway, bot_of, chat_of, phone_of, running_gateway


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with running_gateway(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
async def phone(gateway: RunningGateway) -> AsyncIterator[Phone]:
    async with phone_of(gateway) as joined:
        yield joined


@pytest.fixture
async def chat_id(gateway: RunningGateway, phone: Phone) -> int:
    return await chat_of(phone, gateway)


@pytest.fixture
async def bot(gateway: RunningGateway) -> AsyncIterator[Bot]:
    async with bot_of(gateway) as made:
        yield made

"""Inspects every engine for `edgerad doctor`: whether it works, what it serves, what to do.

Asks each engine what the running system would ask it first. Knows no settings.
"""

import asyncio
from dataclasses import dataclass

from inference.contract import EngineInfo
from inference.errors import EngineAway, EngineError
from inference.remote.chat import Chat, opened_chats
from inference.remote.config import RemoteConfig, RemoteTimeouts
from inference.remote.proof import prove


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedEngine:
    """Result for one engine.

    Args:
        where: Its host and port.
        engine: What it serves; None if it cannot be used.
        duration_s: How long the sample film took.
        private: Whether nobody on the way there can read along.
        scores: Whether it scores urgency before its text.
        fault: Why it cannot be used; empty if it can.
        advice: What to do about that.
    """

    where: str
    engine: EngineInfo | None = None
    duration_s: float = 0.0
    private: bool = True
    scores: bool = False
    fault: str = ""
    advice: str = ""


async def inspect_engines(config: RemoteConfig, timeouts: RemoteTimeouts) -> list[InspectedEngine]:
    """Have every engine read the sample film, all at once; results in the order of addresses."""
    async with opened_chats(config, timeouts) as chats:
        return await asyncio.gather(*(_inspect(chat, config.model, timeouts) for chat in chats))


async def _inspect(chat: Chat, named: str | None, timeouts: RemoteTimeouts) -> InspectedEngine:
    loop = asyncio.get_running_loop()
    started = loop.time()
    try:
        await chat.check()
        proof = await prove(chat, named, timeouts.proof_s)
    except EngineAway as error:
        return InspectedEngine(where=chat.where, fault=str(error), advice=error.advice)
    except EngineError as error:
        return InspectedEngine(
            where=chat.where, fault=str(error), advice="Look at the engine's own log."
        )
    return InspectedEngine(
        where=chat.where,
        engine=proof.engine,
        duration_s=loop.time() - started,
        private=chat.private,
        scores=proof.scores,
    )

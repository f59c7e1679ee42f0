"""The canary: an engine reads a drawn film before it reads a patient's.

Knows what the answer proves: that pictures are taken, that text comes out, whether what answers is
the practice model, and whether it scores urgency. Must not know replicas.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import inference.practice
from inference.contract import EngineInfo, ReadRequest
from inference.errors import EngineAway, EngineError
from inference.parsing import strip_thoughts
from inference.remote.chat import Chat
from inference.remote.urgency import score
from inference.urgency import OPENING

FILM = Path(inference.practice.__file__).parent / "samples" / "film-4.jpg"
"""A large pneumothorax on the left."""
PRACTICE_WORDS = (
    "(the patient's left, at the right of the picture)",
    "(the patient's right, at the left of the picture)",
)
"""How the practice model puts a side, taught word for word; no other model does."""
MAX_TOKENS = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the film showed of an engine.

    Args:
        model: The name to ask for, None if the engine needs none.
        engine: What answers.
        scores: Whether it tells how likely each urgency is before it writes.
    """

    model: str | None
    engine: EngineInfo
    scores: bool


async def prove(chat: Chat, named: str | None, limit_s: float) -> Proof:
    """Have an engine read the film.

    Args:
        chat: The engine.
        named: The model's name as set; None to go by what the engine serves.
        limit_s: Longest that may take.

    Returns:
        What that showed.

    Raises:
        EngineAway: The engine cannot be used, with what to do about it.
    """
    model = named or await _only_model(chat)
    try:
        async with asyncio.timeout(limit_s):
            completion = await chat.complete(_film(), _ignore, model=model, max_tokens=MAX_TOKENS)
            scores = await _scores(chat, model)
    except TimeoutError as error:
        raise EngineAway(
            f"{chat.where} took longer than {limit_s:.0f} s over a sample film.",
            advice="It is too slow, or hangs: restart it.",
        ) from error
    except EngineAway:
        raise
    except EngineError as error:
        raise EngineAway(
            f"{chat.where} does not read a sample film: {error}",
            advice="Does it serve a model that takes pictures (llama-server: --mmproj), under the"
            f" name in EDGERAD_ENGINE_MODEL? {await _served(chat)}",
        ) from error
    text = strip_thoughts(completion.text)
    if not text:
        raise EngineAway(
            f"{chat.where} has no words for a sample film.",
            advice="In float16 Gemma 3 overflows: start it with bfloat16 (vLLM: --dtype bfloat16).",
        )
    name = _short(model or completion.model or chat.where)
    practice = "practice" in name or any(words in text for words in PRACTICE_WORDS)
    engine = EngineInfo(model=name, tier=None, practice=practice)
    return Proof(model=model, engine=engine, scores=scores)


async def _scores(chat: Chat, model: str | None) -> bool:
    """Not every engine goes on from an opening or gives log-probabilities; none has to."""
    try:
        return score(await chat.next_token(_film(), OPENING, model=model)) is not None
    except EngineError:
        return False


def _film() -> ReadRequest:
    return ReadRequest(request_id="canary", pictures=(FILM.read_bytes(),))


async def _only_model(chat: Chat) -> str | None:
    models = await chat.models()
    if len(models) > 1:
        raise EngineAway(
            f"{chat.where} serves several models: {', '.join(models)}.",
            advice="Name one of them in EDGERAD_ENGINE_MODEL.",
        )
    return models[0] if models else None


async def _served(chat: Chat) -> str:
    models = await chat.models()
    return f"It serves: {', '.join(models)}." if models else ""


def _short(name: str) -> str:
    """A model's name without its folder, its publisher or its revision."""
    return name.rstrip("/").rpartition("/")[2].partition("@")[0]


async def _ignore(_text: str) -> None:
    """Nobody watches."""

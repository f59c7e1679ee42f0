"""The canary: an engine reads a drawn film before it reads a patient's.

Knows what the answer proves: that the engine takes pictures and writes text, whether its model is
the practice model, and whether it scores urgency. Must not know replicas.
"""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import inference.practice
from inference.answers.thoughts import THOUGHT, strip_thoughts
from inference.contract import AnswerLimits, EngineInfo, ReadRequest
from inference.errors import EngineAway, EngineError
from inference.remote.chat import Chat, ChatModel, ServedModel
from inference.remote.stream import Completion
from inference.remote.urgency import score
from inference.urgency import OPENING

FILM = Path(inference.practice.__file__).parent / "samples" / "film-4.jpg"
"""A large pneumothorax on the left."""
PRACTICE_WORDS = (
    "(the patient's left, at the right of the picture)",
    "(the patient's right, at the left of the picture)",
)
"""How the practice model words a side; no other model does."""
LLAMA_SERVER = "llamacpp"
"""The owner of the models that llama-server lists."""
MAX_TOKENS = 96
THOUGHT_TOKENS = AnswerLimits().thought_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What reading the film proved about an engine.

    Args:
        models: The models that it serves.
        asked: The one to ask for, and how.
        engine: What answers.
        scores: Whether it gives log-probabilities, so that urgency can be scored before the text.
    """

    models: tuple[ServedModel, ...]
    asked: ChatModel
    engine: EngineInfo
    scores: bool


async def prove(chat: Chat, named: str | None, limit_s: float) -> Proof:
    """Have an engine read the film.

    Args:
        named: The model's name from the settings; None for the one that the engine serves.
        limit_s: Longest it may take.

    Raises:
        EngineAway: The engine cannot be used, with what to do about it.
    """
    models = await chat.models()
    asked = _asked(chat, models, named)
    completion = Completion(MAX_TOKENS)
    try:
        async with asyncio.timeout(limit_s):
            asked = replace(asked, barred_token=await chat.token_of(THOUGHT, asked))
            answer = chat.complete(
                _film(), asked=asked, max_tokens=MAX_TOKENS, thought_tokens=THOUGHT_TOKENS
            )
            async for _ in completion.growing(answer):
                pass
            scores = await _scores(chat, asked)
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
    name = _short(asked.model or completion.model or chat.where)
    practice = "practice" in name or any(words in text for words in PRACTICE_WORDS)
    engine = EngineInfo(model=name, tier=None, practice=practice)
    return Proof(models=models, asked=asked, engine=engine, scores=scores)


async def still_holds(chat: Chat, proof: Proof) -> None:
    """Check that an engine was not restarted with another model since it was proven.

    Raises:
        EngineAway: It serves another model, or does not answer.
    """
    if await chat.models() != proof.models:
        raise EngineAway(
            f"{chat.where} does not serve what it did.", advice="Wait: it is tested again."
        )


async def _scores(chat: Chat, asked: ChatModel) -> bool:
    """Whether it continues an opening and gives log-probabilities, which is optional."""
    try:
        return score(await chat.next_token(_film(), OPENING, asked=asked)) is not None
    except EngineError:
        return False


def _film() -> ReadRequest:
    return ReadRequest(request_id="canary", pictures=(FILM.read_bytes(),))


def _asked(chat: Chat, models: tuple[ServedModel, ...], named: str | None) -> ChatModel:
    if named is None and len(models) > 1:
        raise EngineAway(
            f"{chat.where} serves several models: {_names(models)}.",
            advice="Name one of them in EDGERAD_ENGINE_MODEL.",
        )
    return ChatModel(
        model=named or next((model.id for model in models), None),
        by_llama_server=any(model.owned_by == LLAMA_SERVER for model in models),
    )


async def _served(chat: Chat) -> str:
    models = await chat.models()
    return f"It serves: {_names(models)}." if models else ""


def _names(models: tuple[ServedModel, ...]) -> str:
    return ", ".join(model.id for model in models)


def _short(name: str) -> str:
    """A model's name without its folder, its publisher or its revision."""
    return name.rstrip("/").rpartition("/")[2].partition("@")[0]

"""A request into text: preprocessing, greedy generation, and what may end it early.

Knows the loaded model. Must not know the wire or where the model came from.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import torch
from PIL import Image
from transformers import BatchFeature, DynamicCache, LogitsProcessorList, StoppingCriteriaList
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.models.gemma3.processing_gemma3 import Gemma3Processor

from inference.contract import ReadRequest, ScoredUrgency
from inference.errors import RequestRefused, UnusableAnswer
from inference.parsing import strip_thoughts
from inference.prompts import build_messages
from inference.repetition import looped_tokens
from inference.runtime.load import LoadedModel
from inference.runtime.sight import as_tensor, look
from inference.runtime.urgency import UrgencyScorer

PARTIAL_EVERY_S = 0.2
HALF_A_CHARACTER = "\N{REPLACEMENT CHARACTER}"  # its other bytes are still to come


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was generated: see `inference.contract.Reading` for the fields."""

    text: str
    prompt_tokens: int
    answer_tokens: int
    truncated: bool


def generate(
    loaded: LoadedModel,
    request: ReadRequest,
    *,
    max_tokens: int,
    known: Sequence[bytes] = (),
    on_seen: Callable[[tuple[bytes, ...]], None] | None = None,
    on_urgency: Callable[[ScoredUrgency], None] | None = None,
    on_partial: Callable[[str], None],
    cancelled: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Answer | None:
    """Answer a request greedily.

    Args:
        loaded: The model.
        request: What to read.
        max_tokens: Longest answer.
        known: Features of the pictures from an earlier `on_seen`, empty where there are none.
        on_seen: Receives the features of all pictures, as soon as all are seen.
        on_urgency: Receives the urgency before any text, None not to score it.
        on_partial: Receives the growing text, at most every `PARTIAL_EVERY_S`.
        cancelled: Asked at every token; True ends the generation.
        clock: Seconds, for the pace of `on_partial`.

    Returns:
        The answer, or None if it was cancelled.

    Raises:
        RequestRefused: The prompt is longer than the model can take.
        UnusableAnswer: No text came out.
    """
    inputs = prepare(loaded.processor, request).to(loaded.device, dtype=loaded.dtype)
    prompt_tokens = inputs["input_ids"].shape[1]
    if prompt_tokens + max_tokens > loaded.model.config.text_config.max_position_embeddings:
        raise RequestRefused("The question and what came before it are too long for the model.")
    watch = _Watch(
        say=lambda tokens: on_partial(_text(loaded.processor, tokens).rstrip(HALF_A_CHARACTER)),
        prompt_tokens=prompt_tokens,
        cancelled=cancelled,
        clock=clock,
    )
    features = look(loaded, inputs.pop("pixel_values"), known)
    if on_seen:
        on_seen(features)
    seen = BaseModelOutputWithPooling(pooler_output=as_tensor(loaded, features))
    cache = DynamicCache(config=loaded.model.config.get_text_config())
    scorers = [UrgencyScorer(loaded, cache, on_urgency)] if on_urgency else []
    with torch.inference_mode():
        output = loaded.model.generate(
            **inputs,
            mm_encoder_outputs={"image": seen},
            do_sample=False,
            max_new_tokens=max_tokens,
            past_key_values=cache,
            logits_processor=LogitsProcessorList(scorers),
            stopping_criteria=StoppingCriteriaList([watch]),
        )  # (1, prompt + answer tokens)
    if watch.cancelled():
        return None
    tokens = output[0, prompt_tokens:].tolist()
    text = _text(loaded.processor, tokens[: len(tokens) - watch.looped_tokens])
    if not text:
        raise UnusableAnswer
    return Answer(
        text=text,
        prompt_tokens=prompt_tokens,
        answer_tokens=len(tokens),
        truncated=watch.looped_tokens > 0 or not _ended_by_itself(loaded, tokens),
    )


def prepare(processor: Gemma3Processor, request: ReadRequest) -> BatchFeature:
    """Turn a request into the model's inputs with the model's own processor.

    Args:
        processor: The model's.
        request: What to read.

    Returns:
        `input_ids`, `attention_mask`, `token_type_ids` int64 (1, prompt tokens) and
        `pixel_values` float32 (pictures, 3, side px, side px), normalised.

    Raises:
        RequestRefused: A picture does not decode.
    """
    messages: list[Any] = list(build_messages(request))
    try:
        pictures = [Image.open(BytesIO(data)).convert("RGB") for data in request.pictures]
    except OSError as error:
        raise RequestRefused("A picture does not decode.") from error
    places = [part for part in messages[1]["content"] if part["type"] == "image"]
    for part, picture in zip(places, pictures, strict=True):
        part["image"] = picture
    return processor.apply_chat_template(
        messages,
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
        processor_kwargs={"do_pan_and_scan": False},
    )


class _Watch:
    """The stopping criterion: says the growing answer; ends it when cancelled or looping."""

    def __init__(
        self,
        *,
        say: Callable[[list[int]], None],
        prompt_tokens: int,
        cancelled: Callable[[], bool],
        clock: Callable[[], float],
    ) -> None:
        self._say = say
        self._prompt_tokens = prompt_tokens
        self._clock = clock
        self._said_at = clock()
        self.cancelled = cancelled
        self.looped_tokens = 0

    def __call__(self, input_ids: torch.Tensor, *_: object, **__: object) -> torch.Tensor:
        """Source: `transformers.StoppingCriteria`; `input_ids` is (1, prompt + answer tokens)."""
        tokens = input_ids[0, self._prompt_tokens :].tolist()
        self.looped_tokens = looped_tokens(tokens)
        if self._clock() - self._said_at >= PARTIAL_EVERY_S:
            self._said_at = self._clock()
            self._say(tokens)
        stop = self.cancelled() or self.looped_tokens > 0
        return torch.full((1,), stop, device=input_ids.device, dtype=torch.bool)


def _text(processor: Gemma3Processor, tokens: list[int]) -> str:
    return strip_thoughts(processor.decode(tokens, skip_special_tokens=True))


def _ended_by_itself(loaded: LoadedModel, tokens: list[int]) -> bool:
    ends = loaded.model.generation_config.eos_token_id
    return bool(tokens) and tokens[-1] in (ends if isinstance(ends, list) else [ends])

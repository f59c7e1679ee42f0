"""A request up to its answer's first token: preprocessing, looking, reading the prompt.

Knows the loaded model. Must not know the wire or where the model came from. Cases go through here
one at a time: it takes no more memory than one case does, and each one's urgency comes early.
"""

import time
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import torch
from PIL import Image
from transformers import BatchFeature, DynamicCache
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.models.gemma3.processing_gemma3 import Gemma3Processor

from inference.contract import ReadRequest, ScoredUrgency
from inference.conversation import messages_of
from inference.errors import RequestRefused
from inference.runtime.decoding import GrowingAnswer
from inference.runtime.load import LoadedModel
from inference.runtime.prefix_cache import TokenKey, token_keys
from inference.runtime.thoughts import likeliest
from inference.runtime.urgency import score_urgency
from inference.runtime.vision_encoding import encode_pictures, features_as_tensor
from pictures.square import padded


def begin(
    loaded: LoadedModel,
    request: ReadRequest,
    *,
    max_tokens: int,
    thought_tokens: int = 0,
    known: Sequence[bytes] = (),
    on_features: Callable[[tuple[bytes, ...]], None] | None = None,
    on_urgency: Callable[[ScoredUrgency], None] | None = None,
    on_look: Callable[[int], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> GrowingAnswer:
    """Look at the pictures and read the prompt, up to the first token of the answer.

    Args:
        max_tokens: Longest answer, its thoughts left out.
        thought_tokens: Longest thought before it, where there is room for it; none on a CPU, where
            it would take minutes.
        known: Features of the pictures from an earlier `on_features`, empty where there are none.
        on_features: Receives the features of all pictures, as soon as all are seen.
        on_urgency: Receives the urgency before any text, None not to score it.
        on_look: Receives how many pictures were looked at, after each.
        clock: Seconds, for the pace of `GrowingAnswer.grown`.

    Returns:
        The answer's beginning, for a `DecodingBatch` to go on with.

    Raises:
        RequestRefused: The prompt is longer than the model can take.
    """
    inputs = prepare(loaded.processor, request).to(loaded.device, dtype=loaded.dtype)
    prompt_tokens = inputs["input_ids"].shape[1]
    room = loaded.model.config.text_config.max_position_embeddings - prompt_tokens - max_tokens
    if room < 0:
        raise RequestRefused("The question and what came before it are too long for the model.")
    features = encode_pictures(loaded, inputs.pop("pixel_values"), known, on_look)
    if on_features:
        on_features(features)
    ids = inputs["input_ids"][0].tolist()
    marks = token_keys(ids, features, loaded.model.config.image_token_index)
    logits, cache = _read(loaded, inputs, features, marks)
    if on_urgency:
        on_urgency(score_urgency(loaded, cache))
    growing = GrowingAnswer(
        loaded,
        prompt=marks,
        max_tokens=max_tokens,
        thought_tokens=0 if loaded.device == "cpu" else min(thought_tokens, room),
        cache=cache,
        clock=clock,
    )
    may_think = [growing.may_think]
    growing.add(likeliest(logits[None], loaded.thoughts, may_think=may_think, first=True)[0])
    return growing


def _read(
    loaded: LoadedModel, inputs: BatchFeature, features: Sequence[bytes], marks: Sequence[TokenKey]
) -> tuple[torch.Tensor, DynamicCache]:
    """Read a prompt, on from what was read last where that is its beginning.

    Returns:
        The last token's logits, (vocabulary,), and the prompt's cache.
    """
    cache = loaded.last.resumed(marks)
    if cache is not None:
        given = {"input_ids": inputs["input_ids"][:, cache.get_seq_length() :]}  # text alone
    else:
        cache = DynamicCache(config=loaded.model.config.get_text_config())
        seen = BaseModelOutputWithPooling(pooler_output=features_as_tensor(loaded, features))
        given = {**inputs, "mm_encoder_outputs": {"image": seen}}
    with torch.inference_mode():
        output = loaded.model(**given, past_key_values=cache, logits_to_keep=1)
    loaded.last.keep(marks, cache)
    return output.logits[0, -1], cache


def prepare(processor: Gemma3Processor, request: ReadRequest) -> BatchFeature:
    """Turn a request into the model's inputs: pictures padded, then the model's own processor.

    Returns:
        `input_ids`, `attention_mask`, `token_type_ids` int64 (1, prompt tokens) and
        `pixel_values` float32 (pictures, 3, side px, side px), normalised.

    Raises:
        RequestRefused: A picture does not decode.
    """
    messages: list[Any] = list(messages_of(request))
    try:
        pictures = [padded(Image.open(BytesIO(data))) for data in request.pictures]
    except OSError as error:
        raise RequestRefused("A picture does not decode.") from error
    contents = (message["content"] for message in messages)
    places = [part for content in contents for part in content if part["type"] == "image"]
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

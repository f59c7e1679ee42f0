"""The urgency of a picture, scored when the prompt has been read and nothing is written yet.

Knows the labels' tokens. Must leave the cache as it was: the text is the same with and without it.
"""

import torch
from transformers import DynamicCache

from inference.contract import ScoredUrgency
from inference.runtime.caches import forked
from inference.runtime.load import LoadedModel
from inference.urgency import LABELS, OPENING, decide


def score_urgency(loaded: LoadedModel, cache: DynamicCache) -> ScoredUrgency:
    """Compare the labels as continuations of what the cache holds.

    The labels differ from their first token on, so one step tells them apart.

    Args:
        cache: Keys and values of a first reading's prompt; not changed.
    """
    encode = loaded.processor.tokenizer.encode
    spelled = [encode(f"{OPENING} {label}", add_special_tokens=False) for label in LABELS.values()]
    columns = list(zip(*spelled, strict=False))  # as long as the shortest label
    differ = next(place for place, column in enumerate(columns) if len(set(column)) > 1)
    first_tokens = list(columns[differ])
    input_ids = torch.tensor([spelled[0][:differ]], device=loaded.device)  # (1, opening tokens)
    with torch.inference_mode():
        logits = loaded.model(
            input_ids=input_ids, past_key_values=forked(cache), logits_to_keep=1
        ).logits[0, -1]  # (vocabulary,)
    likely = logits.float().log_softmax(-1)[first_tokens].tolist()
    return decide(dict(zip(LABELS, likely, strict=True)))

"""The tokens by which a model begins and ends a thought, and what is allowed of it.

Knows the tokenizer. A tokenizer without these tokens, as the practice model's, has no thoughts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from inference.answers.thoughts import ANSWER, THOUGHT

BARE_THOUGHT = "thought"
"""What a thought begins with, its mark aside: no answer begins with this word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThoughtTokens:
    """The marks of a thought.

    Args:
        begin: Begins one.
        end: Ends it; the answer follows.
        bare: The first word of a thought, None where it is no single token.
    """

    begin: int
    end: int
    bare: int | None


def thought_tokens(tokenizer: Any) -> ThoughtTokens | None:
    """Find the marks by their names.

    Returns:
        None where the tokenizer has not both.
    """
    begin, end = (_token(tokenizer, name) for name in (THOUGHT, ANSWER))
    if begin is None or end is None:
        return None
    bare = tokenizer.encode(BARE_THOUGHT, add_special_tokens=False)
    return ThoughtTokens(begin=begin, end=end, bare=bare[0] if len(bare) == 1 else None)


def likeliest(
    logits: torch.Tensor,
    thoughts: ThoughtTokens | None,
    *,
    may_think: Sequence[bool],
    first: bool = False,
) -> list[int]:
    """The likeliest next token of each answer, but for one that may not begin a thought.

    Args:
        logits: (cases, vocabulary).
        may_think: Of each case, whether it may.
        first: Whether they are the answers' first.
    """
    rows = [row for row, may in enumerate(may_think) if not may]
    if thoughts is not None and rows:
        barred = [thoughts.begin, thoughts.end]
        if first and thoughts.bare is not None:
            barred.append(thoughts.bare)
        logits = logits.clone()
        logits[torch.tensor(rows)[:, None], torch.tensor(barred)] = -torch.inf
    tokens: list[int] = logits.argmax(-1).tolist()
    return tokens


def _token(tokenizer: Any, name: str) -> int | None:
    token = tokenizer.convert_tokens_to_ids(name)
    known = token is not None and tokenizer.convert_ids_to_tokens(token) == name
    return int(token) if known else None

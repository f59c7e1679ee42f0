"""Answers while they are written, several at once: a token of each in one step.

Knows the loaded model and tokens. Must not know pictures, prompts or the wire. What one answer says
does not depend on those beside it, but for the rounding of numbers.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import torch
from transformers import DynamicCache

from inference.answers.thoughts import strip_thoughts
from inference.errors import UnusableAnswer
from inference.repetition import looped_tokens
from inference.runtime.caches import joined, narrowed
from inference.runtime.load import LoadedModel
from inference.runtime.prefix_cache import TokenKey
from inference.runtime.thoughts import likeliest

PARTIAL_EVERY_S = 0.2
HALF_A_CHARACTER = "\N{REPLACEMENT CHARACTER}"  # its other bytes are still to come


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedAnswer:
    """What was generated: see `inference.contract.Reading` for the fields."""

    text: str
    prompt_tokens: int
    answer_tokens: int
    truncated: bool


class GrowingAnswer:
    """An answer while it is written.

    Args:
        loaded: The model that writes it.
        prompt: What tells the tokens of its prompt apart.
        max_tokens: Longest answer, its thoughts left out.
        thought_tokens: Longest thought before it; then the answer is made to begin.
        cache: Keys and values of the prompt.
        clock: Seconds, for the pace of `grown`.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        *,
        prompt: Sequence[TokenKey],
        max_tokens: int,
        thought_tokens: int,
        cache: DynamicCache,
        clock: Callable[[], float],
    ) -> None:
        self.tokens: list[int] = []
        self.cache = cache
        self._prompt = prompt
        self._max_tokens = max_tokens
        self._thoughts = loaded.thoughts
        self._thought_tokens_left = thought_tokens
        self._thinks = False
        self._spoken: list[int] = []  # what was no thought
        self._processor = loaded.processor
        ends = loaded.model.generation_config.eos_token_id
        self._ends = ends if isinstance(ends, list) else [ends]
        self._clock = clock
        self._said_at = clock()
        self._looped_tokens = 0

    @property
    def read_tokens(self) -> int:
        """How many tokens the model has read: all but the newest."""
        return len(self._prompt) + len(self.tokens) - 1

    @property
    def keys(self) -> list[TokenKey]:
        """What tells the tokens apart that the model has read."""
        return [*self._prompt, *self.tokens[:-1]]

    @property
    def ended(self) -> bool:
        """Whether nothing is to be added any more."""
        full = len(self._spoken) >= self._max_tokens
        return full or self._looped_tokens > 0 or self._ended_by_itself

    @property
    def may_think(self) -> bool:
        """Whether a thought may begin, or go on."""
        return self._thinks or self._thought_tokens_left > 0

    @property
    def _ended_by_itself(self) -> bool:
        return self.tokens[-1] in self._ends

    def add(self, token: int) -> None:
        """Take the next token, or in place of it the one that ends a thought that is too long."""
        thoughts = self._thoughts
        if thoughts is None or not (self._thinks or token == thoughts.begin):
            self.tokens.append(token)
            self._spoken.append(token)
            self._looped_tokens = looped_tokens(self._spoken)
            return
        self.tokens.append(
            thoughts.end if self._thinks and self._has_thought_enough(token) else token
        )
        self._thinks = self.tokens[-1] != thoughts.end
        self._thought_tokens_left -= 1

    def _has_thought_enough(self, token: int) -> bool:
        """A thought ends when it is too long, goes in circles, or would end the answer too."""
        too_long = self._thought_tokens_left <= 0
        return too_long or token in self._ends or looped_tokens(self.tokens) > 0

    def grown(self) -> str | None:
        """The text so far, None if it was asked for less than `PARTIAL_EVERY_S` ago."""
        now = self._clock()
        if now - self._said_at < PARTIAL_EVERY_S:
            return None
        self._said_at = now
        return self._text(self._spoken, growing=True).rstrip(HALF_A_CHARACTER)

    def answer(self) -> GeneratedAnswer:
        """The whole answer.

        Returns:
            The answer, without its loop.

        Raises:
            UnusableAnswer: It has no text.
        """
        text = self._text(self._spoken[: len(self._spoken) - self._looped_tokens])
        if not text:
            raise UnusableAnswer
        return GeneratedAnswer(
            text=text,
            prompt_tokens=len(self._prompt),
            answer_tokens=len(self.tokens),
            truncated=self._looped_tokens > 0 or not self._ended_by_itself,
        )

    def _text(self, tokens: list[int], *, growing: bool = False) -> str:
        text = self._processor.decode(tokens, skip_special_tokens=True)
        return strip_thoughts(text, growing=growing)


class DecodingBatch:
    """Answers that are written together: what one says does not depend on the others.

    Args:
        loaded: The model.
    """

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._cache: DynamicCache | None = None
        self.answers: list[GrowingAnswer] = []

    def join(self, answer: GrowingAnswer) -> None:
        """Write one more from now on."""
        cache, answer.cache = answer.cache, None
        self._cache = cache if self._cache is None else joined([self._cache, cache])
        self.answers.append(answer)

    def step(self) -> None:
        """Add a token to each."""
        device = self._loaded.device
        read = torch.tensor([[answer.read_tokens] for answer in self.answers], device=device)
        width = int(read.max())
        columns = torch.arange(width + 1, device=device)  # the last is the newest token's
        with torch.inference_mode():
            logits = self._loaded.model(
                input_ids=torch.tensor(
                    [answer.tokens[-1:] for answer in self.answers], device=device
                ),
                attention_mask=(columns >= width - read).long(),  # (cases, width + 1)
                position_ids=read,
                past_key_values=self._cache,
                logits_to_keep=1,
            ).logits[:, -1]  # (cases, vocabulary)
        may_think = [answer.may_think for answer in self.answers]
        tokens = likeliest(logits, self._loaded.thoughts, may_think=may_think)
        for answer, token in zip(self.answers, tokens, strict=True):
            answer.add(token)

    def finish(self) -> None:
        """Write each to its end."""
        while self.answers:
            self.keep([answer for answer in self.answers if not answer.ended])
            if self.answers:
                self.step()

    def keep(self, answers: Collection[GrowingAnswer]) -> None:
        """Go on with these alone.

        Args:
            answers: Some of those in it.
        """
        rows = [row for row, answer in enumerate(self.answers) if answer in answers]
        if len(rows) == len(self.answers):
            return
        if self._loaded.last.kept:
            self._note_read(max(set(range(len(self.answers))).difference(rows)))
        self.answers = [self.answers[row] for row in rows]
        if not rows or self._cache is None:
            self._cache = None
            return
        longest = max(answer.read_tokens for answer in self.answers)
        self._cache = narrowed(self._cache, rows, longest)

    def _note_read(self, row: int) -> None:
        """Let a question about an answer go on from there."""
        answer, cache = self.answers[row], self._cache
        if len(self.answers) > 1:
            cache = narrowed(cache, [row], answer.read_tokens)
        self._loaded.last.keep(answer.keys, cache)

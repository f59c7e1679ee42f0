"""Gemma 3 whose text llama.cpp computes, and whose vision tower stays the library's.

Knows llama.cpp's functions, and the one method of the library's model that it stands in for: so
generating, scoring the urgency and the canary go on as with any other model. Holds one sequence: a
step that goes on from an earlier place in it forgets what came after, and a new case that begins as
the one before did is read from where they part. Must not choose.
"""

import ctypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
import torch
from numpy.typing import NDArray
from transformers import DynamicCache
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.models.gemma3.configuration_gemma3 import Gemma3Config
from transformers.models.gemma3.modeling_gemma3 import (
    Gemma3CausalLMOutputWithPast,
    Gemma3ForConditionalGeneration,
)

from inference.errors import UnusableAnswer
from inference.footprint import LONGEST_PROMPT_TOKENS
from inference.runtime.prefix_cache import TokenKey, common_prefix

ANSWER_TOKENS = 1024
CONTEXT_TOKENS = LONGEST_PROMPT_TOKENS + ANSWER_TOKENS
STEP_TOKENS = 256  # of text that are read at once; a picture has as many

Logits = NDArray[np.float32]
Features = NDArray[np.float32]

_silent = llama.llama_log_callback(lambda _level, _text, _data: None)
llama.llama_log_set(_silent, None)

# A stick's build has what computes apart, once for each generation of processors: llama.cpp asks
# each whether this one can run it, and takes the best. It would look beside Python for them.
_LIBRARIES = Path(llama.__file__).parent / "lib"
if any(_LIBRARIES.glob("libggml-cpu-*.so")):
    ctypes.CDLL(str(_LIBRARIES / "libllama.so")).ggml_backend_load_all_from_path(bytes(_LIBRARIES))


class LlamaText:
    """A language model in llama.cpp's memory.

    Args:
        path: Its file, from `inference.runtime.gguf`.
        image_tokens: Of a picture: they see each other, so they are read at once.

    Raises:
        UnusableAnswer: llama.cpp cannot read or hold it.
    """

    def __init__(self, path: Path, *, image_tokens: int) -> None:
        self._context = None
        held = llama.llama_model_default_params()
        held.use_extra_bufts = False  # weights stay mapped from the file: no copy in another order
        self._model = llama.llama_model_load_from_file(bytes(path), held)
        if not self._model:
            raise UnusableAnswer("llama.cpp cannot read the model's text.")
        params = llama.llama_context_default_params()
        params.n_ctx = CONTEXT_TOKENS
        params.n_batch = params.n_ubatch = max(STEP_TOKENS, image_tokens)
        params.n_outputs_max = 1
        params.n_threads = params.n_threads_batch = torch.get_num_threads()
        params.swa_full = True  # or an earlier place in the sequence could not be gone back to
        self._context = llama.llama_init_from_model(self._model, params)
        if not self._context:
            raise UnusableAnswer("llama.cpp cannot hold the model's text.")
        self._step = int(params.n_batch)
        self._vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(self._model))

    def __del__(self) -> None:
        """Give the memory back before another way to hold the model is tried."""
        if self._context:
            llama.llama_free(self._context)
        if self._model:
            llama.llama_model_free(self._model)

    def forget(self, past: int) -> None:
        """Forget all but the first tokens.

        Args:
            past: How many to keep.
        """
        llama.llama_memory_seq_rm(llama.llama_get_memory(self._context), 0, past, -1)

    def read(self, tokens: NDArray[np.int64], past: int) -> Logits:
        """Read tokens, each of which sees those before it.

        Args:
            tokens: (tokens,), at least one.
            past: How many were read before.

        Returns:
            What may follow, (vocabulary,).
        """
        for start in range(0, len(tokens), self._step):
            part = tokens[start : start + self._step].astype(np.int32)
            self._decode(len(part), past + start, token=_pointer(part, ctypes.c_int32))
        return self._logits()

    def look(self, features: Features, past: int) -> Logits:
        """Read a picture, all of whose tokens see each other.

        Args:
            features: (image tokens, hidden size).
            past: How many tokens were read before.

        Returns:
            What may follow, (vocabulary,).
        """
        llama.llama_set_causal_attn(self._context, False)
        try:
            self._decode(len(features), past, embd=_pointer(features, ctypes.c_float))
        finally:
            llama.llama_set_causal_attn(self._context, True)
        return self._logits()

    def _decode(self, count: int, past: int, **given: object) -> None:
        """Raises what torch raises where it cannot go on."""
        places = np.arange(past, past + count, dtype=np.int32)
        asked = (np.arange(count) == count - 1).astype(np.int8)
        batch = llama.llama_batch(
            n_tokens=count,
            pos=_pointer(places, ctypes.c_int32),
            logits=_pointer(asked, ctypes.c_int8),
            **given,
        )
        if status := llama.llama_decode(self._context, batch):
            raise RuntimeError(f"llama.cpp stopped with status {status}.")

    def _logits(self) -> Logits:
        last = llama.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(last, (self._vocabulary,)).copy()


class LlamaGemma3(Gemma3ForConditionalGeneration):  # type: ignore[misc] # transformers is untyped
    """The library's model, less its language model: `open_text` gives it another."""

    _keys_to_ignore_on_load_unexpected = (r"language_model\.", r"lm_head\.")
    _tied_weights_keys: Mapping[str, str] = {}

    def __init__(self, config: Gemma3Config) -> None:
        super().__init__(config)
        del self.model.language_model, self.lm_head

    def open_text(self, path: Path) -> None:
        """Take the text from a file.

        Args:
            path: From `inference.runtime.gguf`.

        Raises:
            UnusableAnswer: llama.cpp cannot read or hold it.
        """
        self._text = LlamaText(path, image_tokens=self.config.mm_tokens_per_image)
        self._held: list[TokenKey] = []
        text = self.config.text_config
        text.max_position_embeddings = min(text.max_position_embeddings, CONTEXT_TOKENS)

    def forward(
        self,
        input_ids: torch.Tensor,
        past_key_values: DynamicCache | None = None,
        *,
        pixel_values: torch.Tensor | None = None,
        mm_encoder_outputs: dict[str, BaseModelOutputWithPooling] | None = None,
        attention_mask: torch.Tensor | None = None,  # noqa: ARG002 - the library asks for the name
        token_type_ids: torch.Tensor | None = None,  # noqa: ARG002
        **_: object,
    ) -> Gemma3CausalLMOutputWithPast:
        """Read one sequence's next tokens; the cache holds only how many were read before.

        Args:
            input_ids: int64 (1, tokens).
            past_key_values: The sequence's cache, None at its beginning.
            pixel_values: Pictures that nobody looked at yet.
            mm_encoder_outputs: Or what was seen of them.
            attention_mask: Not used: there is one sequence, and no padding.
            token_type_ids: Not used: the ids say which tokens are a picture's.

        Returns:
            The last token's logits, (1, 1, vocabulary).
        """
        if pixel_values is not None:
            mm_encoder_outputs = {"image": self.get_image_features(pixel_values, return_dict=True)}
        past = past_key_values.get_seq_length() if past_key_values else 0
        (ids,) = input_ids.numpy()  # (tokens,)
        logits = self._read(ids, past, _features(mm_encoder_outputs))
        if past_key_values is not None:
            places = torch.empty(1, 1, len(ids), 1)  # (1, heads, tokens, head size)
            past_key_values.update(places, places, 0)
        return Gemma3CausalLMOutputWithPast(
            logits=torch.from_numpy(logits)[None, None], past_key_values=past_key_values
        )

    def _read(self, ids: NDArray[np.int64], past: int, pictures: Iterator[Features]) -> Logits:
        """All but what is held already: of a follow-up question the pictures and the answer."""
        parts = list(_parts(ids, pictures, self.config.image_token_index))
        marks = [mark for part in parts for mark in part.marks]
        known = past + common_prefix(self._held[past:], marks)
        self._text.forget(known)
        self._held = self._held[:known]
        logits = np.empty(0, dtype=np.float32)
        for part in parts:
            new = part.given[max(0, known - past) :]
            if len(new):
                read = self._text.look if part.is_picture else self._text.read
                logits = read(new, len(self._held))
                self._held += part.marks[-len(new) :]
            past += len(part.marks)
        return logits


@dataclass(frozen=True, slots=True)
class _Part:
    """Text's token ids, int64 (tokens,), or a picture's features, (image tokens, hidden size)."""

    given: NDArray[Any]
    marks: list[TokenKey]
    is_picture: bool


def _parts(
    ids: NDArray[np.int64], pictures: Iterator[Features], image_token: int
) -> Iterator[_Part]:
    """A prompt cut into texts and pictures."""
    start = 0
    while start < len(ids):
        pictured = np.flatnonzero(ids[start:] == image_token)
        if len(pictured) and pictured[0] == 0:
            features = next(pictures)
            digest = sha256(features.tobytes()).digest()
            yield _Part(features, [digest] * len(features), is_picture=True)
            start += len(features)
            continue
        end = start + int(pictured[0]) if len(pictured) else len(ids)
        yield _Part(ids[start:end], ids[start:end].tolist(), is_picture=False)
        start = end


def _features(seen: dict[str, BaseModelOutputWithPooling] | None) -> Iterator[Features]:
    for picture in seen["image"].pooler_output if seen else ():
        yield picture.float().contiguous().numpy()  # (image tokens, hidden size)


def _pointer(values: NDArray[np.generic], kind: type[Any]) -> object:
    return values.ctypes.data_as(ctypes.POINTER(kind))

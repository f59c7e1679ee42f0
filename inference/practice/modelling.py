"""The practice model's parts: a small Gemma 3 with its tokenizer and processor, made and loaded.

Knows transformers and torch. Must not know how films are drawn or how training goes.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import cast

import torch
from PIL import Image
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import (
    Gemma3Config,
    Gemma3ForConditionalGeneration,
    Gemma3ImageProcessorPil,
    Gemma3Processor,
    GemmaTokenizer,
    GenerationConfig,
)

from inference.prompts import PromptMessage
from pictures.square import padded

PATCH_PX = 14
VISION_WIDTH = 128
VOCABULARY = 1024
_SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>")
_NAMED = {
    "sot_token": "<start_of_turn>",
    "eot_token": "<end_of_turn>",
    "boi_token": "<start_of_image>",
    "eoi_token": "<end_of_image>",
    "image_token": "<image_soft_token>",
}

# Gemma 3's own template: beginning of sequence first, the system turn folded into the user's.
CHAT_TEMPLATE = """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '\n\n' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}
                {{ '<start_of_image>' }}
            {%- elif item['type'] == 'text' -%}
                {{ item['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model\n'}}
{%- endif -%}
"""


def make_tokenizer(texts: Iterable[str]) -> GemmaTokenizer:
    """Train a small vocabulary in Gemma's shape: spaces as "▁", bytes for what is unknown.

    Args:
        texts: What is asked and answered, a few thousand examples.

    Returns:
        The tokenizer with Gemma's special tokens.
    """
    learner = Tokenizer(models.BPE())
    learner.normalizer = normalizers.Replace(" ", "▁")
    learner.pre_tokenizer = pre_tokenizers.Split(Regex(r"\n|\d|▁?[^▁\n\d]+|▁"), "isolated")
    fixed = [*_SPECIAL, *_NAMED.values(), *(f"<0x{byte:02X}>" for byte in range(256))]
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(fixed), min_frequency=4, limit_alphabet=150, show_progress=False
    )
    learner.train_from_iterator(texts, trainer)
    learned = learner.get_vocab()
    words = [*fixed, *sorted(learned, key=lambda word: learned[word])]
    return GemmaTokenizer(
        vocab={word: number for number, word in enumerate(words)},
        merges=_merges(learner),
        extra_special_tokens=_NAMED,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def _merges(learner: Tokenizer) -> list[tuple[str, str]]:
    return [(left, right) for left, right in json.loads(learner.to_str())["model"]["merges"]]


def make_processor(tokenizer: GemmaTokenizer, image_px: int) -> Gemma3Processor:
    """Gemma 3's processor for square pictures of `image_px`, one token a patch."""
    image_processor = Gemma3ImageProcessorPil(size={"height": image_px, "width": image_px})
    return Gemma3Processor(
        image_processor=image_processor,
        tokenizer=tokenizer,
        chat_template=CHAT_TEMPLATE,
        image_seq_length=(image_px // PATCH_PX) ** 2,
    )


def make_model(tokenizer: GemmaTokenizer, image_px: int) -> Gemma3ForConditionalGeneration:
    """Gemma 3's architecture at a two-thousandth of MedGemma's size, freshly initialised."""
    end_of_turn = tokenizer.convert_tokens_to_ids("<end_of_turn>")
    text = {
        "vocab_size": VOCABULARY,
        "hidden_size": 128,
        "intermediate_size": 384,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "query_pre_attn_scalar": 32,
        "layer_types": ["full_attention"] * 3,
        "sliding_window": 1024,
        "max_position_embeddings": 4096,
        "bos_token_id": tokenizer.bos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": [tokenizer.eos_token_id, end_of_turn],
    }
    vision = {
        "hidden_size": VISION_WIDTH,
        "intermediate_size": 512,
        "num_hidden_layers": 5,
        "num_attention_heads": 4,
        "image_size": image_px,
        "patch_size": PATCH_PX,
        "vision_use_head": False,
    }
    config = Gemma3Config(
        text_config=text,
        vision_config=vision,
        mm_tokens_per_image=(image_px // PATCH_PX) ** 2,
        boi_token_index=tokenizer.boi_token_id,
        eoi_token_index=tokenizer.eoi_token_id,
        image_token_index=tokenizer.image_token_id,
    )
    model = Gemma3ForConditionalGeneration(config)
    projector = model.model.multi_modal_projector
    torch.nn.init.normal_(projector.mm_input_projection_weight, std=0.09)  # zeros as made
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=[tokenizer.eos_token_id, end_of_turn],
        do_sample=False,
    )
    return model


def chat_text(
    processor: Gemma3Processor, messages: list[PromptMessage], *, answer_next: bool = False
) -> str:
    """Messages as the chat template writes them, each picture one token.

    Args:
        answer_next: Whether the model's turn is opened at the end.
    """
    chat = cast("list[dict[str, str]]", messages)  # transformers' type leaves out content parts
    text: str = processor.apply_chat_template(
        chat, tokenize=False, add_generation_prompt=answer_next
    )
    return text


class PracticeReader:
    """Answers conversations with a trained model, the way the model process does.

    Args:
        folder: A model folder.
    """

    def __init__(self, folder: Path) -> None:
        self.processor: Gemma3Processor = Gemma3Processor.from_pretrained(
            folder, local_files_only=True, backend="pil"
        )
        self.model = Gemma3ForConditionalGeneration.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32
        )
        self.model.train(mode=False)

    @torch.inference_mode()
    def answer(
        self,
        conversations: Sequence[list[PromptMessage]],
        pictures: Sequence[list[Image.Image]],
        max_new_tokens: int = 160,
    ) -> list[str]:
        """Generate greedily.

        Args:
            conversations: Messages whose last one is the user's.
            pictures: The pictures of each conversation, in order.
            max_new_tokens: Cap on an answer's length.

        Returns:
            One answer a conversation.
        """
        prompts = [
            chat_text(self.processor, messages, answer_next=True) for messages in conversations
        ]
        inputs = self.processor(
            text=prompts,
            images=[[padded(picture) for picture in images] for images in pictures],
            return_tensors="pt",
            padding=True,
            add_special_tokens=False,
        )
        generate: Callable[..., torch.Tensor] = self.model.generate
        output = generate(**inputs, max_new_tokens=max_new_tokens, do_sample=False)
        answers = output[:, inputs["input_ids"].shape[1] :]
        tokenizer = self.processor.tokenizer
        return [tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in answers]

"""Train the practice model from nothing: `python -m inference.practice.train`.

Knows the losses and the schedule. The vision tower first learns which structure stands in which
cell of a picture; then it keeps doing so while the language model learns to answer; at last the
weights as they are kept, rounded, are polished on answers alone. Everything is drawn from the seed;
two cores need under two hours.
"""

import argparse
import logging
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load, save_file
from torch import Tensor, nn
from transformers import Gemma3ForConditionalGeneration, Gemma3Processor
from transformers.modeling_outputs import BaseModelOutputWithPooling

from inference.cpu import multiplies_bfloat16
from inference.practice.batches import Sampler, TrainingBatch
from inference.practice.conversations import draw_conversation
from inference.practice.dataset import (
    IMAGE_PX,
    TARGETS,
    Dataset,
    DatasetPlan,
    load_or_draw,
)
from inference.practice.folder import MODEL_FOLDER, WEIGHTS, sign
from inference.practice.modelling import (
    VISION_WIDTH,
    PracticeReader,
    chat_text,
    make_model,
    make_processor,
    make_tokenizer,
)
from inference.practice.truth import draw_truth
from inference.prompts import PromptMessage
from inference.urgency import OPENING

_log = logging.getLogger(__name__)

_BATCH_PICTURES = 64
_ASKED_PICTURES = 16  # of each batch: answering costs five times as much as seeing
_POLISHED_PICTURES = 24
_NOT_ANSWER = -100
_POLISHING = 1000  # keeps these draws apart from the stages' before
_WEIGHTS = {"seeing": 40.0, "answering": 0.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stretch of training with a fresh optimizer: warm-up, then a cosine down.

    Args:
        seeing: Whether the structures in the pictures are learnt.
        answering: Whether the answers are.
        steps: Steps of 64 pictures, fewer where answers alone are learnt.
        horizon_steps: Where the cosine would reach nothing; it may be left before.
        peak_rate: Highest learning rate.
        warm_up_steps: Steps to get there.
        looking: Whether what looks at the pictures learns too.
        first_sight_share: Share of the first readings of which the urgency alone is said.
    """

    seeing: bool = True
    answering: bool = True
    steps: int
    horizon_steps: int
    peak_rate: float
    warm_up_steps: int
    looking: bool = True
    first_sight_share: float = 0.0

    @property
    def pictures(self) -> int:
        """Pictures a step."""
        return _BATCH_PICTURES if self.seeing else _POLISHED_PICTURES

    @property
    def pictures_asked(self) -> int:
        """Of how many of them the answers are learnt."""
        return _ASKED_PICTURES if self.seeing else _POLISHED_PICTURES

    def rate(self, step: int) -> float:
        """Learning rate of a step, the first being 1."""
        if step < self.warm_up_steps:
            return self.peak_rate * step / self.warm_up_steps
        done = (step - self.warm_up_steps) / max(1, self.horizon_steps - self.warm_up_steps)
        return self.peak_rate * 0.5 * (1 + math.cos(math.pi * done))


STAGES = (
    Stage(answering=False, steps=1200, horizon_steps=2200, peak_rate=1.5e-3, warm_up_steps=100),
    Stage(steps=1100, horizon_steps=1100, peak_rate=1.2e-3, warm_up_steps=100),
    Stage(steps=650, horizon_steps=650, peak_rate=0.9e-3, warm_up_steps=40),
)
POLISH = Stage(seeing=False, steps=700, horizon_steps=700, peak_rate=3e-4, warm_up_steps=40)
FIRST_SIGHT = Stage(
    seeing=False,
    looking=False,
    first_sight_share=0.5,
    steps=300,
    horizon_steps=300,
    peak_rate=3e-4,
    warm_up_steps=20,
)


# What the committed weights went through last, on the widened photographs and prompts; see `widen`.
WIDENED = (
    Stage(
        answering=False, looking=False, steps=60, horizon_steps=60, peak_rate=4e-3, warm_up_steps=20
    ),
    Stage(first_sight_share=0.25, steps=620, horizon_steps=620, peak_rate=6e-4, warm_up_steps=50),
    Stage(
        seeing=False,
        first_sight_share=0.25,
        steps=250,
        horizon_steps=250,
        peak_rate=2e-4,
        warm_up_steps=20,
    ),
)


class Trainer:
    """The model while it learns, with the head that only training needs."""

    def __init__(self, processor: Gemma3Processor, model: Gemma3ForConditionalGeneration) -> None:
        self.processor = processor
        self.model = model
        self.structure_head = nn.Linear(VISION_WIDTH, TARGETS)
        tokenizer = processor.tokenizer
        self._opening = tokenizer.encode("<start_of_turn>model\n", add_special_tokens=False)
        self._end = tokenizer.convert_tokens_to_ids("<end_of_turn>")
        self._urgency = tokenizer.encode(OPENING, add_special_tokens=False)

    def losses(self, batch: TrainingBatch, stage: Stage) -> dict[str, Tensor]:
        """The losses of a batch.

        Args:
            batch: What to learn from.
            stage: Says which are wanted.

        Returns:
            "seeing": cross-entropy of the structures, a mean over cells. "answering": that of the
            answers' tokens, a sum over each conversation; beside seeing, of the first ones only.
        """
        with torch.set_grad_enabled(stage.looking):
            seen = self.model.model.get_image_features(batch.pixels, return_dict=True)
        losses = {}
        if stage.seeing:
            logits = self.structure_head(seen.last_hidden_state)  # (b, 64, t)
            losses["seeing"] = nn.functional.binary_cross_entropy_with_logits(logits, batch.cells)
        if stage.answering:
            losses["answering"] = self._answering(batch, seen, stage.pictures_asked)
        return losses

    def _answering(
        self, batch: TrainingBatch, seen: BaseModelOutputWithPooling, pictures: int
    ) -> Tensor:
        each = len(batch.pixels) // len(batch.conversations)
        asked = batch.conversations[: pictures // each]
        seen.pooler_output = seen.pooler_output[: len(asked) * each]
        ids, attention, labels = self.tokenise(asked)
        hidden = self.model.model(
            input_ids=ids,
            attention_mask=attention,
            token_type_ids=(ids == self.model.config.image_token_id).long(),
            mm_encoder_outputs={"image": seen},
            use_cache=False,
        ).last_hidden_state[:, :-1]
        answer = labels[:, 1:] != _NOT_ANSWER
        guesses = self.model.lm_head(hidden[answer])
        total = nn.functional.cross_entropy(guesses.float(), labels[:, 1:][answer], reduction="sum")
        return total / len(asked)

    def tokenise(self, conversations: list[list[PromptMessage]]) -> tuple[Tensor, Tensor, Tensor]:
        """Turn conversations into tokens as the processor does, padded on the right.

        Args:
            conversations: With the answers in them.

        Returns:
            Token ids, attention mask, and labels (-100 where it is not the model's turn, and for an
            opening that the engine sets itself), each int64 (conversations, tokens).
        """
        texts = [
            chat_text(self.processor, messages).replace(
                self.processor.boi_token, self.processor.full_image_sequence
            )
            for messages in conversations
        ]
        encoded = self.processor.tokenizer(
            texts,
            return_tensors="pt",
            padding=True,
            padding_side="right",
            add_special_tokens=False,
        )
        ids = encoded["input_ids"]
        labels = torch.full_like(ids, _NOT_ANSWER)
        for row, sequence in enumerate(ids.tolist()):
            for start, end in self._answers(sequence):
                labels[row, start:end] = ids[row, start:end]
        return ids, encoded["attention_mask"], labels

    def _answers(self, ids: list[int]) -> Iterator[tuple[int, int]]:
        """Where the model's turns stand, their end token with them."""
        width = len(self._opening)
        for start in range(len(ids) - width):
            if ids[start : start + width] == self._opening:
                first = start + width
                end = ids.index(self._end, first) + 1
                opened = ids[first : first + len(self._urgency)] == self._urgency
                yield first + len(self._urgency) * opened, end


def train(dataset: Dataset, stages: Sequence[Stage], seed: int, out: Path) -> None:
    """Run all stages; the model folder is written after each.

    Args:
        dataset: What to learn from.
        seed: Of the weights' start and of every draw.
        out: Model folder to write.
    """
    torch.manual_seed(seed)
    tokenizer = make_tokenizer(_texts(seed))
    trainer = Trainer(make_processor(tokenizer, IMAGE_PX), make_model(tokenizer, IMAGE_PX))
    sampler = Sampler(dataset, seed)
    for stage in stages:
        _run(stage, trainer, sampler)
        save(trainer, out)


def learn_on(dataset: Dataset, stages: Sequence[Stage], seed: int, out: Path) -> None:
    """Learn on, from the weights as a model folder keeps them, in its words.

    Args:
        dataset: What to learn from.
        stages: One after the other; what names the structures is learnt anew.
        seed: Of every draw; they are others than `train` makes of it.
        out: Model folder to take up and write.
    """
    torch.manual_seed(seed)
    reader = PracticeReader(out)
    trainer = Trainer(reader.processor, reader.model.train())
    sampler = Sampler(dataset, seed + _POLISHING)
    for stage in stages:
        _run(stage, trainer, sampler)
        save_weights(trainer, out)


def widen(dataset: Dataset, stages: Sequence[Stage], seed: int, out: Path) -> None:
    """Learn on, and keep the mean of the weights before and after.

    The mean forgets less of what was learnt before, and reads more rightly than either (model
    soups, Wortsman and others 2022).

    Args:
        dataset: As for `learn_on`, like the others.
    """
    before = load((out / WEIGHTS).read_bytes())  # load_file maps the file, which is written anew
    learn_on(dataset, stages, seed, out)
    after = load((out / WEIGHTS).read_bytes())
    mean = {
        name: ((weights.float() + after[name].float()) / 2).to(weights.dtype)
        for name, weights in before.items()
    }
    save_file(mean, out / WEIGHTS, metadata={"format": "pt"})
    sign(out)


def shorter(stage: Stage, times: int) -> Stage:
    """The same stage, so many times shorter, to try something out.

    Args:
        times: Divides all its steps.

    Returns:
        A stage of at least one step.
    """
    return replace(
        stage,
        steps=max(1, stage.steps // times),
        horizon_steps=max(1, stage.horizon_steps // times),
        warm_up_steps=stage.warm_up_steps // times,
    )


def save(trainer: Trainer, out: Path) -> None:
    """Write a whole model folder: weights in bfloat16, processor, manifest.

    Args:
        trainer: What has been trained so far; the structure head stays behind.
    """
    trainer.processor.save_pretrained(out)
    save_weights(trainer, out)


def save_weights(trainer: Trainer, out: Path) -> None:
    """Write the weights into a model folder that has all the rest, and its manifest anew.

    Args:
        trainer: As for `save`.
    """
    with torch.random.fork_rng():
        model = make_model(trainer.processor.tokenizer, IMAGE_PX)
    model.load_state_dict(trainer.model.state_dict())
    model.to(torch.bfloat16).save_pretrained(out)
    sign(out)


def _run(stage: Stage, trainer: Trainer, sampler: Sampler) -> None:
    parameters = [*trainer.model.parameters(), *trainer.structure_head.parameters()]
    optimizer = torch.optim.AdamW(parameters, betas=(0.9, 0.98), weight_decay=0.02)
    started = time.monotonic()
    for step in range(1, stage.steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = stage.rate(step)
        # emulated bfloat16 takes many times as long as float32
        with torch.autocast("cpu", torch.bfloat16, enabled=multiplies_bfloat16()):
            batch = sampler.draw(stage.pictures, stage.first_sight_share)
            losses = trainer.losses(batch, stage)
        optimizer.zero_grad()
        total_loss = torch.stack([_WEIGHTS[name] * loss for name, loss in losses.items()]).sum()
        total_loss.backward()  # type: ignore[no-untyped-call] # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if step % 50 == 0:
            said = ", ".join(f"{name} {float(loss.detach()):.4f}" for name, loss in losses.items())
            _log.info("step %d of %d, %.0f s: %s", step, stage.steps, _since(started), said)


def _since(started: float) -> float:
    return time.monotonic() - started


def _texts(seed: int) -> Iterator[str]:
    """Conversations for the tokenizer to learn its words from."""
    rng = np.random.default_rng((seed, 4))
    for _ in range(3000):
        yield "user\nmodel\n"
        for message in draw_conversation(rng, draw_truth(rng), follow_ups=2):
            yield from (part["text"] for part in message["content"] if part["type"] == "text")


def main() -> None:
    """Draw the set, train, write the model folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--cache", type=Path, default=Path("data/practice"))
    parser.add_argument("--patients", type=int, default=DatasetPlan().patients)
    parser.add_argument("--negatives", type=int, default=DatasetPlan().negatives)
    parser.add_argument(
        "--shorten", type=int, default=1, help="train so many times shorter, to try"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--only-polish", action="store_true", help="the last two stages, on the model in --out"
    )
    parser.add_argument(
        "--only-first-sight", action="store_true", help="the last stage, on the model in --out"
    )
    parser.add_argument(
        "--only-widen", action="store_true", help="the widening stages, on the model in --out"
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.processes)
    plan = DatasetPlan(seed=options.seed, patients=options.patients, negatives=options.negatives)
    dataset = load_or_draw(plan, options.cache, options.processes)

    def shortened(stages: Sequence[Stage]) -> list[Stage]:
        return [shorter(stage, options.shorten) for stage in stages]

    if options.only_widen:
        widen(dataset, shortened(WIDENED), options.seed, options.out)
        return
    if not options.only_polish and not options.only_first_sight:
        train(dataset, shortened(STAGES), options.seed, options.out)
    if not options.only_first_sight:
        learn_on(dataset, shortened([POLISH]), options.seed, options.out)
    learn_on(dataset, shortened([FIRST_SIGHT]), options.seed, options.out)


if __name__ == "__main__":
    main()

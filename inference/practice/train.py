"""Train the practice model from nothing: `python -m inference.practice.train`.

Knows the losses and the schedule. The vision tower first learns which structure stands in which
cell of a picture; then it keeps doing so while the language model learns to answer. Everything is
drawn from the seed; two cores need under two hours.
"""

import argparse
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import Gemma3ForConditionalGeneration, Gemma3Processor

from inference.practice.conversations import draw_conversation
from inference.practice.dataset import (
    IMAGE_PX,
    STRUCTURES,
    VIEWS,
    Dataset,
    DatasetPlan,
    load_or_draw,
)
from inference.practice.folder import MODEL_FOLDER, sign
from inference.practice.modelling import (
    VISION_WIDTH,
    chat_text,
    make_model,
    make_processor,
    make_tokenizer,
)
from inference.practice.truth import Finding, draw_truth, every_truth
from inference.prompts import Message

_log = logging.getLogger(__name__)

_BATCH_PICTURES = 64
_ASKED_PICTURES = 20  # of each batch: answering costs five times as much as seeing
_NEGATIVE_SHARE = 0.17
_CLEAN_SHARE, _CLEAN_NORMAL_SHARE = 0.3, 0.15  # normals are the harder ones when photographed
_ALBUMS = (0.88, 0.08, 0.04)  # share of batches with 1, 2, 3 pictures a conversation
_FOLLOW_UPS = (0.4, 0.25, 0.2, 0.15)  # share of batches with 0 to 3 follow-up questions
_NOT_ANSWER = -100
_WEIGHTS = {"seeing": 20.0, "answering": 0.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long each stage runs, in steps of 64 pictures, and how fast it learns.

    Args:
        seeing_steps: Steps of the first stage.
        seeing_horizon_steps: Length of its cosine, which it leaves early: seeing goes on after it.
        answering_steps: Steps of the second stage and length of its cosine.
        seeing_rate: Peak learning rate of the first stage.
        answering_rate: Peak learning rate of the second stage.
        warm_up_steps: Linear warm-up of either.
    """

    seeing_steps: int = 1200
    seeing_horizon_steps: int = 2200
    answering_steps: int = 1500
    seeing_rate: float = 1.5e-3
    answering_rate: float = 1.2e-3
    warm_up_steps: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one step learns from.

    Args:
        pixels: float32 (pictures, 3, IMAGE_PX, IMAGE_PX), -1 to 1.
        cells: float32 (pictures, cells, STRUCTURES), 0 to 1.
        conversations: One a patient, its pictures following each other in `pixels`.
    """

    pixels: Tensor
    cells: Tensor
    conversations: list[list[Message]]


class Sampler:
    """Draws batches from the set: which patients, which views, what is asked."""

    def __init__(self, dataset: Dataset, seed: int) -> None:
        self._dataset = dataset
        self._rng = np.random.default_rng((seed, 3))
        normal = every_truth().index(next(t for t in every_truth() if t.finding is Finding.NORMAL))
        self._is_normal = dataset.truths == normal

    def draw(self) -> Batch:
        """One batch.

        Returns:
            64 pictures, or the next fewer that make whole albums.
        """
        rng = self._rng
        each = 1 + int(rng.choice(3, p=_ALBUMS))
        follow_ups = int(rng.choice(4, p=_FOLLOW_UPS))
        pixels, cells, conversations = [], [], []
        for _ in range(_BATCH_PICTURES // each):
            if rng.random() < _NEGATIVE_SHARE:
                chosen = rng.integers(len(self._dataset.negatives), size=each)
                pixels += [self._dataset.negatives[i] for i in chosen]
                cells += [np.zeros((8, 8, STRUCTURES), dtype=np.uint8)] * each
                conversations.append(draw_conversation(rng, None, each, follow_ups))
                continue
            film = int(rng.integers(len(self._dataset.films)))
            for view in self._views(film, each):
                pixels.append(self._dataset.films[film, view])
                cells.append(self._dataset.cells[film, view])
            truth = every_truth()[self._dataset.truths[film]]
            conversations.append(draw_conversation(rng, truth, each, follow_ups))
        shares = torch.from_numpy(np.stack(cells)).flatten(1, 2).float() / 255  # (b, 64, s)
        return Batch(
            pixels=self._augment(np.stack(pixels)), cells=shares, conversations=conversations
        )

    def _views(self, film: int, count: int) -> list[int]:
        if count == VIEWS:
            return [int(view) for view in self._rng.permutation(VIEWS)]
        clean = _CLEAN_NORMAL_SHARE if self._is_normal[film] else _CLEAN_SHARE
        photographed = (1 - clean) / (VIEWS - 1)
        shares = [clean, *[photographed] * (VIEWS - 1)]
        return [int(view) for view in self._rng.choice(VIEWS, count, replace=False, p=shares)]

    def _augment(self, pictures: np.ndarray) -> Tensor:
        """Other exposures of the same pictures, some without colour, as the processor scales."""
        rng, count = self._rng, len(pictures)
        light = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255  # (b, 3, h, w)
        grey = torch.from_numpy(rng.random(count) < 0.35)[:, None, None, None]
        light = torch.where(grey, light.mean(dim=1, keepdim=True), light)
        gain, lift, gamma = (
            torch.from_numpy(rng.uniform(low, high, (count, 1, 1, 1))).float()
            for low, high in ((0.8, 1.2), (-0.08, 0.08), (0.8, 1.25))
        )
        light = (light * gain + lift).clamp(0, 1) ** gamma
        noise = torch.from_numpy(rng.standard_normal(light.shape, dtype=np.float32))
        strength = torch.from_numpy(rng.uniform(0, 0.03, (count, 1, 1, 1))).float()
        return (light + noise * strength).clamp(0, 1) * 2 - 1


class Trainer:
    """The model while it learns, with the head that only training needs."""

    def __init__(self, processor: Gemma3Processor, model: Gemma3ForConditionalGeneration) -> None:
        self.processor = processor
        self.model = model
        self.structure_head = nn.Linear(VISION_WIDTH, STRUCTURES)
        tokenizer = processor.tokenizer
        self._opening = tokenizer.encode("<start_of_turn>model\n", add_special_tokens=False)
        self._end = tokenizer.convert_tokens_to_ids("<end_of_turn>")

    def losses(self, batch: Batch, *, answering: bool) -> dict[str, Tensor]:
        """The losses of a batch.

        Args:
            batch: What to learn from.
            answering: Whether its first conversations are answered too.

        Returns:
            "seeing": cross-entropy of the structures, a mean over cells; with `answering` also
            "answering": that of the answers' tokens, a sum over each conversation.
        """
        seen = self.model.model.get_image_features(batch.pixels, return_dict=True)
        logits = self.structure_head(seen.last_hidden_state)  # (b, 64, s)
        losses = {"seeing": nn.functional.binary_cross_entropy_with_logits(logits, batch.cells)}
        if not answering:
            return losses
        each = len(batch.pixels) // len(batch.conversations)
        asked = batch.conversations[: _ASKED_PICTURES // each]
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
        losses["answering"] = total / len(asked)
        return losses

    def tokenise(self, conversations: list[list[Message]]) -> tuple[Tensor, Tensor, Tensor]:
        """Turn conversations into tokens as the processor does, padded on the right.

        Args:
            conversations: With the answers in them.

        Returns:
            Token ids, attention mask, and labels (-100 where it is not the model's turn), each
            int64 (conversations, tokens).
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
                yield first, ids.index(self._end, first) + 1


def train(dataset: Dataset, schedule: Schedule, seed: int, out: Path, save_every: int) -> None:
    """Run both stages and write the model folder.

    Args:
        dataset: What to learn from.
        schedule: For how long.
        seed: Of the weights' start and of every draw.
        out: Model folder to write.
        save_every: Also write it each time so many answering steps are done.
    """
    torch.manual_seed(seed)
    tokenizer = make_tokenizer(_texts(seed))
    trainer = Trainer(make_processor(tokenizer, IMAGE_PX), make_model(tokenizer, IMAGE_PX))
    sampler = Sampler(dataset, seed)
    for _ in _steps(trainer, sampler, schedule, answering=False):
        pass
    for step in _steps(trainer, sampler, schedule, answering=True):
        if step % save_every == 0:
            save(trainer, out)
    save(trainer, out)


def save(trainer: Trainer, out: Path) -> None:
    """Write the model folder: weights in bfloat16, processor, manifest.

    Args:
        trainer: What has been trained so far; the structure head stays behind.
        out: Model folder.
    """
    with torch.random.fork_rng():
        model = make_model(trainer.processor.tokenizer, IMAGE_PX)
    weights = {name: w.to(torch.bfloat16) for name, w in trainer.model.state_dict().items()}
    model.save_pretrained(out, state_dict=weights)
    trainer.processor.save_pretrained(out)
    sign(out)


def _steps(
    trainer: Trainer, sampler: Sampler, schedule: Schedule, *, answering: bool
) -> Iterator[int]:
    """One stage: yields the number of each step done."""
    total = schedule.answering_steps if answering else schedule.seeing_steps
    horizon = schedule.answering_steps if answering else schedule.seeing_horizon_steps
    peak = schedule.answering_rate if answering else schedule.seeing_rate
    parameters = [*trainer.model.parameters(), *trainer.structure_head.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=peak, betas=(0.9, 0.98), weight_decay=0.02)
    started = time.monotonic()
    for step in range(1, total + 1):
        rate = _rate(step, horizon, peak, schedule.warm_up_steps)
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", torch.bfloat16):
            losses = trainer.losses(sampler.draw(), answering=answering)
        optimizer.zero_grad()
        total_loss = torch.stack([_WEIGHTS[name] * loss for name, loss in losses.items()]).sum()
        total_loss.backward()  # type: ignore[no-untyped-call] # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if step % 50 == 0:
            _log.info(
                "step %d of %d, %.0f s: %s",
                step,
                total,
                time.monotonic() - started,
                ", ".join(f"{name} {float(loss.detach()):.4f}" for name, loss in losses.items()),
            )
        yield step


def _rate(step: int, horizon: int, peak: float, warm_up: int) -> float:
    """Linear warm-up, then a cosine down to nothing."""
    if step < warm_up:
        return peak * step / warm_up
    return peak * 0.5 * (1 + float(np.cos(np.pi * (step - warm_up) / max(1, horizon - warm_up))))


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
    parser.add_argument("--films", type=int, default=DatasetPlan().films)
    parser.add_argument("--negatives", type=int, default=DatasetPlan().negatives)
    parser.add_argument("--seeing-steps", type=int, default=Schedule().seeing_steps)
    parser.add_argument("--answering-steps", type=int, default=Schedule().answering_steps)
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.processes)
    plan = DatasetPlan(seed=options.seed, films=options.films, negatives=options.negatives)
    dataset = load_or_draw(plan, options.cache, options.processes)
    schedule = Schedule(seeing_steps=options.seeing_steps, answering_steps=options.answering_steps)
    train(dataset, schedule, options.seed, options.out, options.save_every)


if __name__ == "__main__":
    main()

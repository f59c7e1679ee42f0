"""What each step of the practice model's training learns from.

Knows the drawn set and chance. Must not know the losses.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.practice.conversations import (
    draw_comparison,
    draw_conversation,
    draw_first_sight,
)
from inference.practice.dataset import CELLS, STRUCTURES, VIEWS, Bytes, Dataset, with_places
from inference.practice.truth import Finding, Truth, every_truth
from inference.prompts import PromptMessage

_Patient: TypeAlias = tuple[list[Bytes], list[Bytes], Truth | None]
"""Pictures of one, the structures in them, and what they show."""

_Kind = TypeVar("_Kind")

_NEGATIVE_SHARE = 0.30
_RADIOGRAPHS = {True: 0.55, False: 0.45}  # of the negatives; seven in ten of their kinds are
_SHARES = {
    Finding.NORMAL: 0.30,
    Finding.OPACITY: 0.27,
    Finding.EFFUSION: 0.15,
    Finding.PNEUMOTHORAX: 0.15,
    Finding.ENLARGED_HEART: 0.13,
}
_VIEWS = (0.16, 0.33, 0.17, 0.22, 0.12)  # the file, photographed, cut out, evened, plainly
_ALBUMS = (0.68, 0.28, 0.04)  # share of batches with 1, 2, 3 pictures a conversation
_COMPARED_SHARE = 0.7  # of the patients with two pictures
_FOLLOW_UPS = (0.4, 0.35, 0.2, 0.05)  # share of batches with 0 to 3 follow-up questions


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingBatch:
    """What one step learns from.

    Args:
        pixels: float32 (pictures, 3, IMAGE_PX, IMAGE_PX), -1 to 1.
        cells: float32 (pictures, cells, TARGETS), 0 to 1.
        conversations: One a patient, its pictures following each other in `pixels`.
    """

    pixels: Tensor
    cells: Tensor
    conversations: list[list[PromptMessage]]


def shared_out(kinds: list[_Kind], shares: Mapping[_Kind, float]) -> NDArray[np.float64]:
    """How likely each is drawn, so that each kind is as often as its share says."""
    counts = Counter(kinds)
    weights: NDArray[np.float64] = np.array([shares[kind] / counts[kind] for kind in kinds])
    weights /= weights.sum()
    return weights


class Sampler:
    """Draws batches from the set: which patients, which views, what is asked."""

    def __init__(self, dataset: Dataset, seed: int) -> None:
        self._dataset = dataset
        self._rng = np.random.default_rng((seed, 3))
        shown = [every_truth()[truth].finding for truth in dataset.truths]
        self._weights = shared_out(shown, _SHARES)
        self._negative_weights = shared_out(dataset.radiographs.tolist(), _RADIOGRAPHS)

    def draw(self, count: int, first_sight_share: float = 0.0) -> TrainingBatch:
        """One batch.

        Args:
            first_sight_share: Share of the first readings of which the urgency alone is said.

        Returns:
            So many pictures, or the next fewer that make whole albums.
        """
        each = 1 + int(self._rng.choice(3, p=_ALBUMS))
        follow_ups = int(self._rng.choice(4, p=_FOLLOW_UPS))
        pixels, cells, conversations = [], [], []
        for _ in range(count // each):
            if each == 2 and self._rng.random() < _COMPARED_SHARE:
                pictures, structures, conversation = self._compared()
            else:
                pictures, structures, truth = self._patient(each)
                conversation = self._conversation(truth, each, follow_ups, first_sight_share)
            pixels += pictures
            cells += structures
            conversations.append(conversation)
        shares = with_places(np.stack(cells).astype(np.float32) / np.float32(255))  # (b, 8, 8, t)
        return TrainingBatch(
            pixels=self._augment(np.stack(pixels)),
            cells=torch.from_numpy(shares).flatten(1, 2),  # (b, 64, t)
            conversations=conversations,
        )

    def _conversation(
        self, truth: Truth | None, pictures: int, follow_ups: int, first_sight_share: float
    ) -> list[PromptMessage]:
        if follow_ups == 0 and self._rng.random() < first_sight_share:
            return draw_first_sight(self._rng, truth, pictures)
        return draw_conversation(self._rng, truth, pictures, follow_ups)

    def _compared(self) -> tuple[list[Bytes], list[Bytes], list[PromptMessage]]:
        """An older and a newer film, the structures in them, and what is said of them.

        They are of one patient: the finding has come, grown, shrunk, gone, or stayed the same.
        """
        if self._rng.random() < _NEGATIVE_SHARE / 2:
            one, other = self._patient(1), self._negative(1)
        else:
            film = self._film()
            same = np.flatnonzero(self._dataset.patients == self._dataset.patients[film])
            one, other = (
                self._seen(int(i), self._views(1)) for i in (film, self._rng.choice(same))
            )
        older, newer = (one, other) if self._rng.random() < 0.5 else (other, one)
        conversation = draw_comparison(self._rng, older[2], newer[2])
        return [*older[0], *newer[0]], [*older[1], *newer[1]], conversation

    def _patient(self, count: int) -> _Patient:
        if self._rng.random() < _NEGATIVE_SHARE:
            return self._negative(count)
        return self._seen(self._film(), self._views(count))

    def _negative(self, count: int) -> _Patient:
        chosen = self._rng.choice(len(self._negative_weights), count, p=self._negative_weights)
        nothing = np.zeros((CELLS, CELLS, STRUCTURES), dtype=np.uint8)
        return [self._dataset.negatives[i] for i in chosen], [nothing] * count, None

    def _film(self) -> int:
        return int(self._rng.choice(len(self._weights), p=self._weights))

    def _views(self, count: int) -> list[int]:
        return [int(v) for v in self._rng.choice(VIEWS, count, replace=False, p=_VIEWS)]

    def _seen(self, film: int, views: list[int]) -> _Patient:
        pictures = [self._dataset.films[film, view] for view in views]
        structures = [self._dataset.cells[film, view] for view in views]
        return pictures, structures, every_truth()[self._dataset.truths[film]]

    def _augment(self, pictures: Bytes) -> Tensor:
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

"""What each step of the practice model's training learns from.

Knows the drawn set and chance. Must not know the losses.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
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

_NEGATIVE_SHARE = 0.17
_CLEAN_SHARE, _CLEAN_NORMAL_SHARE = 0.3, 0.15  # normals are the harder ones when photographed
_ALBUMS = (0.84, 0.12, 0.04)  # share of batches with 1, 2, 3 pictures a conversation
_COMPARED_SHARE = 0.5  # of the patients with two pictures
_FOLLOW_UPS = (0.4, 0.25, 0.2, 0.15)  # share of batches with 0 to 3 follow-up questions


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


class Sampler:
    """Draws batches from the set: which patients, which views, what is asked."""

    def __init__(self, dataset: Dataset, seed: int) -> None:
        self._dataset = dataset
        self._rng = np.random.default_rng((seed, 3))
        normal = every_truth().index(next(t for t in every_truth() if t.finding is Finding.NORMAL))
        self._is_normal = dataset.truths == normal

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

        Both show the same in the same place, or one of them nothing.
        """
        one, other = self._patient(1), self._patient(1)
        if one[2] is not None and other[2] is not None:
            other = self._fitting(one[2]) or one
        older, newer = (one, other) if self._rng.random() < 0.5 else (other, one)
        conversation = draw_comparison(self._rng, older[2], newer[2])
        return [*older[0], *newer[0]], [*older[1], *newer[1]], conversation

    def _fitting(self, shown: Truth) -> _Patient | None:
        """A film that shows the same in either size or, one time in three, nothing."""
        place = (shown.finding, shown.side, shown.zone)
        if self._rng.random() < 1 / 3:
            place = (Finding.NORMAL, None, None)
        fitting = [
            index
            for index, truth in enumerate(every_truth())
            if (truth.finding, truth.side, truth.zone) == place
        ]
        films = np.flatnonzero(np.isin(self._dataset.truths, fitting))
        if not len(films):
            return None
        film = int(films[self._rng.integers(len(films))])
        return self._seen(film, self._views(film, 1))

    def _patient(self, count: int) -> _Patient:
        if self._rng.random() < _NEGATIVE_SHARE:
            chosen = self._rng.integers(len(self._dataset.negatives), size=count)
            nothing = np.zeros((CELLS, CELLS, STRUCTURES), dtype=np.uint8)
            return [self._dataset.negatives[i] for i in chosen], [nothing] * count, None
        film = int(self._rng.integers(len(self._dataset.films)))
        return self._seen(film, self._views(film, count))

    def _seen(self, film: int, views: list[int]) -> _Patient:
        pictures = [self._dataset.films[film, view] for view in views]
        structures = [self._dataset.cells[film, view] for view in views]
        return pictures, structures, every_truth()[self._dataset.truths[film]]

    def _views(self, film: int, count: int) -> list[int]:
        if count == VIEWS:
            return [int(view) for view in self._rng.permutation(VIEWS)]
        clean = _CLEAN_NORMAL_SHARE if self._is_normal[film] else _CLEAN_SHARE
        photographed = (1 - clean) / (VIEWS - 1)
        shares = [clean, *[photographed] * (VIEWS - 1)]
        return [int(view) for view in self._rng.choice(VIEWS, count, replace=False, p=shares)]

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

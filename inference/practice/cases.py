"""The pictures that the practice model is measured on, drawn from a seed: nobody trained on them.

Knows the groups that are counted apart and how each is drawn. Must not know a model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from PIL import Image

from inference.contract import Comparison, PictureKind, ReadRequest
from inference.practice import radiographs
from inference.practice.answers import QuestionTopic
from inference.practice.conversations import draw_question, draw_request
from inference.practice.negatives import HELD_OUT, TRAINED, draw_negative
from inference.practice.phantoms import draw_phantom
from inference.practice.photographs import Photograph, photograph
from inference.practice.shots import Flaw, Grade, draw_shot
from inference.practice.truth import Finding, Side, Size, Truth, Zone
from inference.practice.unseen_photographs import photograph_unseen
from pictures.corners import Corners
from pictures.film import evened, find_film, rectified

FILM_HEIGHT_PX = 512
PHOTO_SIDE_PX = 960
"""Enough for a film that fills a third of it."""

_EVALUATION = 77  # keeps these draws apart from training's, whatever the seed
_WITHOUT = frozenset({Flaw.TWO_FILMS})  # which of the two would be meant?


class Group(StrEnum):
    """A kind of picture that is counted apart."""

    CLEAN = "clean films"
    TIDY = "tidy photos"
    USUAL = "usual photos"
    POOR = "poor photos"
    SCREEN = "photos of screens"
    KNOWN = "photos of the trained make"
    NO_FILM = "no drawn films"
    OTHER = "no films, of unseen kinds"
    RADIOGRAPH = "radiographs of unseen kinds"
    COMPARED = "older and newer"


GRADES: Mapping[Group, Grade | None] = MappingProxyType(
    {
        Group.TIDY: Grade.TIDY,
        Group.USUAL: Grade.USUAL,
        Group.POOR: Grade.POOR,
        Group.SCREEN: Grade.SCREEN,
        Group.KNOWN: None,
    }
)
FILMS = frozenset({Group.CLEAN, *GRADES})


class Way(StrEnum):
    """How a photograph comes to the model."""

    AS_TAKEN = "as taken"
    FOUND = "film found"
    TRUE = "true corners"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationCase:
    """A picture, what it shows, and what is asked of it: first a reading, then `topic`.

    Args:
        older: What the first of two pictures shows, where two are compared.
        straight: The film cut out of its photograph, if it is one.
    """

    group: Group
    truth: Truth | None
    pictures: tuple[Image.Image, ...]
    request: ReadRequest
    topic: QuestionTopic
    older: Truth | None = None
    straight: Mapping[Way, Image.Image] = field(default_factory=dict)


def draw_case(seed: int, group: Group, index: int) -> EvaluationCase:
    """Draw one picture of a group with a patient and a question.

    Args:
        seed: Of the whole evaluation.
        index: Number within the group.
    """
    rng = np.random.default_rng((_EVALUATION, seed, list(Group).index(group), index))
    if group in GRADES:
        case = _photographed(rng, group)
    elif group is Group.CLEAN:
        phantom = draw_phantom(rng, height_px=FILM_HEIGHT_PX)
        case = _case(rng, group, phantom.truth, phantom.film.convert("RGB"))
    elif group is Group.COMPARED:
        case = _compared(rng)
    else:
        kinds = _kinds(group)
        case = _case(rng, group, None, draw_negative(rng, kinds[index % len(kinds)], 640))
    return replace(case, request=replace(case.request, request_id=f"{group}-{index}"))


def straightened_by_the_server(picture: Image.Image) -> Image.Image:
    """What the model sees of a photo: the film alone, straight and evened, where one is sure."""
    outline = find_film(picture)
    if outline is None or not outline.sure:
        return picture
    return evened(rectified(picture, outline.corners))


def _kinds(group: Group) -> list[str]:
    if group is Group.NO_FILM:
        return sorted(TRAINED)
    if group is Group.RADIOGRAPH:
        return sorted(radiographs.UNSEEN)
    return sorted(set(HELD_OUT) - set(radiographs.UNSEEN))


def _case(
    rng: np.random.Generator, group: Group, truth: Truth | None, *pictures: Image.Image
) -> EvaluationCase:
    topic = list(QuestionTopic)[rng.integers(len(QuestionTopic))]
    request = replace(draw_request(rng, truth, len(pictures)), question=draw_question(rng, topic))
    return EvaluationCase(group=group, truth=truth, pictures=pictures, request=request, topic=topic)


def _photographed(rng: np.random.Generator, group: Group) -> EvaluationCase:
    phantom = draw_phantom(rng, height_px=FILM_HEIGHT_PX)
    take = photograph if group is Group.KNOWN else photograph_unseen
    shot = draw_shot(rng, GRADES[group], without=_WITHOUT)
    photo = take(phantom.film, rng, long_side_px=PHOTO_SIDE_PX, shot=shot)
    return replace(
        _case(rng, group, phantom.truth, photo.picture),
        straight={
            Way.FOUND: straightened_by_the_server(photo.picture),
            Way.TRUE: evened(rectified(photo.picture, _true_corners(photo))),
        },
    )


def _true_corners(photo: Photograph) -> Corners:
    """As far as they are in the picture."""
    first, second, third, fourth = (
        (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)) for x, y in photo.corners
    )
    return first, second, third, fourth


def _compared(rng: np.random.Generator) -> EvaluationCase:
    """Two films of one patient, each photographed tidily and cut out: what has become of it?"""
    course = _course(rng)
    seed = int(rng.integers(2**31))
    older, newer = (course[rng.integers(len(course))] for _ in range(2))
    seen = []
    for truth in (older, newer):
        film = draw_phantom(np.random.default_rng(seed), truth, FILM_HEIGHT_PX).film
        shot = draw_shot(rng, Grade.TIDY)
        photo = photograph_unseen(film, rng, long_side_px=PHOTO_SIDE_PX, shot=shot)
        seen.append(evened(rectified(photo.picture, _true_corners(photo))))
    case = _case(rng, Group.COMPARED, newer, *seen)
    compared = Comparison(prior="2026-03-05", current="2026-05-03")
    request = replace(case.request, kind=PictureKind.CHEST, comparison=compared)
    return replace(case, older=older, request=request)


def _course(rng: np.random.Generator) -> tuple[Truth, ...]:
    finding = (Finding.OPACITY, Finding.EFFUSION, Finding.PNEUMOTHORAX)[rng.integers(3)]
    side = list(Side)[rng.integers(2)]
    zone = list(Zone)[rng.integers(3)] if finding is Finding.OPACITY else None
    sizes = (Truth(finding=finding, side=side, zone=zone, size=size) for size in Size)
    return Truth(finding=Finding.NORMAL), *sizes

"""Pictures are looked at once: what was seen is given back, and stands for the picture."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from inference.contract import ReadRequest, Tier
from inference.footprint import Dtype
from inference.runtime.generate import prepare
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.vision_encoding import features_as_tensor, vision_fingerprint
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture
from tests.reading_alone import looks, read_alone

REQUEST = ReadRequest(request_id="r", pictures=(make_picture(), make_picture(300, 900)))
FOLLOW_UP = replace(REQUEST, question="Which side?", reading="FINDINGS: Effusion.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("home") / "models" / "tiny")


@pytest.fixture(scope="module")
def loaded(folder: Path) -> LoadedModel:
    return held(folder, Tier.CPU, Dtype.FLOAT32)


def held(folder: Path, tier: Tier, dtype: Dtype) -> LoadedModel:
    return load_model(folder, TierChoice(tier=tier, device="cpu", dtype=dtype, reason="Tested."))


answer = partial(read_alone, max_tokens=12)


def seen_of(loaded: LoadedModel, request: ReadRequest = REQUEST) -> tuple[bytes, ...]:
    seen: list[tuple[bytes, ...]] = []
    answer(loaded, request, on_features=seen.append)
    return seen[0]


def test_each_picture_is_seen_once_and_by_itself(loaded: LoadedModel) -> None:
    with looks(loaded) as counted:
        answer(loaded, REQUEST)
    assert counted == [1, 1]


def test_a_retry_and_a_follow_up_of_known_pictures_look_at_none_and_say_the_same(
    loaded: LoadedModel,
) -> None:
    seen = seen_of(loaded)
    expected = [answer(loaded, request) for request in (REQUEST, FOLLOW_UP)]
    with looks(loaded) as counted:
        given = [answer(loaded, request, known=seen) for request in (REQUEST, FOLLOW_UP)]
    assert counted == []
    assert given == expected


def test_only_the_picture_that_is_not_known_is_looked_at(loaded: LoadedModel) -> None:
    seen = seen_of(loaded)
    with looks(loaded) as counted:
        given = answer(loaded, REQUEST, known=(b"", seen[1]))
    assert counted == [1]
    assert given == answer(loaded, REQUEST)


@pytest.mark.parametrize("known", [b"no features", b"\x00" * 64])
def test_what_is_no_features_is_looked_at_anew(loaded: LoadedModel, known: bytes) -> None:
    with looks(loaded) as counted:
        assert answer(loaded, REQUEST, known=(known, known)) == answer(loaded, REQUEST)
    assert counted == [1, 1, 1, 1]


def test_the_features_are_the_librarys_own(loaded: LoadedModel) -> None:
    pixels = prepare(loaded.processor, REQUEST)["pixel_values"]  # (2, 3, side px, side px)
    with torch.inference_mode():
        expected = loaded.model.get_image_features(pixels).pooler_output
    torch.testing.assert_close(features_as_tensor(loaded, seen_of(loaded)), expected)


def test_every_tier_of_a_model_has_the_same_eyes_and_another_model_has_others(
    folder: Path, loaded: LoadedModel, tmp_path: Path
) -> None:
    other = make_checkpoint(tmp_path / "models" / "other", seed=1)
    same = (held(folder, tier, Dtype.BFLOAT16) for tier in (Tier.CPU, Tier.BIT4))
    assert {vision_fingerprint(each) for each in same} == {vision_fingerprint(loaded)}
    assert vision_fingerprint(held(other, Tier.CPU, Dtype.FLOAT32)) != vision_fingerprint(loaded)


def test_a_step_down_looks_at_no_picture_again(folder: Path, loaded: LoadedModel) -> None:
    lower = held(folder, Tier.BIT4, Dtype.FLOAT32)
    with looks(lower) as counted:
        assert answer(lower, REQUEST, known=seen_of(loaded)).text
    assert counted == []

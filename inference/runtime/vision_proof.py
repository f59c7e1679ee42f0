"""`python -m inference.runtime.vision_proof FOLDER [FILMS]`: whether a model's eyes bear 8 bits.

Reads the sample films, and those of a folder, with the vision in float32 and then at 8 bits, the
text by llama.cpp both times. Writes into the model's folder what was found and, where that is good
enough, what the 8 bits take. Each line of output is the readings done and those there are. Must not
judge: the limits are `inference.models.vision`'s.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file

from inference.contract import ReadRequest, ScoredUrgency, Tier, Urgency
from inference.footprint import Dtype
from inference.models.vision import INT8_FILE, PROOF_FILE, VisionProof
from inference.practice.samples import SAMPLES, SAMPLES_FOLDER
from inference.runtime.decoding import DecodingBatch
from inference.runtime.generate import begin
from inference.runtime.int8_vision import Largest, recording_largest, use_int8_vision
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.probe import measure_footprint, measure_hardware
from inference.runtime.vision_encoding import features_as_tensor
from inference.tiers import TierChoice, choose_threads

TOKENS = 50
WORST_SHARE = 0.01
NICENESS = 5
_ENDINGS = (".jpg", ".jpeg", ".png")

IN_FLOAT32 = TierChoice(
    tier=Tier.CPU,
    device="cpu",
    dtype=Dtype.FLOAT32,
    reason="To be compared.",
    prepared=True,
    llama=True,
)

Say = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a model made of one film: features (image tokens, hidden size), and its first tokens."""

    features: torch.Tensor
    tokens: list[int]
    urgency: Urgency


def compare(loaded: LoadedModel, films: Sequence[bytes], say: Say) -> tuple[VisionProof, Largest]:
    """Read films in float32, then at 8 bits, at which the model is left.

    Args:
        loaded: With its vision in float32.
        films: JPEG or PNG files, one at least.
        say: Told how many readings of how many are done.

    Returns:
        How alike they are, and what the 8 bits take.
    """
    readings = 2 * len(films)
    with recording_largest(loaded.model) as largest:
        before = list(_all_read(loaded, films, lambda done: say(done, readings)))
    use_int8_vision(loaded.model, largest)
    after = list(_all_read(loaded, films, lambda done: say(len(films) + done, readings)))
    pairs = list(zip(before, after, strict=True))
    cosines = [torch.cosine_similarity(one.features, other.features) for one, other in pairs]
    proof = VisionProof(
        films=len(films),
        cosine=float(torch.cat(cosines).quantile(WORST_SHARE)),
        same_words=sum(one.tokens == other.tokens for one, other in pairs),
        same_urgency=sum(one.urgency is other.urgency for one, other in pairs),
    )
    return proof, largest


def write(folder: Path, proof: VisionProof, largest: Largest) -> None:
    """Write what was found; what the 8 bits take only if they may be used."""
    (folder / INT8_FILE).unlink(missing_ok=True)
    if proof.holds:
        save_file(dict(largest), folder / INT8_FILE)
    (folder / PROOF_FILE).write_text(proof.model_dump_json() + "\n")


def films_of(folder: Path | None) -> list[bytes]:
    """The sample films, and the JPEG and PNG files of a folder."""
    samples = [SAMPLES_FOLDER / f"{sample.name}.jpg" for sample in SAMPLES]
    theirs = sorted(folder.iterdir()) if folder is not None else []
    chosen = [path for path in theirs if path.suffix.lower() in _ENDINGS]
    return [path.read_bytes() for path in [*samples, *chosen]]


def _all_read(
    loaded: LoadedModel, films: Sequence[bytes], say: Callable[[int], None]
) -> Iterator[_Read]:
    for number, film in enumerate(films, 1):
        yield _read(loaded, film)
        say(number)


def _read(loaded: LoadedModel, film: bytes) -> _Read:
    features: list[bytes] = []
    scores: list[ScoredUrgency] = []
    growing = begin(
        loaded,
        ReadRequest(request_id="proof", pictures=(film,)),
        max_tokens=TOKENS,
        on_features=features.extend,
        on_urgency=scores.append,
    )
    batch = DecodingBatch(loaded)
    batch.join(growing)
    batch.finish()
    (seen,) = features_as_tensor(loaded, features)
    return _Read(features=seen, tokens=growing.tokens, urgency=scores[0].urgency)


def main() -> None:
    """Compare, and tell how far it is."""
    folder, *more = map(Path, sys.argv[1:])
    os.nice(NICENESS)
    torch.set_num_threads(choose_threads(measure_hardware(), measure_footprint(folder)))
    loaded = load_model(folder, IN_FLOAT32)
    write(folder, *compare(loaded, films_of(more[0] if more else None), _say))


def _say(done: int, total: int) -> None:
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""`python -m inference.runtime.fidelity N SEED`: whether every tier answers as float32 does.

Knows the practice model, drawn films and the ways to hold a model. Reads the same films in float32
one by one, then in float32 and at each tier that this machine can run several at once, as EdgeRad
does when cases wait, and counts the answers that are the same, letter for letter. Prints a line of
JSON for each step and each tier. Must not judge: the goals are elsewhere.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from inference.contract import ReadRequest, Tier
from inference.errors import InferenceError, UnusableAnswer
from inference.footprint import Dtype
from inference.models.text import TEXT_FILE
from inference.practice.folder import MODEL_FOLDER
from inference.practice.phantoms import draw_phantom
from inference.practice.photographs import photograph
from inference.runtime.decoding import DecodingBatch, GrowingAnswer
from inference.runtime.generate import begin, prepare
from inference.runtime.int8_vision import recording_largest, use_int8_vision
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.probe import measure_hardware
from inference.runtime.vision_encoding import encode_pictures
from inference.tiers import INT8_CPU_FLAG, Hardware, TierChoice

TOGETHER = 4
ANSWER_TOKENS = 160
FILM_HEIGHT_PX = 512
PHOTO_SIDE_PX = 640
NICENESS = 5
CARD_TIERS = (Tier.BIT16, Tier.BIT8, Tier.BIT4)
LLAMA_TIERS = {Tier.BIT8: "Q8_0", Tier.BIT4: "Q4_0"}  # the practice model's rows are short for Q4_K

CALIBRATION_FILMS, CALIBRATION_SEED = 6, 8

REFERENCE = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="The reference.")
INT8_EYES = replace(REFERENCE, int8_vision=True, reason="To be compared.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often a tier answered as float32 did.

    Args:
        tier: Precision of the weights.
        device: Where it ran.
        dtype: What was computed in.
        int8_vision: Whether the vision was at 8 bits.
        same: Answers that are the same.
        total: Films read.
        fault: Why it could not run here; empty where it did.
    """

    tier: Tier
    device: str
    dtype: str
    int8_vision: bool
    same: int
    total: int
    fault: str = ""


def ways(hardware: Hardware) -> list[TierChoice]:
    """Every way to hold the weights that there is to compare on a machine.

    Returns:
        float32 itself, several films at once; then each tier on the CPU, in bfloat16 and as on an
        older card; on each card as it computes; the text by llama.cpp, where that is installed; and
        the vision at 8 bits, where the processor is one that it was tried on.
    """
    places = [("cpu", Dtype.BFLOAT16), ("cpu", Dtype.GUARDED_FLOAT16)]
    places += [(f"cuda:{gpu.index}", gpu.dtype) for gpu in hardware.gpus]
    tiers = [
        TierChoice(tier=tier, device=device, dtype=dtype, reason="To be compared.")
        for device, dtype in places
        for tier in CARD_TIERS
    ]
    by_llama = [replace(REFERENCE, tier=tier, llama=True) for tier in LLAMA_TIERS if hardware.llama]
    at_8_bits = [INT8_EYES] if INT8_CPU_FLAG in hardware.cpu_flags else []
    return [REFERENCE, *tiers, *by_llama, *at_8_bits]


def load_practice(choice: TierChoice) -> LoadedModel:
    """Load the practice model, its text turned for llama.cpp where that is to compute it.

    Args:
        choice: Tier, device and dtype.
    """
    if choice.int8_vision:
        return _with_int8_vision(load_practice(replace(choice, int8_vision=False)))
    if not choice.llama:
        return load_model(MODEL_FOLDER, choice)
    # not installed everywhere
    from gguf import GGMLQuantizationType  # noqa: PLC0415

    from inference.runtime.gguf import write_text  # noqa: PLC0415

    with TemporaryDirectory() as name:
        folder = Path(name) / "practice"
        shutil.copytree(MODEL_FOLDER, folder)
        write_text(
            folder,
            folder / TEXT_FILE,
            lambda *_: None,
            kind=GGMLQuantizationType[LLAMA_TIERS[choice.tier]],
        )
        return load_model(folder, choice)


def _with_int8_vision(loaded: LoadedModel) -> LoadedModel:
    """What the 8 bits take is found on other films than those to be read."""
    films = tuple(draw_film(CALIBRATION_SEED, index) for index in range(CALIBRATION_FILMS))
    inputs = prepare(loaded.processor, ReadRequest(request_id="fidelity", pictures=films))
    with recording_largest(loaded.model) as largest:
        encode_pictures(loaded, inputs["pixel_values"])
    use_int8_vision(loaded.model, largest)
    return loaded


def draw_film(seed: int, index: int) -> bytes:
    """Draw a film that nobody trained on, every second one as photographed with a phone."""
    rng = np.random.default_rng((91, seed, index))
    film = draw_phantom(rng, height_px=FILM_HEIGHT_PX).film
    if index % 2:
        film = photograph(film, rng, long_side_px=PHOTO_SIDE_PX).picture
    file = BytesIO()
    film.convert("RGB").save(file, "PNG", compress_level=1)
    return file.getvalue()


def compare(
    films: Sequence[bytes],
    choices: Sequence[TierChoice],
    say: Callable[[str, int, int], None],
    *,
    load: Callable[[TierChoice], LoadedModel] = load_practice,
) -> Iterator[Agreement]:
    """Read films in float32 one by one, and at each tier several at once.

    Args:
        choices: The ways to hold the weights.
        say: Told what is being read, and how many films of how many are.
        load: Loads the practice model.

    Yields:
        What each way came to, in order; one that cannot run here says why.
    """
    expected = list(_answers(load(REFERENCE), films, say, "float32, one by one", together=1))
    for choice in choices:
        try:
            at, together = f"{choice.tier}, {choice.computes_in}", 1 if choice.llama else TOGETHER
            given = list(_answers(load(choice), films, say, at, together=together))
        except (InferenceError, RuntimeError, ImportError) as error:
            yield _agreement(choice, fault=str(error).partition("\n")[0] or type(error).__name__)
            continue
        same = sum(mine == theirs for mine, theirs in zip(given, expected, strict=True))
        yield _agreement(choice, same=same, total=len(films))


def _agreement(choice: TierChoice, *, same: int = 0, total: int = 0, fault: str = "") -> Agreement:
    return Agreement(
        tier=choice.tier,
        device=choice.device,
        dtype=choice.computes_in,
        int8_vision=choice.int8_vision,
        same=same,
        total=total,
        fault=fault,
    )


def _answers(
    loaded: LoadedModel,
    films: Sequence[bytes],
    say: Callable[[str, int, int], None],
    at: str,
    *,
    together: int = TOGETHER,
) -> Iterator[str]:
    for start in range(0, len(films), together):
        batch = DecodingBatch(loaded)
        for film in films[start : start + together]:
            request = ReadRequest(request_id="fidelity", pictures=(film,))
            batch.join(begin(loaded, request, max_tokens=ANSWER_TOKENS))
        answers = batch.answers
        batch.finish()
        for growing in answers:
            yield _text(growing)
        say(f"Reading at {at}", start + len(answers), len(films))


def _text(growing: GrowingAnswer) -> str:
    try:
        return growing.answer().text
    except UnusableAnswer:
        return ""


def main() -> None:
    """Compare, and print what is found as it is found."""
    count, seed = map(int, sys.argv[1:])
    os.nice(NICENESS)
    torch.set_num_threads(1)  # more wait for each other longer than they compute

    def say(step: str, done: int, total: int) -> None:
        _print({"step": step, "done": done, "total": total})

    films = []
    for index in range(count):
        films.append(draw_film(seed, index))
        say("Drawing films", index + 1, count)
    for agreement in compare(films, ways(measure_hardware()), say):
        _print({"agreement": asdict(agreement)})


def _print(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

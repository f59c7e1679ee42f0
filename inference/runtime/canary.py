"""Questions whose answers are known, put to a model before the first patient's picture is.

Knows the loaded model and one drawn film. Must not know how the model came to be loaded. The first
forward of a load is the slowest: the canary takes it.
"""

from io import BytesIO

import torch
from PIL import Image
from transformers.modeling_outputs import BaseModelOutputWithPooling

from inference.contract import ReadRequest
from inference.errors import UnusableAnswer
from inference.practice.answers import understand
from inference.practice.samples import SAMPLES, SAMPLES_FOLDER
from inference.runtime.generate import prepare
from inference.runtime.load import LoadedModel

TOKENS = 8
SQUARE_PX = 64
READING_TOKENS = 160
GLANCE = 16  # of how many patches one is looked at, and of how many image tokens one is read
FILM = next(sample for sample in SAMPLES if sample.name == "film-4")


def prove(loaded: LoadedModel) -> None:
    """Ask for a few tokens about a grey square: on a CPU at a glance, or a start took a minute.

    Args:
        loaded: The model as it will be used.

    Raises:
        UnusableAnswer: The numbers are not finite or the text is empty.
    """
    square = BytesIO()
    Image.new("RGB", (SQUARE_PX, SQUARE_PX), (128, 128, 128)).save(square, "PNG")
    text = _ask(loaded, square.getvalue(), TOKENS, glance=loaded.device == "cpu")
    if not text.strip():
        raise UnusableAnswer("The model's test answer is empty.")


def prove_practice(loaded: LoadedModel) -> None:
    """Ask the practice model about a drawn film: the only one whose right answer is known.

    Args:
        loaded: The practice model as it will be used.

    Raises:
        UnusableAnswer: It does not see what the film shows.
    """
    film = (SAMPLES_FOLDER / f"{FILM.name}.jpg").read_bytes()
    try:
        said = understand(_ask(loaded, film, READING_TOKENS, glance=False))
    except ValueError:
        said = None
    if said != FILM.truth:
        raise UnusableAnswer("The practice model misreads its test film.")


def _ask(loaded: LoadedModel, picture: bytes, max_tokens: int, *, glance: bool) -> str:
    """A reading, refused where a number that led to it is not finite."""
    request = ReadRequest(request_id="canary", pictures=(picture,))
    inputs = prepare(loaded.processor, request).to(loaded.device, dtype=loaded.dtype)
    with torch.inference_mode():
        if glance:
            features = _glance(loaded, inputs.pop("pixel_values"))
            seen = BaseModelOutputWithPooling(pooler_output=features[:, ::GLANCE])
            read = _read_at_a_glance(loaded, inputs["input_ids"])
            inputs = {name: value[:, read] for name, value in inputs.items()}
            inputs["mm_encoder_outputs"] = {"image": seen}
        output = loaded.model.generate(
            **inputs,
            do_sample=False,
            max_new_tokens=max_tokens,
            return_dict_in_generate=True,
            output_logits=True,
        )
    if not all(bool(torch.isfinite(logits).all()) for logits in output.logits):
        raise UnusableAnswer("The model computes numbers that are not finite.")
    tokens = output.sequences[0, inputs["input_ids"].shape[1] :]
    text: str = loaded.processor.decode(tokens, skip_special_tokens=True)
    return text


def _read_at_a_glance(loaded: LoadedModel, ids: torch.Tensor) -> torch.Tensor:
    """Which tokens of a prompt with one picture are read: bool (tokens,)."""
    of_picture: torch.Tensor = ids[0] == loaded.model.config.image_token_index  # (tokens,)
    return ~of_picture | (of_picture.cumsum(0) % GLANCE == 1)


def _glance(loaded: LoadedModel, pixels: torch.Tensor) -> torch.Tensor:
    """What a picture's features would be if it had few patches: through every weight of the tower.

    Args:
        pixels: (1, 3, side px, side px).

    Returns:
        (1, image tokens, hidden size).
    """
    tower, projector = loaded.model.model.vision_tower, loaded.model.model.multi_modal_projector
    patches = tower.embeddings(pixels)  # (1, patches, vision's hidden size)
    few = tower.encoder(inputs_embeds=patches[:, ::GLANCE]).last_hidden_state
    seen = tower.post_layernorm(few).repeat_interleave(GLANCE, dim=1)[:, : patches.shape[1]]
    features: torch.Tensor = projector(seen)
    return features

"""Pictures into the projected features that the language model reads in their place.

Knows the vision tower and the projector. Must not know prompts or the wire.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from inference.runtime.load import LoadedModel

_NAME = "features"
_SHOWN = b"padded"
"""How a picture is made square: features of one that was stretched are not this model's."""
_SAMPLE = 4096  # elements of each weight: enough to tell two trainings apart


def encode_pictures(
    loaded: LoadedModel,
    pixels: torch.Tensor,
    known: Sequence[bytes] = (),
    on_look: Callable[[int], None] | None = None,
) -> tuple[bytes, ...]:
    """See each picture, one after the other, except those whose features are known.

    Args:
        pixels: float (pictures, 3, side px, side px), normalised, where the model is.
        known: Features that an earlier `encode_pictures` returned, picture by picture, empty where
            there are none; may be shorter than `pixels`.
        on_look: Receives how many were seen, after each.

    Returns:
        Each picture's features in bytes of their own.
    """
    given = [*known, *[b""] * (len(pixels) - len(known))]
    seen = []
    for picture, features in zip(pixels, given, strict=True):
        seen.append(features if _fits(loaded, features) else _seen(loaded, picture[None]))
        if on_look:
            on_look(len(seen))
    return tuple(seen)


def features_as_tensor(loaded: LoadedModel, features: Sequence[bytes]) -> torch.Tensor:
    """Features as the language model takes them.

    Args:
        features: Each picture's, from `encode_pictures`.

    Returns:
        The model's dtype (pictures, image tokens, hidden size), where the model is.
    """
    stacked = torch.cat([load(each)[_NAME] for each in features])
    return stacked.to(loaded.device, loaded.dtype)


def vision_fingerprint(loaded: LoadedModel) -> str:
    """Tells one model's vision from another's, and what it is shown; the same for every tier.

    At 8 bits it is another: the layers whose weights are integers are left out.

    Returns:
        A digest of a part of each weight of the vision tower and the projector.
    """
    digest = sha256(_SHOWN)
    inner = loaded.model.model
    for part in (inner.vision_tower, inner.multi_modal_projector):
        for name, weight in part.state_dict().items():
            digest.update(f"{name}{tuple(weight.shape)}".encode())
            sample = weight.flatten()[:_SAMPLE].to("cpu", torch.bfloat16)
            digest.update(sample.view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _seen(loaded: LoadedModel, picture: torch.Tensor) -> bytes:
    with torch.inference_mode():
        output = loaded.model.get_image_features(picture, return_dict=True)
    return save({_NAME: output.pooler_output.to("cpu")})  # (1, image tokens, hidden size)


def _fits(loaded: LoadedModel, features: bytes) -> bool:
    """Whether these are features of this model's shape."""
    if not features:
        return False
    try:
        shape = tuple(load(features)[_NAME].shape)
    except (SafetensorError, KeyError):
        return False
    config = loaded.model.config
    return shape == (1, config.mm_tokens_per_image, config.get_text_config().hidden_size)

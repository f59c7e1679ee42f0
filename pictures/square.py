"""Pictures as the squares that a model was trained on: padded, never stretched.

Knows pixels alone: every engine and the practice model's training make their squares here. Runs
where decoded pictures are: in a disposable process, in the model process, in training.
Source: Google's chest X-ray notebooks for MedGemma pad (black, centred), "for consistency with the
original preprocessing in model training and evaluation"; Gemma 3's own processor stretches.
"""

from PIL import Image


def padded(picture: Image.Image) -> Image.Image:
    """Put a picture in the middle of a black square, as large as its longer side.

    Returns:
        Mode RGB, each pixel of the picture unchanged. Of an odd number of black rows or columns the
        one more is below or at the right, as `numpy.pad` in the notebooks has it.
    """
    side_px = max(picture.size)
    square = Image.new("RGB", (side_px, side_px))
    square.paste(picture, ((side_px - picture.width) // 2, (side_px - picture.height) // 2))
    return square

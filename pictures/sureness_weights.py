"""What each piece of evidence for an outline weighs: written by `inference.practice.sureness_fit`.

A row each: its mean, its deviation, its weight in log odds a deviation.
"""

from pictures.sureness import Weights

WEIGHTS = Weights(
    bias=1.22,
    of={
        "score": (2.1059, 2.7216, 1.4696),
        "rivals": (-2.526, 1.1049, -0.5662),
        "step": (0.6371, 0.3132, 0.1988),
        "flat": (0.0797, 0.0539, -0.8161),
        "next_flat": (0.1703, 0.0614, 0.5664),
        "inner": (0.1081, 0.1044, -1.5318),
        "two_tone": (0.2361, 0.104, -0.1495),
        "oblong": (0.1286, 0.1889, -0.8918),
        "area": (-1.1776, 0.8241, 0.6016),
        "contrast": (4.9597, 0.5939, 0.4326),
    },
)

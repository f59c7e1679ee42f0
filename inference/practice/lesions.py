"""How each finding of a lung or its pleura looks.

Knows opacities, effusions and collapsed lungs. Must not know the rest of a film, or torch.
"""

import numpy as np

from inference.practice.chest import LUNG, Canvas, Plane, smooth
from inference.practice.truth import Finding, Side, Size, Truth, Zone

_OPACITY_V = {Zone.UPPER: (0.13, 0.25), Zone.MIDDLE: (0.43, 0.57), Zone.LOWER: (0.74, 0.85)}
_OPACITY_U = {Zone.UPPER: (0.38, 0.58), Zone.MIDDLE: (0.42, 0.72), Zone.LOWER: (0.52, 0.80)}


def draw_lesion(
    canvas: Canvas,
    truth: Truth,
    air: dict[Side, Plane],
) -> tuple[Plane, Plane]:
    """Draw a film's finding.

    Args:
        canvas: What it is drawn on.
        truth: What is to be seen.
        air: Each lung's outline, filled.

    Returns:
        Density the finding adds, and where it is (0 to 1).
    """
    nothing = np.zeros_like(air[Side.RIGHT])
    if truth.side is None:
        return nothing, nothing
    lung = air[truth.side]
    match truth.finding:
        case Finding.OPACITY:
            mask = _opacity(canvas, truth, truth.side) * lung
            return mask * canvas.rng.uniform(0.26, 0.36), mask
        case Finding.EFFUSION:
            mask = _effusion(canvas, truth, truth.side) * lung
            return mask * canvas.rng.uniform(0.44, 0.54), mask
        case _:
            return _pneumothorax(canvas, truth, truth.side, lung)


def _opacity(canvas: Canvas, truth: Truth, side: Side) -> Plane:
    zone = truth.zone or Zone.MIDDLE
    u, v = canvas.rng.uniform(*_OPACITY_U[zone]), canvas.rng.uniform(*_OPACITY_V[zone])
    if side is Side.LEFT and zone is Zone.LOWER:
        u = canvas.rng.uniform(0.74, 0.84)  # beside the heart, not behind it
    radius = (
        canvas.rng.uniform(0.040, 0.052)
        if truth.size is Size.SMALL
        else canvas.rng.uniform(0.080, 0.100)
    )
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ripple = np.zeros_like(angles)
    for waves in (2, 3, 5):
        height, shift = canvas.rng.uniform(-0.12, 0.12), canvas.rng.uniform(0, 6.3)
        ripple += height * np.cos(waves * angles + shift)
    rim = (radius * (1 + ripple))[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    patch = canvas.polygon(canvas.chest.lung_xy(side, [(u, v)]) + rim, blur=0.25 * radius)
    return np.clip(patch * (1 + 0.12 * canvas.cloud(40)), 0, 1)


def _effusion(canvas: Canvas, truth: Truth, side: Side) -> Plane:
    level = (
        canvas.rng.uniform(0.74, 0.80)
        if truth.size is Size.SMALL
        else canvas.rng.uniform(0.38, 0.52)
    )
    climb = canvas.rng.uniform(0.12, 0.18)
    u = np.linspace(-0.1, 1.1, 25)
    surface = [(float(a), float(level + 0.05 - climb * max(a, 0) ** 3)) for a in u]
    return canvas.polygon(
        canvas.chest.lung_xy(side, [*surface, (1.1, 1.4), (-0.1, 1.4)]), blur=0.008
    )


def _pneumothorax(
    canvas: Canvas,
    truth: Truth,
    side: Side,
    lung: Plane,
) -> tuple[Plane, Plane]:
    """Air around a lung that shrank towards its root and the diaphragm."""
    width_left, height_left = collapse(truth)
    root = np.array([0.12, 1.06])
    left = np.array([width_left, height_left]) + canvas.rng.uniform(-0.03, 0.03)
    outline = smooth(canvas.chest.lung_xy(side, root + (np.array(LUNG) - root) * left))
    shrunk = canvas.polygon(outline, blur=0.004)
    free = np.clip(lung - shrunk, 0, 1)
    edge = canvas.strokes([(np.concatenate([outline, outline[:1]]), 0.007, 255)], blur=0.0015)
    density = -0.16 * free + lung * (0.10 * shrunk + 0.16 * edge)
    return density, free


def collapse(truth: Truth) -> tuple[float, float]:
    """How far a lung has shrunk beside a pneumothorax.

    Args:
        truth: What the film shows.

    Returns:
        What is left of its width and of its height, as shares.
    """
    if truth.finding is not Finding.PNEUMOTHORAX:
        return 1.0, 1.0
    return (0.77, 0.84) if truth.size is Size.SMALL else (0.50, 0.64)

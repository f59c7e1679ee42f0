"""An X-ray plate that densities add up on.

Knows shapes, strokes and noise. Must not know bodies.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps

Plane: TypeAlias = NDArray[np.floating]
Points: TypeAlias = NDArray[np.float64]


class Plate:
    """An exposed plate: densities add up on it, placed in fractions of its width and height."""

    def __init__(self, rng: np.random.Generator, width: int, height: int) -> None:
        self.rng = rng
        self.size = (width, height)
        self.density: Plane = np.full((height, width), rng.uniform(0.0, 0.08), dtype=np.float32)

    def _soft(self, sheet: Image.Image, blur: float) -> Plane:
        soft = sheet.filter(ImageFilter.GaussianBlur(max(0.6, blur * max(self.size))))
        return np.asarray(soft, dtype=np.float32) / 255

    def blob(self, outline: Points, level: float, blur: float = 0.006) -> None:
        """Add a filled outline (n, 2)."""
        sheet = Image.new("L", self.size)
        ImageDraw.Draw(sheet).polygon([float(v) for v in (outline * self.size).ravel()], fill=255)
        self.density = self.density + level * self._soft(sheet, blur)

    def oval(  # noqa: PLR0917 # place, size and level of 60 ovals, in this order
        self, x: float, y: float, wide: float, high: float, level: float, blur: float = 0.006
    ) -> None:
        """Add an ellipse that bulges a little."""
        angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        bulge = 1 + self.rng.uniform(-0.08, 0.08) * np.cos(2 * angles + self.rng.uniform(0, 6))
        bulge += self.rng.uniform(-0.05, 0.05) * np.cos(3 * angles + self.rng.uniform(0, 6))
        rim = np.stack([x + wide * bulge * np.cos(angles), y + high * bulge * np.sin(angles)], 1)
        self.blob(rim, level, blur)

    def line(self, points: Points, width: float, level: float, blur: float = 0.003) -> None:
        """Add a stroke, its width in plate widths."""
        sheet = Image.new("L", self.size)
        flat = [float(v) for v in (points * self.size).ravel()]
        width_px = max(1, round(width * self.size[0]))
        ImageDraw.Draw(sheet).line(flat, fill=255, width=width_px, joint="curve")
        self.density = self.density + level * self._soft(sheet, blur)

    def bone(self, start: Points, end: Points, width: float, level: float = 0.5) -> None:
        """Add a long bone: bright rims, a fainter core, thicker ends."""
        shaft = np.stack([start, end])
        self.line(shaft, width, 0.7 * level)
        self.line(shaft, 0.55 * width, -0.3 * level)
        for x, y in shaft:
            knob = self.rng.uniform(0.5, 0.85) * width
            self.oval(x, y, knob, knob * self.size[0] / self.size[1], 0.4 * level)

    def cloud(self, power: float, level: float) -> None:
        """Add noise with a spectrum like a body's, 1 over f to `power`."""
        fx, fy = np.fft.rfftfreq(64), np.fft.fftfreq(64)
        steep = np.maximum(np.hypot(fx[None, :], fy[:, None]), 1 / 64) ** -power
        noise = np.fft.irfft2(steep * np.fft.rfft2(self.rng.standard_normal((64, 64))))
        noise = (noise / noise.std()).astype(np.float32)
        sheet = Image.fromarray(noise).resize(self.size, Image.Resampling.BICUBIC)
        self.density = self.density + level * np.asarray(sheet)

    def developed(self) -> Image.Image:
        """The plate as a grey picture, now and then negative, with grain."""
        rng = self.rng
        if rng.random() < 0.8:
            self.cloud(rng.uniform(0.8, 1.8), rng.uniform(0.005, 0.05))
        grain = rng.uniform(0.0, 0.03) * rng.standard_normal(self.density.shape)
        level = np.clip(self.density + grain, 0, None) ** rng.uniform(0.8, 1.3)
        grey = 1 - np.exp(-level * rng.uniform(1.2, 2.2))
        if rng.random() < 0.06:
            grey = 1 - grey
        sheet = Image.fromarray((np.clip(grey, 0, 1) * 255).astype(np.uint8))
        if rng.random() < 0.5:  # windowed
            sheet = ImageOps.autocontrast(sheet, cutoff=rng.uniform(0, 2))
        if rng.random() < 0.5:
            pen, side = ImageDraw.Draw(sheet), rng.choice([0.04, 0.88])
            place = (side * self.size[0], rng.uniform(0.03, 0.9) * self.size[1])
            pen.text(place, str(rng.choice(["R", "L", "AP", "DX"])), fill=235)
        return sheet


def at(x: float, y: float) -> Points:
    """A place on a plate."""
    return np.array([x, y], dtype=np.float64)

"""Draws a small synthetic data set of the six scene classes: for a first try and for the tests.

The pictures are drawings, not photos: good for seeing how the app works, useless for judging a model.
"""

import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from scene_desktop.core.errors import InputError

CLASSES = ("buildings", "forest", "glacier", "mountain", "sea", "street")
SIZE = (150, 150)
NOTE = (
    "These pictures are synthetic: drawn by a program for trying Scene Desktop out.\n"
    "They show how the app works; they say nothing about how well it does on photos.\n"
)

_Colour = tuple[int, int, int]


def write_samples(folder: Path, per_class: int = 40, seed: int = 1) -> int:
    """Draws a data set into a new or empty folder and returns the number of pictures.

    Args:
        folder: Gets one folder for each class and a note that says what this is.
        per_class: Pictures of each class.
        seed: The same seed gives the same pictures.

    Raises:
        InputError: The folder holds something already or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(os.scandir(folder))):
        raise InputError(f"“{folder}” is not an empty folder. Choose a new one; nothing was changed.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for label, name in enumerate(CLASSES):
            (folder / name).mkdir()
            for number in range(per_class):
                image = draw(name, seed=(seed * 1009 + label) * 100_003 + number)
                image.save(folder / name / f"{name}-{number + 1:03}.jpg", quality=88)
        (folder / "README.txt").write_text(NOTE, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"“{folder}” cannot be written ({reason}). Choose another folder.") from error
    return per_class * len(CLASSES)


def draw(name: str, seed: int) -> Image.Image:
    """Draws one scene of 150 × 150 pixels."""
    random = np.random.default_rng(seed)
    width, height = SIZE
    image = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(image)
    horizon = int(height * random.uniform(0.42, 0.58))
    _sky(pen, random, horizon)
    _SCENES[name](pen, random, horizon)
    image = image.filter(ImageFilter.GaussianBlur(float(random.uniform(0.4, 0.9))))
    noise = random.normal(0, random.uniform(3, 8), (height, width, 1))
    pixels = np.asarray(image, dtype=np.float64) * random.uniform(0.85, 1.1) + noise
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _shade(colour: _Colour, factor: float) -> _Colour:
    red, green, blue = (min(255, max(0, round(channel * factor))) for channel in colour)
    return red, green, blue


def _sky(pen: ImageDraw.ImageDraw, random: np.random.Generator, horizon: int) -> None:
    top, bottom = random.integers((70, 120, 180), (130, 170, 235)), random.integers(190, 245, 3)
    for y in range(SIZE[1]):
        mixed = top + (bottom - top) * min(1.0, y / horizon)
        pen.line((0, y, SIZE[0], y), fill=tuple(int(channel) for channel in mixed))


def _ground(pen: ImageDraw.ImageDraw, horizon: int, near: _Colour, far: _Colour) -> None:
    height = SIZE[1] - horizon
    for y in range(horizon, SIZE[1]):
        share = (y - horizon) / height
        mixed = tuple(round(f + (n - f) * share) for f, n in zip(far, near, strict=True))
        pen.line((0, y, SIZE[0], y), fill=mixed)


def _buildings(pen: ImageDraw.ImageDraw, random: np.random.Generator, horizon: int) -> None:
    _ground(pen, SIZE[1] - 18, (120, 118, 112), (150, 148, 140))
    x = int(random.integers(-15, 0))
    while x < SIZE[0]:
        wide, tall = int(random.integers(24, 46)), int(random.integers(70, 125))
        top = SIZE[1] - 14 - tall
        wall = _shade((168, 150, 134), random.uniform(0.6, 1.3))
        pen.rectangle((x, top, x + wide, SIZE[1] - 14), fill=wall, outline=_shade(wall, 0.7))
        for window_y in range(top + 6, SIZE[1] - 24, 12):
            for window_x in range(x + 5, x + wide - 6, 9):
                glass = (60, 80, 104) if random.random() < 0.75 else (240, 220, 150)
                pen.rectangle((window_x, window_y, window_x + 4, window_y + 6), fill=glass)
        x += wide + int(random.integers(0, 5))


def _forest(pen: ImageDraw.ImageDraw, random: np.random.Generator, horizon: int) -> None:
    _ground(pen, horizon, (46, 62, 30), (70, 96, 52))
    for layer in range(60):
        base = horizon + layer * (SIZE[1] - horizon) // 60 + 12
        x, tall = int(random.integers(-5, SIZE[0])), int(random.integers(38, 80))
        green = _shade((42, 96, 44), random.uniform(0.5, 1.4))
        pen.rectangle((x - 1, base - 10, x + 2, base), fill=(66, 46, 30))
        pen.polygon([(x - tall // 4, base - 6), (x, base - tall), (x + tall // 4, base - 6)], fill=green)


def _peaks(random: np.random.Generator, base: int, low: int, high: int) -> list[tuple[int, int]]:
    points, x = [(-20, base)], -10
    while x < SIZE[0] + 20:
        points.append((x, base - int(random.integers(low, high))))
        x += int(random.integers(12, 30))
    return [*points, (SIZE[0] + 20, base)]


def _mountain(pen: ImageDraw.ImageDraw, random: np.random.Generator, horizon: int) -> None:
    for distance, factor in ((70, 1.35), (45, 1.0)):
        rock = _shade((112, 104, 100), factor * random.uniform(0.85, 1.1))
        ridge = _peaks(random, horizon + 35, distance // 3, distance + 15)
        pen.polygon(ridge, fill=rock)
        for x, y in ridge[1:-1]:
            if y < horizon - 12:
                pen.polygon([(x - 7, y + 12), (x, y), (x + 7, y + 12)], fill=(236, 238, 244))
    _ground(pen, horizon + 30, (74, 92, 56), (110, 122, 86))


def _glacier(pen: ImageDraw.ImageDraw, random: np.random.Generator, horizon: int) -> None:
    pen.polygon(_peaks(random, horizon + 10, 10, 45), fill=_shade((176, 190, 205), random.uniform(0.85, 1.1)))
    _ground(pen, horizon, (196, 222, 240), (238, 246, 252))
    for _ in range(26):
        x, y = int(random.integers(0, SIZE[0])), int(random.integers(horizon + 4, SIZE[1]))
        run = int(random.integers(10, 36))
        ice = _shade((120, 182, 220), random.uniform(0.85, 1.15))
        pen.line((x, y, x + run, y + int(random.integers(-7, 8))), fill=ice, width=int(random.integers(1, 4)))


def _sea(pen: ImageDraw.ImageDraw, random: np.random.Generator, horizon: int) -> None:
    deep = _shade((24, 84, 128), random.uniform(0.8, 1.3))
    _ground(pen, horizon, deep, _shade(deep, 1.5))
    phase = random.uniform(0, 6.3)
    for y in range(horizon + 4, SIZE[1], 6):
        crest = [(x, y + 1.6 * math.sin(x / 7 + phase + y)) for x in range(0, SIZE[0] + 6, 6)]
        pen.line(crest, fill=_shade(deep, random.uniform(1.4, 2.2)), width=1)
    if random.random() < 0.5:
        pen.polygon([(0, SIZE[1]), (0, SIZE[1] - 16), (SIZE[0], SIZE[1])], fill=(222, 200, 158))


def _street(pen: ImageDraw.ImageDraw, random: np.random.Generator, horizon: int) -> None:
    _ground(pen, horizon, (150, 146, 140), (170, 166, 160))
    middle = int(SIZE[0] * random.uniform(0.4, 0.6))
    for side in (-1, 1):
        edge = 0 if side < 0 else SIZE[0]
        wall = _shade((172, 122, 96), random.uniform(0.7, 1.25))
        top = int(random.integers(5, 30))
        far = middle + side * 12
        pen.polygon([(edge, top), (far, horizon - 12), (far, horizon + 4), (edge, SIZE[1] - 14)], fill=wall)
        for step in range(5):
            x = edge - side * (8 + step * 11)
            pen.rectangle((x - 3, horizon - 26 + step * 3, x + 3, horizon - 12 + step), fill=(70, 74, 88))
    road = [(middle - 5, horizon), (middle + 5, horizon), (SIZE[0] - 18, SIZE[1]), (18, SIZE[1])]
    pen.polygon(road, fill=_shade((76, 76, 80), random.uniform(0.8, 1.2)))
    for step in range(4):
        y = horizon + 8 + step * step * 7
        pen.line((middle, y, middle, y + 4 + 3 * step), fill=(240, 236, 214), width=1 + step)


_SCENES: dict[str, Callable[[ImageDraw.ImageDraw, np.random.Generator, int], None]] = {
    "buildings": _buildings,
    "forest": _forest,
    "glacier": _glacier,
    "mountain": _mountain,
    "sea": _sea,
    "street": _street,
}

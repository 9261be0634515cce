"""Photo sets of coloured squares."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

COLOURS = {"blue": (40, 60, 220), "green": (40, 200, 60), "red": (220, 50, 40)}


def write_squares(folder: Path, count: Mapping[str, int], seed: int) -> None:
    """Writes noisy squares of each colour, no two of them equal."""
    random = np.random.default_rng(seed)
    for name, number in count.items():
        (folder / name).mkdir(parents=True)
        for index in range(number):
            noise = random.integers(-25, 26, (24, 24, 3))
            pixels = (np.array(COLOURS[name]) + noise).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{index:02}.png")


@pytest.fixture
def squares(tmp_path: Path) -> Path:
    """A set with 8 photos of each of three colours to learn from, and 3 to test on."""
    folder = tmp_path / "squares"
    write_squares(folder / "train", dict.fromkeys(COLOURS, 8), 1)
    write_squares(folder / "test", dict.fromkeys(COLOURS, 3), 2)
    return folder

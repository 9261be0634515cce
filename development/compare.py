"""Compares two folders of `development.shots --all`, picture by picture, pixel by pixel.

`python -m development.compare BEFORE AFTER` ends with exit code 1 if anything differs or is missing;
`--write FOLDER` also draws what differs: the later picture in grey, the pixels that changed in red.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

REGIONS = 5
"""So many boxes are named at most for a picture; those that lie closest are merged."""

_NEAR = 16
"""Pixels: changes that are no further apart than this belong to one region from the start."""

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Difference:
    """How one picture changed.

    Attributes:
        reason: In words, where pixels cannot be compared; empty otherwise.
        mask: Which pixels differ, bool `(H, W)`; None where they cannot be compared.
        boxes: Regions that hold all of them, each as left, top, right, bottom; the last two lie outside.
    """

    reason: str = ""
    mask: NDArray[np.bool_] | None = None
    boxes: tuple[Box, ...] = ()

    @property
    def pixels(self) -> int:
        return 0 if self.mask is None else int(self.mask.sum())

    def __str__(self) -> str:
        if self.reason:
            return self.reason
        if not self.pixels:
            return "identical"
        where = ", ".join(f"{left},{top} to {right},{bottom}" for left, top, right, bottom in self.boxes)
        return f"{self.pixels:,} pixels differ: {where}"


def main() -> None:
    """Prints a line for each picture and one for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="Where to draw what differs.")
    options = parser.parse_args()
    names = sorted(_pictures(options.before) | _pictures(options.after))
    if not names:
        sys.exit(f"There are no pictures in “{options.before}” and “{options.after}”.")
    different = 0
    for name in names:
        found = compare(options.before / name, options.after / name)
        print(f"{name}: {found}")
        if found.reason or found.pixels:
            different += 1
        if options.write and found.mask is not None and found.pixels:
            _draw(found, options.after / name, options.write / name)
    print(f"{len(names) - different} of {len(names)} pictures are identical")
    sys.exit(1 if different else 0)


def compare(before: Path, after: Path) -> Difference:
    """What changed from one picture to another."""
    for path, when in ((before, "before"), (after, "after")):
        if not path.exists():
            return Difference(f"missing {when}")
    old, new = _pixels(before), _pixels(after)
    if old.shape != new.shape:
        sizes = " to ".join(f"{pixels.shape[1]} × {pixels.shape[0]}" for pixels in (old, new))
        return Difference(f"another size: {sizes}")
    mask = (old != new).any(axis=2)
    return Difference("", mask, tuple(regions(mask)))


def regions(mask: NDArray[np.bool_], most: int = REGIONS) -> list[Box]:
    """At most `most` boxes that hold every true pixel of a mask, bool `(H, W)`, from the top down."""
    boxes = _cells(mask)
    while True:
        pairs = [(_gap(a, b), i, j) for i, a in enumerate(boxes) for j, b in enumerate(boxes[:i])]
        if not pairs:
            return boxes
        gap, i, j = min(pairs)
        if gap > _NEAR and len(boxes) <= most:
            return sorted(boxes, key=lambda box: (box[1], box[0]))
        merged = _around(boxes[i], boxes[j])
        boxes = [box for place, box in enumerate(boxes) if place not in (i, j)] + [merged]


def _cells(mask: NDArray[np.bool_]) -> list[Box]:
    """One tight box for each cell of a coarse grid that holds a true pixel."""
    size = max(_NEAR, max(mask.shape) // 24)
    boxes = []
    for top in range(0, mask.shape[0], size):
        for left in range(0, mask.shape[1], size):
            rows, columns = np.nonzero(mask[top : top + size, left : left + size])
            if len(rows):
                boxes.append(
                    (
                        left + int(columns.min()),
                        top + int(rows.min()),
                        left + int(columns.max()) + 1,
                        top + int(rows.max()) + 1,
                    )
                )
    return boxes


def _gap(one: Box, other: Box) -> int:
    """How far two boxes are apart; 0 where they touch."""
    across = max(one[0], other[0]) - min(one[2], other[2])
    down = max(one[1], other[1]) - min(one[3], other[3])
    return max(0, across, down)


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _pictures(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*.png")}


def _pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))


def _draw(found: Difference, after: Path, target: Path) -> None:
    with Image.open(after) as image:
        pixels = np.array(image.convert("L").convert("RGB"))
    pixels[found.mask] = (255, 0, 0)
    target.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(target)


if __name__ == "__main__":
    main()

"""How a photo of any shape becomes the square that a network looks at. Plain numbers, no pixels."""

from enum import StrEnum
from typing import NamedTuple


class Framing(StrEnum):
    """What happens to the longer side of a photo."""

    SQUASH = "squash"
    CUT = "cut"
    PAD = "pad"


class Box(NamedTuple):
    """A rectangle in pixels; it may reach beyond the photo that it belongs to."""

    left: float
    top: float
    right: float
    bottom: float


class View(NamedTuple):
    """What a network sees of a photo.

    Attributes:
        side: Of the square, in pixels.
    """

    side: int
    framing: Framing

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.side, self.side


def seen(framing: Framing, width: float, height: float) -> Box:
    """The part of a photo that fills the square, in the photo's own coordinates.

    The whole photo where it is squashed, its middle where it is cut, and more than there is where it is padded.
    """
    if framing is Framing.SQUASH:
        return Box(0.0, 0.0, width, height)
    side = min(width, height) if framing is Framing.CUT else max(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return Box(left, top, left + side, top + side)

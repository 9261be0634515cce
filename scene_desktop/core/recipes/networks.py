"""The networks as numbers: what they are built from, and which weights they have. Needs no Keras.

`training` builds the real networks from the same numbers; a test compares both. A weights file from outside is
held against `weight_shapes` before anything is read from it.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from scene_desktop.core.recipes.parameters import PARAMETERS
from scene_desktop.core.recipes.recipe import Network

Shape = tuple[int, ...]

CLASSES = range(2, 1001)
"""How many classes a model may have."""

_size = next(parameter for parameter in PARAMETERS if parameter.name == "image_size")
IMAGE_SIZES = range(int(_size.minimum or 0), int(_size.maximum or 0) + 1)
"""Sides in pixels that a recipe may ask for."""


class Block(NamedTuple):
    """One inverted residual block (MBConv without squeeze-and-excitation)."""

    kernel: int
    stride: int
    expansion: int
    width: int


class Stage(NamedTuple):
    """Residual blocks of one width; where the width changes, a strided convolution comes first."""

    width: int
    blocks: int


LITE0_STEM, LITE0_TOP = 32, 1280

LITE0_BLOCKS = (
    Block(3, 1, 1, 16),
    *(Block(3, 2, 6, 24), Block(3, 1, 6, 24)),
    *(Block(5, 2, 6, 40), Block(5, 1, 6, 40)),
    *(Block(3, 2, 6, 80), Block(3, 1, 6, 80), Block(3, 1, 6, 80)),
    *(Block(5, 1, 6, 112), Block(5, 1, 6, 112), Block(5, 1, 6, 112)),
    *(Block(5, 2, 6, 192), Block(5, 1, 6, 192), Block(5, 1, 6, 192), Block(5, 1, 6, 192)),
    Block(3, 1, 6, 320),
)

LITE0_POOLED = (11, 14, 15)
"""The blocks whose output is pooled into the features, besides the top."""

LITE0_FEATURES = sum(LITE0_BLOCKS[index].width for index in LITE0_POOLED) + LITE0_TOP
"""Length of the feature vector of the first version: 1,984."""

LITE0_EARLY = (2, 4, 7, 10)
"""The blocks of the trunk whose output is pooled into the features besides."""

LITE0_QUARTERED = 11
"""The block, the last of the trunk, whose output is also pooled over each quarter of the photo."""

LITE0_WIDE_FEATURES = (
    sum(LITE0_BLOCKS[index].width for index in LITE0_EARLY)
    + 4 * LITE0_BLOCKS[LITE0_QUARTERED].width
    + LITE0_FEATURES
)
"""Length of the feature vector: 3,008; the last 1,984 are those of the first version."""

LITE0_HIDDEN = 256

COMPACT_STEM = 32
COMPACT_STAGES = (Stage(32, 1), Stage(64, 1), Stage(128, 1))

HACKATHON_FILTERS = (6, 12)
HACKATHON_HIDDEN = (128, 64, 32)

Weights = Iterator[tuple[str, Shape]]


def weight_shapes(network: Network, image_size: int, class_count: int) -> dict[str, Shape]:
    """The weights of a network by layer path (`stem_conv/kernel`), as Keras names and shapes them."""
    return dict(_WEIGHTS[network](image_size, class_count))


def _lite0(image_size: int, class_count: int) -> Weights:
    yield from _lite0_backbone()
    yield from _dense("scores", LITE0_WIDE_FEATURES, class_count)


def _lite0_head(image_size: int, class_count: int) -> Weights:
    yield from _lite0_backbone()
    yield from _dense("head_hidden", LITE0_FEATURES, LITE0_HIDDEN)
    yield from _dense("scores", LITE0_HIDDEN, class_count)


def _lite0_backbone() -> Weights:
    yield from _convolution("stem_conv", 3, 3, LITE0_STEM)
    width = LITE0_STEM
    for index, block in enumerate(LITE0_BLOCKS):
        name, wide = f"block{index:02d}", width * block.expansion
        if block.expansion > 1:
            yield from _convolution(f"{name}_expand_conv", 1, width, wide)
        yield f"{name}_depthwise_conv/kernel", (block.kernel, block.kernel, wide, 1)
        yield f"{name}_depthwise_conv/bias", (wide,)
        yield from _convolution(f"{name}_project_conv", 1, wide, block.width)
        width = block.width
    yield from _convolution("top_conv", 1, width, LITE0_TOP)


def _compact(image_size: int, class_count: int) -> Weights:
    yield from _normalised("stem", 5, 3, COMPACT_STEM)
    width = COMPACT_STEM
    for number, stage in enumerate(COMPACT_STAGES):
        if stage.width != width:
            yield from _normalised(f"stage{number}_down", 3, width, stage.width)
        width = stage.width
        for index in range(stage.blocks):
            yield from _normalised(f"stage{number}_block{index}", 3, width, width)
    yield from _dense("scores", width, class_count)


def _hackathon(image_size: int, class_count: int) -> Weights:
    width = 3
    for number, filters in enumerate(HACKATHON_FILTERS, 1):
        yield from _convolution(f"conv{number}", 3, width, filters)
        width = filters
    side = (image_size - 2 * len(HACKATHON_FILTERS)) // 2  # convolutions without a border, then a pooling
    width *= side * side
    for number, hidden in enumerate(HACKATHON_HIDDEN, 1):
        yield from _dense(f"dense{number}", width, hidden)
        width = hidden
    yield from _dense("scores", width, class_count)


def _convolution(name: str, kernel: int, source: int, target: int) -> Weights:
    yield f"{name}/kernel", (kernel, kernel, source, target)
    yield f"{name}/bias", (target,)


def _normalised(name: str, kernel: int, source: int, target: int) -> Weights:
    yield f"{name}_conv/kernel", (kernel, kernel, source, target)
    for statistic in ("gamma", "beta", "moving_mean", "moving_variance"):
        yield f"{name}_norm/{statistic}", (target,)


def _dense(name: str, source: int, target: int) -> Weights:
    yield f"{name}/kernel", (source, target)
    yield f"{name}/bias", (target,)


_WEIGHTS: dict[Network, Callable[[int, int], Weights]] = {
    Network.LITE0: _lite0,
    Network.LITE0_HEAD: _lite0_head,
    Network.COMPACT_CNN: _compact,
    Network.HACKATHON_CNN: _hackathon,
}

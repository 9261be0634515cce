"""EfficientNet-Lite0 (Tan and Le, 2019; the Lite variant by Liu, 2020) as named Keras layers.

The weights come from ImageNet by way of `development.resources`. Each batch normalisation is folded into
the convolution before it (it is linear once its statistics are fixed) and the results are rounded to float16:
every use of the network starts from those values, so features, training and compiled models agree.

The features are pooled at eight depths, not at the last one only, and at one of them over each quarter of the
photo besides. That costs nothing and is better for photos unlike those of ImageNet: with a linear head the
cross-validated crossentropy of hand signs fell from 0.361 (the last depth) over 0.270 (the last four, as in the
first version) to 0.220, of clothes from 0.651 over 0.591 to 0.523.
"""

from functools import partial
from pathlib import Path
from typing import NamedTuple

import keras

from scene_desktop.core import locations
from scene_desktop.core.recipes.networks import (
    LITE0_BLOCKS,
    LITE0_EARLY,
    LITE0_POOLED,
    LITE0_STEM,
    LITE0_TOP,
)
from training.networks import weights

_relu6 = partial(keras.layers.ReLU, max_value=6.0)


FROZEN = 12
"""How many blocks belong to `trunk`, which is never trained."""

TRUNK_OUTPUT = f"block{FROZEN - 1:02d}_project_conv"
"""The layer that `trunk` ends in."""

EARLY, FEATURES = "early", "features"
"""The layers that end in what `trunk` pools, and in all features."""


def photo_input(image_size: int) -> keras.KerasTensor:
    """The input of every network: uint8 `(N, image_size, image_size, 3)`, RGB."""
    return keras.Input((image_size, image_size, 3), dtype="uint8", name="photos")


class Trunk(NamedTuple):
    """What the frozen part gives.

    Attributes:
        activations: float32 `(N, size / 32, size / 32, 192)`, rounded up.
        early: float32 `(N, 256)`, the output of earlier blocks, pooled.
    """

    activations: keras.KerasTensor
    early: keras.KerasTensor


def trunk(photos: keras.KerasTensor) -> Trunk:
    """Preprocessing, stem and the first `FROZEN` blocks.

    Args:
        photos: uint8 `(N, size, size, 3)`.
    """
    # (x - 127) / 128, as the ImageNet weights expect it; the layer casts to float32 first.
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128, name="preprocess")(photos)
    x = keras.layers.Conv2D(LITE0_STEM, 3, strides=2, padding="same", name="stem_conv")(x)
    x = _relu6(name="stem_relu")(x)
    early = []
    for index in range(FROZEN):
        x = _block(x, index)
        if index in LITE0_EARLY:
            early.append(keras.layers.GlobalAveragePooling2D(name=f"block{index:02d}_pool")(x))
    return Trunk(x, keras.layers.Concatenate(name=EARLY)(early))


def tail(activations: keras.KerasTensor) -> keras.KerasTensor:
    """The other blocks, the top, and the pooling: the features of the first version.

    Args:
        activations: float32 `(N, height, width, 192)`, the output of `trunk`.

    Returns:
        float32 `(N, 1984)`; the last 1,280 are the features of the original network.
    """
    return keras.layers.Concatenate(name=FEATURES)(_pooled(activations))


def wide_tail(source: Trunk) -> keras.KerasTensor:
    """The other blocks, the top, and the pooling of everything.

    Returns:
        float32 `(N, 3008)`; the last 1,984 are those of `tail`.
    """
    # By way of a fixed size, so that one compiled network serves photos of every size.
    grid = keras.layers.Resizing(4, 4, interpolation="bilinear", name="quarters_grid")(source.activations)
    quarters = keras.layers.Flatten(name="quarters")(
        keras.layers.AveragePooling2D(2, name="quarters_pool")(grid)
    )
    return keras.layers.Concatenate(name=FEATURES)([source.early, quarters, *_pooled(source.activations)])


def _pooled(activations: keras.KerasTensor) -> list[keras.KerasTensor]:
    x, pooled = activations, []
    for index in range(FROZEN - 1, len(LITE0_BLOCKS)):
        x = x if index < FROZEN else _block(x, index)
        if index in LITE0_POOLED:
            pooled.append(keras.layers.GlobalAveragePooling2D(name=f"block{index:02d}_pool")(x))
    x = keras.layers.Conv2D(LITE0_TOP, 1, name="top_conv")(x)
    x = _relu6(name="top_relu")(x)
    pooled.append(keras.layers.GlobalAveragePooling2D(name="top_pool")(x))
    return pooled


def feature_extractor(image_size: int) -> keras.Model:
    """From photos to features, with random weights."""
    photos = photo_input(image_size)
    return keras.Model(photos, wide_tail(trunk(photos)), name="efficientnet-lite0")


def weights_file() -> Path:
    return locations.resources_folder() / "models" / "backbones" / "efficientnet-lite0.safetensors"


def load(model: keras.Model) -> None:
    """Puts the pretrained values into all layers of `model` that belong to the backbone.

    Raises:
        ModelFileError: The file is missing, damaged or does not fit.
    """
    weights.load_partly(model, weights.read_file(weights_file()))


def _block(x: keras.KerasTensor, index: int) -> keras.KerasTensor:
    block, name, source = LITE0_BLOCKS[index], f"block{index:02d}", x
    width = int(x.shape[-1])
    if block.expansion > 1:
        x = keras.layers.Conv2D(width * block.expansion, 1, name=f"{name}_expand_conv")(x)
        x = _relu6(name=f"{name}_expand_relu")(x)
    x = keras.layers.DepthwiseConv2D(
        block.kernel, strides=block.stride, padding="same", name=f"{name}_depthwise_conv"
    )(x)
    x = _relu6(name=f"{name}_depthwise_relu")(x)
    x = keras.layers.Conv2D(block.width, 1, name=f"{name}_project_conv")(x)
    if block.stride == 1 and width == block.width:
        x = keras.layers.Add(name=f"{name}_add")([source, x])
    return x

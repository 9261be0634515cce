"""The networks that can be trained, a closed list, each built from a few numbers.

Every network takes uint8 photos `(N, image_size, image_size, 3)`, RGB, with its preprocessing inside, and ends
in one dense layer with softmax named `scores`.
"""

from collections.abc import Callable

import keras

from scene_desktop.core.recipes.networks import (
    COMPACT_STAGES,
    COMPACT_STEM,
    HACKATHON_FILTERS,
    HACKATHON_HIDDEN,
    LITE0_HIDDEN,
)
from scene_desktop.core.recipes.recipe import Network
from training.networks import backbones

SCORES = "scores"


def build(network: Network, image_size: int, class_count: int) -> keras.Model:
    """Builds a network; only a pretrained backbone has meaningful weights, the rest is random."""
    return _BUILDERS[network](image_size, class_count)


def head_of(model: keras.Model) -> keras.Model:
    """The layers of a Lite0 network behind the pooling as a model of their own, sharing their weights.

    Returns:
        Input float32 `(N, width)`, the pooled features; the layers form one chain.
    """
    names = [layer.name for layer in model.layers]
    features = model.get_layer(backbones.FEATURES).output
    x = source = keras.Input(features.shape[1:], name="pooled")
    for layer in model.layers[names.index(backbones.FEATURES) + 1 :]:
        x = layer(x)
    return keras.Model(source, x, name="head")


def _lite0(image_size: int, class_count: int) -> keras.Model:
    """One dense layer on features of eight depths."""
    photos = backbones.photo_input(image_size)
    features = backbones.wide_tail(backbones.trunk(photos))
    scores = keras.layers.Dense(class_count, activation="softmax", name=SCORES)(features)
    model = keras.Model(photos, scores, name=Network.LITE0)
    backbones.load(model)
    return model


def _lite0_head(image_size: int, class_count: int) -> keras.Model:
    """The network of the first version: a hidden layer on features of four depths."""
    photos = backbones.photo_input(image_size)
    features = backbones.tail(backbones.trunk(photos).activations)
    model = keras.Model(photos, head(features, class_count), name=Network.LITE0_HEAD)
    backbones.load(model)
    return model


def head(features: keras.KerasTensor, class_count: int) -> keras.KerasTensor:
    """One hidden layer with dropout before and after it, which calms small data sets.

    Args:
        features: float32 `(N, 1984)`.

    Returns:
        float32 `(N, class_count)`, scores.
    """
    x = keras.layers.Dropout(0.2, name="head_dropout_in")(features)
    x = keras.layers.Dense(LITE0_HIDDEN, activation="relu", name="head_hidden")(x)
    x = keras.layers.Dropout(0.5, name="head_dropout_out")(x)
    return keras.layers.Dense(class_count, activation="softmax", name=SCORES)(x)


def _hackathon(image_size: int, class_count: int) -> keras.Model:
    """The small network of the hackathon, layer by layer as it was; its first pooling does nothing."""
    photos = backbones.photo_input(image_size)
    x = keras.layers.Rescaling(1 / 255, name="rescale")(photos)
    first, second = HACKATHON_FILTERS
    x = keras.layers.Conv2D(first, 3, activation="relu", name="conv1")(x)
    x = keras.layers.MaxPooling2D(1, name="max_pool1")(x)
    x = keras.layers.Conv2D(second, 3, activation="relu", name="conv2")(x)
    x = keras.layers.MaxPooling2D(2, name="max_pool2")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    for number, width in enumerate(HACKATHON_HIDDEN, 1):
        x = keras.layers.Dense(width, activation="relu", name=f"dense{number}")(x)
    x = keras.layers.Dense(class_count, activation="softmax", name=SCORES)(x)
    return keras.Model(photos, x, name=Network.HACKATHON_CNN)


def _compact(image_size: int, class_count: int) -> keras.Model:
    """A small residual network made for the training on a CPU.

    Its price is counted in passes over the activations as much as in multiplications. So the first convolution
    goes down to a quarter of the size at once, all are dense ones (depthwise ones train slowly on a CPU), and a
    residual block is a single convolution (cf. He et al., 2016, https://arxiv.org/abs/1512.03385).
    """
    photos = backbones.photo_input(image_size)
    # About -2 to 2, by numbers that float16 holds exactly.
    x = keras.layers.Rescaling(1 / 64, offset=-2.0, name="preprocess")(photos)
    x = _normalised(x, COMPACT_STEM, 5, 4, "stem")
    for number, stage in enumerate(COMPACT_STAGES):
        if stage.width != x.shape[-1]:
            x = _normalised(x, stage.width, 3, 2, f"stage{number}_down")
        for index in range(stage.blocks):
            name = f"stage{number}_block{index}"
            x = keras.layers.Add(name=f"{name}_add")([x, _normalised(x, stage.width, 3, 1, name)])
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    x = keras.layers.Dropout(0.1, name="dropout")(x)
    x = keras.layers.Dense(class_count, activation="softmax", name=SCORES)(x)
    return keras.Model(photos, x, name=Network.COMPACT_CNN)


def _normalised(x: keras.KerasTensor, width: int, kernel: int, stride: int, name: str) -> keras.KerasTensor:
    """Convolution, batch normalisation, ReLU."""
    x = keras.layers.Conv2D(
        width,
        kernel,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)
    x = keras.layers.BatchNormalization(momentum=0.95, epsilon=1e-3, name=f"{name}_norm")(x)
    return keras.layers.ReLU(name=f"{name}_relu")(x)


_BUILDERS: dict[Network, Callable[[int, int], keras.Model]] = {
    Network.LITE0: _lite0,
    Network.LITE0_HEAD: _lite0_head,
    Network.COMPACT_CNN: _compact,
    Network.HACKATHON_CNN: _hackathon,
}

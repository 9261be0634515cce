"""The networks that can be trained, a closed list, each built from a few numbers.

Every network takes uint8 photos `(N, image_size, image_size, 3)`, RGB, with its preprocessing inside, and ends
in one dense layer with softmax named `scores`.
"""

import keras
import numpy as np

from scene_desktop.core.recipe import Network
from training import backbones

SCORES = "scores"
_HIDDEN = 256


def build(network: Network, image_size: int, class_count: int) -> keras.Model:
    """Builds a network; only a pretrained backbone has meaningful weights, the rest is random."""
    match network:
        case Network.LITE0_HEAD:
            return _lite0(image_size, class_count)
        case Network.HACKATHON_CNN:
            return _hackathon(image_size, class_count)


def head_of(model: keras.Model) -> keras.Model:
    """The layers of a Lite0 network behind the pooling as a model of their own, sharing their weights.

    Returns:
        Input float32 `(N, 1984)`, the pooled features; the layers form one chain.
    """
    names = [layer.name for layer in model.layers]
    x = source = keras.Input((backbones.FEATURES,), name="pooled")
    for layer in model.layers[names.index("features") + 1 :]:
        x = layer(x)
    return keras.Model(source, x, name="head")


def _lite0(image_size: int, class_count: int) -> keras.Model:
    photos = backbones.photo_input(image_size)
    features = backbones.tail(backbones.trunk(photos))
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
    x = keras.layers.Dense(_HIDDEN, activation="relu", name="head_hidden")(x)
    x = keras.layers.Dropout(0.5, name="head_dropout_out")(x)
    return keras.layers.Dense(class_count, activation="softmax", name=SCORES)(x)


def _hackathon(image_size: int, class_count: int) -> keras.Model:
    """The small network of the hackathon, layer by layer as it was; its first pooling does nothing."""
    photos = backbones.photo_input(image_size)
    # 1 / 255 as float16 holds it: the compiled model keeps its constants so, and both must agree.
    x = keras.layers.Rescaling(float(np.float16(1 / 255)), name="rescale")(photos)
    x = keras.layers.Conv2D(6, 3, activation="relu", name="conv1")(x)
    x = keras.layers.MaxPooling2D(1, name="max_pool1")(x)
    x = keras.layers.Conv2D(12, 3, activation="relu", name="conv2")(x)
    x = keras.layers.MaxPooling2D(2, name="max_pool2")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(128, activation="relu", name="dense1")(x)
    x = keras.layers.Dense(64, activation="relu", name="dense2")(x)
    x = keras.layers.Dense(32, activation="relu", name="dense3")(x)
    x = keras.layers.Dense(class_count, activation="softmax", name=SCORES)(x)
    return keras.Model(photos, x, name=Network.HACKATHON_CNN)

"""The peer that the usual tutorial of Keras builds, in a process of its own: a dense layer on a frozen network.

Dropout 0.2, ten epochs of Adam with 1e-3 in batches of 32, a fifth of the photos held out, photos mirrored at
random. The network below is frozen and knows no chance, so it looks once at each photo and at its mirror image
instead of ten times at one of them.
"""

import sys
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from development.panel.processes import serve
from scene_desktop.core.photos import images

SIDE = 160
EPOCHS = 10
BATCH = 32
RATE = 1e-3
DROPOUT = 0.2
HELD_OUT = 5
"""One photo of so many is held out."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What to learn and what to give scores for.

    Attributes:
        training, test: Paths of photos.
        labels: Of the training photos.
        classes: How many there are.
    """

    training: list[str]
    labels: list[int]
    test: list[str]
    classes: int
    seed: int


class Answer(msgspec.Struct, frozen=True):
    """The scores of each test photo."""

    scores: list[list[float]]


def answer(question: Question) -> Answer:
    """Learns and gives scores.

    Raises:
        SceneError: A photo cannot be read, or the weights of the network are missing.
    """
    from training.run import environment

    environment.prepare()
    environment.make_reproducible(question.seed)
    from training.networks import backbones

    network = backbones.feature_extractor(SIDE)
    backbones.load(network)
    training, test = _pixels(question.training), _pixels(question.test)
    learned = np.stack([_top(network, training), _top(network, training[:, :, ::-1])], axis=1)
    head = fitted_head(learned, np.array(question.labels), question.classes, question.seed)
    return Answer(head.predict(_top(network, test), verbose=0).tolist())


def fitted_head(both_sides: NDArray[np.float32], labels: NDArray[np.int64], classes: int, seed: int) -> Any:
    """Trains the dense layer.

    Args:
        both_sides: float32 `(photos, 2, columns)`: of each photo, and of its mirror image.

    Returns:
        The Keras model from columns to scores.
    """
    import keras

    chance = np.random.default_rng(seed)
    learned = chance.permutation(len(labels))[len(labels) // HELD_OUT :]
    head = keras.Sequential(
        [
            keras.Input(both_sides.shape[2:]),
            keras.layers.Dropout(DROPOUT),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy")
    for _ in range(EPOCHS):
        side = chance.integers(0, 2, len(learned))
        head.fit(both_sides[learned, side], labels[learned], batch_size=BATCH, epochs=1, verbose=0)
    return head


def _top(network: Any, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The pooled output of the last convolution, float32 `(photos, 1280)`."""
    import keras

    top = keras.Model(network.input, network.get_layer("top_pool").output)
    features: NDArray[np.float32] = top.predict(pixels, batch_size=BATCH, verbose=0)
    return features


def _pixels(paths: list[str]) -> NDArray[np.uint8]:
    return np.stack([images.load_photo(path, (SIDE, SIDE)) for path in paths])


if __name__ == "__main__":
    sys.exit(serve(Question, answer))

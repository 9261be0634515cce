"""The part of a pretrained network that a training leaves as it is, compiled to compute features with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.networks import going_on
from training.photos import features
from training.photos.features import Extractor

if TYPE_CHECKING:
    import keras

    from scene_desktop.core.photos.framing import View
    from training.run.session import Session


def pooled(session: Session, view: View) -> Extractor:
    """From photos to the pooled features that a head works on.

    Where the pretrained network is the shipped one, this takes no TensorFlow. The backbone of a model to go on
    with may have been trained; then the features are those of that backbone.
    """
    if session.start is None:
        return features.pretrained(view)
    model = starting_model(session, view)
    if _is_pretrained(model):
        return features.pretrained(view)
    return _compiled(model, model.get_layer("features").output, view)


def with_activations(session: Session) -> tuple[Extractor, tuple[int, ...]]:
    """From photos to the output of the trunk, made flat, followed by the pooled features.

    Returns:
        The extractor, and the shape of the trunk's output `(height, width, 192)`.
    """
    import keras

    from training.networks import backbones

    view = session.recipe.view
    model = starting_model(session, view)
    trunk = model.get_layer(backbones.TRUNK_OUTPUT).output
    flat = keras.layers.Flatten(name="activations")(trunk)
    both = keras.layers.Concatenate(name="both")([flat, model.get_layer("features").output])
    return _compiled(model, both, view), tuple(trunk.shape[1:])


def starting_model(session: Session, view: View) -> keras.Model:
    """The network that a training begins with: pretrained, or of the model to go on with."""
    from training.networks import architectures

    classes = 2 if session.start is None else len(session.start.card.classes)  # the head is not used
    model = architectures.build(session.recipe.network, view.side, classes)
    going_on.put_weights(session, model)
    return model


def _compiled(model: keras.Model, output: keras.KerasTensor, view: View) -> Extractor:
    import keras

    from training.networks import compiling

    part = keras.Model(model.inputs, output, name="extractor")
    return Extractor(compiling.compile_model(part), view, tuple(output.shape[1:]))


def _is_pretrained(model: keras.Model) -> bool:
    from training.networks import backbones, weights

    pretrained = weights.read_file(backbones.weights_file())
    return all(
        np.array_equal(variable.numpy(), pretrained[variable.path])
        for variable in model.weights
        if variable.path in pretrained
    )

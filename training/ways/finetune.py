"""Fine-tuning of the last blocks of the pretrained network, at a fraction of the price of the whole.

The trunk of the network stays frozen, so what it gives for a photo and for its mirror image is computed once
and kept; only the rest is trained. First the new head alone, so that its random start does not disturb the
pretrained blocks (Kumar et al., 2022, https://arxiv.org/abs/2202.10054), then all of the rest together.
"""

import math

import keras
import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.runs.events import Phase
from training.fitting.batches import Batches, Indices, either_side
from training.fitting.loop import fit
from training.fitting.quiet import predict
from training.networks import architectures, backbones, calibrate, extractors, going_on, weights
from training.photos import features
from training.photos.arrays import temporary_array
from training.photos.material import Material
from training.run import environment
from training.run.session import Session
from training.ways.head import fit_head
from training.ways.stepwise import MEASURE_BATCH
from training.ways.trained import Trained

Rows = NDArray[np.float16]


def fit_finetuned(session: Session, material: Material) -> Trained:
    """Trains the last blocks and a new head.

    Raises:
        InputError: Too many photos are unreadable.
        TrainingError: The disk is too full, or the loss is no number any more.
        Stopped: The training is to be left.
    """
    control = session.control
    session.enter(Phase.FEATURES)
    extractor, shape = extractors.with_activations(session)
    with temporary_array((len(material.photos), 2, *extractor.shape), np.float16, session.run.folder) as rows:
        _, unreadable = features.extract(
            material.photos, extractor, session.report, control.discarded, out=rows
        )
        readable, kept = material.readable(unreadable)
        length = math.prod(shape)
        activations = rows[:, :, :length].reshape(len(rows), 2, *shape)
        return _fit(session, readable, rows[:, :, length:], activations, kept)


def _fit(session: Session, material: Material, pooled: Rows, activations: Rows, kept: Indices) -> Trained:
    recipe, n = session.recipe, material.training
    labels = material.labels_of(kept, len(pooled))
    environment.make_reproducible(recipe.seed)
    model = architectures.build(recipe.network, recipe.image_size, len(material.classes))
    going_on.put_weights(session, model)
    if session.start is None and not session.resumes_fit:
        session.enter(Phase.HEAD)
        fit_head(session, model, pooled, labels, kept[:n], kept[n:])
    session.enter(Phase.TRAINING)
    source = keras.Input(activations.shape[2:], name="activations")
    rest = keras.Model(source, architectures.head(backbones.tail(source), len(material.classes)))
    weights.copy(model, rest)
    take = either_side(activations, recipe.flip)
    training = Batches(take, labels, kept[:n], recipe.batch_size, recipe.seed, recipe.blending)
    validation = Batches(take, labels, kept[n:], MEASURE_BATCH)
    result = fit(session, rest, training, validation)
    weights.copy(rest, model)
    before = predict(calibrate.before_scores(rest), validation, session.control)
    return Trained(model, result, material, recipe.view, before)

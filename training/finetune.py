"""Fine-tuning of the last blocks of the pretrained network, at a fraction of the price of the whole.

The trunk of the network stays frozen, so what they give for a photo and for its mirror image is computed once
and kept; only the rest is trained. First the new head alone, so that its random start does not disturb the
pretrained blocks (Kumar et al., 2022, https://arxiv.org/abs/2202.10054), then all of the rest together.
"""

import keras
import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.events import Phase, TrainingEvent
from scene_desktop.core.recipe import Monitor, with_changes
from training import architectures, backbones, calibrate, compiling, environment, features, weights
from training.arrays import temporary_array
from training.batches import Batches, Indices, Labels, Take, either_side
from training.fit import fit
from training.material import Material
from training.quick import MEASURE_BATCH, MIXING
from training.session import Session
from training.trained import Trained

LABEL_SMOOTHING = 0.1
WEIGHT_DECAY = 0.02


def fit_finetuned(session: Session, material: Material) -> Trained:
    """Trains the last blocks and a new head.

    Raises:
        InputError: Too many photos are unreadable.
        TrainingError: The disk is too full, or the loss is no number any more.
        Stopped: The training is to be discarded.
    """
    recipe, control = session.recipe, session.control
    session.enter(Phase.FEATURES)
    frozen = frozen_part(recipe.image_size)
    pretrained = features.pretrained(recipe.image_size)
    pooled, unreadable = features.extract(material.photos, pretrained, session.report, control.discarded)
    shape = (len(material.photos), 2, *frozen.shape)
    with temporary_array(shape, np.float16, session.run.folder) as activations:
        features.extract(material.photos, frozen, session.report, control.discarded, activations)
        readable, kept = material.readable(unreadable)
        session.enter(Phase.TRAINING)
        return _fit(session, readable, pooled, activations, kept)


def frozen_part(image_size: int) -> features.Extractor:
    """The trunk, compiled."""
    photos = backbones.photo_input(image_size)
    model = keras.Model(photos, backbones.trunk(photos), name="trunk")
    backbones.load(model)
    return features.Extractor(compiling.compile_model(model), image_size, model.outputs[0].shape[1:])


def _fit(
    session: Session,
    material: Material,
    pooled: NDArray[np.float16],
    activations: NDArray[np.float16],
    kept: Indices,
) -> Trained:
    recipe, n = session.recipe, material.training
    labels = material.labels_of(kept, len(pooled))
    environment.make_reproducible(recipe.seed)
    model = architectures.build(recipe.network, recipe.image_size, len(material.classes))
    _fit_head(session, model, either_side(pooled), labels, kept[:n], kept[n:])
    source = keras.Input(activations.shape[2:], name="activations")
    rest = keras.Model(source, architectures.head(backbones.tail(source), len(material.classes)))
    weights.copy(model, rest)
    training = Batches(either_side(activations), labels, kept[:n], recipe.batch_size, recipe.seed, MIXING)
    validation = Batches(either_side(activations), labels, kept[n:], MEASURE_BATCH)
    optimizer = _optimizer(recipe.learning_rate, recipe.epochs, len(training))
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=LABEL_SMOOTHING)
    result = fit(rest, training, validation, recipe, session.report, session.control, optimizer, loss)
    weights.copy(rest, model)
    features_of = keras.Model(rest.inputs, rest.get_layer("features").output)
    before = calibrate.before_scores(architectures.head_of(model))
    return Trained(
        model, result, material, before.predict(features_of.predict(validation, verbose=0), verbose=0)
    )


def _fit_head(
    session: Session, model: keras.Model, take: Take, labels: Labels, learned: Indices, measured: Indices
) -> None:
    """Trains the head of `model` on the frozen features, without a word: its epochs are not the real ones."""
    recipe = with_changes(
        session.recipe,
        epochs=10,
        batch_size=128,
        learning_rate=1e-3,
        early_stopping=True,
        patience=2,
        monitor=Monitor.VALIDATION_CROSSENTROPY,
    )
    training = Batches(take, labels, learned, recipe.batch_size, recipe.seed, MIXING)
    validation = Batches(take, labels, measured, MEASURE_BATCH)
    fit(architectures.head_of(model), training, validation, recipe, _silence, session.control)


def _silence(event: TrainingEvent) -> None:
    pass


def _optimizer(rate: float, epochs: int, steps: int) -> keras.optimizers.Optimizer:
    """AdamW whose rate rises during the first epoch and then falls along half a cosine."""
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 100, decay_steps=max(1, (epochs - 1) * steps), warmup_target=rate, warmup_steps=steps
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return optimizer

"""Training of a whole network on the photos themselves, augmented anew in each epoch.

So are trained the networks from scratch, and the pretrained one where the recipe asks for the whole of it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.datasets.dataset import LabelledPhoto
from scene_desktop.core.runs.events import Phase
from training.networks import extractors
from training.photos import features
from training.photos.arrays import temporary_array
from training.photos.material import Material
from training.run.session import Session
from training.ways.trained import Trained

_MEASURE_BATCH = 64


def fit_pixels(session: Session, material: Material) -> Trained:
    """Decodes the photos into a temporary file and trains on augmented versions of them.

    Raises:
        InputError: Too many photos are unreadable.
        TrainingError: The disk is too full, or the loss is no number any more.
        Stopped: The training is to be left.
    """
    recipe, control = session.recipe, session.control
    session.enter(Phase.FEATURES)
    shape = (len(material.photos), recipe.image_size, recipe.image_size, 3)
    with temporary_array(shape, np.uint8, session.run.folder) as pixels:
        unreadable = features.decode(material.photos, recipe.view, pixels, session.report, control.discarded)
        everything = material.photos
        material, kept = material.readable(unreadable)

        from training.fitting.batches import Batches, Indices
        from training.fitting.distortion import distort
        from training.fitting.loop import fit
        from training.fitting.quiet import predict
        from training.networks import architectures, calibrate, going_on
        from training.run import environment

        def take(chosen: Indices, random: np.random.Generator | None) -> Any:
            return pixels[chosen] if random is None else distort(pixels[chosen], recipe, random)

        environment.make_reproducible(recipe.seed)
        model = architectures.build(recipe.network, recipe.image_size, len(material.classes))
        going_on.put_weights(session, model)
        labels = material.labels_of(kept, len(pixels))
        n = material.training
        if recipe.network.is_pretrained and session.start is None and not session.resumes_fit:
            _fit_head(session, model, everything, labels, kept, n)
        session.enter(Phase.TRAINING)
        training = Batches(take, labels, kept[:n], recipe.batch_size, recipe.seed, recipe.blending)
        validation = Batches(take, labels, kept[n:], _MEASURE_BATCH)
        result = fit(session, model, training, validation)
        before = predict(calibrate.before_scores(model), validation, control)
    return Trained(model, result, material, recipe.view, before)


def _fit_head(
    session: Session,
    model: Any,
    photos: Sequence[LabelledPhoto],
    labels: NDArray[np.int64],
    kept: NDArray[np.int64],
    training: int,
) -> None:
    """Trains the head of a pretrained network first, on its features."""
    from training.ways.head import fit_head

    extractor = extractors.pooled(session, session.recipe.view)
    rows, _ = features.extract(photos, extractor, session.report, session.control.discarded)
    rows = features.of_network(rows, session.recipe.network)
    session.enter(Phase.HEAD)
    fit_head(session, model, rows, labels, kept[:training], kept[training:])

"""Recipe "Hackathon CNN": a small network from scratch, from the photos themselves."""

from typing import Any

import numpy as np

from scene_desktop.core.events import Phase
from training import features
from training.arrays import temporary_array
from training.material import Material
from training.session import Session
from training.trained import Trained

_MEASURE_BATCH = 64


def fit_hackathon(session: Session, material: Material) -> Trained:
    """Decodes the photos into a temporary file and trains on distorted versions of them.

    Raises:
        InputError: Too many photos are unreadable.
        TrainingError: The disk is too full, or the loss is no number any more.
        Stopped: The training is to be discarded.
    """
    recipe, control = session.recipe, session.control
    session.enter(Phase.FEATURES)
    shape = (len(material.photos), recipe.image_size, recipe.image_size, 3)
    with temporary_array(shape, np.uint8, session.run.folder) as pixels:
        unreadable = features.decode(
            material.photos, recipe.image_size, pixels, session.report, control.discarded
        )
        material, kept = material.readable(unreadable)

        session.enter(Phase.TRAINING)
        from training import architectures, calibrate, environment
        from training.batches import Batches, Indices
        from training.distortion import distort
        from training.fit import fit

        def take(chosen: Indices, random: np.random.Generator | None) -> Any:
            return pixels[chosen] if random is None else distort(pixels[chosen], random)

        environment.make_reproducible(recipe.seed)
        model = architectures.build(recipe.network, recipe.image_size, len(material.classes))
        labels = material.labels_of(kept, len(pixels))
        n = material.training
        training = Batches(take, labels, kept[:n], recipe.batch_size, recipe.seed)
        validation = Batches(take, labels, kept[n:], _MEASURE_BATCH)
        result = fit(model, training, validation, recipe, session.report, control)
        before = calibrate.before_scores(model).predict(validation, verbose=0)
    return Trained(model, result, material, before)

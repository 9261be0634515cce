"""Training of a whole network on the photos themselves, augmented anew in each epoch.

So are trained the networks from scratch, and the pretrained one where the recipe asks for the whole of it.
"""

from typing import Any

import numpy as np

from scene_desktop.core.events import Phase
from training import features
from training.arrays import temporary_array
from training.material import Material
from training.session import Session
from training.trained import Trained

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
        unreadable = features.decode(
            material.photos, recipe.image_size, pixels, session.report, control.discarded
        )
        material, kept = material.readable(unreadable)

        session.enter(Phase.TRAINING)
        from training import architectures, calibrate, environment, start
        from training.batches import Batches, Indices
        from training.distortion import distort
        from training.fit import fit, predict

        def take(chosen: Indices, random: np.random.Generator | None) -> Any:
            return pixels[chosen] if random is None else distort(pixels[chosen], recipe, random)

        environment.make_reproducible(recipe.seed)
        model = architectures.build(recipe.network, recipe.image_size, len(material.classes))
        start.put_weights(session, model)
        labels = material.labels_of(kept, len(pixels))
        n = material.training
        training = Batches(take, labels, kept[:n], recipe.batch_size, recipe.seed, recipe.blending)
        validation = Batches(take, labels, kept[n:], _MEASURE_BATCH)
        result = fit(session, model, training, validation)
        before = predict(calibrate.before_scores(model), validation, control)
    return Trained(model, result, material, before)

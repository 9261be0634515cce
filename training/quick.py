"""Recipe "Quick": a new head on the frozen features of the pretrained network."""

import numpy as np

from scene_desktop.core.events import Phase
from training import features
from training.material import Material
from training.session import Session
from training.trained import Trained


def fit_quick(session: Session, material: Material) -> Trained:
    """Computes the features and trains the head.

    Raises:
        InputError: Too many photos are unreadable.
        TrainingError: The loss is no number any more.
        Stopped: The training is to be discarded.
    """
    recipe, control = session.recipe, session.control
    session.enter(Phase.FEATURES)
    extractor = features.pretrained(recipe.image_size)
    rows, unreadable = features.extract(material.photos, extractor, session.report, control.discarded)
    material, kept = material.readable(unreadable)

    session.enter(Phase.TRAINING)
    from training import architectures, calibrate, environment
    from training.fit import fit

    environment.make_reproducible(recipe.seed)
    model = architectures.build(recipe.network, recipe.image_size, len(material.classes))
    head = architectures.head_of(model)
    x, y, n = rows[kept].astype(np.float32), material.labels(), material.training
    result = fit(head, (x[:n], y[:n]), (x[n:], y[n:]), recipe, session.report, control)
    before = calibrate.before_scores(head).predict(x[n:], batch_size=256, verbose=0)
    return Trained(model, result, material, before)

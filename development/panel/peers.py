"""What others would make of the same photos: each peer gives scores for the test photos of a set."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from development.panel import centroid, keras_tutorial, regression
from development.panel.features import both_sides
from development.panel.figures import figures
from development.panel.processes import ask
from development.panel.results import Result
from development.panel.sets import PhotoSet, labels_of
from scene_desktop.core import locations
from scene_desktop.core.photos.framing import Framing, View

_Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Peer:
    """One way to classify the photos of a set.

    Attributes:
        scores: From the set, a seed and the folder of the panel to scores, float32 `(test photos, classes)`.
    """

    key: str
    title: str
    scores: Callable[[PhotoSet, int, Path], _Scores]


def measure(photo_set: PhotoSet, peer: Peer, seed: int, folder: Path) -> Result:
    """Tests a peer.

    Args:
        folder: Of the panel; features are kept there.

    Raises:
        SceneError: A photo cannot be read, or Keras failed.
    """
    scores = peer.scores(photo_set, seed, folder)
    title = f"{peer.title} on {photo_set.name}, seed {seed}"
    return Result(title=title, test=figures(scores, labels_of(photo_set.test)))


_FromFeatures = Callable[[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32], int], _Scores]


def _on_features(scores: _FromFeatures, view: View, photo_set: PhotoSet, seed: int, folder: Path) -> _Scores:
    learned = both_sides(photo_set.training, view, folder / "features.sqlite")
    tested = both_sides(photo_set.test, view, folder / "features.sqlite")[:, 0]
    # Threads of the linear algebra wait by spinning: beside other work two take up to 100 times as long as one.
    with threadpool_limits(1):
        return scores(learned, labels_of(photo_set.training), tested, seed)


def _tutorial(photo_set: PhotoSet, seed: int, folder: Path) -> _Scores:
    question = keras_tutorial.Question(
        training=[photo.path for photo in photo_set.training],
        labels=[photo.label for photo in photo_set.training],
        test=[photo.path for photo in photo_set.test],
        classes=len(photo_set.classes),
        seed=seed,
    )
    # Keras keeps its own things in the cache of the app, which is cleared before trainings.
    home = {locations.HOME_VARIABLE: str(folder / "home")}
    answer = ask("development.panel.keras_tutorial", question, keras_tutorial.Answer, home)
    return np.array(answer.scores, np.float32)


_WORDS = {Framing.SQUASH: "squashed", Framing.PAD: "padded", Framing.CUT: "cut"}

_REGRESSIONS = (
    View(160, Framing.SQUASH),
    View(224, Framing.PAD),
    View(224, Framing.CUT),
    View(288, Framing.PAD),
    View(288, Framing.CUT),
)
_SMALL = _REGRESSIONS[0]

PEERS = (
    *(
        Peer(
            f"regression-{view.side}-{_WORDS[view.framing]}",
            f"regression, {view.side} px {_WORDS[view.framing]}",
            partial(_on_features, regression.scores, view),
        )
        for view in _REGRESSIONS
    ),
    Peer("centroid", f"nearest centroid, {_SMALL.side} px", partial(_on_features, centroid.scores, _SMALL)),
    Peer("keras-tutorial", f"Keras tutorial, {keras_tutorial.SIDE} px", _tutorial),
)

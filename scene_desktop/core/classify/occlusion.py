"""Where in a photo the score of a class comes from: parts are covered one by one and the score is asked again.

Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014, https://arxiv.org/abs/1311.2901
"""

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.classify.classifier import Classifier, CompiledModel
from scene_desktop.core.errors import Stopped
from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.photos.images import load_view
from scene_desktop.core.threads import ReportProgress, ShouldStop

CELLS = 12
"""The map has this many places in each direction."""

COVER = 3
"""A cover is this many places wide; neighbouring covers overlap by all but one."""

BATCH = 14

Map = NDArray[np.float32]


@dataclass(frozen=True)
class Occlusion:
    """What covering did.

    Attributes:
        drops: float32 `(CELLS, CELLS)`, -1 to 1: the mean change of the score, as a loss, over all covers that
            lie on this place; what the model sees of the photo is divided evenly, whatever its proportions.
        score: The score of the class for the photo as it is, 0 to 1.
        most: The largest loss of a single cover, 0 to 1; 0 if none lowered the score.
        framing: Tells which part of the photo the map lies on.
    """

    drops: Map
    score: float
    most: float
    framing: Framing = Framing.SQUASH


def occlusion_map(
    model: CompiledModel,
    path: str | os.PathLike[str],
    label: int,
    report: ReportProgress = lambda done, total: None,
    should_stop: ShouldStop = lambda: False,
    threads: int | None = None,
) -> Occlusion:
    """Covers a photo part by part with its mean colour and measures the loss of one class's score.

    Args:
        label: Index of the class that is asked about.
        report: Told covers done and in total, from this thread.
        threads: For the interpreter; None for one a core.

    Raises:
        PhotoError: The photo cannot be read.
        ModelFileError: The model cannot be loaded.
        Stopped: `should_stop` answered True.
    """
    photo = load_view(path, model.view)
    classifier = Classifier(model, threads or os.cpu_count() or 1)
    score = float(classifier.scores(photo[np.newaxis])[0, label])
    places = _covers()
    losses = np.empty(len(places), dtype=np.float32)
    for first in range(0, len(places), BATCH):
        if should_stop():
            raise Stopped
        part = places[first : first + BATCH]
        losses[first : first + len(part)] = score - classifier.scores(_covered(photo, part))[:, label]
        report(first + len(part), len(places))
    return Occlusion(_spread(places, losses), score, max(0.0, float(losses.max())), model.framing)


def _covers() -> list[tuple[int, int]]:
    """Row and column of the first place of each cover; those at the edge reach beyond it."""
    starts = range(1 - COVER, CELLS)
    return [(row, column) for row in starts for column in starts]


def _covered(photo: NDArray[np.uint8], places: list[tuple[int, int]]) -> NDArray[np.uint8]:
    """Copies of the photo, uint8 `(len(places), size, size, 3)`, each with one cover."""
    copies = np.repeat(photo[np.newaxis], len(places), axis=0)
    colour = photo.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    edges = np.linspace(0, len(photo), CELLS + 1).round().astype(int)
    for copy, (row, column) in zip(copies, places, strict=True):
        top, left = edges[max(0, row)], edges[max(0, column)]
        bottom, right = edges[min(CELLS, row + COVER)], edges[min(CELLS, column + COVER)]
        copy[top:bottom, left:right] = colour
    return copies


def _spread(places: list[tuple[int, int]], losses: Map) -> Map:
    """The mean loss over the covers of each place; all places lie under equally many."""
    total = np.zeros((CELLS, CELLS), dtype=np.float32)
    for (row, column), loss in zip(places, losses, strict=True):
        total[max(0, row) : row + COVER, max(0, column) : column + COVER] += loss
    return total / np.float32(COVER * COVER)

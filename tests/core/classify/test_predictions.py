import numpy as np

from scene_desktop.core.classify.predictions import Prediction, tally

CLASSES = ("cat", "=dog")


def rows() -> list[Prediction]:
    return [
        Prediction(0, "/a.jpg", np.array([0.9, 0.1], np.float32)),
        Prediction(1, "/b.jpg", np.array([0.45, 0.55], np.float32)),
        Prediction(2, "=cmd.jpg", error="The file is empty"),
    ]


def test_tally_adds_up() -> None:
    counted = tally(rows(), 2, 0.6)
    assert (counted.by_class, counted.unsure, counted.failed, counted.total) == ((1, 0), 1, 1, 3)

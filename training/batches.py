"""Inputs too large for the memory, given to Keras batch by batch, in an order that the seed decides."""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Labels = NDArray[np.int64]
Take = Callable[[Indices, np.random.Generator | None], Any]
"""Gives the inputs of some photos; with a random generator changed a little, for training."""


class Batches(keras.utils.PyDataset):
    """Inputs and labels of some photos.

    Args:
        take: Gives the inputs of the photos with these indices.
        labels: int64 `(N,)`, of all photos.
        order: int64, which photos take part.
        seed: Shuffles before each epoch and decides the changes; None for neither.
    """

    def __init__(
        self, take: Take, labels: Labels, order: Indices, batch_size: int, seed: int | None = None
    ) -> None:
        super().__init__()
        self._take, self._labels, self._batch_size, self._seed = take, labels, batch_size, seed
        self._order = order.copy()
        self._epoch = 0

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._batch_size)

    def __getitem__(self, index: int) -> tuple[Any, Labels]:
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        random = None if self._seed is None else np.random.default_rng((self._seed, self._epoch, index))
        return self._take(chosen, random), self._labels[chosen]

    def on_epoch_begin(self) -> None:
        """Keras calls it before each epoch."""
        self._epoch += 1
        if self._seed is not None:
            np.random.default_rng((self._seed, self._epoch)).shuffle(self._order)

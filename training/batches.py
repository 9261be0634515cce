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


def either_side(rows: NDArray[np.float16]) -> Take:
    """Takes the rows of photos, for training those of the mirror image half of the time.

    Args:
        rows: float16 `(photos, 2, ...)`: of the photos, and of their mirror images.
    """

    def take(chosen: Indices, random: np.random.Generator | None) -> NDArray[np.float32]:
        side = 0 if random is None else random.integers(0, 2, len(chosen))
        return np.asarray(rows[chosen, side], np.float32)

    return take


class Batches(keras.utils.PyDataset):
    """Inputs of some photos, with their classes as float32 `(batch, classes)`, one row summing to 1.

    Args:
        take: Gives the inputs of the photos with these indices.
        labels: int64 `(N,)`, of all photos.
        order: int64, which photos take part.
        seed: Shuffles before each epoch and decides the changes; None for neither.
        mixing: Blend pairs of float inputs and their classes (mixup, Zhang et al., 2018,
            https://arxiv.org/abs/1710.09412) with Beta-distributed shares of this parameter; 0 for never.
    """

    def __init__(
        self,
        take: Take,
        labels: Labels,
        order: Indices,
        batch_size: int,
        seed: int | None = None,
        mixing: float = 0.0,
    ) -> None:
        super().__init__()
        self._take, self._batch_size, self._seed, self._mixing = take, batch_size, seed, mixing
        self._truth = np.eye(int(labels.max()) + 1, dtype=np.float32)[labels]
        self._order = order.copy()
        self._epoch = 0

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._batch_size)

    def __getitem__(self, index: int) -> tuple[Any, NDArray[np.float32]]:
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        if self._seed is None:
            return self._take(chosen, None), self._truth[chosen]
        random = np.random.default_rng((self._seed, self._epoch, index))
        inputs, truth = self._take(chosen, random), self._truth[chosen]
        if not self._mixing:
            return inputs, truth
        share, partners = np.float32(random.beta(self._mixing, self._mixing)), random.permutation(len(chosen))
        return _blend(inputs, partners, share), _blend(truth, partners, share)

    def on_epoch_begin(self) -> None:
        """Keras calls it before each epoch."""
        self._epoch += 1
        if self._seed is not None:
            np.random.default_rng((self._seed, self._epoch)).shuffle(self._order)


def _blend(values: NDArray[np.float32], partners: NDArray[np.int64], share: np.float32) -> NDArray[np.float32]:
    return share * values + (1 - share) * values[partners]

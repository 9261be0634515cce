"""Inputs too large for the memory, batch by batch, in an order that seed and epoch alone decide."""

import hashlib
import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Labels = NDArray[np.int64]
Batch = tuple[Any, NDArray[np.float32]]
Take = Callable[[Indices, np.random.Generator | None], Any]
"""Gives the inputs of some photos; with a random generator changed a little, for training."""


def either_side(rows: NDArray[np.float16], flip: bool = True) -> Take:
    """Takes the rows of photos, for training those of the mirror image half of the time.

    Args:
        rows: float16 `(photos, 2, ...)`: of the photos, and of their mirror images.
        flip: False for never those of the mirror image.
    """

    def take(chosen: Indices, random: np.random.Generator | None) -> NDArray[np.float32]:
        side = 0 if random is None or not flip else random.integers(0, 2, len(chosen))
        return np.asarray(rows[chosen, side], np.float32)

    return take


class Batches:
    """Inputs of some photos, with their classes as float32 `(batch, classes)`, one row summing to 1.

    Args:
        take: Gives the inputs of the photos with these indices.
        labels: int64 `(N,)`, of all photos.
        order: int64, which photos take part.
        seed: Shuffles each epoch and decides the changes; None for neither.
        blending: Blend pairs of float inputs and their classes (mixup, Zhang et al., 2018,
            https://arxiv.org/abs/1710.09412) with Beta-distributed shares of this parameter; 0 for never.
    """

    def __init__(
        self,
        take: Take,
        labels: Labels,
        order: Indices,
        batch_size: int,
        seed: int | None = None,
        blending: float = 0.0,
    ) -> None:
        self._take, self._batch_size, self._seed, self._blending = take, batch_size, seed, blending
        self._truth = np.eye(int(labels.max()) + 1, dtype=np.float32)[labels]
        self._order = order.copy()

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._batch_size)

    @property
    def photos(self) -> int:
        return len(self._order)

    def class_counts(self) -> NDArray[np.float32]:
        """Photos of each class, float32 `(classes,)`."""
        counts: NDArray[np.float32] = self._truth[self._order].sum(axis=0)
        return counts

    def identity(self) -> str:
        """Equal for equal classes at equal places; the content of the photos is not looked at."""
        hashed = hashlib.blake2b(self._order.tobytes(), digest_size=16)
        hashed.update(self._truth[self._order].tobytes())
        return hashed.hexdigest()

    def batch(self, epoch: int, index: int) -> Batch:
        """One batch of an epoch; the same each time it is asked for."""
        order = self._order
        if self._seed is not None:
            order = np.random.default_rng((self._seed, epoch)).permutation(order)
        chosen = order[index * self._batch_size : (index + 1) * self._batch_size]
        if self._seed is None:
            return self._take(chosen, None), self._truth[chosen]
        random = np.random.default_rng((self._seed, epoch, index))
        inputs, truth = self._take(chosen, random), self._truth[chosen]
        if not self._blending:
            return inputs, truth
        share = np.float32(random.beta(self._blending, self._blending))
        partners = random.permutation(len(chosen))
        inputs = np.asarray(inputs, np.float32)
        return _blend(inputs, partners, share), _blend(truth, partners, share)

    def epoch(self, number: int = 0, first: int = 0) -> Iterator[Batch]:
        """The batches of an epoch from the one with index `first` on, each prepared while the last is used."""
        with ThreadPoolExecutor(1, "batches") as pool:
            following = pool.submit(self.batch, number, first) if first < len(self) else None
            for index in range(first, len(self)):
                assert following is not None
                current = following.result()
                following = pool.submit(self.batch, number, index + 1) if index + 1 < len(self) else None
                yield current


def _blend(values: NDArray[np.float32], partners: NDArray[np.int64], share: np.float32) -> NDArray[np.float32]:
    return share * values + (1 - share) * values[partners]

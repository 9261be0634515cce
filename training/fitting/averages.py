"""A running average of the weights, which generalises a little better than the last ones.

Polyak averaging in its exponential form (Polyak and Juditsky, 1992; Tarvainen and Valpola, 2017,
https://arxiv.org/abs/1703.01780).
"""

import contextlib
from collections.abc import Iterator

import keras
import numpy as np

from training.run.checkpoints import Arrays


class Averages:
    """The averages of the trainable weights of a model; without effect where the recipe asks for none.

    Args:
        memory: How much of the average stays at each step, 0 for no averaging.
    """

    def __init__(self, model: keras.Model, memory: float) -> None:
        self._model, self._memory, self._steps = model, memory, 0
        self._averages = [v.numpy() for v in model.trainable_variables] if memory else []
        self._set_aside: list[np.ndarray] | None = None

    def update(self) -> None:
        """Takes note of the weights after a step; the first steps count more, to forget the start."""
        if not self._memory:
            return
        self._steps += 1
        share = 1 - min(self._memory, self._steps / (self._steps + 9))
        for average, variable in zip(self._averages, self._model.trainable_variables, strict=True):
            average += np.float32(share) * (variable.numpy() - average)

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """The model has the averaged weights inside the block."""
        if not self._memory:
            yield
            return
        variables = self._model.trainable_variables
        self._set_aside = current = [variable.numpy() for variable in variables]
        self._assign(self._averages)
        try:
            yield
        finally:
            self._assign(current)
            self._set_aside = None

    def learned(self) -> Arrays:
        """The weights that learn, by path, where averaged ones are in their place at the moment."""
        if self._set_aside is None:
            return {}
        paths = (variable.path for variable in self._model.trainable_variables)
        return dict(zip(paths, self._set_aside, strict=True))

    def keep(self) -> None:
        """Gives the averaged weights to the model."""
        if self._memory:
            self._assign(self._averages)

    def arrays(self) -> Arrays:
        """Its state for a checkpoint; the arrays stay as they are."""
        if not self._memory:
            return {}
        found: Arrays = {f"average/{index:04}": array.copy() for index, array in enumerate(self._averages)}
        return found | {"average/steps": np.array(self._steps, np.int64)}

    def restore(self, arrays: Arrays) -> None:
        """Takes up a state that `arrays` gave."""
        if self._memory:
            self._steps = int(arrays["average/steps"])
            self._averages = [
                np.array(arrays[f"average/{i:04}"], np.float32) for i in range(len(self._averages))
            ]

    def _assign(self, values: list[np.ndarray]) -> None:
        for variable, value in zip(self._model.trainable_variables, values, strict=True):
            variable.assign(value)

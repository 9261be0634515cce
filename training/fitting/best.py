"""Which epoch is best, and when no better one is expected. Plain Python."""

from scene_desktop.core.recipes.recipe import Monitor, TrainingRecipe


class BestEpoch:
    """Watches one figure as Keras' `EarlyStopping` does.

    An epoch is better if it beats the best so far by more than `min_delta`; after `patience` epochs without
    a better one it is time to stop, though never after the first. A recipe that does not stop early has no
    use for `min_delta`: there the best epoch is simply the best.

    Attributes:
        epoch: Number of the best epoch, 0 before the first.
    """

    def __init__(self, recipe: TrainingRecipe) -> None:
        self._sign = 1.0 if recipe.monitor is Monitor.VALIDATION_ACCURACY else -1.0
        self._min_delta = recipe.min_delta if recipe.early_stopping else 0.0
        self._patience = recipe.patience if recipe.early_stopping else None
        self._best = float("-inf")
        self._seen = 0
        self.epoch = 0
        self.monitor = recipe.monitor

    def update(self, accuracy: float, crossentropy: float) -> bool:
        """Takes the validation figures of the next epoch and says whether it is the best so far."""
        self._seen += 1
        figure = self._sign * (accuracy if self.monitor is Monitor.VALIDATION_ACCURACY else crossentropy)
        if not self.epoch or figure - self._min_delta > self._best:
            self._best, self.epoch = figure, self._seen
            return True
        return False

    def exhausted(self) -> bool:
        """Whether early stopping ends the training now."""
        return (
            self._patience is not None and self._seen > 1 and self._seen - self.epoch >= max(1, self._patience)
        )

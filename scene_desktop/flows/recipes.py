"""What the recipe cards offer: presets of one's own, models to go on with, time estimates, a preview."""

import random
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from scene_desktop.core.datasets.dataset import DataSet
from scene_desktop.core.errors import PhotoError, SceneError
from scene_desktop.core.models.library import Library
from scene_desktop.core.photos import images
from scene_desktop.core.recipes import augmentation
from scene_desktop.core.recipes.own_presets import OwnPresets
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.estimates import Learned, estimate, learn
from scene_desktop.core.runs.stored import StoredRun
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.ui.charts import course_words
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.work.jobs import Lane, Latest

PREVIEWS = 8


class RecipesFlow(QObject):
    """Fills the recipe side of the train page.

    Args:
        lane: Computes previews.
    """

    def __init__(self, page: TrainPage, lane: Lane, library: Library) -> None:
        super().__init__(page)
        self._page, self._library = page, library
        self._presets = OwnPresets()
        self._dataset: DataSet | None = None
        self._learned = Learned()
        self._preview = Latest(lane)
        page.setup.recipe.preset_saved.connect(self._save_preset)
        page.setup.recipe.preset_deleted.connect(self._delete_preset)
        page.setup.recipe.preview_requested.connect(self._ask_for_preview)

    def refresh(self) -> None:
        """Shows the presets and the models there are."""
        self._page.setup.recipe.set_own_presets(self._presets.all())
        self._page.setup.recipe.set_models(self._library.models())

    def take_dataset(self, dataset: DataSet) -> None:
        """Takes note of the data set that is shown."""
        if self._dataset is None or dataset.root != self._dataset.root:
            self._preview.drop()
        self._dataset = dataset
        self._tell_estimates()

    def take_runs(self, runs: Sequence[StoredRun]) -> None:
        """Learns from the trainings so far how fast this machine is."""
        self._learned = learn(runs)
        self._tell_estimates()

    def _tell_estimates(self) -> None:
        if self._dataset is None:
            return
        photos, root = len(self._dataset.photos), str(self._dataset.root)
        presets = (*PRESETS.values(), *self._presets.all())
        self._page.setup.recipe.set_estimates(
            {p.key: course_words.span(estimate(p.recipe, photos, self._learned, root)) for p in presets}
        )

    def _save_preset(self, name: str, recipe: TrainingRecipe) -> None:
        self._change_presets(lambda: self._presets.save(name, recipe))

    def _delete_preset(self, key: str) -> None:
        self._change_presets(lambda: self._presets.delete(key))

    def _change_presets(self, change: Callable[[], object]) -> None:
        try:
            change()
        except SceneError as error:
            self._page.note.tell(str(error), "error")
        except OSError as error:
            reason = error.strerror or str(error)
            self._page.note.tell(self.tr("The presets were not saved: {}").format(reason), "error")
        self._page.setup.recipe.set_own_presets(self._presets.all())

    def _ask_for_preview(self, recipe: TrainingRecipe, seed: int) -> None:
        if self._dataset is None:
            return
        chosen = random.Random(seed).choice(self._dataset.photos)

        def job(report: Report[None], should_stop: ShouldStop) -> list[NDArray[np.uint8]]:
            try:
                photo = images.load_view(chosen.path, recipe.view)
            except PhotoError:
                return []  # it was readable a moment ago; the next preview takes another one
            return list(augmentation.preview(photo, recipe, seed, PREVIEWS))

        self._preview.submit(job, on_success=self._page.setup.recipe.show_preview)

"""The part of the train page that belongs to its first two steps: requests out, facts in."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from scene_desktop.core.datasets.findings import DoctorReport
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.recipes.presets import Preset
from scene_desktop.core.runs.events import Phase
from scene_desktop.ui.train.setup_panel import SetupPanel
from scene_desktop.ui.widgets.thumbnails import Thumbnails


class TrainSetupSide(QWidget):
    """Passes on what the set-up panel asks for and what it has to show.

    Signals:
        exclusion_changed: Paths relative to the data set, and whether they are left out.
        preview_requested: A recipe and a seed.
        preset_saved: A name and a recipe. preset_deleted: A key.
    """

    examine_requested = Signal()
    examine_stopped = Signal()
    exclusion_changed = Signal(object, bool)
    preview_requested = Signal(object, int)
    preset_saved = Signal(str, object)
    preset_deleted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.thumbnails = Thumbnails(self, threads=1)
        self.setup = SetupPanel(self.thumbnails)

    def _connect_setup(self) -> None:
        setup = self.setup
        setup.examine_requested.connect(self.examine_requested)
        setup.examine_stopped.connect(self.examine_stopped)
        setup.exclusion_changed.connect(self.exclusion_changed)
        setup.preview_requested.connect(self.preview_requested)
        setup.preset_saved.connect(self.preset_saved)
        setup.preset_deleted.connect(self.preset_deleted)

    def examination_began(self) -> None:
        self.setup.examination_began()

    def examination_progressed(self, phase: Phase, done: int, total: int, per_second: float | None) -> None:
        self.setup.examination_progressed(phase, done, total, per_second)

    def examination_failed(self, message: str) -> None:
        self.setup.examination_failed(message)

    def show_findings(self, report: DoctorReport) -> None:
        self.setup.show_findings(report)

    def show_preview(self, photos: Sequence[NDArray[np.uint8]]) -> None:
        """Shows augmented photos, uint8 `(H, W, 3)`, RGB."""
        self.setup.show_preview(list(photos))

    def set_own_presets(self, presets: Sequence[Preset]) -> None:
        self.setup.set_own_presets(list(presets))

    def set_models(self, models: Sequence[StoredModel]) -> None:
        self.setup.set_models(list(models))

    def set_estimates(self, estimates: Mapping[str, str]) -> None:
        """Says on each recipe card how long it will take; texts by the key of the recipe."""
        self.setup.set_estimates(dict(estimates))

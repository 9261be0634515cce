"""Afresh, or from what a model of the library has learned already."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.recipes.presets import PRESETS, Preset
from scene_desktop.core.recipes.recipe import Network
from scene_desktop.ui import words
from scene_desktop.ui.recipe.fields import CalmCombo
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import label


class ContinueFrom(QWidget):
    """Offers the models that a recipe can go on with; hidden where there is nothing to choose."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("continue_from")
        self._models: tuple[StoredModel, ...] = ()
        self._offered: tuple[StoredModel, ...] = ()
        self._classes: tuple[str, ...] = ()
        self._preset: Preset | None = None
        unit = theme.unit()
        self._box = CalmCombo()
        self._box.setObjectName("continue_from_model")
        self._box.setAccessibleName(self.tr("Continue from"))
        self._box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._box.setMinimumContentsLength(16)
        self._box.setSizeAdjustPolicy(CalmCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        name = label(self.tr("Continue from"))
        name.setBuddy(self._box)
        self._name = name
        self._sentence = label("", "caption", wrap=True, name="continue_from_sentence")
        line = QHBoxLayout()
        line.setSpacing(unit * 3)
        line.addWidget(name)
        line.addWidget(self._box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(line)
        column.addWidget(self._sentence)
        self._box.currentIndexChanged.connect(self._changed)
        self.hide()

    @property
    def model(self) -> StoredModel | None:
        """The model to go on with; None to start afresh."""
        held = self._box.currentData(Qt.ItemDataRole.UserRole)
        return None if held is None else self._offered[held]

    @property
    def offered(self) -> tuple[StoredModel, ...]:
        return self._offered

    @property
    def problem(self) -> str:
        """Why the recipe cannot start; empty if it can."""
        if self._preset is None or not self._preset.continues or self._offered:
            return ""
        first = next(
            (p.title for p in PRESETS.values() if p.recipe.network is self._preset.recipe.network),
            self._preset.title,
        )
        where = self.tr(" on these classes") if self._classes else ""
        return self.tr("This recipe goes on with a trained model. Train “{first}”{where} first.").format(
            first=first, where=where
        )

    def set_models(self, models: Sequence[StoredModel]) -> None:
        """The models of the library."""
        self._models = tuple(models)
        self._offer(keep=True)

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """The classes of the data set; empty while there is none."""
        self._classes = classes
        self._offer(keep=True)

    def set_preset(self, preset: Preset) -> None:
        """Another recipe: afresh, or the newest fitting model if it needs one."""
        self._preset = preset
        self._offer(keep=False)

    def choose(self, folder: str) -> bool:
        """Chooses a model by its folder; whether it is offered."""
        for number, model in enumerate(self._offered):
            if str(model.folder) == folder:
                self._box.setCurrentIndex(self._box.findData(number))
                return True
        return False

    def _offer(self, *, keep: bool) -> None:
        if self._preset is None:
            return
        before = self.model.folder if keep and self.model is not None else None
        fitting = [model for model in self._models if self._fits(model)]
        fitting.sort(key=lambda model: model.card.created, reverse=True)
        self._offered = tuple(fitting)
        with QSignalBlocker(self._box):
            self._box.clear()
            if not self._preset.continues:
                self._box.addItem(self._afresh(self._preset.recipe.network), None)
            for number, model in enumerate(fitting):
                self._box.addItem(self._described(model), number)
                if model.folder == before:
                    self._box.setCurrentIndex(self._box.count() - 1)
        for widget in (self._name, self._box):
            widget.setVisible(bool(fitting))
        self.setVisible(bool(fitting) or bool(self.problem))
        self._changed()

    def _fits(self, model: StoredModel) -> bool:
        card = model.card
        same = self._preset is not None and card.network is self._preset.recipe.network
        return same and (not self._classes or card.classes == self._classes)

    def _afresh(self, network: Network) -> str:
        if network.is_pretrained:
            return self.tr("Nothing: start with the pretrained network")
        return self.tr("Nothing: start from scratch")

    def _described(self, model: StoredModel) -> str:
        card = model.card
        parts = [words.shown(card.name)]
        if card.validation_accuracy is not None:
            parts.append(words.percent(card.validation_accuracy))
        try:
            day = datetime.fromisoformat(card.created).astimezone()
            parts.append(f"{day.day} {day:%B %Y}")
        except ValueError:
            pass
        return " · ".join(parts)

    def _changed(self) -> None:
        if self.problem:
            text = self.problem
        elif self.model is not None:
            text = self.tr("The training goes on with what “{name}” has learned. It stays as it is.").format(
                name=words.shown(self.model.card.name)
            )
        else:
            text = ""
        self._sentence.setText(text)
        self._sentence.setVisible(bool(text))
        self._sentence.setProperty("look", "error" if self.problem else "caption")
        self._sentence.style().unpolish(self._sentence)
        self._sentence.style().polish(self._sentence)
        self.changed.emit()

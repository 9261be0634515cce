"""The model in use, with a menu to take another one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from scene_desktop.core.models.library import StoredModel
from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme


class ModelButton(QToolButton):
    """Emits `chosen` with a `StoredModel`; the choice shows only once `set_models` confirms it."""

    chosen = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "plain")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the chevron stands behind the text
        self.setToolTip(self.tr("The model that classifies; choose another one"))
        icons.set_icon(self, "chevron-down", "muted", theme.unit() * 4)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setMenu(self._menu)
        self._group = QActionGroup(self)
        self._current: StoredModel | None = None
        self._group.triggered.connect(self._choose)
        self.setText(self.tr("No model"))

    def set_models(self, models: Sequence[StoredModel], current: StoredModel | None) -> None:
        """Fills the menu and shows which model is in use."""
        self._menu.clear()
        for action in self._group.actions():
            self._group.removeAction(action)
            action.deleteLater()
        self._current = current
        for model in models:
            action = QAction(self._described(model), self._group)
            action.setCheckable(True)
            action.setData(model)
            action.setChecked(current is not None and model.folder == current.folder)
            self._menu.addAction(action)
        self._show_current()

    def _described(self, model: StoredModel) -> str:
        parts = [words.classes(len(model.card.classes))]
        if model.card.validation_accuracy is not None:
            parts.append(self.tr("{share} right").format(share=words.percent(model.card.validation_accuracy)))
        return f"{words.in_menu(model.card.name)}  –  {', '.join(parts)}"

    def _choose(self, action: QAction) -> None:
        model: StoredModel = action.data()
        for other in self._group.actions():
            other.setChecked(self._current is not None and other.data().folder == self._current.folder)
        if self._current is None or model.folder != self._current.folder:
            self.chosen.emit(model)

    def _show_current(self) -> None:
        if self._current is None:
            self.setText(self.tr("No model"))
            self.setAccessibleName(self.tr("There is no model"))
            return
        card = self._current.card
        name = self.fontMetrics().elidedText(
            words.shown(card.name), Qt.TextElideMode.ElideRight, theme.unit() * 44
        )
        self.setText(
            self.tr("{name} · {classes}").format(
                name=name.replace("&", "&&"), classes=words.classes(len(card.classes))
            )
        )
        self.setAccessibleName(self.tr("Model in use: {name}").format(name=words.shown(card.name)))

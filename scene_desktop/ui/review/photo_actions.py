"""The commands about single photos: what they are, why, and what becomes of corrections."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.review.class_buttons import MOST, key_of
from scene_desktop.ui.style.icons import set_icon


class PhotoActions(QObject):
    """Named actions; `assigned` tells the class index of a class command.

    Args:
        results: Where the keys without Ctrl hold, so that they can be typed everywhere else.
    """

    assigned = Signal(int)

    def __init__(self, results: QWidget) -> None:
        super().__init__(results)
        self._results = results
        self._classes: list[QAction] = []
        self.review = self._made(
            "review", self.tr("&Review unsure"), "Ctrl+R", self.tr("Look at the unsure photos one by one")
        )
        self.undo = self._made("undo", self.tr("&Undo"), "Ctrl+Z", self.tr("Take the last correction back"))
        self.redo = self._made(
            "redo", self.tr("&Redo"), "Ctrl+Shift+Z", self.tr("Make the correction again that was taken back")
        )
        self.find_class = self._made(
            "find_class", self.tr("&Other class…"), "C", self.tr("Find the true class by typing"), here=True
        )
        self.uncorrect = self._made(
            "uncorrect",
            self.tr("&Take correction back"),
            "Ctrl+Backspace",
            self.tr("Let the guess of the model hold again for the selected photos"),
            here=True,
        )
        self.why = self._made(
            "why", self.tr("&Why this class?"), "Ctrl+Y", self.tr("Show which places of the photo speak for it")
        )
        self.add = self._made(
            "add_to_dataset",
            self.tr("&Add corrected photos to a data set…"),
            "Ctrl+D",
            self.tr("Copy them into the folders of their classes, to train again"),
        )
        self.this_is = QMenu(self.tr("&This is …"), results)
        self.this_is.setObjectName("this_is")
        self.context = QMenu(results)
        self.context.setObjectName("photo_context")
        self.context.addMenu(self.this_is)
        self.context.addActions([self.uncorrect, self.why])
        for action, icon in (
            (self.review, "unsure"),
            (self.undo, "back"),
            (self.find_class, "search"),
            (self.add, "train"),
        ):
            set_icon(action, icon)

    @property
    def classes(self) -> Sequence[QAction]:
        """One action a class with a key, in class order."""
        return self._classes

    def fill(self, menu: QMenu) -> None:
        """Puts everything but undo and redo into a menu."""
        menu.addAction(self.review)
        menu.addSeparator()
        menu.addMenu(self.this_is)
        menu.addAction(self.uncorrect)
        menu.addSeparator()
        menu.addActions([self.why, self.add])

    def set_classes(self, names: Sequence[str]) -> None:
        """Commands for the first ten classes; the list of `find_class` has all of them."""
        for action in self._classes:
            self._results.removeAction(action)
            action.deleteLater()
        self._classes = []
        self.this_is.clear()
        for label, name in enumerate(names[:MOST]):
            tooltip = self.tr("The selected photos are {name}").format(name=words.shown(name))
            made = self._made(
                f"this_is_{key_of(label)}", words.in_menu(name), key_of(label), tooltip, here=True
            )
            made.setData(label)
            made.triggered.connect(self._assign)
            self._classes.append(made)
        self.this_is.addActions(self._classes)
        self.this_is.addSeparator()
        self.this_is.addAction(self.find_class)

    def _assign(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.assigned.emit(action.data())

    def _made(self, name: str, text: str, shortcut: str, tooltip: str, *, here: bool = False) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(shortcut))
        action.setToolTip(words.tooltip(tooltip))
        action.setStatusTip(tooltip)
        action.setIconVisibleInMenu(False)
        if here:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._results.addAction(action)
        return action

"""Eight augmented pictures of one photo, drawn again when a value of the augmentation changes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from scene_desktop.core.recipes.parameters import PARAMETERS
from scene_desktop.core.recipes.recipe import Group, TrainingRecipe
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_picture
from scene_desktop.ui.widgets.labels import button, label

ROWS, COLUMNS = 2, 4
SETTLED_MS = 250
LARGEST_UNITS = 34
_VALUES = tuple(parameter.name for parameter in PARAMETERS if parameter.group is Group.AUGMENTATION)


class Pictures(QWidget):
    """Two rows of four squares; quiet ones while there are no pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("augmented_photos")
        self.pixmaps: list[QPixmap] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(COLUMNS * theme.unit() * LARGEST_UNITS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(ROWS * (self._side(self.width()) + theme.unit()))

    def sizeHint(self) -> QSize:
        side = theme.unit() * 24
        return QSize(COLUMNS * side, ROWS * side)

    def minimumSizeHint(self) -> QSize:
        return QSize(COLUMNS * theme.unit() * 10, ROWS * theme.unit() * 10)

    def show_pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """pictures: uint8 `(H, W, 3)`, RGB."""
        self.pixmaps = [_pixmap(picture) for picture in pictures[: ROWS * COLUMNS]]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, unit, colours = QPainter(self), theme.unit(), colours_of(self.palette())
        side = self._side(self.width())
        for number in range(ROWS * COLUMNS):
            row, column = divmod(number, COLUMNS)
            place = QRect(column * (side + unit), row * (side + unit), side, side)
            pixmap = self.pixmaps[number] if number < len(self.pixmaps) else None
            paint_picture(painter, place, pixmap, colours, unit)

    @staticmethod
    def _side(width: int) -> int:
        unit = theme.unit()
        return int(min(unit * LARGEST_UNITS, max(unit * 8, (width - (COLUMNS - 1) * unit) // COLUMNS)))


def _pixmap(picture: NDArray[np.uint8]) -> QPixmap:
    height, width = picture.shape[:2]
    pixels = np.ascontiguousarray(picture, dtype=np.uint8).tobytes()
    return QPixmap.fromImage(QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888))


class AugmentationPreview(QWidget):
    """Asks for pictures while it is visible and something changed, at most a few times a second.

    Signals:
        preview_requested: The recipe and a seed; `show_preview` answers.
    """

    preview_requested = Signal(object, int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("augmentation_preview")
        self._recipe: TrainingRecipe | None = None
        self._has_data = False
        self._stale = False
        self._seed = 1
        unit = theme.unit()
        self._title = label(self.tr("How photos look to the network"), "strong")
        self._others = button(self.tr("Others"), "again", "plain", name="other_augmented_photos")
        self._others.setToolTip(self.tr("Another photo, changed by other random values"))
        self.pictures = Pictures()
        self.pictures.setAccessibleName(self.tr("Eight augmented photos"))
        self._sentence = label("", "caption", wrap=True, name="augmentation_sentence")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLED_MS)
        line = QHBoxLayout()
        line.addWidget(self._title)
        line.addStretch(1)
        line.addWidget(self._others)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, unit, 0, 0)
        column.setSpacing(unit)
        column.addLayout(line)
        column.addWidget(self.pictures)
        column.addWidget(self._sentence)
        self._timer.timeout.connect(self._ask)
        self._others.clicked.connect(self._next)
        self.hide()

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def set_has_data(self, has_data: bool) -> None:
        """Another data set, or none."""
        self._has_data = has_data
        self.pictures.show_pictures(())
        self.setVisible(has_data)
        self._wish()

    def set_recipe(self, recipe: TrainingRecipe) -> None:
        """The recipe whose augmentation is shown."""
        before, self._recipe = self._recipe, recipe
        if before is None or _seen(before) != _seen(recipe):
            self._wish()

    def show_preview(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """pictures: eight of uint8 `(H, W, 3)`, RGB; those that come too late for their recipe are dropped."""
        if self._recipe is not None and self._recipe.sees_pixels:
            self.pictures.show_pictures(pictures)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._timer.start()

    def _wish(self) -> None:
        self._stale = True
        sees = self._recipe is not None and self._recipe.sees_pixels
        for widget in (self.pictures, self._others):
            widget.setVisible(sees)
        self._sentence.setText(
            self.tr("Each is drawn anew in every epoch. Your files stay as they are.")
            if sees
            else self.tr(
                "Nothing to show: this recipe reads each photo once and trains on its features. "
                "Where the whole network is trained, eight augmented photos are shown here."
            )
        )
        if self.isVisible():
            self._timer.start()

    def _next(self) -> None:
        self._seed += 1
        self._wish()

    def _ask(self) -> None:
        if self._recipe is None or not self._has_data or not self.isVisible():
            return
        self._stale = False
        if self._recipe.sees_pixels:
            self.preview_requested.emit(self._recipe, self._seed)


def _seen(recipe: TrainingRecipe) -> tuple[object, ...]:
    """Everything that changes the pictures."""
    return (recipe.sees_pixels, recipe.view, *(getattr(recipe, name) for name in _VALUES))

"""One photo of a finding, as large as the screen allows, with what is said about it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.dataset.found_photos import FoundPhotoList
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import fitted, paint_picture
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.thumbnails import Thumbnails

PIXELS = 1024
ENLARGED = 4.0


class _Picture(QWidget):
    """A photo in the middle of its room."""

    def __init__(self) -> None:
        super().__init__()
        self.pixmap: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, place = QPainter(self), self.rect()
        if self.pixmap is not None and not self.pixmap.isNull():
            size = fitted(self.pixmap.deviceIndependentSize().toSize(), self.size(), ENLARGED)
            corner = QSize(self.width() - size.width(), self.height() - size.height()) / 2
            place = QRect(corner.width(), corner.height(), size.width(), size.height())
        paint_picture(painter, place, self.pixmap, colours_of(self.palette()), theme.unit())


class PhotoLook(QDialog):
    """Arrow keys go to the photo before and after; the tick leaves the photo out."""

    def __init__(self, view: FoundPhotoList, row: int, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("photo_look")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._view, self._photos, self._thumbnails, self._row = view, view.photos, thumbnails, row
        unit = theme.unit()
        self._picture = _Picture()
        self._name = label("", "heading", wrap=True, name="look_name")
        self._text = label("", wrap=True, name="look_text")
        self._path = label("", "caption", wrap=True, name="look_path")
        self.leave_out = QCheckBox(self.tr("Leave this photo out"))
        self.leave_out.setObjectName("look_leave_out")
        self._before = button(self.tr("Previous"), look="plain", name="look_previous")
        self._after = button(self.tr("Next"), look="plain", name="look_next")
        self._close = button(self.tr("Close"), name="look_close")
        for made in (self._before, self._after, self._close):
            made.setAutoDefault(False)
        line = QHBoxLayout()
        line.setSpacing(unit * 2)
        line.addWidget(self.leave_out)
        line.addStretch(1)
        for made in (self._before, self._after, self._close):
            line.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 5, unit * 5, unit * 5, unit * 4)
        column.setSpacing(unit)
        column.addWidget(self._picture, 1)
        column.addSpacing(unit * 2)
        for line_of_text in (self._name, self._text, self._path):
            column.addWidget(line_of_text)
        column.addSpacing(unit * 2)
        column.addLayout(line)
        self.resize(unit * 150, unit * 150)
        self.leave_out.clicked.connect(self._toggle)
        self._before.clicked.connect(self._previous)
        self._after.clicked.connect(self._next)
        self._close.clicked.connect(self.close)
        self._thumbnails.loaded.connect(self._draw)
        self._photos.dataChanged.connect(self._draw)
        self._photos.modelReset.connect(self.close)
        self._draw()

    @property
    def row(self) -> int:
        return self._row

    @property
    def text(self) -> str:
        return self._text.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._previous()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._next()
        else:
            super().keyPressEvent(event)

    def _previous(self) -> None:
        self._go(self._row - 1)

    def _next(self) -> None:
        self._go(self._row + 1)

    def _go(self, row: int) -> None:
        if 0 <= row < len(self._photos.rows):
            self._row = row
            self._view.setCurrentIndex(self._photos.index(row))
            self._draw()

    def _toggle(self, wanted: bool) -> None:
        self._view.excluded.emit((self._photos.rows[self._row].photo.path,), wanted)

    def _draw(self) -> None:
        if self._row >= len(self._photos.rows):
            return
        row = self._photos.rows[self._row]
        self._picture.pixmap = self._thumbnails.pixmap(row.path, PIXELS, self.devicePixelRatioF(), square=False)
        self._picture.update()
        self.setWindowTitle(words.name_of(row.path))
        self._name.setText(words.name_of(row.path))
        self._text.setText(row.text)
        self._path.setText(words.shown(row.path))
        self.leave_out.setVisible(self._photos.can_exclude)
        self.leave_out.setChecked(self._photos.is_out(self._row))
        self._before.setEnabled(self._row > 0)
        self._after.setEnabled(self._row + 1 < len(self._photos.rows))

"""The selected photo: large, with all its scores, where it is, or why it could not be read."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from scene_desktop.core.predictions import Prediction
from scene_desktop.ui import theme, words
from scene_desktop.ui.colours import colours_of
from scene_desktop.ui.labels import ElidedLabel, button, clear_area, label
from scene_desktop.ui.painting import fitted, paint_bar, paint_picture
from scene_desktop.ui.thumbnails import Made, Thumbnails

PREVIEW = 640
ENLARGED = 3.0


class Preview(QWidget):
    """A photo as large as the panel allows."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preview")
        self._pixmap: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_pixmap(self, pixmap: QPixmap | None) -> None:
        self._pixmap = pixmap
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _room(self) -> QSize:
        return QSize(self.width(), self.width())

    def _fit(self) -> None:
        height = round(self.width() * 0.66)
        if self._pixmap is not None and not self._pixmap.isNull():
            height = self._shown_size().height()
        if height != self.height():
            self.setFixedHeight(max(1, height))

    def _shown_size(self) -> QSize:
        size = self._pixmap.deviceIndependentSize().toSize() if self._pixmap is not None else QSize()
        return fitted(size, self._room(), ENLARGED)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        place = self.rect()
        if self._pixmap is not None and not self._pixmap.isNull():
            size = self._shown_size()
            place = QRect((self.width() - size.width()) // 2, 0, size.width(), size.height())
        paint_picture(painter, place, self._pixmap, colours, theme.unit() * 1.5)


class ScoreBars(QWidget):
    """All scores, highest first."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("score_bars")
        self._scores: list[tuple[str, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_scores(self, scores: list[tuple[str, float]]) -> None:
        """Names with scores from 0 to 1."""
        self._scores = sorted(scores, key=lambda item: -item[1])
        spoken = ", ".join(f"{name} {words.percent(score)}" for name, score in self._scores)
        self.setAccessibleName(self.tr("Scores: {scores}").format(scores=spoken))
        self.setFixedHeight(self._line() * len(self._scores))
        self.update()

    @property
    def scores(self) -> list[tuple[str, float]]:
        return self._scores

    def _line(self) -> int:
        return theme.unit() * 7 + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, unit = QPainter(self), colours_of(self.palette()), theme.unit()
        first = max(0, event.rect().top() // self._line())
        last = min(len(self._scores), event.rect().bottom() // self._line() + 1)
        for row in range(first, last):
            name, score = self._scores[row]
            place = QRect(0, row * self._line(), self.width(), self._line())
            text = QRect(place.left(), place.top(), place.width(), unit * 5)
            painter.setFont(theme.scaled_font(1.0, QFont.Weight.DemiBold if row == 0 else QFont.Weight.Normal))
            painter.setPen(QColor(colours.text if row == 0 else colours.muted))
            figure = words.percent(score)
            painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
            room = text.width() - painter.fontMetrics().horizontalAdvance(figure) - unit * 2
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            bar = QRectF(place.left(), text.bottom() + 1, place.width(), unit * 0.75)
            paint_bar(painter, bar, score, colours.accent if row == 0 else colours.muted, colours.track)


class PhotoDetail(QScrollArea):
    """Facts about one photo."""

    show_in_folder_requested = Signal(object)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("photo_detail")
        self.setAccessibleName(self.tr("The selected photo"))
        self._thumbnails = thumbnails
        self._path: str | None = None
        unit = theme.unit()
        self._preview = Preview()
        self._name = ElidedLabel("heading", name="detail_name")
        self._verdict = label("", wrap=True, name="detail_verdict")
        self._reason = label("", "error", wrap=True, name="detail_reason")
        self._bars = ScoreBars()
        self._path_text = ElidedLabel("caption", name="detail_path")
        self._size = label("", "caption", name="detail_size")
        self._show_in_folder = button(self.tr("Show in folder"), "reveal", name="show_in_folder")
        self._show_in_folder.setToolTip(self.tr("Open the folder of this photo"))
        self._nothing = label(
            self.tr("Select a photo to see it large, with all its scores."), "muted", wrap=True
        )
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._facts = QWidget()

        facts = QVBoxLayout(self._facts)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(unit * 2)
        facts.addWidget(self._preview)
        facts.addSpacing(unit)
        for part in (self._name, self._verdict, self._reason, self._bars):
            facts.addWidget(part)
        facts.addSpacing(unit)
        facts.addWidget(self._path_text)
        facts.addWidget(self._size)
        facts.addWidget(self._show_in_folder, 0, Qt.AlignmentFlag.AlignLeft)
        facts.addStretch(1)
        content = clear_area(QWidget())
        column = QVBoxLayout(content)
        column.setContentsMargins(unit * 2, 0, unit * 3, unit * 2)
        column.addWidget(self._facts)
        column.addWidget(self._nothing, 1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(QFontMetrics(self.font()).averageCharWidth() * 20)

        self._show_in_folder.clicked.connect(self._ask_to_show)
        thumbnails.loaded.connect(self._picture_came)
        self.show_nothing()

    def show_nothing(self) -> None:
        """No photo is selected."""
        self._path = None
        self._facts.hide()
        self._nothing.show()

    def show_photo(
        self, path: str, prediction: Prediction | None, classes: tuple[str, ...], threshold: float
    ) -> None:
        """A photo, with its verdict if there is one."""
        if path != self._path:
            self._path = path
            self._draw_preview()
        self._name.setText(words.name_of(path))
        self._path_text.setText(words.shown(path))
        self._path_text.setToolTip(words.tooltip(path))
        self._name.setToolTip(words.tooltip(path))
        self._reason.hide()
        self._bars.hide()
        if prediction is None:
            self._verdict.setText(self.tr("Waiting for its turn …"))
        elif prediction.scores is None or prediction.best is None:
            self._verdict.setText(self.tr("Could not be read"))
            self._reason.setText(words.shown(prediction.error or ""))
            self._reason.show()
        else:
            perhaps = self.tr("Unsure, perhaps {name}").format(name=words.shown(classes[prediction.best]))
            self._verdict.setText(perhaps if prediction.is_unsure(threshold) else "")
            self._bars.set_scores(
                [(words.shown(name), float(s)) for name, s in zip(classes, prediction.scores, strict=True)]
            )
            self._bars.show()
        self._verdict.setVisible(bool(self._verdict.text()))
        self._nothing.hide()
        self._facts.show()

    def _draw_preview(self) -> None:
        if self._path is None:
            return
        self._preview.set_pixmap(
            self._thumbnails.pixmap(self._path, PREVIEW, self.devicePixelRatioF(), square=False)
        )
        size = self._thumbnails.file_bytes(self._path)
        self._size.setText("" if size is None else words.file_size(size))

    def _picture_came(self, made: Made) -> None:
        if made.wish.path == self._path and not made.wish.square:
            self._draw_preview()

    def _ask_to_show(self) -> None:
        if self._path is not None:
            self.show_in_folder_requested.emit(self._path)

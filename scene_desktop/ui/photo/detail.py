"""The selected photo: large, with all its scores, where it is, or why it could not be read."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from scene_desktop.core.classify.occlusion import Occlusion
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.ui import words
from scene_desktop.ui.photo.preview import Preview, heat_image
from scene_desktop.ui.photo.score_bars import ScoreBars
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, button, clear_area, label
from scene_desktop.ui.widgets.thumbnails import Made, Thumbnails

PREVIEW = 640
NOTHING_BELOW = 0.001
"""A loss of score that is smaller is told as none."""


class PhotoDetail(QScrollArea):
    """Facts about one photo.

    Signals:
        photo_changed: Another photo, or something else about it.
        size_wanted: The path of a photo whose size in pixels is not known yet.
        why_requested: Path and class index; answered by `show_why` or `why_failed`.
        why_dropped: The answer is not wanted any more.
    """

    show_in_folder_requested = Signal(object)
    uncorrect_requested = Signal()
    photo_changed = Signal()
    size_wanted = Signal(object)
    why_requested = Signal(object, int)
    why_dropped = Signal()

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("photo_detail")
        self.setAccessibleName(self.tr("The selected photo"))
        self._thumbnails = thumbnails
        self._path: str | None = None
        self._classes: tuple[str, ...] = ()
        self._prediction: Prediction | None = None
        self._pixels: tuple[int, int] | None = None
        self._asked: int | None = None
        self._build()
        self._assemble()
        self._show_in_folder.clicked.connect(self._ask_to_show)
        self._uncorrect.clicked.connect(self.uncorrect_requested)
        self.why_button.clicked.connect(self.toggle_why)
        self._bars.chosen.connect(self.ask_why)
        thumbnails.loaded.connect(self._picture_came)
        self.show_nothing()

    def _build(self) -> None:
        self.preview = Preview()
        self._legend = label("", "caption", wrap=True, name="detail_legend")
        self._name = ElidedLabel("heading", name="detail_name")
        self._verdict = label("", wrap=True, name="detail_verdict")
        self._correction = label("", "strong", wrap=True, name="detail_correction")
        self._uncorrect = button(self.tr("Take back"), "back", "plain", name="detail_uncorrect")
        self._uncorrect.setToolTip(self.tr("Take the correction of this photo back"))
        self._corrected = QWidget()
        self._reason = label("", "error", wrap=True, name="detail_reason")
        self._bars = ScoreBars()
        self.why_button = button(self.tr("Why this class?"), "search", name="detail_why")
        self.why_button.setCheckable(True)
        self.why_button.setToolTip(self.tr("Show which places of the photo speak for the class (Ctrl+Y)"))
        self._path_text = ElidedLabel("caption", name="detail_path")
        self._size = label("", "caption", name="detail_size")
        self._show_in_folder = button(self.tr("Show in folder"), "reveal", name="show_in_folder")
        self._show_in_folder.setToolTip(self.tr("Open the folder of this photo"))
        self._nothing = label(
            self.tr("Select a photo to see it large, with all its scores."), "muted", wrap=True
        )
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._facts = QWidget()

    def _assemble(self) -> None:
        unit = theme.unit()
        correction = QHBoxLayout(self._corrected)
        correction.setContentsMargins(0, 0, 0, 0)
        correction.addWidget(self._correction, 1)
        correction.addWidget(self._uncorrect)
        facts = QVBoxLayout(self._facts)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(unit * 2)
        facts.addWidget(self.preview)
        facts.addWidget(self._legend)
        facts.addSpacing(unit)
        for part in (self._name, self._verdict, self._corrected, self._reason, self._bars):
            facts.addWidget(part)
        facts.addWidget(self.why_button, 0, Qt.AlignmentFlag.AlignLeft)
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

    # The photo

    def show_nothing(self) -> None:
        """No photo is selected."""
        self._drop_why()
        self._path = self._prediction = None
        self._facts.hide()
        self._nothing.show()
        self.photo_changed.emit()

    def show_photo(
        self, path: str, prediction: Prediction | None, classes: tuple[str, ...], threshold: float
    ) -> None:
        """A photo, with its verdict if there is one."""
        self._prediction, self._classes = prediction, classes
        if path != self._path:
            self._drop_why()
            self._path, self._pixels = path, None
            self._draw_preview()
        self._name.setText(words.name_of(path))
        self._path_text.setText(words.shown(path))
        self._path_text.setToolTip(words.tooltip(path))
        self._name.setToolTip(words.tooltip(path))
        self._show_verdict(prediction, threshold)
        self._nothing.hide()
        self._facts.show()
        self.photo_changed.emit()

    def set_pixel_size(self, path: str, size: tuple[int, int]) -> None:
        """Width and height in pixels as the header of the file tells them."""
        if path != self._path:
            return
        width, height = size
        shown = self.preview.pixmap
        if shown is not None and not shown.isNull() and (width > height) != (shown.width() > shown.height()):
            width, height = height, width  # the header does not know the EXIF orientation
        self._pixels = width, height
        self._show_size()

    def _show_verdict(self, prediction: Prediction | None, threshold: float) -> None:
        classes = self._classes
        self._reason.hide()
        read = prediction is not None and prediction.scores is not None
        self._bars.setVisible(read)
        self.why_button.setVisible(read)
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
        self._verdict.setVisible(bool(self._verdict.text()))
        corrected = prediction.corrected if prediction is not None else None
        self._corrected.setVisible(corrected is not None)
        if corrected is not None:
            said = self.tr("You said: {name}")
            self._correction.setText(said.format(name=words.shown(classes[corrected])))

    def _draw_preview(self) -> None:
        if self._path is None:
            return
        self.preview.set_pixmap(
            self._thumbnails.pixmap(self._path, PREVIEW, self.devicePixelRatioF(), square=False)
        )
        if self.preview.pixmap is not None and self._pixels is None:
            self.size_wanted.emit(self._path)
        self._show_size()

    def _show_size(self) -> None:
        size = None if self._path is None else self._thumbnails.file_bytes(self._path)
        parts = [] if size is None else [words.file_size(size)]
        if self._pixels is not None:
            parts.insert(
                0, self.tr("{width} × {height} pixels").format(width=self._pixels[0], height=self._pixels[1])
            )
        self._size.setText(", ".join(parts))

    def _picture_came(self, made: Made) -> None:
        if made.wish.path == self._path and not made.wish.square:
            self._draw_preview()

    def _ask_to_show(self) -> None:
        if self._path is not None:
            self.show_in_folder_requested.emit(self._path)

    # Why this class

    @property
    def can_tell_why(self) -> bool:
        return self._prediction is not None and self._prediction.best is not None

    @property
    def legend(self) -> str:
        return self._legend.text()

    def toggle_why(self) -> None:
        """Shows which places speak for the guess of the model, or stops showing it."""
        if self._asked is not None:
            self._drop_why()
        elif self._prediction is not None and self._prediction.best is not None:
            self.ask_why(self._prediction.best)
        else:
            self.why_button.setChecked(False)

    def ask_why(self, label: int) -> None:
        """Asks which places speak for a class; asking for the same one again takes the answer away."""
        if self._path is None or label == self._asked:
            self._drop_why()
            return
        self._drop_why()
        self._asked = label
        self._bars.mark(label)
        self.why_button.setChecked(True)
        self.why_button.setText(self.tr("Hide the places"))
        self.why_progressed(self._path, 0.0)
        self.why_requested.emit(self._path, label)

    def why_progressed(self, path: str, share: float) -> None:
        """The answer is on its way; `share` is 0 to 1."""
        if path == self._path and self._asked is not None:
            text = self.tr("Covering the photo part by part … {share}").format(share=words.percent(share, 0))
            self._legend.setText(text)
            self._legend.show()

    def show_why(self, path: str, label: int, found: Occlusion) -> None:
        """Lays the answer over the photo, if it is still wanted."""
        if path != self._path or label != self._asked:
            return
        name = words.shown(self._classes[label])
        if found.most < NOTHING_BELOW:
            text = self.tr(
                "No single place matters for “{name}”: covering any of them changes its score little."
            )
            self._legend.setText(text.format(name=name))
            return
        self.preview.set_heat(heat_image(found.drops), found.framing)
        self._legend.setText(
            self.tr(
                "Covering the bright places lowers the score of “{name}” most, from {before} to {after}."
            ).format(
                name=name, before=words.percent(found.score), after=words.percent(found.score - found.most)
            )
        )

    def why_failed(self, path: str, reason: str) -> None:
        """There is no answer."""
        if path == self._path and self._asked is not None:
            self._drop_why()
            self._legend.setText(words.shown(reason))
            self._legend.show()

    def _drop_why(self) -> None:
        if self._asked is not None:
            self._asked = None
            self.why_dropped.emit()
        self.why_button.setChecked(False)
        self.why_button.setText(self.tr("Why this class?"))
        self._bars.mark(None)
        self.preview.set_heat(None)
        self._legend.clear()
        self._legend.hide()

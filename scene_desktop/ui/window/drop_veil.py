"""What lies over the window while something is dragged over it, and says what letting go would do."""

from PySide6.QtCore import QCoreApplication, QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from scene_desktop.core import sharing
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_dashes
from scene_desktop.ui.widgets import incoming


class DropVeil(QWidget):
    """Lies over the page while something is dragged over the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setObjectName("drop_veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self._possible = True
        self.hide()

    @property
    def text(self) -> str:
        return self._text

    def cover(self, text: str, possible: bool) -> None:
        """Shows what letting go would do, or why it would do nothing."""
        self._text, self._possible = text, possible
        self.setAccessibleName(text)
        self.fit()
        self.raise_()
        self.show()
        self.update()

    def fit(self) -> None:
        """Covers all of what it lies over, which may have another size now."""
        self.setGeometry(self._covered.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        painter = QPainter(self)
        ground = QColor(colours.window)
        ground.setAlphaF(0.93)
        painter.fillRect(self.rect(), ground)
        colour = colours.accent if self._possible else colours.muted
        margin = theme.unit() * 4
        inner = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        tint = QColor(colour)
        tint.setAlphaF(0.07)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(inner, margin, margin)
        paint_dashes(painter, inner, colour, 1.0)
        size = theme.unit() * 14
        sign = icons.tinted("drop" if self._possible else "info", colour, size, self.devicePixelRatioF())
        middle = self.rect().center()
        painter.drawPixmap(middle.x() - size // 2, middle.y() - size, sign)
        painter.setFont(theme.scaled_font(1.55, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.text))
        text = self.rect().adjusted(margin * 2, 0, -margin * 2, 0)
        text.setTop(middle.y() + margin)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(text, int(flags), self._text)


def letting_go(data: QMimeData, *, to_train: bool) -> tuple[str, bool]:
    """What letting go here would do, and whether it can be done.

    Args:
        to_train: Whether a folder would be trained on, not classified.
    """
    paths = incoming.paths_in(data)
    models, others = sharing.split(paths)
    if models:
        return _letting_models_go(models, others, to_train)
    if to_train:
        if not paths:
            return _tr("Drop a folder with one folder for each class"), False
        return _tr("Let go to use this folder for training"), True
    if paths or incoming.image_in(data) is not None:
        return _tr("Let go to classify"), True
    return _tr("Only photos and folders of this computer can be dropped here"), False


def _letting_models_go(models: list[str], others: list[str], to_train: bool) -> tuple[str, bool]:
    """Models of other programs are refused with their reason once they are dropped."""
    if not all(map(sharing.is_share_file, models)):
        return _tr("This kind of model cannot be opened; let go to see why"), False
    if not others:
        return _tr("Let go to add this to your models"), True
    if to_train:
        return _tr("Let go to add the model, and to use the folder for training"), True
    return _tr("Let go to add the model and to classify the rest"), True


def _tr(text: str) -> str:
    return QCoreApplication.translate("DropVeil", text)

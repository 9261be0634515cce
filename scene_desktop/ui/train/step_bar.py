"""Data, Recipe, Run: where one is, with what was chosen in each step."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from scene_desktop.core.datasets.dataset import DataSet
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import EpochEnded
from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of


class StepButton(QAbstractButton):
    """A number in a circle, a name, and one line of what is chosen there."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__()
        self._number, self._summary, self._done = number, "", False
        self.setObjectName(f"step_{number}")
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def summary(self) -> str:
        return self._summary

    def tell(self, summary: str, done: bool) -> None:
        self._summary, self._done = summary, done
        self.setAccessibleDescription(summary)
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.unit() * 44, theme.unit() * 11)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.unit() * 24, theme.unit() * 11)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, unit = QPainter(self), colours_of(self.palette()), theme.unit()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.rect())
        if self.underMouse() and self.isEnabled() and not self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.track))
            painter.drawRoundedRect(place, unit * 1.5, unit * 1.5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), unit * 1.5, unit * 1.5)
        size = unit * 6
        circle = QRectF(unit, (self.height() - size) / 2, size, size)
        strong = self.isChecked()
        painter.setPen(QPen(QColor(colours.accent if strong or self._done else colours.muted), 1.5))
        painter.setBrush(QColor(colours.accent) if strong else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        if self._done and not strong:
            sign = icons.painted("check", colours.accent, unit * 4, self.devicePixelRatioF())
            painter.drawPixmap(round(circle.left() + unit), round(circle.top() + unit), sign)
        else:
            painter.setFont(theme.scaled_font(0.95, QFont.Weight.DemiBold))
            painter.setPen(QColor(colours.on_accent if strong else colours.muted))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        self._paint_text(painter, round(circle.right()) + unit * 2)

    def _paint_text(self, painter: QPainter, left: int) -> None:
        colours, unit = colours_of(self.palette()), theme.unit()
        painter.setFont(theme.scaled_font(1.0, QFont.Weight.DemiBold))
        line = painter.fontMetrics().height()
        height = line * 2 if self._summary else line
        text = QRect(left, (self.height() - height) // 2, self.width() - left - unit, line)
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.muted))
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._summary:
            painter.setFont(theme.scaled_font(0.9))
            painter.setPen(QColor(colours.muted))
            shown = painter.fontMetrics().elidedText(self._summary, Qt.TextElideMode.ElideRight, text.width())
            painter.drawText(text.translated(0, line), Qt.AlignmentFlag.AlignLeft, shown)


class StepBar(QWidget):
    """Emits `chosen` with the number of the step, 1 to 3."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("step_bar")
        self.data = StepButton(1, self.tr("Data"))
        self.recipe = StepButton(2, self.tr("Recipe"))
        self.run = StepButton(3, self.tr("Run"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.unit() * 2)
        for made in (self.data, self.recipe, self.run):
            row.addWidget(made)
        self.data.clicked.connect(self._choose_data)
        self.recipe.clicked.connect(self._choose_recipe)
        self.run.clicked.connect(self._choose_run)

    def show_step(self, number: int) -> None:
        for step, made in enumerate((self.data, self.recipe, self.run), 1):
            made.setChecked(step == number)

    def tell_data(self, dataset: DataSet) -> None:
        """Which photos are trained on."""
        self.data.tell(f"{words.shown(dataset.root.name)}, {words.photos(len(dataset.photos))}", True)

    def tell_recipe(self, title: str, recipe: TrainingRecipe, done: bool) -> None:
        """How they are trained on."""
        text = self.tr("{title}, {epochs} epochs")
        if recipe.is_solved:
            text = "{title}"
        elif recipe.early_stopping:
            text = self.tr("{title}, up to {epochs} epochs")
        self.recipe.tell(text.format(title=title, epochs=recipe.epochs), done)

    def tell_run(self, best: EpochEnded | None, *, running: bool, paused: bool) -> None:
        """What the training does, and how good its best epoch is."""
        share = "" if best is None else words.percent(best.validation_accuracy)
        text = "" if not running else self.tr("paused") if paused else self.tr("running")
        self.run.tell(", ".join(filter(None, (text, share))), best is not None and not running)

    def _choose_data(self) -> None:
        self.chosen.emit(1)

    def _choose_recipe(self) -> None:
        self.chosen.emit(2)

    def _choose_run(self) -> None:
        self.chosen.emit(3)

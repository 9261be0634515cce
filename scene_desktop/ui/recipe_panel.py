"""Step 2: a recipe to start from, and its parameters."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from scene_desktop.core.presets import PRESETS, Preset
from scene_desktop.core.recipe import TrainingRecipe
from scene_desktop.ui import icons, theme
from scene_desktop.ui.colours import colours_of
from scene_desktop.ui.fold import Fold
from scene_desktop.ui.labels import label
from scene_desktop.ui.parameter_form import ParameterForm

_WRAPPED = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)


class PresetCard(QAbstractButton):
    """A recipe to choose: its name, and one sentence that tells whom it is for."""

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        self.preset = preset
        self.setObjectName(f"preset_{preset.key}")
        self.setText(preset.title)
        self.setAccessibleName(preset.title)
        self.setAccessibleDescription(preset.promise)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        unit = theme.unit()
        room = QRect(0, 0, max(1, width - unit * 15), 10_000)
        text = QFontMetrics(self.font()).boundingRect(room, _WRAPPED, self.preset.promise).height()
        return text + QFontMetrics(self._title_font()).height() + unit * 7

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.heightForWidth(self.width()))

    def sizeHint(self) -> QSize:
        width = theme.unit() * 80
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.unit() * 40, theme.unit() * 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, unit = QPainter(self), colours_of(self.palette()), theme.unit()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        edge = colours.accent if chosen or self.hasFocus() else colours.line
        if self.underMouse() and not chosen:
            edge = colours.muted
        thick = 2.0 if chosen or self.hasFocus() else 1.0
        painter.setPen(QPen(QColor(edge), thick))
        painter.setBrush(QColor(colours.selection if chosen and self.hasFocus() else colours.surface))
        place = QRectF(self.rect()).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        painter.drawRoundedRect(place, unit * 2, unit * 2)
        circle = QRectF(unit * 4, unit * 3.5, unit * 4, unit * 4)
        painter.setPen(QPen(QColor(colours.accent if chosen else colours.muted), 1.5))
        painter.setBrush(QColor(colours.accent) if chosen else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        if chosen:
            sign = icons.painted("check", colours.on_accent, unit * 3, self.devicePixelRatioF())
            painter.drawPixmap(round(circle.left() + unit / 2), round(circle.top() + unit / 2), sign)
        text = self.rect().adjusted(unit * 11, unit * 3, -unit * 4, -unit * 3)
        painter.setFont(self._title_font())
        painter.setPen(QColor(colours.text))
        painter.drawText(text, _WRAPPED, self.text())
        text.setTop(text.top() + painter.fontMetrics().height() + unit)
        painter.setFont(self.font())
        painter.setPen(QColor(colours.muted))
        painter.drawText(text, _WRAPPED, self.preset.promise)

    @staticmethod
    def _title_font() -> QFont:
        return theme.scaled_font(1.08, QFont.Weight.DemiBold)


class RecipePanel(QWidget):
    """Cards of the presets; below them all parameters, folded away."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("recipe_panel")
        unit = theme.unit()
        self.cards = [PresetCard(preset) for preset in PRESETS.values()]
        self._group = QButtonGroup(self)
        self.form = ParameterForm()
        self.fold = Fold(self.tr("Parameters"), self.form, "parameters")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addWidget(label(self.tr("How to train"), "heading"))
        column.addSpacing(unit)
        for number, card in enumerate(self.cards):
            self._group.addButton(card, number)
            column.addWidget(card)
        column.addSpacing(unit * 2)
        column.addWidget(self.fold)
        column.addStretch(1)

        self._group.idToggled.connect(self._choose)
        self.form.changed.connect(self.changed)
        self.cards[0].setChecked(True)

    @property
    def preset(self) -> Preset:
        return self.chosen_card.preset

    @property
    def chosen_card(self) -> PresetCard:
        return self.cards[max(0, self._group.checkedId())]

    @property
    def recipe(self) -> TrainingRecipe:
        """The chosen recipe with the changed parameters.

        Raises:
            InputError: A value does not fit.
        """
        return self.form.recipe

    @property
    def is_changed(self) -> bool:
        """Whether some parameter differs from the preset."""
        return self.recipe != self.preset.recipe

    def _choose(self, number: int, chosen: bool) -> None:
        if chosen:
            self.form.set_recipe(self.cards[number].preset.recipe)

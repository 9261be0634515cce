"""A card for one family of recipes, with its variants below while it is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from scene_desktop.core.recipes.presets import Preset
from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of

_WRAPPED = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)
_RIGHT = int(Qt.AlignmentFlag.AlignRight) | int(Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)


class PresetCard(QAbstractButton):
    """A recipe to choose: its name, how long it takes here, and one sentence that tells whom it is for."""

    def __init__(self, preset: Preset, title: str = "") -> None:
        super().__init__()
        self._own_title = title
        self._estimate = ""
        self.corner_units = 0  # kept free at the right for a button of somebody else
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setObjectName(f"preset_{preset.key}")
        self.show_preset(preset)

    @property
    def estimate(self) -> str:
        return self._estimate

    def show_preset(self, preset: Preset) -> None:
        """Shows another variant."""
        self.preset = preset
        self.setText(words.shown(self._own_title or preset.title))
        self._describe()

    def show_estimate(self, estimate: str) -> None:
        """How long it takes on this machine, in words; empty while that is unknown."""
        self._estimate = estimate
        self._describe()

    def _describe(self) -> None:
        self.setAccessibleName(", ".join(filter(None, (self.text(), self._estimate))))
        self.setAccessibleDescription(self.preset.promise)
        if self.height() != self.heightForWidth(self.width()) and self.isVisible():
            self.setFixedHeight(self.heightForWidth(self.width()))
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        unit = theme.unit()
        room = QRect(0, 0, max(1, width - unit * 15), 10_000)
        text = QFontMetrics(self.font()).boundingRect(room, _WRAPPED, self._promise()).height()
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
        painter, unit = QPainter(self), theme.unit()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        colours = colours_of(self.palette())
        text = self.rect().adjusted(unit * 11, unit * 3, -unit * 4, -unit * 3)
        line = QRect(text.left(), text.top(), text.width() - unit * self.corner_units, 0)
        line.setHeight(QFontMetrics(self._title_font()).height())
        painter.setFont(self.font())
        painter.setPen(QColor(colours.muted))
        taken = painter.fontMetrics().horizontalAdvance(self._estimate)
        painter.drawText(line, _RIGHT, self._estimate)
        painter.setFont(self._title_font())
        painter.setPen(QColor(colours.text))
        room = line.width() - taken - (unit * 2 if taken else 0)
        painter.drawText(
            line, _LEFT, painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        )
        text.setTop(line.bottom() + unit)
        painter.setFont(self.font())
        painter.setPen(QColor(colours.muted))
        painter.drawText(text, _WRAPPED, self._promise())

    def _paint_ground(self, painter: QPainter) -> None:
        colours, unit, chosen = colours_of(self.palette()), theme.unit(), self.isChecked()
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

    def _promise(self) -> str:
        return words.shown(self.preset.promise)

    @staticmethod
    def _title_font() -> QFont:
        return theme.scaled_font(1.08, QFont.Weight.DemiBold)


class PresetFamily(QWidget):
    """The card of a family and, while it is chosen, its variants side by side; own presets can be deleted.

    Signals:
        chosen: The card was chosen, or another variant of the chosen card.
    """

    chosen = Signal(object)
    delete_requested = Signal(object)

    def __init__(self, presets: Sequence[Preset], *, own: bool = False) -> None:
        super().__init__()
        self.presets = tuple(presets)
        self._estimates: dict[str, str] = {}
        leader = self.presets[0]
        self.card = PresetCard(leader, leader.title)
        self.variants: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._line = QWidget()
        line = QHBoxLayout(self._line)
        line.setContentsMargins(theme.unit() * 9, 0, 0, 0)
        line.setSpacing(theme.unit())
        for number, preset in enumerate(self.presets):
            made = self._variant_button(preset, leader)
            self._group.addButton(made, number)
            self.variants[preset.key] = made
            line.addWidget(made)
        line.addStretch(1)
        self._line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.unit())
        column.addWidget(self.card)
        column.addWidget(self._line)
        self._delete: QToolButton | None = self._delete_button(leader) if own else None

        self.card.toggled.connect(self._show_variants)
        self._group.idClicked.connect(self._choose)

    @property
    def preset(self) -> Preset:
        """The variant that is chosen."""
        return self.card.preset

    def choose(self, key: str) -> None:
        """Chooses a variant, and with it the card."""
        number = [preset.key for preset in self.presets].index(key)
        self._show(number)
        if self.card.isChecked():
            self.chosen.emit(self.preset)
        else:
            self.card.setChecked(True)

    def show_estimates(self, estimates: dict[str, str]) -> None:
        """Times in words by preset."""
        self._estimates = estimates
        self.card.show_estimate(estimates.get(self.preset.key, ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._delete is not None:
            unit = theme.unit()
            self._delete.move(self.card.width() - self._delete.width() - unit * 2, unit * 2)

    def _show(self, number: int) -> None:
        self._group.button(number).setChecked(True)
        self.card.show_preset(self.presets[number])
        self.card.show_estimate(self._estimates.get(self.preset.key, ""))

    def _choose(self, number: int) -> None:
        if self.presets[number] is not self.preset:
            self._show(number)
            self.chosen.emit(self.preset)

    def _show_variants(self, chosen: bool) -> None:
        self._line.setVisible(chosen and len(self.presets) > 1)
        if chosen:
            self._show(self.presets.index(self.preset))
            self.chosen.emit(self.preset)

    def _variant_button(self, preset: Preset, leader: Preset) -> QToolButton:
        made = QToolButton()
        made.setObjectName(f"variant_{preset.key}")
        made.setText(self._short(preset, leader).replace("&", "&&"))
        made.setAccessibleName(preset.title)
        made.setAccessibleDescription(preset.promise)
        made.setToolTip(words.tooltip(preset.promise))
        made.setCheckable(True)
        made.setProperty("look", "plain")
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return made

    def _short(self, preset: Preset, leader: Preset) -> str:
        if preset is leader:
            return self.tr("{number} epochs").format(number=preset.recipe.epochs)
        rest = preset.title.removeprefix(leader.title).strip(" ,:")
        return words.shown(rest[:1].upper() + rest[1:]) or words.shown(preset.title)

    def _delete_button(self, preset: Preset) -> QToolButton:
        made, unit = QToolButton(self), theme.unit()
        made.setObjectName(f"delete_{preset.key}")
        made.setProperty("look", "plain")
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        text = self.tr("Delete the preset “{name}”").format(name=words.shown(preset.title))
        made.setToolTip(words.tooltip(text))
        made.setAccessibleName(text)
        icons.set_icon(made, "trash", "muted", unit * 4)
        made.setIconSize(QSize(unit * 4, unit * 4))
        made.adjustSize()
        self.card.corner_units = 6
        made.clicked.connect(self._ask_delete)
        return made

    def _ask_delete(self) -> None:
        self.delete_requested.emit(self.preset)

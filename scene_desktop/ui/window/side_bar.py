"""The slim bar at the left: one button a page, with a thread of progress while work goes on there."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of

_TICK_MS = 60


class PageButton(QAbstractButton):
    """Icon above text; below it how far the work of that page is."""

    def __init__(self, icon: str, action: QAction) -> None:
        super().__init__()
        self._icon_name = icon
        self._share: float | None = None
        self._phase = 0
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self._tick)
        self._name = action.text().replace("&", "")
        self.setObjectName(f"page_button_{icon}")
        self.setText(self._name)
        self.setToolTip(action.toolTip())
        self.setAccessibleName(self._name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def share(self) -> float | None:
        return self._share

    def set_progress(self, share: float | None) -> None:
        """0 to 1; negative while the whole is unknown; None when nothing runs."""
        self._share = share
        running = self.tr("{page}, {share} done")
        self.setAccessibleName(
            self._name
            if share is None
            else running.format(page=self._name, share=words.percent(max(0.0, share), 0))
        )
        if share is not None and share < 0:
            self._ticker.start()
        else:
            self._ticker.stop()
        self.update()

    def sizeHint(self) -> QSize:
        unit = theme.unit()
        width = QFontMetrics(self._font(True)).horizontalAdvance("Classify")
        return QSize(width + unit * 6, unit * 17)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, unit = QPainter(self), colours_of(self.palette()), theme.unit()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.rect()).adjusted(unit, unit / 2, -unit, -unit / 2)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            ground = QColor(colours.selection if self.isChecked() else colours.track)
            painter.setBrush(ground)
            painter.drawRoundedRect(place, unit * 2, unit * 2)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), unit * 2, unit * 2)
        size = unit * 6
        tone = colours.accent if self.isChecked() else colours.muted
        top = round(place.top()) + unit * 2
        sign = icons.painted(self._icon_name, tone, size, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - size) // 2, top, sign)
        painter.setFont(self._font(self.isChecked()))
        painter.setPen(QColor(colours.text if self.isChecked() else colours.muted))
        text = QRect(0, top + size + 1, self.width(), painter.fontMetrics().height())
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, self.text())
        self._paint_progress(
            painter, QRectF(place.left() + unit * 3, text.bottom() + 2, place.width() - unit * 6, 3)
        )

    def _paint_progress(self, painter: QPainter, place: QRectF) -> None:
        if self._share is None:
            return
        colours = colours_of(self.palette())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.line if self.isChecked() else colours.track))
        painter.drawRoundedRect(place, 1.5, 1.5)
        painter.setBrush(QColor(colours.accent))
        filled = QRectF(place)
        if self._share < 0:
            filled.setWidth(place.width() / 3)
            filled.moveLeft(place.left() + (place.width() - filled.width()) * abs(self._phase - 20) / 20)
        else:
            filled.setWidth(max(3.0, place.width() * min(1.0, self._share)))
        painter.drawRoundedRect(filled, 1.5, 1.5)

    def _tick(self) -> None:
        self._phase = (self._phase + 1) % 40
        self.update()

    @staticmethod
    def _font(strong: bool) -> QFont:
        return theme.scaled_font(0.92, QFont.Weight.DemiBold if strong else QFont.Weight.Normal)


class SideBar(QWidget):
    """Classify · Train · Models."""

    page_chosen = Signal(int)

    def __init__(self, pages: list[tuple[str, QAction]]) -> None:
        super().__init__()
        self.setObjectName("side_bar")
        self._group = QButtonGroup(self)
        self.buttons = [PageButton(icon, action) for icon, action in pages]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.unit() * 2, 0, 0)
        column.setSpacing(0)
        for index, made in enumerate(self.buttons):
            self._group.addButton(made, index)
            column.addWidget(made)
        column.addStretch(1)
        self.setFixedWidth(self.buttons[0].sizeHint().width() + theme.unit() * 2)
        self._group.idClicked.connect(self.page_chosen)

    def show_page(self, index: int) -> None:
        self.buttons[index].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(colours_of(self.palette()).side))

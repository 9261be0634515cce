"""The slider that decides what is unsure, and what it costs."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from scene_desktop.core.classify.predictions import DEFAULT_THRESHOLD
from scene_desktop.core.models.card import ThresholdPrice
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import label


class ThresholdSlider(QWidget):
    """Confidence from 0.00 to 0.99; photos below it are unsure."""

    changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("threshold_slider")
        self._prices: tuple[ThresholdPrice, ...] = ()
        self._title = label(self.tr("Unsure below"), "strong")
        self._value = label("", name="threshold_value")
        self._price = label("", "caption", wrap=True, name="threshold_price")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("threshold")
        self._slider.setAccessibleName(self.tr("Confidence below which a photo is unsure, in percent"))
        self._slider.setToolTip(self.tr("Photos whose confidence is lower are called unsure"))
        self._slider.setRange(0, 99)
        self._slider.setPageStep(5)
        self._slider.setValue(round(DEFAULT_THRESHOLD * 100))

        line = QHBoxLayout()
        line.addWidget(self._title)
        line.addStretch(1)
        line.addWidget(self._value)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.unit() * 2, 0, theme.unit() * 3, theme.unit())
        column.setSpacing(theme.unit())
        column.addLayout(line)
        column.addWidget(self._slider)
        column.addWidget(self._price)

        self._slider.valueChanged.connect(self._tell)
        self._show()

    @property
    def threshold(self) -> float:
        return self._slider.value() / 100

    def set_threshold(self, threshold: float) -> None:
        self._slider.setValue(round(threshold * 100))

    def set_prices(self, prices: tuple[ThresholdPrice, ...]) -> None:
        """What each threshold costs on the validation photos of the model; empty if it does not know."""
        self._prices = prices
        self._show()

    def _tell(self) -> None:
        self._show()
        self.changed.emit(self.threshold)

    def _show(self) -> None:
        self._value.setText(f"{self.threshold:.2f}")
        price = next((p for p in reversed(self._prices) if p.threshold <= self.threshold + 1e-9), None)
        if price is None:
            self._price.setText(self.tr("This model does not know how often it is right at this threshold."))
            return
        self._price.setText(
            self.tr("At {threshold}: {decided} decided, {right} of them right").format(
                threshold=f"{self.threshold:.2f}",
                decided=words.percent(price.decided),
                right=words.percent(price.right),
            )
        )
